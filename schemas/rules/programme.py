"""P01: a programme's amount and those of its URs, over as many workbooks as it spans."""

from __future__ import annotations

import polars as pl

from schemas.cards.card import Card
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context
from schemas.contracts.frames import Judged
from schemas.contracts.history_inputs import History
from schemas.language.texts import comparable
from schemas.language.tolerance import differs
from schemas.language.wording import amount_text

SPANNING = "spanning"
AMOUNT, AMOUNT_HALF = pl.col(c.ASSIGNED_AMOUNT), pl.col(c.half(c.ASSIGNED_AMOUNT))
SUM, SUM_HALF = pl.col(c.UNITS_SUM), pl.col(c.half(c.UNITS_SUM))


def _programme_sum(judged: Judged, history: History, _: Context) -> pl.DataFrame:
    """Told where neither the URs of the workbook itself nor those of all workbooks that name the programme make it up."""
    programme = comparable(pl.col(c.UNIT_NAME))
    spanned = history.programmes.with_columns(
        pl.when(SUM.is_not_null().all().over(programme)).then(SUM.sum().over(programme)).alias("all_sum"),
        SUM_HALF.sum().over(programme).alias("all_half"),
        pl.when(pl.col(c.UNIT_NAME).is_not_null()).then(pl.len().over(programme)).otherwise(1).alias("workbooks"),
    )
    spans = pl.col("workbooks") > 1
    own = differs(AMOUNT, SUM, AMOUNT_HALF + SUM_HALF)
    together = ~spans | differs(AMOUNT, pl.col("all_sum"), AMOUNT_HALF + pl.col("all_half"))
    lines = judged.budget.filter(pl.col(c.LEVEL) == "programme").unique(c.FILE_ID, keep="first", maintain_order=True)
    wrong = spanned.filter(own & together).join(
        lines.select(c.FILE_ID, c.SHEET, c.ROW, c.COLUMNS), on=c.FILE_ID, how="inner", maintain_order="left"
    )
    expected = pl.when(spans).then(pl.col("all_sum")).otherwise(SUM)
    return wrong.select(
        c.FILE_ID,
        pl.when(spans).then(pl.lit(SPANNING)).otherwise(pl.lit("")).alias(c.VARIANT),
        c.SHEET,
        c.ROW,
        pl.col(c.COLUMNS).str.json_path_match(f"$.{c.ASSIGNED_AMOUNT}").cast(pl.Int64).alias(c.COL),
        pl.lit(c.ASSIGNED_AMOUNT).alias(c.FIELD),
        amount_text(AMOUNT).alias(c.VALUE),
        amount_text(expected).alias(c.EXPECTED),
        (AMOUNT - expected).alias(c.DIFFERENCE),
        pl.col("workbooks").cast(pl.String).alias(c.ORIGIN),
    )


CARDS = (
    Card(
        code="P01",
        title="El programa suma lo de sus UR",
        why="El monto del programa es la suma de lo asignado a sus unidades.",
        fields=(2, 3, 4),
        scope="history",
        messages={
            "": "El programa tiene asignados {found}; sus UR suman {expected}.",
            SPANNING: "El programa tiene asignados {found}; sus UR suman {expected} en los {origin} libros que lo nombran.",
        },
        remedy="Corrija el monto del programa o el de la UR que no corresponda.",
        example="Programa 921,517; UR 697,403 + 224,000.",
        history_check=_programme_sum,
    ),
)
