"""The form's blocks located in a batch: pages, and the column map of their budget lines and activities."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from config.form import Form
from schemas.contracts import columns as c
from schemas.contracts.query import collected
from transforms.locate.anchors import PLACE, anchors, spread
from transforms.locate.column_map import PAGE_KEY, column_map
from transforms.locate.labels import FIELD, GROUP, LABELS, LINE, SECTION, TITLE, labels
from transforms.locate.near_labels import MEANING, near_labels, with_meaning
from transforms.locate.pages import SHEET, on_page, pages


@dataclass(frozen=True)
class Blocks:
    """Where everything stands.

    ``labels``: label cells with their page and meanings; ``pages``: see pages(); ``budget_columns`` and
    ``activity_columns``: file_id, sheet_no, page, col, field. ``texts`` and ``merges`` are what they were found in.
    ``unread``: file_id, sheet_no of hidden sheets with a table that was left out.
    """

    labels: pl.DataFrame
    pages: pl.DataFrame
    budget_columns: pl.DataFrame
    activity_columns: pl.DataFrame
    texts: pl.DataFrame
    merges: pl.DataFrame
    unread: pl.DataFrame


def blocks(cells: pl.DataFrame, texts: pl.DataFrame, merges: pl.DataFrame, sheets: pl.DataFrame, form: Form) -> Blocks:
    """The blocks of the form in the batch; a workbook that is no POA has no page."""
    found = anchors(cells, with_meaning(labels(texts, form)), merges)
    found, located, unread = _shown(found, pages(cells, found), sheets)
    near = near_labels(cells, texts, found, located, form)
    found = found.drop(MEANING)
    if near.height:
        found = pl.concat([found, spread(near.select(*PLACE, *LABELS), merges)], how="diagonal_relaxed")
        found, located, more = _shown(found, pages(cells, found), sheets)
        unread = pl.concat([unread, more]).unique(maintain_order=True)
    tables = located.select(*PAGE_KEY, c.HEADER_ROW, c.DATA_ROW)
    labelled = on_page(found, located).join(tables, on=PAGE_KEY, how="left")
    above = pl.col(c.HEADER_ROW).is_null() | (pl.col(c.ROW) < pl.col(c.HEADER_ROW))
    within = pl.col(c.ROW).is_between(pl.col(c.HEADER_ROW), pl.col(c.DATA_ROW) - 1)
    columns = column_map(labelled.filter(within & _columns_of("activity")))
    others = _other_tables(labelled, columns, form)
    return Blocks(
        labels=_speaking(labelled.join(others, on=PAGE_KEY, how="anti", maintain_order="left")),
        pages=located.join(others, on=PAGE_KEY, how="anti", maintain_order="left"),
        budget_columns=column_map(labelled.filter(above & _columns_of("budget"))),
        activity_columns=columns.join(others, on=PAGE_KEY, how="anti", maintain_order="left"),
        texts=texts,
        merges=merges,
        unread=unread,
    )


def _shown(
    found: pl.DataFrame, located: pl.DataFrame, sheets: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Labels and pages without those of hidden sheets, where a visible sheet of the workbook has a table: units hide
    the copy of an earlier quarter. A form that is hidden as a whole is read. Also the sheets left out.
    """
    hidden = sheets.filter(~pl.col(c.VISIBLE))
    if hidden.is_empty():
        return found, located, hidden.select(SHEET)
    told = located.drop_nulls(c.HEADER_ROW).join(hidden, on=SHEET, how="anti")
    copies = hidden.join(told, on=c.FILE_ID, how="semi")
    tabled = located.drop_nulls(c.HEADER_ROW).join(copies, on=SHEET, how="semi", maintain_order="left")
    return (
        found.join(copies, on=SHEET, how="anti", maintain_order="left"),
        located.join(copies, on=SHEET, how="anti", maintain_order="left"),
        tabled.select(SHEET).unique(maintain_order=True),
    )


def _other_tables(labelled: pl.DataFrame, columns: pl.DataFrame, form: Form) -> pl.DataFrame:
    """PAGE_KEY of tables that units keep beside the form, such as a catalogue of activities: nothing of the header is
    there, and none of the required figures, which another page of the workbook has.
    """
    figures = [f.name for f in form.activity if f.required == "required" and f.numeric and f.name != c.ACTIVITY_NO]
    wanted = columns.group_by(PAGE_KEY).agg(pl.col(c.FIELD).is_in(figures).any().alias("figures"))
    poor = ~pl.col("figures")
    if wanted.filter(poor).is_empty():
        return wanted.select(PAGE_KEY).clear()
    heading = pl.col(c.ROLE).is_in([TITLE, SECTION, LINE]) | (pl.col(c.BLOCK) == "header")
    return (
        wanted.filter(poor)
        .join(wanted.filter(~poor), on=c.FILE_ID, how="semi")
        .join(labelled.filter(heading), on=PAGE_KEY, how="anti")
        .select(PAGE_KEY)
    )


def _speaking(labelled: pl.DataFrame) -> pl.DataFrame:
    """``labelled`` without the header and budget labels of a page that has no table, where a page with a table has them
    too: a sheet of instructions explains the labels, it does not fill them in.
    """
    above = pl.col(c.ROLE).is_in([FIELD, LINE]) & pl.col(c.BLOCK).is_in(["header", "budget"])
    kind = [c.FILE_ID, c.ROLE, c.BLOCK, "of"]
    named = labelled.lazy().with_columns(
        pl.when(pl.col(c.ROLE) == FIELD).then(pl.col(c.NAME)).fill_null("").alias("of")
    )
    tabled = named.filter(above & pl.col(c.HEADER_ROW).is_not_null()).select(kind).unique()
    untabled = named.filter(above & pl.col(c.HEADER_ROW).is_null())
    explained = collected(untabled.join(tabled, on=kind, how="semi"))
    if explained.is_empty():
        return labelled
    return labelled.join(explained, on=[*PAGE_KEY, c.ROW, c.COL, c.ROLE, c.NAME], how="anti", maintain_order="left")


def _columns_of(block: str) -> pl.Expr:
    return (pl.col(c.BLOCK) == block) & pl.col(c.ROLE).is_in([FIELD, GROUP])
