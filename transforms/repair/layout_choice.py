"""The column map that the evidence speaks for: by labels, or by the form's own order where the labels lie.

Each candidate map is scored by the check digits that hold in the rows it reads without a fault of type. The labels
have the benefit of the doubt; another map wins only where it is clearly better, or where it proves no less and reads
cells that the labels leave over.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from config.form import Form
from schemas.contracts import columns as c
from schemas.contracts.query import collected
from transforms.locate.blocks import Blocks
from transforms.locate.column_map import PAGE_KEY
from transforms.repair.check_digits import PROOFS, sound, with_check_digits
from transforms.rows.text_rows import activity_cells
from transforms.typed.rows import typed_cells, wide_rows

SCORE, ROWS, SOUND, FILLED = "score", "rows", "sound", "filled"
# A map wins over the labels' own where its score is more than this many times theirs.
CLEARLY = 2


@dataclass(frozen=True)
class LayoutChoice:
    """Blocks with the winning column maps; ``by_order`` are the pages (PAGE_KEY) whose labels lie."""

    blocks: Blocks
    by_order: pl.DataFrame


def choose_layout(cells: pl.DataFrame, texts: pl.DataFrame, blocks: Blocks, form: Form) -> LayoutChoice:
    """The blocks by evidence; ``texts`` are clean_texts(). Costs nothing where labels and order say the same."""
    ordered = order_columns(blocks, form)
    doubtful = _differing(blocks.activity_columns, ordered)
    if doubtful.is_empty():
        return LayoutChoice(blocks, doubtful)

    def scores(columns: pl.DataFrame) -> pl.DataFrame:
        here = columns.join(doubtful, on=PAGE_KEY, how="semi")
        return page_scores(cells, texts, replace(blocks, activity_columns=here), form)

    compared = doubtful.join(scores(blocks.activity_columns), on=PAGE_KEY, how="left").join(
        scores(ordered), on=PAGE_KEY, how="left", suffix="_order"
    )
    by_order = compared.filter(_order_wins()).select(PAGE_KEY)
    columns = pl.concat(
        [
            blocks.activity_columns.join(by_order, on=PAGE_KEY, how="anti"),
            ordered.join(by_order, on=PAGE_KEY, how="semi"),
        ]
    )
    return LayoutChoice(replace(blocks, activity_columns=columns), by_order)


def _order_wins() -> pl.Expr:
    """The form's order proves clearly more than the labels; or no less, while it reads cells that they leave over."""
    score, sound_rows, filled = (pl.col(name).fill_null(0) for name in (SCORE, SOUND, FILLED))
    by_order = [pl.col(f"{name}_order").fill_null(0) for name in (SCORE, SOUND, FILLED)]
    clearly = (by_order[0] > CLEARLY * score) & (by_order[1] * 2 >= pl.col(f"{ROWS}_order"))
    fuller = (by_order[0] >= score) & (by_order[0] > 0) & (by_order[1] >= sound_rows) & (by_order[2] > filled)
    return clearly | fuller


def order_columns(blocks: Blocks, form: Form) -> pl.DataFrame:
    """The form's own order of columns on each page with a table, from its first labelled column on."""
    first = blocks.activity_columns.group_by(PAGE_KEY).agg(pl.col(c.COL).min().alias("first"))
    fields = pl.DataFrame(
        [(field.name, place) for place, field in enumerate(form.activity)],
        schema={c.FIELD: pl.String, "place": pl.Int32},
        orient="row",
    )
    return first.join(fields, how="cross").select(*PAGE_KEY, (pl.col("first") + pl.col("place")).alias(c.COL), c.FIELD)


def page_scores(cells: pl.DataFrame, texts: pl.DataFrame, blocks: Blocks, form: Form) -> pl.DataFrame:
    """PAGE_KEY, score (check digits that hold in sound rows), sound, rows and filled cells (counts) of a page."""
    wide = wide_rows(typed_cells(activity_cells(cells, blocks, form), texts), form, "activity")
    return (
        with_check_digits(wide, form)
        .group_by(PAGE_KEY)
        .agg(
            pl.col(PROOFS).filter(sound()).sum().alias(SCORE),
            sound().sum().alias(SOUND),
            pl.sum_horizontal(_filled(form)).sum().alias(FILLED),
            pl.len().alias(ROWS),
        )
    )


def _filled(form: Form) -> list[pl.Expr]:
    return [pl.col(c.written(field.name)).is_not_null().cast(pl.Int64) for field in form.activity]


def _differing(labels: pl.DataFrame, ordered: pl.DataFrame) -> pl.DataFrame:
    """PAGE_KEY of the pages whose maps differ."""
    key = [*PAGE_KEY, c.COL, c.FIELD]
    one, other = labels.lazy(), ordered.lazy()
    apart = [each.join(rest, on=key, how="anti").select(PAGE_KEY) for each, rest in ((one, other), (other, one))]
    return collected(pl.concat(apart).unique(maintain_order=True))
