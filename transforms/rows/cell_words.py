"""What a typed cell says where its words are not those of one whole cell: part of a label's, or of several rows."""

from __future__ import annotations

import polars as pl

from schemas.contracts import columns as c
from transforms.locate.labels import INSIDE

# "UR 06", "U.R.: 06 UNIDAD": the word before a unit's code; and "Act. 1", "No. 1", "1.-" of an activity's number.
UNIT_WORD = r"(?i)^u\.?\s?r\.?[\s:.–-]*([0-9])"
NUMBER_WORD = r"(?i)^(?:act(?:ividad|\.)?|n[o°º]\.?|n[uú]m(?:ero|\.)?)?[\s.:°º-]*([0-9]{1,6})\s*[.)°º-]*$"
MORE = "more"  # text_ids of the rows below in which a cell's text goes on
PART = "part"


def with_words(typed: pl.DataFrame, texts: pl.DataFrame, written: str) -> pl.DataFrame:
    """``typed`` cells with the value that stands inside a label's cell, and with the text that goes on below; without
    the columns that tell of these.
    """
    if INSIDE in typed.columns:
        typed = typed.with_columns(pl.coalesce(INSIDE, c.CLEAN).alias(c.CLEAN)).drop(INSIDE)
    if MORE not in typed.columns:
        return typed
    long = typed.select(MORE).with_row_index(PART).drop_nulls().explode(MORE)
    rest = (
        long.join(texts.select(pl.col(c.TEXT_ID).alias(MORE), c.CLEAN), on=MORE, how="left", maintain_order="left")
        .group_by(PART, maintain_order=True)
        .agg(pl.col(c.CLEAN).str.join(" ").alias("rest"))
    )
    joined = typed.with_row_index(PART).join(rest, on=PART, how="left", maintain_order="left")
    goes_on = pl.col("rest").is_not_null()
    return joined.with_columns(
        pl.when(goes_on).then(pl.col(name) + " " + pl.col("rest")).otherwise(pl.col(name)).alias(name)
        for name in (c.CLEAN, written)
    ).drop(PART, MORE, "rest")


def plain_codes(typed: pl.DataFrame) -> pl.DataFrame:
    """``typed`` cells of activities with the code of a UR and the number of an activity out of the words round them."""
    name, clean, text = pl.col(c.FIELD), pl.col(c.CLEAN), pl.col(c.TEXT_ID).is_not_null()
    if c.FIELD not in typed.columns or c.LEVEL in typed.columns:
        return typed
    unit = (name == c.UNIT_CODE) & text
    number = (name == c.ACTIVITY_NO) & text & pl.col("value").is_null()
    if not typed.select((unit | number).any()).item():
        return typed
    # Few cells are of these fields: of the others no pattern is looked for.
    worded = pl.when(number).then(clean).str.extract(NUMBER_WORD).cast(pl.Float64, strict=False)
    return typed.with_columns(
        pl.when(unit).then(pl.when(unit).then(clean).str.replace(UNIT_WORD, "$1")).otherwise(clean).alias(c.CLEAN),
        pl.coalesce("value", worded).alias("value"),
        pl.when(worded.is_not_null()).then(0.5).otherwise("half").alias("half"),
    )
