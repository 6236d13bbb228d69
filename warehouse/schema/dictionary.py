"""What the public views and their columns mean, in Spanish: for the data dictionary and for exported data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import polars as pl

from config.form import Block, Field, Form
from warehouse.schema.views import FOLDER, PUBLIC

# Types as a reader of exported data knows them (Table Schema's own names).
TYPES: Final[dict[Any, str]] = {
    pl.Int64: "integer",
    pl.Float64: "number",
    pl.String: "string",
    pl.Boolean: "boolean",
    pl.Datetime: "datetime",
    pl.Date: "date",
}


@dataclass(frozen=True)
class ViewColumn:
    """A column of a public view; ``field`` is the field of the form that it comes from, where it comes from one."""

    name: str
    type: str
    meaning: str
    unit: str | None
    field: Field | None


def view_meaning(view: str) -> str:
    """What a row of the public ``view`` is."""
    meaning: str = _texts()["view"][view]
    return meaning


def view_columns(view: str, form: Form) -> tuple[ViewColumn, ...]:
    """The columns of the public ``view``, in order; a field that ``form`` lacks is left out."""
    return tuple(_column(name, TYPES[kind], form) for name, kind in PUBLIC[view].items())


def _column(name: str, kind: str, form: Form) -> ViewColumn:
    said: dict[str, str] = _texts()["column"][name]
    return ViewColumn(name, kind, said["meaning"], said.get("unit"), _field(said.get("field"), form))


def _field(named: str | None, form: Form) -> Field | None:
    if named is None:
        return None
    block, name = named.split(".")
    found: Block = "budget" if block == "budget" else "activity"
    return form.of(found, name) if form.has(found, name) else None


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "columns.toml").read_text(encoding="utf-8"))
