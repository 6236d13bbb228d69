"""R05-R08, R10: the check digits of an activity row."""

from __future__ import annotations

import polars as pl

from schemas import columns as c
from schemas.card import Card, RowCheck
from schemas.evidence import Context
from schemas.tolerance import differs, outside
from schemas.wording import count_text, percent_text

ANNUAL, TOTAL = pl.col(c.ANNUAL_TARGET), pl.col(c.ACHIEVED_TOTAL)
EXACT = pl.lit(0.0)


def _planned_sum(_: Context) -> list[RowCheck]:
    planned = _exact_sum(pl.col(name) for name in c.PLANNED)
    wrong = differs(ANNUAL, planned, EXACT)
    return [RowCheck(c.ANNUAL_TARGET, wrong, count_text(ANNUAL), count_text(planned), ANNUAL - planned)]


def _achieved_sum(context: Context) -> list[RowCheck]:
    """Quarters that have not ended may be blank, which adds nothing."""
    ended = [pl.col(name) for name in c.ACHIEVED[: context.quarter]]
    later = [_blank_as_zero(name) for name in c.ACHIEVED[context.quarter :]]
    achieved = _exact_sum([*ended, *later])
    wrong = differs(TOTAL, achieved, EXACT)
    return [RowCheck(c.ACHIEVED_TOTAL, wrong, count_text(TOTAL), count_text(achieved), TOTAL - achieved)]


def _blank_as_zero(name: str) -> pl.Expr:
    return pl.when(pl.col(c.written(name)).is_null()).then(0.0).otherwise(pl.col(name))


def _exact_sum(terms: object) -> pl.Expr:
    """Sum of counts; null where one is missing, so that R01 or R02 alone tells of it."""
    first, *rest = list(terms)  # type: ignore[call-overload]
    total: pl.Expr = first
    for term in rest:
        total = total + term
    return total


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
        title="El calendario suma la meta anual",
        fields=(19, 20),
        scope="row",
        messages={"": "La meta anual dice {found}, pero los cuatro trimestres del calendario suman {expected}."},
        remedy="Corrija la meta anual o el trimestre del calendario que no corresponda.",
        example="Meta anual 62 con un calendario de 13 + 13 + 13 + 13.",
        row_checks=_planned_sum,
    ),
    Card(
        code="R06",
        title="Lo realizado suma el total acumulado",
        fields=(21,),
        scope="row",
        messages={"": "El total acumulado dice {found}, pero los trimestres realizados suman {expected}."},
        remedy="Corrija el total o el trimestre que no corresponda; de preferencia use una fórmula de suma.",
        example="Total 10 con realizados 3 + 3 + 3.",
        row_checks=_achieved_sum,
    ),
    Card(
        code="R07",
        title="El % de avance es el total entre la meta anual",
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
        fields=(19,),
        scope="row",
        messages={"": "La meta anual es 0, así que no hay contra qué medir el avance."},
        remedy="Escriba la meta anual; si la actividad se canceló, explíquelo en la justificación.",
        example="Meta anual 0.",
        row_checks=_zero_target,
    ),
)
