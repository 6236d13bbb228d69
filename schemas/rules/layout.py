"""R18 and the part of A06 that is about places: cells that do not stand where their labels say."""

from __future__ import annotations

import polars as pl

from schemas.cards.card import Card, RowCheck
from schemas.contracts import columns as c
from schemas.contracts.addresses import cell_address
from schemas.contracts.evidence import Context, Evidence
from schemas.language.texts import BARE_NUMBER

DISPLACED, APPLIED = "displaced", "applied"
PLACE = [c.FILE_ID, c.SHEET_NO, c.ROW]


def by_order(evidence: Evidence, _: Context) -> pl.DataFrame:
    """Pages whose labels lie, read in the form's own order of columns because their check digits hold so."""
    return evidence.pages.filter(pl.col(c.BY_ORDER)).select(
        c.FILE_ID, c.SHEET, pl.col(c.HEADER_ROW).alias(c.ROW), pl.lit(DISPLACED).alias(c.VARIANT)
    )


def _displaced(evidence: Evidence, context: Context) -> pl.DataFrame:
    if evidence.displaced.is_empty():
        return evidence.displaced
    rows = evidence.rows.select(*PLACE, c.SHEET, c.ROW_ID, c.UNIT_CODE, c.ACTIVITY_NO)
    astray = evidence.displaced.join(rows, on=PLACE, how="inner")
    applied = pl.lit(context.apply_proposals) & pl.col(c.CELLS).is_not_null()
    return astray.with_columns(
        pl.when(applied).then(pl.lit(APPLIED)).otherwise(pl.lit(DISPLACED)).alias(c.VARIANT),
        _told(astray).alias(c.EXPECTED),
    )


def _number_for_words(context: Context) -> list[RowCheck]:
    """A number where words belong: the row is displaced though no edit mends it, and must not pass for read."""
    words = (c.DESCRIPTION, c.MEASURE_UNIT, c.PURPOSE, c.JUSTIFICATION)
    return [
        RowCheck(
            name,
            pl.col(name).str.contains(BARE_NUMBER),
            found=pl.col(name),
            expected=pl.format("«{}» dice «{}», que es un número.", pl.lit(told), pl.col(name)),
            variant=DISPLACED,
        )
        for name in words
        if context.form.has("activity", name)
        for told in [context.form.told("activity", name)]
    ]


def _told(astray: pl.DataFrame) -> pl.Expr:
    """What is wrong with the row and how it reads right, in words."""
    numbers = {*astray[c.COL], *astray[c.LAST_COL]}
    first, last = (cell_address(pl.col(name), pl.col(c.ROW), numbers) for name in (c.COL, c.LAST_COL))
    where = (
        pl.when(pl.col(c.COL) == pl.col(c.LAST_COL))
        .then(pl.format("en {}", first))
        .otherwise(pl.format("entre {} y {}", first, last))
    )
    value = pl.col(c.VALUE).fill_null("una celda vacía")
    by = pl.col(c.VALUE).str.strip_prefix("-")
    side = pl.when(pl.col(c.VALUE).str.starts_with("-")).then(pl.lit("izquierda")).otherwise(pl.lit("derecha"))
    shifted = pl.format("Está recorrido {} columnas a la {}", by, side)
    return (
        pl.when(pl.col(c.CELLS).is_null())
        .then(pl.format("{} y le falta: {}.", shifted, pl.col(c.MISSING).fill_null("")))
        .when(pl.col(c.EDIT) == "drop")
        .then(pl.format("Sobra una celda: sin «{}» ({}), los datos y las sumas quedan en su lugar.", value, where))
        .when(pl.col(c.EDIT) == "empty")
        .then(pl.format("Falta una celda {}: con ella en blanco, los datos y las sumas quedan en su lugar.", where))
        .otherwise(pl.format("{}; de vuelta en su lugar, las sumas cuadran.", shifted))
    )


def _unknown(evidence: Evidence, _: Context) -> pl.DataFrame:
    unknown = evidence.unknown_columns
    if unknown.is_empty():
        return unknown
    sheets = evidence.pages.select(c.FILE_ID, c.SHEET_NO, c.SHEET).unique()
    letters = cell_address(pl.col(c.COL), pl.lit(""), unknown[c.COL].unique())
    return unknown.join(sheets, on=[c.FILE_ID, c.SHEET_NO], how="left", maintain_order="left").with_columns(
        pl.coalesce(pl.format("«{}»", pl.col(c.TEXT).str.replace_all(r"\s+", " ")), letters).alias(c.VALUE),
        pl.format("{} celdas", c.CELLS).alias(c.EXPECTED),
    )


CARDS = (
    Card(
        code="A07",
        title="No hay columnas ajenas al formato",
        why="Lo que se escribe fuera de las columnas del formato se conserva, pero no entra al consolidado.",
        fields=(),
        scope="workbook",
        messages={
            "": "La columna {found} no es del formato y tiene contenido ({expected}); se conserva, pero no se usa."
        },
        remedy="Quite la columna o pase su contenido al campo que le corresponda.",
        example="Una columna «Observaciones internas» dentro de la tabla.",
        check=_unknown,
    ),
    Card(
        code="R18",
        title="Las celdas del renglón están en sus columnas",
        why="Un dato corrido a la celda de junto se leería como otro; nada se mueve sin decirlo.",
        fields=(13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23),
        scope="workbook",
        messages={
            DISPLACED: "Las celdas del renglón no están en sus columnas. {expected}",
            APPLIED: "Las celdas del renglón no estaban en sus columnas y se aceptó la lectura propuesta. {expected}",
        },
        remedy="Recorra las celdas del renglón hasta que cada dato quede bajo su encabezado y envíe el libro de nuevo.",
        example="Un número de más en el calendario recorre todo lo que sigue.",
        variants=(DISPLACED, APPLIED),
        row_checks=_number_for_words,
        check=_displaced,
    ),
)
