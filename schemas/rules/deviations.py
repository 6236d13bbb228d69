"""R16, R20: what was achieved to date against what was planned to date, as the measure reads (schemas/language/measures.py)."""

from __future__ import annotations

import polars as pl

from schemas.cards.card import Card, RowCheck
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context
from schemas.language.measures import ACHIEVED_TO_DATE, COUNTED, PLANNED_TO_DATE, SUM, reading_note
from schemas.language.tolerance import float_slack
from schemas.language.wording import count_text, percent_text

UNJUSTIFIED = "unjustified"
PLANNED, ACHIEVED = pl.col(PLANNED_TO_DATE), pl.col(ACHIEVED_TO_DATE)
# Words that fill the cell and say nothing.
NOTHING_SAID = (
    r"(?i)^[^\p{L}\d]*(n[^\p{L}\d]*[ad]|s[^\p{L}\d]*[nd]|no aplica|ningun[ao]|sin justificaci[oó]n)?[^\p{L}\d]*$"
)


def _unjustified(context: Context) -> list[RowCheck]:
    """Above the upper band it is R20 that tells, so that one cause is one finding."""
    if not context.form.has("activity", c.JUSTIFICATION):
        return []
    share = context.policy.deviation.share
    far = (ACHIEVED - PLANNED).abs() > PLANNED * share + float_slack(PLANNED, ACHIEVED)
    change = (ACHIEVED - PLANNED) / PLANNED
    signed = pl.when(change > 0).then(pl.lit("+")).otherwise(pl.lit("")) + percent_text(
        change, beside=change.sign() * share
    )
    wanted = pl.format("una justificación, pues la diferencia pasa de {}", percent_text(pl.lit(share)))
    return [
        RowCheck(
            c.JUSTIFICATION,
            far & _counts(context) & ~_above(context) & _silent(),
            pl.format("{} de {} ({})", count_text(ACHIEVED), count_text(PLANNED), signed),
            wanted,
            ACHIEVED - PLANNED,
            note=_note(),
        )
    ]


def _far_above(context: Context) -> list[RowCheck]:
    upper = context.policy.deviation.upper
    asked, totalled = (context.form.has("activity", name) for name in (c.JUSTIFICATION, c.ACHIEVED_TOTAL))
    breach, silent = _above(context) & _counts(context), _silent() & pl.lit(asked)
    field = c.ACHIEVED_TOTAL if totalled else c.ACHIEVED[context.quarter - 1]
    part = percent_text(ACHIEVED / PLANNED, beside=pl.lit(upper))
    found = pl.format("{} de {} ({})", count_text(ACHIEVED), count_text(PLANNED), part)
    most = pl.format("a lo más {} de lo programado", percent_text(pl.lit(upper)))
    told = (found, most, ACHIEVED - PLANNED)
    return [
        RowCheck(field, breach & ~silent, *told, note=_note()),
        RowCheck(field, breach & silent, *told, variant=UNJUSTIFIED, note=_note()),
    ]


def _above(context: Context) -> pl.Expr:
    return PLANNED * context.policy.deviation.upper + float_slack(PLANNED, ACHIEVED) < ACHIEVED


def _counts(context: Context) -> pl.Expr:
    """Whether a deviation is one to tell of: something was planned to date, and it is no matter of a piece or two."""
    pieces = (ACHIEVED - PLANNED).abs() > context.policy.deviation.minimum
    return (PLANNED > 0) & (ACHIEVED >= 0) & (pieces | ~pl.col(COUNTED))


def _silent() -> pl.Expr:
    said = pl.col(c.JUSTIFICATION)
    return said.is_null() | said.str.contains(NOTHING_SAID)


def _note() -> pl.Expr:
    return pl.when(pl.col(c.READING) != SUM).then(reading_note())


CARDS = (
    Card(
        code="R16",
        title="Lo que se aparta de lo programado a la fecha está justificado",
        why="Quien lee el informe debe saber por qué el resultado se apartó de lo programado.",
        fields=(20, 21, 23),
        scope="row",
        messages={"": "Realizado contra programado a la fecha: {found}. Falta {expected}{note}."},
        remedy="Explique en la justificación por qué se realizó más o menos de lo programado; si la cifra está mal, corríjala.",
        example="6 informes realizados de 9 programados y la justificación vacía. Muy por arriba de lo programado lo dice solo la R20.",
        row_checks=_unjustified,
    ),
    Card(
        code="R20",
        title="Lo realizado no rebasa por mucho lo programado a la fecha",
        why="Rebasar por mucho la meta también es una falla: se programó mal.",
        fields=(20, 21),
        scope="row",
        messages={
            "": "Lo realizado a la fecha rebasa por mucho lo programado: {found}; se espera {expected}{note}.",
            UNJUSTIFIED: "Lo realizado a la fecha rebasa por mucho lo programado: {found}; se espera {expected}{note}. La justificación está vacía.",
        },
        remedy="Revise las cifras; si son correctas, explíquelo en la justificación y proponga ajustar la meta y el calendario.",
        example="20 informes realizados de 9 programados, con justificación o sin ella (entonces la R16 no se repite).",
        row_checks=_far_above,
    ),
)
