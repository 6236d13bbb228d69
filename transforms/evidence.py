"""Cells to evidence: the steps of this package in a row."""

from __future__ import annotations

import polars as pl

from config.form import Form
from schemas import columns as c
from schemas.evidence import Evidence
from transforms.blocks import Blocks
from transforms.text_rows import TextRows
from transforms.typed_header import header_values
from transforms.typed_rows import activity_rows, budget_lines
from transforms.values import clean_texts
from transforms.workbooks_seen import workbooks_seen


def typed_evidence(
    count: int,
    cells: pl.DataFrame,
    texts: pl.DataFrame,
    sheets: pl.DataFrame,
    blocks: Blocks,
    rows: TextRows,
    form: Form,
) -> Evidence:
    """Typed rows of ``count`` workbooks, as the rules judge them."""
    clean = clean_texts(texts)
    return Evidence(
        workbooks=workbooks_seen(count, cells, texts, blocks, form),
        header=header_values(rows.header, clean, sheets, form),
        budget=budget_lines(rows.budget, clean, sheets, form),
        rows=activity_rows(rows.activities, clean, sheets, form),
        pages=blocks.pages.drop_nulls(c.HEADER_ROW).join(
            sheets, on=[c.FILE_ID, c.SHEET_NO], how="left", maintain_order="left"
        ),
        budget_columns=blocks.budget_columns,
        activity_columns=blocks.activity_columns,
    )
