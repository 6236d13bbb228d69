"""A09-A11, T05: a workbook among those that came before it and beside it."""

from __future__ import annotations

import polars as pl

from schemas.cards.card import Card
from schemas.cards.compared import ORDINAL, earliest, last_quarters, of_current_submissions
from schemas.cards.locate import NAME_COLUMN
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context
from schemas.contracts.frames import Judged
from schemas.contracts.history_inputs import History

COUNTS, SET_ASIDE = "counts", "set_aside"
SAME_BYTES, SAME_FACTS = "", "same_facts"


def _known_already(judged: Judged, history: History, _: Context) -> pl.DataFrame:
    mine = history.receipts.join(judged.files, on=c.FILE_ID, how="semi", maintain_order="left")
    return mine.drop_nulls(c.KNOWN_AS).select(c.FILE_ID, pl.col(c.KNOWN_AS).alias(c.ORIGIN))


def _delivered_twice(judged: Judged, history: History, _: Context) -> pl.DataFrame:
    """Both workbooks are told: the one that counts under the UR, the other as a whole."""
    twice = history.deliveries.filter(pl.len().over(c.UNIT_CODE) > 1)
    others = twice.select(
        c.UNIT_CODE,
        pl.col(c.FILE_ID).alias("other"),
        _described().alias(c.ORIGIN),
        pl.col(c.IS_CURRENT).alias("other_speaks"),
    )
    pairs = twice.join(others, on=c.UNIT_CODE, how="inner", maintain_order="left").filter(
        (pl.col(c.FILE_ID) != pl.col("other")) & (pl.col(c.IS_CURRENT) | pl.col("other_speaks"))
    )
    origin = pl.col(c.ORIGIN).sort().str.join("; ")
    told = pairs.group_by(c.FILE_ID, c.UNIT_CODE, c.IS_CURRENT, maintain_order=True).agg(origin)
    mine = told.join(judged.files, on=c.FILE_ID, how="semi", maintain_order="left")
    lines = judged.budget.drop_nulls(c.UNIT_CODE).unique([c.FILE_ID, c.UNIT_CODE], keep="first", maintain_order=True)
    return mine.join(lines, on=[c.FILE_ID, c.UNIT_CODE], how="left", maintain_order="left").select(
        c.FILE_ID,
        pl.when(c.IS_CURRENT).then(pl.lit(COUNTS)).otherwise(pl.lit(SET_ASIDE)).alias(c.VARIANT),
        pl.when(c.IS_CURRENT).then(c.UNIT_CODE).alias(c.UNIT_CODE),
        c.SHEET,
        c.ROW,
        pl.when(pl.col(c.ROW).is_not_null()).then(NAME_COLUMN).alias(c.COL),
        pl.lit(c.UNIT_NAME).alias(c.FIELD),
        pl.col(c.UNIT_CODE).alias(c.VALUE),
        c.ORIGIN,
    )


def _described() -> pl.Expr:
    """«UR63.xlsx», recibido el 04/10/2024."""
    received = pl.format(", recibido el {}", pl.col(c.RECEIVED_AT).dt.strftime("%d/%m/%Y")).fill_null("")
    return pl.format("«{}»", c.FILE) + received


def _old_file(judged: Judged, history: History, context: Context) -> pl.DataFrame:
    repeats = history.receipts.drop_nulls(c.REPEATS).select(c.FILE_ID, pl.col(c.REPEATS).alias(c.QUARTER))
    same = repeats.join(judged.files, on=c.FILE_ID, how="semi", maintain_order="left").with_columns(
        pl.lit(SAME_BYTES).alias(c.VARIANT)
    )
    resaved = _resaved(judged, history, context).join(same, on=c.FILE_ID, how="anti", maintain_order="left")
    told = pl.concat([same, resaved.with_columns(pl.lit(SAME_FACTS).alias(c.VARIANT))], how="diagonal_relaxed")
    return told.select(
        c.FILE_ID, c.VARIANT, pl.col(c.QUARTER).replace_strict(ORDINAL, return_dtype=pl.String).alias(c.ORIGIN)
    )


def _resaved(judged: Judged, history: History, context: Context) -> pl.DataFrame:
    """Workbooks that carry the date of the UR's last one and nothing new: no result in the quarter, no other total,
    no other justification in any activity. file_id, quarter.
    """
    last = last_quarters(history)
    dated = judged.header.filter(pl.col(c.FIELD) == c.DRAWN_UP_ON).select(
        c.FILE_ID, pl.col(c.TEXT).alias(c.DRAWN_UP_ON)
    )
    before = history.earlier.join(last, on=[c.UNIT_CODE, c.QUARTER], how="semi")
    principal = judged.files.select(c.FILE_ID, pl.col(c.SENDER).alias(c.UNIT_CODE))
    undated = (
        principal.join(dated, on=c.FILE_ID, how="inner")
        .join(before, on=[c.UNIT_CODE, c.DRAWN_UP_ON], how="inner")
        .select(c.FILE_ID, c.QUARTER)
    )
    same = (c.ACHIEVED_TOTAL, c.JUSTIFICATION)
    base = earliest(
        history.activities.join(last, on=[c.UNIT_CODE, c.QUARTER], how="semi"), [c.UNIT_CODE, c.ACTIVITY_NO]
    )
    beside = of_current_submissions(judged.activities, history).join(
        base.select(c.UNIT_CODE, c.ACTIVITY_NO, *(pl.col(name).alias(f"{name}__before") for name in same)),
        on=[c.UNIT_CODE, c.ACTIVITY_NO],
        how="left",
    )
    nothing = (pl.col(c.ACHIEVED[context.quarter - 1]).fill_null(0) == 0) & pl.all_horizontal(
        pl.col(name).eq_missing(pl.col(f"{name}__before")) for name in same
    )
    idle = beside.group_by(c.FILE_ID).agg(nothing.all().alias("idle")).filter("idle")
    return undated.join(idle, on=c.FILE_ID, how="semi").sort(c.FILE_ID)


def _late(judged: Judged, history: History, _: Context) -> pl.DataFrame:
    late = history.receipts.filter(~pl.col(c.ON_TIME)).join(judged.files, on=c.FILE_ID, how="semi")
    return late.select(
        c.FILE_ID,
        pl.col(c.RECEIVED_AT).dt.strftime("%d/%m/%Y").alias(c.VALUE),
        pl.lit(history.closes.strftime("%d/%m/%Y")).alias(c.EXPECTED),
        (pl.col(c.RECEIVED_AT).dt.date() - pl.lit(history.closes)).dt.total_days().cast(pl.Float64).alias(c.DIFFERENCE),
    )


CARDS = (
    Card(
        code="A09",
        title="El contenido es nuevo",
        why="Recibir otra vez el mismo contenido no cambia nada; quien lo envió quizá quiso enviar otro.",
        fields=(),
        scope="history",
        messages={"": "El archivo es idéntico a {origin}, que ya se recibió en este trimestre; no cambia nada."},
        remedy="No tiene que hacer nada. Si quiso enviar una corrección, verifique que adjuntó el libro corregido.",
        example="Se envió dos veces el mismo libro, con otro nombre.",
        history_check=_known_already,
    ),
    Card(
        code="A10",
        title="Ningún otro libro vigente entrega la misma UR",
        why="Si dos libros informan de la misma UR, solo uno puede contar, y debe saberse cuál.",
        fields=(3, 13),
        scope="history",
        messages={
            COUNTS: "La UR {found} también viene en {origin}; cuenta lo que dice este libro.",
            SET_ASIDE: "La UR {found} también viene en {origin}; cuenta lo que dice aquel libro y lo de este queda aparte.",
        },
        remedy="Póngase de acuerdo con la otra unidad para que la UR se entregue en un solo libro, y quítela del otro.",
        example="La UR 63 viene en el libro de la UR 06 y en el suyo propio.",
        history_check=_delivered_twice,
    ),
    Card(
        code="A11",
        title="El libro no es el del trimestre anterior",
        why="El libro del trimestre anterior no contiene los resultados de este.",
        fields=(),
        scope="history",
        messages={
            SAME_BYTES: "El archivo es idéntico al que se recibió para el {origin} trimestre.",
            SAME_FACTS: "El libro tiene la misma fecha y los mismos resultados que el del {origin} trimestre, y nada del trimestre que se informa.",
        },
        remedy="Envíe el libro con los resultados del trimestre que se informa.",
        example="En octubre se envió otra vez el libro de julio.",
        history_check=_old_file,
    ),
    Card(
        code="T05",
        title="El libro llegó a tiempo",
        why="El consolidado se cierra en una fecha; lo que llega después ya no alcanza a revisarse.",
        fields=(),
        scope="history",
        messages={"": "El libro se recibió el {found}; el plazo venció el {expected}."},
        remedy="Envíe el libro dentro del plazo. Si hubo una prórroga, pida al área de planeación que la registre.",
        example="Plazo al 15/10/2024; recibido el 18/10/2024.",
        history_check=_late,
    ),
)
