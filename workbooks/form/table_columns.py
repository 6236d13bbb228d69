"""The columns of a table of activities: the form's own, in a unit's order, with those it added."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import groupby

from config.form import Field
from schemas.contracts import columns as c
from workbooks.form.content import CellValue
from workbooks.form.heads import FieldColumns
from workbooks.form.job import Job
from workbooks.form.layout import Layout

HIDDEN = (c.STRATEGY_CODE, c.ASSIGNED_AMOUNT)
FOLIO, MUNICIPALITY, RESPONSIBLE = "folio", "municipality", "responsible"
ADDED_LABELS = {FOLIO: "FOLIO", MUNICIPALITY: "MUNICIPIO", RESPONSIBLE: "ENLACE RESPONSABLE"}
FIRST_FOLIO = 2401
MUNICIPALITIES = ("Tepic", "Bahía de Banderas", "Compostela")


def table_columns(job: Job) -> list[FieldColumns]:
    """The columns of the layout, from the left."""
    fields = list(_ordered(job))
    wanted = {FOLIO: ("left", "all"), MUNICIPALITY: ("middle", "all"), RESPONSIBLE: ("right", "all")}
    middle = next((at for at, field in enumerate(fields, start=1) if field.name == c.DESCRIPTION), 1)
    places = {RESPONSIBLE: len(fields), MUNICIPALITY: middle, FOLIO: 0}
    for name, place in places.items():
        if job.layout.added in wanted[name]:
            fields.insert(place, _added(fields[0], name))
    return [FieldColumns(field, col, col) for col, field in enumerate(fields)]


def added_values(position: int) -> dict[str, CellValue]:
    """What stands in the added columns of the activity at ``position``."""
    return {
        FOLIO: FIRST_FOLIO + 7 * position,
        MUNICIPALITY: MUNICIPALITIES[position % len(MUNICIPALITIES)],
        RESPONSIBLE: f"Enlace {1 + position % 2}",
    }


def _ordered(job: Job) -> Iterator[Field]:
    """The form's fields in the layout's order; the quarters of a group are one piece."""
    pieces = [list(run) for _, run in groupby(job.form.activity, key=lambda f: f.group if f.quarter else f.name)]
    if job.layout.shuffled:
        random.Random(job.layout.shuffled).shuffle(pieces)
    if job.layout.achieved_first:
        pieces = _achieved_first(pieces)
    return (field for piece in pieces for field in piece)


def _achieved_first(pieces: list[list[Field]]) -> list[list[Field]]:
    """The pieces of planned and achieved quarters in each other's place."""
    names = [piece[0].name for piece in pieces]
    if not {c.PLANNED[0], c.ACHIEVED[0]} <= set(names):
        return pieces
    planned, achieved = sorted((names.index(c.PLANNED[0]), names.index(c.ACHIEVED[0])))
    if names[planned] == c.ACHIEVED[0]:
        return pieces
    pieces[planned], pieces[achieved] = pieces[achieved], pieces[planned]
    return pieces


def _added(like: Field, name: str) -> Field:
    told = {"name": name, "label": ADDED_LABELS[name], "number": None, "spellings": (), "group": None}
    return like.model_copy(update={**told, "quarter": None, "kind": "code", "width": 14.7})


def hidden(column: FieldColumns, layout: Layout) -> bool:
    """Whether the layout hides the column."""
    return layout.hidden_columns and column.field.name in HIDDEN
