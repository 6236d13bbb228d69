"""Which cells of a unit's next form are to be corrected, by what its last workbook was told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, TypeAlias

import polars as pl

from config.form import Form
from reports.prefilled.content import COMPUTED, OF_ITS_QUARTER, ReportedLine, ReportedRow
from schemas.cards.compared import INVOLVED
from schemas.contracts import columns as c
from schemas.rules.rulebook import CARDS
from workbooks.prefilled.prefilled import Key

# What else is to be looked at where a rule tells of a cell; sums that the form works out by itself mend themselves.
ALSO: Final[Mapping[str, tuple[str, ...]]] = {
    **{rule: fields for rule, fields in INVOLVED.items() if rule != "R07"},
    "R10": c.PLANNED,
    "E07": (c.GUIDING_AXIS,),
    "P03": c.EXERCISED,
}
SET_ASIDE: Final = "Este renglón quedó en cuarentena: no se tomó en cuenta. Corríjalo completo."
UNKNOWN: Final = "La clave de esta UR no está en el catálogo. Corríjala aquí y en sus renglones, o avise a planeación."
LEFT: Final = frozenset({*COMPUTED, *OF_ITS_QUARTER})

Pending: TypeAlias = tuple[str, str, str]  # rule, field, message
Notes: TypeAlias = dict[Key, list[str]]


def corrections(
    findings: pl.DataFrame,
    form: Form,
    lines: Sequence[ReportedLine],
    rows: Sequence[ReportedRow],
    known: Collection[str],
) -> dict[Key, str]:
    """The cells that pending findings are about, with what was told of each; a row set aside is open as a whole, and so
    is the name of a unit that is none of the ``known`` ones.
    """
    said: dict[tuple[str | None, int | None], list[Pending]] = defaultdict(list)
    head: list[Pending] = []
    fields = {block: {f.name for f in form.field if f.block == block} for block in ("header", "budget", "activity")}
    wanted = findings.drop_nulls(c.FIELD).sort(c.RULE, c.SHEET, c.ROW, c.COL)
    for rule, name, sheet, row, text in wanted.select(c.RULE, c.FIELD, c.SHEET, c.ROW, c.MESSAGE).iter_rows():
        said[sheet, row].append((rule, name, text))
        if name in fields["header"]:
            head.append((rule, name, text))
    notes: Notes = {}
    _note(notes, ("header", 0), fields["header"], head)
    for nth, line in enumerate(lines):
        _note(notes, ("budget", nth), fields["budget"], said.get((line.sheet, line.row), ()))
    for nth, told in enumerate(rows):
        own = said.get((told.sheet, told.row), ())
        note = _note if told.rules is None else _note_row
        note(notes, ("activity", nth), fields["activity"], own)
    _open_amounts(notes, lines, rows)
    for nth, line in enumerate(lines):
        if line.line.unit_code and line.line.unit_code not in known:
            notes["budget", nth, c.UNIT_NAME] = [UNKNOWN]
    return {key: "\n".join(dict.fromkeys(texts)) for key, texts in notes.items()}


def _note(notes: Notes, of: tuple[str, int], fields: Collection[str], said: Iterable[Pending]) -> None:
    for rule, name, text in said:
        for wanted in (name, *ALSO.get(rule, ())):
            if wanted in fields and wanted not in LEFT:
                notes.setdefault((*of, wanted), [])
        if (*of, name) in notes:
            notes[*of, name].append(_words(rule, text))


def _words(rule: str, text: str) -> str:
    """What was told, and how to correct it."""
    return f"{rule}: {text} {CARDS[rule].remedy}"


def _note_row(notes: Notes, of: tuple[str, int], fields: Collection[str], said: Iterable[Pending]) -> None:
    """The whole row, with what was told of it at its number."""
    notes.update({(*of, name): [] for name in sorted(fields) if name not in LEFT})
    notes[*of, c.ACTIVITY_NO] = [SET_ASIDE, *(_words(rule, text) for rule, _, text in said)]


def _open_amounts(notes: Notes, lines: Sequence[ReportedLine], rows: Sequence[ReportedRow]) -> None:
    """Where a UR's amount is questioned, its activities' are too."""
    units = {line.line.unit_code for nth, line in enumerate(lines) if ("budget", nth, c.ASSIGNED_AMOUNT) in notes}
    for nth, told in enumerate(rows):
        if told.unit_code in units:
            notes.setdefault(("activity", nth, c.ASSIGNED_AMOUNT), [])
