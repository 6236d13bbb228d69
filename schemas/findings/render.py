"""Breaches told: each with its label, message, severity and cell."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from config.policy import SEVERITIES
from schemas.cards.card import BREACHES, NOTE, Card
from schemas.contracts import columns as c
from schemas.contracts.addresses import cell_address
from schemas.contracts.evidence import Context
from schemas.contracts.frames import Contract, conform
from schemas.language.wording import message
from schemas.rules.rulebook import severities

# A breach with its words: what FINDINGS holds, and the row it ties to.
RENDERED: Contract = {**BREACHES, c.RULE: pl.String, c.LABEL: pl.String, c.MESSAGE: pl.String}
UNIT_FIELD = "UR (3)"
RANK = pl.col(c.SEVERITY).replace_strict(
    {severity: rank for rank, severity in enumerate(SEVERITIES)}, default=None, return_dtype=pl.Int8
)


def render_findings(card: Card, breached: pl.DataFrame, context: Context) -> Iterable[pl.DataFrame]:
    """Breaches of one card as RENDERED; a message finer than a severity variant loses its name here."""
    labelled = breached.with_columns(pl.col(c.VARIANT).fill_null(""), _label(context).alias(c.LABEL))
    for (variant,), group in labelled.group_by(c.VARIANT, maintain_order=True):
        words = message(
            card.messages[str(variant)],
            found=pl.col(c.VALUE),
            expected=pl.col(c.EXPECTED),
            field=pl.col(c.LABEL),
            unit=pl.col(c.UNIT_CODE),
            note=pl.col(NOTE),
            origin=pl.col(c.ORIGIN),
        )
        severity_variant = variant if variant in card.variants else ""
        yield conform(
            group.with_columns(
                words.alias(c.MESSAGE),
                pl.lit(card.code).alias(c.RULE),
                pl.lit(severity_variant).alias(c.VARIANT),
            ),
            RENDERED,
        )


def _label(context: Context) -> pl.Expr:
    """The printed label of a breach's field: of the activities' columns where it is about one, else of the header."""
    form, told = context.form, context.form.told
    in_rows = {f.name: told("activity", f.name) for f in form.activity}
    above = {f.name: told(f.block, f.name) for f in (*form.budget, *form.header)} | {c.UNIT_NAME: UNIT_FIELD}
    field = pl.col(c.FIELD)
    return (
        pl.when(pl.col(c.ROW_ID).is_not_null() | pl.col(c.ACTIVITY_NO).is_not_null())
        .then(field.replace_strict(in_rows, default=field, return_dtype=pl.String))
        .otherwise(field.replace_strict(above, default=field, return_dtype=pl.String))
    )


def with_severity(told: pl.DataFrame, context: Context) -> pl.DataFrame:
    """TOLD breaches with the severity that policy gives them."""
    return told.join(_severities(context), on=[c.RULE, c.VARIANT], how="left", maintain_order="left")


def with_cells(told: pl.DataFrame) -> pl.DataFrame:
    """Weighed breaches with their cell and not waived, the gravest first within each workbook."""
    return told.with_columns(
        cell_address(pl.col(c.COL), pl.col(c.ROW), told[c.COL].unique()).alias(c.CELL),
        pl.lit(value=False).alias(c.WAIVED),
    ).sort(c.FILE_ID, RANK, c.RULE, c.SHEET, c.ROW, c.COL, nulls_last=True, maintain_order=True)


def _severities(context: Context) -> pl.DataFrame:
    rows = [(rule, variant, severity) for (rule, variant), severity in severities(context.policy).items()]
    return pl.DataFrame(rows, schema={c.RULE: pl.String, c.VARIANT: pl.String, c.SEVERITY: pl.String}, orient="row")
