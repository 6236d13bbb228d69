"""Cells to evidence: the steps of this package in a row."""

from __future__ import annotations

import polars as pl

from config.form import Form
from schemas.contracts import columns as c
from schemas.contracts.evidence import Evidence
from schemas.contracts.query import collected
from transforms.locate.blocks import Blocks
from transforms.locate.column_map import PAGE_KEY
from transforms.odd_texts import odd_texts
from transforms.repair.displaced import displaced
from transforms.repair.layout_choice import LayoutChoice
from transforms.repair.reread import apply_repair, moved_columns, own_page
from transforms.rows.text_rows import ROW_KEY, VALUES, TextRows
from transforms.signatures import signatures
from transforms.typed.header import header_pages, header_values
from transforms.typed.rows import activity_rows, budget_lines, parsed_texts, typed_cells, wide_rows
from transforms.unknown_columns import unknown_cells, unknown_columns
from transforms.unknown_lines import unknown_line_cells, unknown_line_columns
from transforms.workbooks_seen import workbooks_seen


def typed_evidence(
    count: int,
    cells: pl.DataFrame,
    texts: pl.DataFrame,
    sheets: pl.DataFrame,
    layout: LayoutChoice,
    rows: TextRows,
    form: Form,
    *,
    apply_proposals: bool,
) -> Evidence:
    """Typed rows of ``count`` workbooks, as the rules judge them; ``texts`` are clean_texts()."""
    blocks, texts = layout.blocks, parsed_texts(texts)
    header = header_pages(rows.header, texts, sheets, form)
    typed = typed_cells(rows.activities, texts)
    beside = typed_cells(cells_beside(cells, rows.activities, blocks), texts)
    wide = wide_rows(typed, form, "activity")
    astray = displaced(wide, typed, beside, blocks, form)
    unknown = unknown_cells(cells, texts, rows.activities, astray, blocks)
    strange = unknown_columns(unknown, astray, blocks)
    columns, pages = blocks.activity_columns, _pages(layout, sheets)
    if apply_proposals and astray.get_column(c.CELLS).count():
        moved = moved_columns(astray)
        again = apply_repair(pl.concat([typed, beside], how="diagonal"), moved)
        wide = wide_rows(pl.concat([typed.join(moved, on=ROW_KEY, how="anti"), again]), form, "activity")
        unknown = unknown.join(moved, on=[*ROW_KEY, c.COL], how="anti", maintain_order="left")
        columns = pl.concat([columns, own_page(moved).select(columns.columns)])
        pages = pl.concat([pages, _own_pages(astray.drop_nulls(c.CELLS), pages)])
    of_lines = unknown_line_cells(cells, texts, rows, blocks)
    return Evidence(
        workbooks=workbooks_seen(count, cells, texts, blocks, form),
        header=header_values(header),
        header_pages=header,
        budget=budget_lines(rows.budget, texts, sheets, form),
        rows=activity_rows(wide, sheets, form),
        pages=pages,
        displaced=astray,
        unknown_columns=pl.concat([unknown_line_columns(of_lines, blocks), strange]),
        unknown_cells=pl.concat([of_lines, unknown]),
        signatures=signatures(count, cells, texts, sheets, rows.activities, blocks),
        unread=blocks.unread.join(sheets, on=[c.FILE_ID, c.SHEET_NO], how="left", maintain_order="left"),
        odd_texts=odd_texts(cells, texts, rows, sheets, form),
        budget_columns=blocks.budget_columns,
        activity_columns=columns,
    )


def cells_beside(cells: pl.DataFrame, activities: pl.DataFrame, blocks: Blocks) -> pl.DataFrame:
    """Cells of the activities' rows right of the table's last column: ROW_KEY, col and VALUES."""
    last = blocks.activity_columns.lazy().group_by(PAGE_KEY).agg(pl.col(c.COL).max().alias("last"))
    rows = activities.lazy().select(ROW_KEY).unique().join(last, on=PAGE_KEY, how="inner")
    return collected(
        cells.lazy()
        .join(rows, on=[c.FILE_ID, c.SHEET_NO, c.ROW], how="inner")
        .filter(pl.col(c.COL) > pl.col("last"))
        .select(*ROW_KEY, c.COL, *VALUES)
    )


def _pages(layout: LayoutChoice, sheets: pl.DataFrame) -> pl.DataFrame:
    by_order = layout.by_order.lazy().with_columns(pl.lit(value=True).alias(c.BY_ORDER))
    return collected(
        layout.blocks.pages.lazy()
        .drop_nulls(c.HEADER_ROW)
        .join(sheets.lazy(), on=[c.FILE_ID, c.SHEET_NO], how="left", maintain_order="left")
        .join(by_order, on=PAGE_KEY, how="left", maintain_order="left")
        .with_columns(pl.col(c.BY_ORDER).fill_null(value=False))
    )


def _own_pages(astray: pl.DataFrame, pages: pl.DataFrame) -> pl.DataFrame:
    """The pages of one row each that reread() makes."""
    at = pl.col(c.ROW)
    rows = astray.select(*ROW_KEY).join(pages, on=PAGE_KEY, how="left", maintain_order="left")
    return own_page(rows.with_columns(at.alias(c.TOP_ROW), at.alias(c.BOTTOM_ROW))).select(pages.columns)
