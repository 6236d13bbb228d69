"""R03, R04, R11: whose an activity is and which one it is."""

from __future__ import annotations

import polars as pl

from schemas.cards.card import Card, RowCheck
from schemas.cards.locate import activity_cell
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context, Evidence
from schemas.contracts.query import collected
from schemas.language.codes import leading_code

CONFLICTING, IDENTICAL = "conflicting", "identical"


def _repeated(evidence: Evidence, context: Context) -> pl.DataFrame:
    """Conflicting copies are all told; of identical ones the first stays and the others are."""
    key = [c.FILE_ID, c.UNIT_CODE, c.ACTIVITY_NO]
    content = pl.concat_str([pl.col(c.written(f.name)).fill_null("") for f in context.form.activity], separator="\x1f")
    rows = evidence.rows.filter(pl.col(c.UNIT_CODE).is_not_null() & pl.col(c.ACTIVITY_NO).is_not_null())
    copies = rows.filter(pl.len().over(key) > 1).with_columns(content.alias("content"))
    if copies.is_empty():
        return copies
    conflicting = pl.col("content").n_unique().over(key) > 1
    first = pl.int_range(pl.len()).over(key) == 0
    where = (pl.col(c.SHEET) + ", renglón " + pl.col(c.ROW).cast(pl.String)).str.join("; ").over(key)
    told = copies.with_columns(
        pl.when(conflicting).then(pl.lit(CONFLICTING)).otherwise(pl.lit(IDENTICAL)).alias(c.VARIANT),
        pl.col(c.ACTIVITY_NO).cast(pl.String).alias(c.VALUE),
        where.alias(c.EXPECTED),
    ).filter(conflicting | ~first)
    return activity_cell(told, evidence, c.ACTIVITY_NO)


def _gaps(evidence: Evidence, _: Context) -> pl.DataFrame:
    """Per UR, the first row whose number leaves others out below it. A workbook with a row of which UR or number is not
    known is left alone: it may be the one that is missing.
    """
    key = [c.FILE_ID, c.UNIT_CODE]
    unknown = pl.col(c.UNIT_CODE).is_null() | pl.col(c.ACTIVITY_NO).is_null()
    foreign = ~pl.col(c.UNIT_CODE).is_in(pl.col(HEADER_UNITS)) & (pl.col(HEADER_UNITS).list.len() > 0)
    rows = with_header(evidence).lazy()
    unsure = rows.filter(unknown | foreign | pl.col(c.ROW_ID).is_in(_displaced_rows(evidence).implode()))
    before = pl.col(c.ACTIVITY_NO).shift(1, fill_value=0).over(key)
    skipping = (
        rows.select(*key, c.ACTIVITY_NO, c.SHEET, c.SHEET_NO, c.PAGE, c.ROW, c.ROW_ID)
        .join(unsure.select(c.FILE_ID).unique(), on=c.FILE_ID, how="anti", maintain_order="left")
        .sort(*key, c.ACTIVITY_NO, maintain_order=True)
        .with_columns(before.alias("before"))
        .filter(pl.col(c.ACTIVITY_NO) > pl.col("before") + 1)
    )
    first, last = (pl.col("before") + 1).cast(pl.String), (pl.col(c.ACTIVITY_NO) - 1).cast(pl.String)
    missing = pl.when(first == last).then(first).otherwise(first + " a " + last)
    told = collected(
        skipping.with_columns(missing.str.join(", ").over(key).alias(c.EXPECTED)).unique(
            key, keep="first", maintain_order=True
        )
    )
    return activity_cell(told, evidence, c.ACTIVITY_NO).with_columns(
        pl.col(c.ACTIVITY_NO).cast(pl.String).alias(c.VALUE)
    )


def _displaced_rows(evidence: Evidence) -> pl.Series:
    """row_id of rows whose cells, their number's too, do not stand in their columns."""
    place = [c.FILE_ID, c.SHEET_NO, c.ROW]
    return evidence.rows.join(evidence.displaced, on=place, how="semi").get_column(c.ROW_ID)


def _foreign(context: Context) -> list[RowCheck]:
    """A UR that the catalogue does not know is E01's."""
    unit, units = pl.col(c.UNIT_CODE), pl.col(HEADER_UNITS)
    known = unit.is_in(sorted(context.catalog.units))
    outside = known & (units.list.len() > 0) & ~unit.is_in(units)
    return [RowCheck(c.UNIT_CODE, outside, found=unit, expected=units.list.join(", "))]


# Joined to the rows before they are judged: the header's UR codes (list) and the declared general axis' code.
HEADER_UNITS, AXIS_CODE = "header_units", "axis_code"


def with_header(evidence: Evidence) -> pl.DataFrame:
    """The activity rows beside what the header of their workbook declares: HEADER_UNITS and AXIS_CODE."""
    units = (
        evidence.budget.lazy()
        .group_by(c.FILE_ID, maintain_order=True)
        .agg(pl.col(c.UNIT_CODE).drop_nulls().unique(maintain_order=True).alias(HEADER_UNITS))
    )
    axis = (
        evidence.header.lazy()
        .filter(pl.col(c.FIELD) == c.GENERAL_AXIS)
        .select(c.FILE_ID, leading_code(pl.col(c.TEXT)).alias(AXIS_CODE))
    )
    return collected(
        evidence.rows.lazy()
        .join(units, on=c.FILE_ID, how="left", maintain_order="left")
        .join(axis, on=c.FILE_ID, how="left", maintain_order="left")
        .with_columns(pl.col(HEADER_UNITS).fill_null([]))
    )


CARDS = (
    Card(
        code="R03",
        title="El número de actividad no se repite en la UR",
        why="La UR y el número identifican a la actividad todo el año; repetidos, no se sabe cuál es cuál.",
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
        code="R04",
        title="La numeración de las actividades no tiene saltos",
        why="Un hueco en la numeración suele ser un renglón que se borró sin querer.",
        fields=(13, 14),
        scope="workbook",
        messages={"": "La numeración de la UR {unit} salta a la actividad {found}: falta {expected}."},
        remedy="Agregue la actividad que falta o numere de corrido, del 1 en adelante, las de cada UR.",
        example="Actividades 1, 2 y 4.",
        check=_gaps,
    ),
    Card(
        code="R11",
        title="La UR del renglón está en el encabezado",
        why="Cada libro entrega lo de sus propias UR; lo de otra puede ser un renglón pegado por error.",
        fields=(3, 13),
        scope="row",
        messages={"": "La UR {found} del renglón no es ninguna de las del encabezado ({expected})."},
        remedy="Corrija la clave de UR del renglón, o agregue la UR derivada en el encabezado.",
        example="Renglón de la UR 12 en el libro de la UR 06.",
        row_checks=_foreign,
    ),
)
