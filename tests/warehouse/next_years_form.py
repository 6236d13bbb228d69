"""Next year's form as the office would write it: this year's file with fields added, renamed and moved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from founding import founding_content

from config.files import SHIPPED
from config.form import load_form
from schemas.contracts import columns as c
from workbooks.form.content import Computed, Row, WorkbookContent
from workbooks.form.write import write_form

FOLIO, MODIFIED, SERVED = "registry_folio", "modified_amount", "people_served"
ADDED = {
    FOLIO: ("header", "text", 25, "Folio de registro"),
    MODIFIED: ("budget", "amount", 26, "Monto modificado"),
    SERVED: ("activity", "count", 27, "POBLACIÓN BENEFICIADA"),
}
BEFORE = {FOLIO: c.GUIDING_AXIS, MODIFIED: c.EXERCISED[0], SERVED: c.MEASURE_UNIT}
WINDOW = """
[[window]]
year = 2025
quarter = 3
ends = 2025-09-30
opens = 2025-10-01
closes = 2025-10-15
"""

Edit = Callable[[dict[tuple[str, str], str]], dict[tuple[str, str], str]]


def write_config(folder: Path, edit: Edit) -> None:
    """The office's own folder: the form of 2025, its fields by (block, name) as ``edit`` leaves them, and a window."""
    text = (SHIPPED / "forms" / "poa_2024.toml").read_text(encoding="utf-8").replace("2024", "2025")
    head, *fields = (part.rstrip() + "\n\n" for part in text.split("[[field]]"))
    named = edit({(_value(field, "block"), _value(field, "name")): field for field in fields})
    (folder / "forms").mkdir(parents=True)
    (folder / "forms" / "poa_2025.toml").write_text("[[field]]".join([head, *named.values()]), encoding="utf-8")
    calendar = (SHIPPED / "calendar.toml").read_text(encoding="utf-8")
    (folder / "calendar.toml").write_text(calendar + WINDOW, encoding="utf-8")


def changed(fields: dict[tuple[str, str], str]) -> dict[tuple[str, str], str]:
    """A new field in each block, the justification renamed, the legal basis moved last and the strategy ahead."""
    justification, strategy = ("activity", c.JUSTIFICATION), ("activity", c.STRATEGY_CODE)
    fields[justification] = fields[justification].replace("JUSTIFICACIÓN DE RESULTADOS", "RAZONES DE LA VARIACIÓN")
    fields["activity", c.LEGAL_BASIS] = fields.pop(("activity", c.LEGAL_BASIS))
    moved = {("activity", c.DESCRIPTION): {strategy: fields.pop(strategy)}}
    for name, (block, kind, number, label) in ADDED.items():
        field = f'\nnumber = {number}\nname = "{name}"\nlabel = "{label}"\nblock = "{block}"\nkind = "{kind}"\n'
        told = field + 'required = "required"\ndescription = "Nuevo en 2025."\n\n'
        moved[block, BEFORE[name]] = {(block, name): told}
    return {key: field for name, text in fields.items() for key, field in {**moved.get(name, {}), name: text}.items()}


def without(block: str, *names: str) -> Edit:
    """Drops these fields."""
    return lambda fields: {key: field for key, field in fields.items() if key not in {(block, name) for name in names}}


def content() -> WorkbookContent:
    """What the founding unit says on it."""
    old = founding_content()
    return replace(
        old,
        header={**old.header, FOLIO: "F-2025-001"},
        budget=tuple(replace(line, values={**line.values, MODIFIED: 1000.5 + i}) for i, line in enumerate(old.budget)),
        activities=tuple({**_typed(row), SERVED: 100 + i} for i, row in enumerate(old.activities)),
    )


def write_workbook(path: Path, config_dir: Path) -> None:
    """The founding unit's workbook on the form of 2025."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_form(path, load_form(2025, config_dir), content(), created=datetime(2025, 10, 3, 9, 0))


def _typed(row: Row) -> Row:
    """The row with figures where it has the form's formulas: a form may lack what they sum."""
    return {name: value.value if isinstance(value, Computed) else value for name, value in row.items()}


def _value(field: str, key: str) -> str:
    return next(line.split('"')[1] for line in field.splitlines() if line.startswith(f"{key} = "))
