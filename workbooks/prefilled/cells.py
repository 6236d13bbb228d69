"""The cells of a prefilled form written over the drawn form: locked or open, with value, formula, rule and note."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from config.form import Field, Form
from schemas.contracts import columns as c
from workbooks.form.content import CellValue, Row, typed_code
from workbooks.form.job import Place
from workbooks.form.style import Look, look_of
from workbooks.prefilled.entry import entry_rule
from workbooks.prefilled.formulas import Formula, copied, exercised_progress, lines_sum, number, progress, total
from workbooks.prefilled.looks import Looks, State
from workbooks.prefilled.places import Drawn
from workbooks.prefilled.prefilled import Key, Prefilled

AUTHOR = "Planeación"
NOTE_WIDTH, NOTE_LINE = 3, 42  # of a note: times the usual width, and the characters in a line of it
NO_FIGURES: Row = {}


@dataclass(frozen=True)
class Sheets:
    """A drawn form about to be filled: what it says, where it stands, how it looks."""

    form: Form
    told: Prefilled
    at: Drawn
    looks: Looks

    @cached_property
    def fields(self) -> dict[tuple[str, str], Field]:
        """The form's fields by block and name."""
        return {(field.block, field.name): field for field in self.form.field}

    @cached_property
    def formulas(self) -> dict[Key, Formula]:
        """What the form works out by itself, on its first page."""
        return dict(_formulas(self))

    def state(self, key: Key) -> State:
        """Whether the value is locked, to be filled in, to be corrected, or of a quarter that is not due."""
        if key in self.told.mend:
            return "mend"
        if key in self.told.open:
            return "open"
        field = self.fields.get((key[0], key[2]))
        results = field is not None and field.name in (*c.ACHIEVED, *c.EXERCISED)
        return "later" if field and results and (field.quarter or 0) > self.told.quarter else "locked"


def fill(sheets: Sheets) -> None:
    """Write every value of the form in its state."""
    for key, places in sheets.at.cells.items():
        parts = 1 + max(place.part for place in places)
        for number_, place in enumerate(places):
            first = places[place.part]
            if number_ < parts:
                _first_page(sheets, key, place)
            else:
                _further_page(sheets, key, place, first)


def _formulas(sheets: Sheets) -> Iterator[tuple[Key, Formula]]:
    told, at = sheets.told, sheets.at
    lines = [dict(line.values) for line in told.content.budget]
    if told.programme_sums and len(lines) > 1:
        wanted = [name for name in c.EXERCISED if ("budget", 0, name) in told.open]
        summed = {name: formula for name in wanted if (formula := lines_sum(at, name, lines))}
        yield from ((("budget", 0, name), formula) for name, formula in summed.items())
        lines[0].update({name: value for name, (_, value) in summed.items() if value != ""})
    for nth, values in enumerate(lines):
        spent = exercised_progress(at, nth, values, by_sum=nth in told.by_sum)
        yield from [(("budget", nth, c.REPORTED_PROGRESS), spent)] if spent else []
    for nth in range(at.activities):
        yield from _of_activity(sheets, nth)


def _of_activity(sheets: Sheets, nth: int) -> Iterator[tuple[Key, Formula]]:
    rows, figures = sheets.told.content.activities, sheets.told.figures
    row = rows[nth] if nth < len(rows) else NO_FIGURES
    accumulated = total(sheets.at, nth, row, figures[nth].reading) if nth < len(figures) else None
    if accumulated is None:
        return
    yield ("activity", nth, c.ACHIEVED_TOTAL), accumulated
    share = progress(sheets.at, nth, row, accumulated[1])
    if share:
        yield ("activity", nth, c.REPORTED_PROGRESS), share


def _first_page(sheets: Sheets, key: Key, place: Place) -> None:
    formula = sheets.formulas.get(key)
    state: State = "locked" if formula else sheets.state(key)
    look, decimals = _look(sheets, key, place), _decimals(sheets, key)
    form = sheets.looks.of(look, state, decimals=decimals)
    if formula:
        _area(place, form)
        _compute(place, formula, form)
        return
    value = _value(sheets, key, place)
    _put(place, value, form)
    if state in ("open", "mend"):
        field = sheets.fields.get((key[0], key[2]))
        rule = entry_rule(field, key, sheets.told, part=place.part, decimals=decimals)
        if rule:
            place.sheet.data_validation(place.row, place.left, place.row, place.left, rule)
    if sheets.told.mend.get(key) and place.part == 0:
        _note(place, sheets.told.mend[key])


def _further_page(sheets: Sheets, key: Key, place: Place, first: Place) -> None:
    """The header says again what the first page says: by itself, where that is still to be written."""
    form = sheets.looks.of(_look(sheets, key, place), "locked")
    _area(place, form)
    value = _value(sheets, key, place)
    if sheets.state(key) in ("open", "mend") or key in sheets.formulas:
        shown = sheets.formulas[key][1] if key in sheets.formulas else _stored(value)
        _compute(place, copied(first, shown), form)
    else:
        _put(place, value, form)


class _EmptyText(str):
    """The empty text as the stored result of a formula: XlsxWriter takes one that equals "" for none."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return False


def _compute(place: Place, formula: Formula, form: Any) -> None:
    words, value = formula
    place.sheet.write_formula(place.row, place.left, words, form, _EmptyText() if value == "" else value)


def _stored(value: CellValue) -> float | str:
    return value if isinstance(value, str) else number(value) or ""


def _look(sheets: Sheets, key: Key, place: Place) -> Look:
    field = sheets.fields.get((key[0], key[2]))
    return place.look if field is None or field.kind == "coded" else look_of(field.kind)


def _decimals(sheets: Sheets, key: Key) -> bool:
    block, nth, _ = key
    return block == "activity" and nth < len(sheets.told.figures) and sheets.told.figures[nth].decimals


def _value(sheets: Sheets, key: Key, place: Place) -> CellValue:
    """What stands in the cell, as the content has it; of a coded value, the part of the place."""
    block, nth, name = key
    content = sheets.told.content
    if block == "header":
        value = content.header.get(name)
        if not isinstance(value, tuple):
            return None if isinstance(value, str) and place.look == "code" else value
        code, text = value
        return (typed_code(code) if place.part == 0 else text) or None
    if block == "signature":
        return content.signatories.get(name)
    if block == "budget":
        line = content.budget[nth]
        return line.title if name == c.UNIT_NAME else line.values.get(name)
    return content.activities[nth].get(name) if nth < len(content.activities) else None


def _area(place: Place, form: Any) -> None:
    """The whole area in one format: which of its cells a program asks whether it is locked is up to the program."""
    for col in range(place.left, place.right + 1):
        place.sheet.write_blank(place.row, col, None, form)


def _put(place: Place, value: CellValue, form: Any) -> None:
    _area(place, form)
    at = (place.row, place.left)
    if isinstance(value, str):
        place.sheet.write_string(*at, value, form)
    elif isinstance(value, date):
        place.sheet.write_datetime(*at, value, form)
    elif (figure := number(value)) is not None:
        place.sheet.write_number(*at, figure, form)


def _note(place: Place, text: str) -> None:
    lines = sum(1 + len(part) // NOTE_LINE for part in text.split("\n"))
    size = {"x_scale": NOTE_WIDTH / 1.5, "y_scale": max(1.0, (lines + 1) / 4.5)}
    place.sheet.write_comment(place.row, place.left, text, {"author": AUTHOR, "font_size": 9, **size})
