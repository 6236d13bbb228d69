"""How the form prints what a finding is about: a unit reads its form's own labels, never code names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from config.form import Block, Form, Group, Section, Signature
from schemas.contracts import columns as c

BLOCKS: tuple[Block, ...] = ("header", "budget", "activity")


@dataclass(frozen=True)
class Labels:
    """Printed labels of one form."""

    form: Form

    def field(self, name: str | None, block: Block | None = None) -> str | None:
        """Label of the field ``name`` with its printed number, looked up in ``block`` first.

        A name that the form lacks is shown as it is where a unit wrote it (it has a space or a capital); a
        code name that the form lacks gives None.
        """
        if name is None:
            return None
        if name in (c.UNIT_CODE, c.UNIT_NAME) and block != "activity":
            return self._others[c.UNIT_CODE]
        for candidate in (block, *BLOCKS):
            if candidate is not None and (candidate, name) in self._fields:
                return self._fields[candidate, name]
        return self._others.get(name) or (None if _is_code_name(name) else name)

    @cached_property
    def _fields(self) -> dict[tuple[Block, str], str]:
        return {(field.block, field.name): self.form.told(field.block, field.name) for field in self.form.field}

    @cached_property
    def _others(self) -> dict[str, str]:
        """Labels of what is no field: sections, groups, signatures, budget lines and their unit."""
        named: dict[str, str] = {}
        parts: list[Section | Group | Signature] = [
            *self.form.section,
            *self.form.group,
            *self.form.signature,
        ]
        for part in parts:
            named[part.name] = part.printed
        units = [line.printed for line in self.form.line if line.level != "programme"]
        levels: dict[str, str] = {line.level: line.printed for line in self.form.line}
        return {c.UNIT_CODE: " / ".join(units), **levels, **named}


def _is_code_name(name: str) -> bool:
    return name.isascii() and name.replace("_", "").isalnum() and name == name.lower()
