"""E07, R12-R14: what the programme and its activities are tied to: axes, strategies and the regulation."""

from __future__ import annotations

import polars as pl

from schemas.cards.card import Card, RowCheck
from schemas.cards.locate import activity_cell
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context, Evidence
from schemas.contracts.query import collected
from schemas.language.codes import compact, leading_code, letters, under
from schemas.language.legal_basis import read_basis
from schemas.rules.cells import broken
from schemas.rules.identity import AXIS_CODE

WHOLE, PART = "whole", "part"


def _nested_axes(evidence: Evidence, _: Context) -> pl.DataFrame:
    """Workbooks whose general axis is not under the guiding one, where the codes of both can be read."""
    # Of the other fields no code is read.
    axes = evidence.header.lazy().filter(pl.col(c.FIELD).is_in([c.GUIDING_AXIS, c.GENERAL_AXIS]))
    coded = axes.with_columns(leading_code(pl.col(c.TEXT)).alias(c.CODE)).drop_nulls(c.CODE)
    guiding = coded.filter(pl.col(c.FIELD) == c.GUIDING_AXIS).select(c.FILE_ID, pl.col(c.CODE).alias("outer"))
    general = coded.filter(pl.col(c.FIELD) == c.GENERAL_AXIS).join(guiding, on=c.FILE_ID, how="inner")
    inner, outer = pl.col(c.CODE), pl.col("outer")
    return collected(
        general.filter(_comparable(inner, outer) & ~under(inner, outer)).select(
            c.FILE_ID,
            *(c.SHEET, c.ROW, c.COL, c.FIELD),
            inner.alias(c.VALUE),
            (pl.lit("bajo ") + outer).alias(c.EXPECTED),
        )
    )


def _comparable(code: pl.Expr, other: pl.Expr) -> pl.Expr:
    """Both codes begin with letters, or neither does: "2.1" may well be short for "ER1-2.1"."""
    return (letters(code) == "") == (letters(other) == "")


def _misshapen(context: Context) -> list[RowCheck]:
    """Codes that lack the shape that the form gives them."""
    return [
        RowCheck(
            field.name, ~_shaped(field.name, field.pattern) & ~broken(code), found=code, expected=pl.lit(field.shape)
        )
        for field in context.form.activity
        if field.pattern
        for code in [pl.col(field.name)]
    ]


def _shaped(name: str, pattern: str) -> pl.Expr:
    return compact(pl.col(name)).str.contains(f"^(?:{pattern})$")


def _off_axis(context: Context) -> list[RowCheck]:
    """Strategies under another axis; one without the form's shape is R12's."""
    if not context.form.has("activity", c.STRATEGY_CODE):
        return []
    pattern = context.form.of("activity", c.STRATEGY_CODE).pattern
    strategy, axis = pl.col(c.STRATEGY_CODE), pl.col(AXIS_CODE)
    readable = _shaped(c.STRATEGY_CODE, pattern) if pattern else pl.lit(value=True)
    off = readable & _comparable(strategy, axis) & ~under(strategy, axis)
    return [RowCheck(c.STRATEGY_CODE, off, strategy, pl.lit("bajo ") + axis)]


def _unread_basis(evidence: Evidence, context: Context) -> pl.DataFrame:
    """Rows whose legal basis, or a part of it, cannot be read; each distinct one is read once."""
    if not context.form.has("activity", c.LEGAL_BASIS):
        return evidence.rows.clear()
    distinct = evidence.rows.get_column(c.LEGAL_BASIS).drop_nulls().unique().to_list()
    unread = [(text, part) for text in distinct if (part := read_basis(text).unread) is not None]
    if not unread:
        return evidence.rows.clear()
    told = pl.DataFrame(unread, schema={c.LEGAL_BASIS: pl.String, c.EXPECTED: pl.String}, orient="row")
    rows = evidence.rows.join(told, on=c.LEGAL_BASIS, how="inner", maintain_order="left")
    whole = pl.col(c.EXPECTED) == pl.col(c.LEGAL_BASIS)
    return activity_cell(rows.filter(~broken(pl.col(c.LEGAL_BASIS))), evidence, c.LEGAL_BASIS).with_columns(
        pl.when(whole).then(pl.lit(WHOLE)).otherwise(pl.lit(PART)).alias(c.VARIANT),
        pl.col(c.LEGAL_BASIS).alias(c.VALUE),
    )


CARDS = (
    Card(
        code="E07",
        title="El eje general cuelga del eje rector",
        why="En el plan estatal cada eje general pertenece a un eje rector; su clave empieza con la de este.",
        fields=(7, 9),
        scope="workbook",
        messages={"": "La clave {found} del eje general no cuelga de la del eje rector (debería estar {expected})."},
        remedy="Corrija la clave del eje general o la del eje rector, según el Plan Estatal de Desarrollo.",
        example="Eje general ER2-2.1 con el eje rector ER1.",
        check=_nested_axes,
    ),
    Card(
        code="R12",
        title="La clave de la estrategia tiene la forma del formato",
        why="La clave de la estrategia se busca en el plan estatal; mal escrita, no se encuentra.",
        fields=(17,),
        scope="row",
        messages={"": "«{field}» dice «{found}», que no tiene la forma de una clave, por ejemplo {expected}."},
        remedy="Escriba una sola clave, con letras, números, guion y puntos como en el Plan Estatal de Desarrollo.",
        example="«Estrategia 2.1» en lugar de ER1-2.1.1.",
        row_checks=_misshapen,
    ),
    Card(
        code="R13",
        title="La estrategia cuelga del eje general",
        why="La actividad debe contribuir al eje que el programa declara.",
        fields=(9, 17),
        scope="row",
        messages={"": "La estrategia {found} no pertenece al eje general declarado (debería estar {expected})."},
        remedy="Corrija la clave de la estrategia o el eje general del encabezado.",
        example="ER1-2.5.5 bajo el eje general ER1-2.1.",
        row_checks=_off_axis,
    ),
    Card(
        code="R14",
        title="El artículo y las fracciones se pueden leer",
        why="El fundamento dice por qué la actividad es tarea de la unidad; tiene que poder consultarse.",
        fields=(16,),
        scope="row",
        messages={
            WHOLE: "«{field}» dice «{found}», que no se puede leer como artículo y fracciones.",
            PART: "«{field}» dice «{found}»; no se entiende desde «{expected}».",
        },
        remedy="Escriba el artículo con número y las fracciones con números romanos, por ejemplo: Art. 11 Fraccs. I-VII, XIX.",
        example="«Art. 11 Fracc. IIII».",
        check=_unread_basis,
    ),
)
