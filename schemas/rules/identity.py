"""R03, R11, R13: whose an activity is, which one it is and under which axis it lies."""

from __future__ import annotations

import polars as pl

from schemas import columns as c
from schemas.card import Card, RowCheck
from schemas.evidence import Context, Evidence
from schemas.locate import activity_cell

CONFLICTING, IDENTICAL = "conflicting", "identical"


def _repeated(evidence: Evidence, context: Context) -> pl.DataFrame:
    """Conflicting copies are all told; of identical ones the first stays and the others are."""
    key = [c.FILE_ID, c.UNIT_CODE, c.ACTIVITY_NO]
    content = pl.concat_str([pl.col(c.written(f.name)).fill_null("") for f in context.form.activity], separator="\x1f")
    rows = evidence.rows.filter(pl.col(c.UNIT_CODE).is_not_null() & pl.col(c.ACTIVITY_NO).is_not_null())
    copies = rows.with_columns(content.alias("content")).filter(pl.len().over(key) > 1)
    conflicting = pl.col("content").n_unique().over(key) > 1
    first = pl.int_range(pl.len()).over(key) == 0
    where = (pl.col(c.SHEET) + ", renglón " + pl.col(c.ROW).cast(pl.String)).str.join("; ").over(key)
    told = copies.with_columns(
        pl.when(conflicting).then(pl.lit(CONFLICTING)).otherwise(pl.lit(IDENTICAL)).alias(c.VARIANT),
        pl.col(c.ACTIVITY_NO).cast(pl.String).alias(c.VALUE),
        where.alias(c.EXPECTED),
    ).filter(conflicting | ~first)
    return activity_cell(told, evidence, c.ACTIVITY_NO)


def _foreign(context: Context) -> list[RowCheck]:
    """A UR that the catalogue does not know is E01's."""
    unit, units = pl.col(c.UNIT_CODE), pl.col(HEADER_UNITS)
    known = unit.is_in(sorted(context.catalog.units))
    outside = known & (units.list.len() > 0) & ~unit.is_in(units)
    return [RowCheck(c.UNIT_CODE, outside, found=unit, expected=units.list.join(", "))]


def _off_axis(_: Context) -> list[RowCheck]:
    strategy, axis = (_dotted(pl.col(name)) for name in (c.STRATEGY_CODE, AXIS_CODE))
    under = (strategy == axis) | strategy.str.starts_with(axis + ".")
    return [RowCheck(c.STRATEGY_CODE, ~under, pl.col(c.STRATEGY_CODE), pl.lit("bajo ") + pl.col(AXIS_CODE))]


def _dotted(code: pl.Expr) -> pl.Expr:
    return code.str.to_uppercase().str.replace_all(r"\s", "").str.strip_chars_end(".")


# Joined to the rows before they are judged: the header's UR codes (list) and the declared general axis' code.
HEADER_UNITS, AXIS_CODE = "header_units", "axis_code"


def with_header(evidence: Evidence) -> pl.DataFrame:
    """The activity rows beside what the header of their workbook declares: HEADER_UNITS and AXIS_CODE."""
    units = evidence.budget.group_by(c.FILE_ID, maintain_order=True).agg(
        pl.col(c.UNIT_CODE).drop_nulls().unique(maintain_order=True).alias(HEADER_UNITS)
    )
    axis = evidence.header.filter(pl.col(c.FIELD) == c.GENERAL_AXIS).select(
        c.FILE_ID, pl.col(c.TEXT).str.extract(r"^([A-Za-z]+\d*(?:-\d+(?:\.\d+)*)?)").alias(AXIS_CODE)
    )
    return (
        evidence.rows.join(units, on=c.FILE_ID, how="left", maintain_order="left")
        .join(axis, on=c.FILE_ID, how="left", maintain_order="left")
        .with_columns(pl.col(HEADER_UNITS).fill_null([]))
    )


CARDS = (
    Card(
        code="R03",
        title="El número de actividad no se repite en la UR",
        fields=(13, 14),
        scope="workbook",
        messages={
            CONFLICTING: "La actividad {found} aparece más de una vez con datos distintos ({expected}).",
            IDENTICAL: "La actividad {found} está repetida con los mismos datos ({expected}); se tomó una vez.",
        },
        remedy="Deje un solo renglón por actividad o corrija el número.",
        example="Dos renglones con el número 4 y metas distintas.",
        variants=(CONFLICTING, IDENTICAL),
        check=_repeated,
    ),
    Card(
        code="R11",
        title="La UR del renglón está en el encabezado",
        fields=(3, 13),
        scope="row",
        messages={"": "La UR {found} del renglón no es ninguna de las del encabezado ({expected})."},
        remedy="Corrija la clave de UR del renglón, o agregue la UR derivada en el encabezado.",
        example="Renglón de la UR 12 en el libro de la UR 06.",
        row_checks=_foreign,
    ),
    Card(
        code="R13",
        title="La estrategia cuelga del eje general",
        fields=(9, 17),
        scope="row",
        messages={"": "La estrategia {found} no pertenece al eje general declarado (debería estar {expected})."},
        remedy="Corrija la clave de la estrategia o el eje general del encabezado.",
        example="ER1-2.5.5 bajo el eje general ER1-2.1.",
        row_checks=_off_axis,
    ),
)
