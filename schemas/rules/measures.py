"""R15: units of measure written one way within a workbook."""

from __future__ import annotations

import polars as pl

from schemas.cards.card import Card
from schemas.cards.locate import activity_cell
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context, Evidence
from schemas.language.texts import comparable, stem


def _spelled_otherwise(evidence: Evidence, _: Context) -> pl.DataFrame:
    """Rows whose unit of measure is the rarer spelling of the same one (the later, where they are as frequent)."""
    rows = evidence.rows.filter(pl.col(c.MEASURE_UNIT).is_not_null())
    distinct = (
        rows.select(c.MEASURE_UNIT)
        .unique()
        .with_columns(stem(pl.col(c.MEASURE_UNIT)).alias("stem"), comparable(pl.col(c.MEASURE_UNIT)).alias("plain"))
    )
    if distinct.select("stem", "plain").n_unique() == distinct.get_column("stem").n_unique():
        return rows.clear()
    said = rows.select(c.FILE_ID, c.ROW_ID, c.MEASURE_UNIT)
    spelled = said.join(distinct, on=c.MEASURE_UNIT, how="left", maintain_order="left")
    usual = (
        spelled.group_by(c.FILE_ID, "stem", "plain")
        .agg(pl.len().alias("times"), pl.col(c.ROW_ID).min(), pl.col(c.MEASURE_UNIT).first())
        .sort(c.FILE_ID, "stem", pl.col("times"), pl.col(c.ROW_ID), descending=[False, False, True, False])
        .unique([c.FILE_ID, "stem"], keep="first", maintain_order=True)
        .select(c.FILE_ID, "stem", pl.col("plain").alias("usual"), pl.col(c.MEASURE_UNIT).alias(c.EXPECTED))
    )
    rarer = spelled.join(usual, on=[c.FILE_ID, "stem"], how="inner", maintain_order="left").filter(
        pl.col("plain") != pl.col("usual")
    )
    told = rows.join(rarer.select(c.ROW_ID, c.EXPECTED), on=c.ROW_ID, how="inner", maintain_order="left")
    return activity_cell(told, evidence, c.MEASURE_UNIT).with_columns(pl.col(c.MEASURE_UNIT).alias(c.VALUE))


CARDS = (
    Card(
        code="R15",
        title="La unidad de medida se escribe igual en todo el libro",
        why="Dos formas de escribir la misma unidad de medida parecen dos medidas distintas en los reportes.",
        fields=(19,),
        scope="workbook",
        messages={"": "La unidad de medida dice «{found}»; en otro renglón del libro es «{expected}»."},
        remedy="Use una sola forma de escribir la unidad de medida.",
        example="«Manual estadístico» y «Manuales estadísticos».",
        check=_spelled_otherwise,
    ),
)
