"""The form as data: every printed field once, from ``forms/poa_<year>.toml``."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from pathlib import Path
from typing import Literal, Self

from pydantic import model_validator

from config.files import SHIPPED, ConfigError, Strict, locate, read_toml

Block = Literal["header", "budget", "activity"]
Kind = Literal["text", "code", "coded", "count", "amount", "percent", "date"]
Required = Literal["required", "recommended", "ended", "optional"]
Level = Literal["programme", "principal", "derived"]

NUMERIC: frozenset[Kind] = frozenset({"count", "amount", "percent"})


class Label(Strict):
    """Something printed on the form: its wording, other wordings seen, and its number where one is printed."""

    label: str
    number: int | None = None
    spellings: tuple[str, ...] = ()

    @property
    def printed(self) -> str:
        """The label as the form prints it, with its number."""
        return f"{self.label} ({self.number})" if self.number else self.label


class Field(Label):
    """One field of the form; ``name`` is its code name, unique within its ``block``.

    A code may have a ``pattern``, a regular expression that it matches whole in capitals and without spaces, and then
    a ``shape``, an example of it for people.
    """

    name: str
    block: Block
    kind: Kind
    required: Required
    description: str
    section: str | None = None
    group: str | None = None
    quarter: int | None = None
    width: float | None = None
    pattern: str | None = None
    shape: str | None = None

    @model_validator(mode="after")
    def _shaped(self) -> Self:
        if (self.pattern is None) != (self.shape is None):
            raise ValueError(f"field {self.name}: pattern and shape come together")
        if self.pattern and self.shape and not _matches(self.pattern, self.shape):
            raise ValueError(f"field {self.name}: shape {self.shape} does not match its pattern {self.pattern}")
        return self

    @property
    def numeric(self) -> bool:
        """Whether the form wants a number here."""
        return self.kind in NUMERIC


class Section(Label):
    """A section title of the header; it holds no value."""

    name: str


class Group(Label):
    """A header over columns that share a label, such as CALENDARIO over the four quarters."""

    name: str
    block: Block
    parent: str | None = None


class Line(Label):
    """A line of the budget block (fields 2 and 3)."""

    level: Level


class Signature(Label):
    """A label of the signature block (field 24)."""

    name: str


class Identity(Strict):
    """What names the form itself: code, fiscal year and its printed titles."""

    code: str
    fiscal_year: int
    title: str
    subtitle: str
    quarters: tuple[str, str, str, str]


class Form(Strict):
    """The whole form of one fiscal year."""

    form: Identity
    section: tuple[Section, ...]
    group: tuple[Group, ...]
    line: tuple[Line, ...]
    signature: tuple[Signature, ...]
    field: tuple[Field, ...]

    @property
    def code(self) -> str:
        """The form's code, such as ``poa_2024``."""
        return self.form.code

    @property
    def fiscal_year(self) -> int:
        """The fiscal year that the form is for."""
        return self.form.fiscal_year

    @cached_property
    def header(self) -> tuple[Field, ...]:
        """Fields with one value a page."""
        return self._block("header")

    @cached_property
    def budget(self) -> tuple[Field, ...]:
        """Columns of the budget lines."""
        return self._block("budget")

    @cached_property
    def activity(self) -> tuple[Field, ...]:
        """Columns of the activities."""
        return self._block("activity")

    def of(self, block: Block, name: str) -> Field:
        """The field ``name`` of ``block``; raises KeyError where the form lacks it."""
        for field in self._block(block):
            if field.name == name:
                return field
        raise KeyError(f"{self.code} has no field {name} in block {block}")

    def told(self, block: Block, name: str) -> str:
        """The field as a unit is told of it: its printed label, with the group header where the label repeats."""
        field = self.of(block, name)
        groups = {group.name: group for group in self.group}
        group = groups.get(field.group or "")
        if group is None:
            return field.printed
        number = field.number or group.number or (groups[group.parent].number if group.parent else None)
        label = f"{group.label} {field.label}" if field.quarter else field.label
        return f"{label} ({number})" if number else label

    def has(self, block: Block, *names: str) -> bool:
        """Whether the form has all these fields in ``block``; a rule whose fields a form lacks does not apply."""
        return set(names) <= {field.name for field in self._block(block)}

    def _block(self, block: Block) -> tuple[Field, ...]:
        return tuple(field for field in self.field if field.block == block)

    @model_validator(mode="after")
    def _consistent(self) -> Form:
        twice = [key for key, n in Counter((f.block, f.name) for f in self.field).items() if n > 1]
        if twice:
            raise ValueError(f"fields named twice in their block: {twice}")
        groups, sections = {g.name for g in self.group}, {s.name for s in self.section}
        for field in self.field:
            if field.group and field.group not in groups:
                raise ValueError(f"field {field.name}: no group {field.group}")
            if field.section and field.section not in sections:
                raise ValueError(f"field {field.name}: no section {field.section}")
        return self


def _matches(pattern: str, example: str) -> bool:
    try:
        return re.fullmatch(pattern, example) is not None
    except re.error as error:
        raise ValueError(f"{pattern} is not a regular expression: {error}") from error


def load_form(fiscal_year: int, config_dir: Path | None = None) -> Form:
    """The form of ``fiscal_year``; raises ConfigError where there is none, naming the years that there are."""
    try:
        path = locate(f"forms/poa_{fiscal_year}.toml", config_dir)
    except ConfigError as error:
        years = ", ".join(sorted(p.stem.removeprefix("poa_") for p in (SHIPPED / "forms").glob("poa_*.toml")))
        raise ConfigError(f"there is no form for fiscal year {fiscal_year} (forms shipped: {years})") from error
    form = read_toml(path, Form)
    if form.fiscal_year != fiscal_year:
        raise ConfigError(f"{path}: form.fiscal_year is {form.fiscal_year}, the file name says {fiscal_year}")
    return form
