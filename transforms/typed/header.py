"""Header values typed: one row per field per page, and per workbook, the first page that fills it speaking for all."""

from __future__ import annotations

import polars as pl

from config.form import Form
from schemas.contracts import columns as c
from schemas.contracts.query import collected
from transforms.rows.header_cells import SECOND
from transforms.typed.rows import typed_cells
from transforms.typed.values import parsed_date


def header_values(pages: pl.DataFrame) -> pl.DataFrame:
    """One row per (workbook, header field): see Evidence.header. The first page that fills a field speaks."""
    return pages.sort(c.FILE_ID, c.FIELD, pl.col(c.TEXT).is_null(), maintain_order=True).unique(
        [c.FILE_ID, c.FIELD], keep="first", maintain_order=True
    )


def header_pages(cells: pl.DataFrame, texts: pl.DataFrame, sheets: pl.DataFrame, form: Form) -> pl.DataFrame:
    """One row per (page, header field): see Evidence.header_pages. ``date`` is null where the text is not a date."""
    kinds = pl.DataFrame(
        [(field.name, field.kind) for field in form.header],
        schema={c.FIELD: pl.String, c.KIND: pl.String},
        orient="row",
    )
    seconds = texts.select(pl.col(c.TEXT_ID).alias(f"{SECOND}_{c.TEXT_ID}"), pl.col(c.CLEAN).alias(SECOND))
    typed = (
        typed_cells(cells, texts)
        .lazy()
        .join(seconds.lazy(), on=f"{SECOND}_{c.TEXT_ID}", how="left")
        .join(kinds.lazy(), on=c.FIELD, how="inner")
        .sort(c.FILE_ID, c.SHEET_NO, c.PAGE, c.FIELD)
    )
    coded = pl.col(c.KIND) == "coded"
    code, name = _coded()
    # An axis' code may stand in a cell of its own before its text.
    apart = pl.col(SECOND).is_not_null() & pl.col(c.CLEAN).str.contains(r"^[A-Z]{1,3}[0-9]*(?:-[0-9.]+)?$")
    text = pl.when(apart).then(pl.col(c.CLEAN) + " " + pl.col(SECOND)).otherwise(pl.col(c.CLEAN))
    # Where a value is a text of no kind, none is looked for in it.
    of_date = (pl.when(pl.col(c.KIND) == "date").then(name) for name in (c.CLEAN, c.NUMBER, c.DATE))
    return collected(
        typed.with_columns(
            pl.when(coded).then(code).alias(c.CODE),
            pl.when(coded).then(name).otherwise(text).alias(c.TEXT),
            parsed_date(*of_date).alias(c.DATE),
        )
        .join(sheets.lazy(), on=[c.FILE_ID, c.SHEET_NO], how="left", maintain_order="left")
        .select(c.FILE_ID, c.SHEET_NO, c.PAGE, c.FIELD, c.KIND, c.CODE, c.TEXT, c.DATE, c.SHEET, c.ROW, c.COL)
    )


def _coded() -> tuple[pl.Expr, pl.Expr]:
    """Code and name of a coded field: in two cells, or in one ("1 GOBIERNO", or "1" whose name is missing)."""
    one = (
        pl.when(pl.col(c.KIND) == "coded")
        .then(c.CLEAN)
        .str.extract_groups(r"^([A-Z]|[0-9]{1,2})(?:\s*[-–.:]*\s+(\S.*))?$")
    )
    in_two, code = pl.col(SECOND).is_not_null(), one.struct.field("1")
    name = pl.when(code.is_null()).then(pl.col(c.CLEAN)).otherwise(one.struct.field("2"))
    return pl.when(in_two).then(pl.col(c.CLEAN)).otherwise(code), pl.when(in_two).then(pl.col(SECOND)).otherwise(name)
