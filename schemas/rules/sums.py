"""R05-R08, R10: the check digits of an activity row."""

from __future__ import annotations

import polars as pl

from schemas.cards.card import Card, RowCheck
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context
from schemas.language.measures import CALENDAR, RESULTS, SUM, reading_note
from schemas.language.tolerance import differs, outside
from schemas.language.wording import count_text, percent_text

READ = "read"  # not as a sum
ANNUAL, TOTAL = pl.col(c.ANNUAL_TARGET), pl.col(c.ACHIEVED_TOTAL)
EXACT = pl.lit(0.0)


def _planned_sum(_: Context) -> list[RowCheck]:
    return _by_reading(c.ANNUAL_TARGET, pl.col(CALENDAR), zero_told=pl.col(c.ANNUAL_TARGET) == 0)


def _achieved_sum(_: Context) -> list[RowCheck]:
    return _by_reading(c.ACHIEVED_TOTAL, pl.col(RESULTS), zero_told=pl.lit(value=False))


def _by_reading(field: str, figure: pl.Expr, *, zero_told: pl.Expr) -> list[RowCheck]:
    """``field`` against what its quarters come to. A target of 0 that does not add up is R10's alone."""
    said, adds_up = pl.col(field), pl.col(c.READING) == SUM
    wrong = differs(said, figure, EXACT)
    told = (count_text(said), count_text(figure), said - figure)
    return [
        RowCheck(field, wrong & adds_up, *told),
        RowCheck(field, wrong & ~adds_up & ~zero_told, *told, variant=READ, note=reading_note()),
    ]


def _progress(_: Context) -> list[RowCheck]:
    reported = pl.col(c.REPORTED_PROGRESS)
    truth = pl.when(ANNUAL > 0).then(TOTAL / ANNUAL)
    wrong = outside(reported, pl.col(c.half(c.REPORTED_PROGRESS)), truth, truth)
    found, expected = percent_text(reported, beside=truth), percent_text(truth, beside=reported)
    return [RowCheck(c.REPORTED_PROGRESS, wrong, found, expected, reported - truth)]


def _future_achieved(context: Context) -> list[RowCheck]:
    return [
        RowCheck(name, pl.col(name) != 0, count_text(pl.col(name)), pl.lit("en blanco"), pl.col(name))
        for name in c.ACHIEVED[context.quarter :]
    ]


def _zero_target(_: Context) -> list[RowCheck]:
    return [RowCheck(c.ANNUAL_TARGET, ANNUAL == 0, count_text(ANNUAL), pl.lit("mayor que 0"))]


CARDS = (
    Card(
        code="R05",
        title="El calendario suma la meta anual, o llega a ella como la política lee la unidad de medida",
        why="El calendario reparte la meta anual entre los trimestres; si no la suma, uno de los dos está mal.",
        fields=(19, 20),
        scope="row",
        messages={
            "": "La meta anual dice {found}, pero los cuatro trimestres del calendario suman {expected}.",
            READ: "La meta anual dice {found}, pero el calendario da {expected}{note}.",
        },
        remedy="Corrija la meta anual o el trimestre del calendario que no corresponda.",
        example="Meta anual 62 con un calendario de 13 + 13 + 13 + 13.",
        row_checks=_planned_sum,
    ),
    Card(
        code="R06",
        title="Lo realizado suma el total acumulado, o llega a él como la política lee la unidad de medida",
        why="El total acumulado es la suma de lo realizado; si no coincide, una cifra se cambió y la otra no.",
        fields=(21,),
        scope="row",
        messages={
            "": "El total acumulado dice {found}, pero los trimestres realizados suman {expected}.",
            READ: "El total acumulado dice {found}, pero los trimestres realizados dan {expected}{note}.",
        },
        remedy="Corrija el total o el trimestre que no corresponda; de preferencia use una fórmula de suma.",
        example="Total 10 con realizados 3 + 3 + 3.",
        row_checks=_achieved_sum,
    ),
    Card(
        code="R07",
        title="El % de avance es el total entre la meta anual",
        why="El avance es el total entre la meta anual; si no coincide, una de las tres cifras está mal.",
        fields=(19, 21),
        scope="row",
        messages={"": "El avance dice {found}; el total acumulado entre la meta anual es {expected}."},
        remedy="Corrija el porcentaje, o la meta anual o el total si ahí está el error.",
        example="75 % con 39 de 62.",
        row_checks=_progress,
    ),
    Card(
        code="R08",
        title="No hay realizado en un trimestre que no ha terminado",
        why="Lo que aún no ocurre no se puede informar como realizado.",
        fields=(21,),
        scope="row",
        messages={"": "Hay un realizado de {found} en «{field}», que aún no termina en el trimestre que se informa."},
        remedy="Deje en blanco los trimestres posteriores al que informa.",
        example="Realizado en el 4o. trimestre dentro del informe del tercero.",
        row_checks=_future_achieved,
    ),
    Card(
        code="R10",
        title="La meta anual no es cero",
        why="Sin meta no hay contra qué medir el avance.",
        fields=(19,),
        scope="row",
        messages={"": "La meta anual es 0, así que no hay contra qué medir el avance."},
        remedy="Escriba la meta anual; si la actividad se canceló, explíquelo en la justificación.",
        example="Meta anual 0.",
        row_checks=_zero_target,
    ),
)
