"""Findings to verdicts: which rows are accepted, what each UR and each workbook comes to."""

from __future__ import annotations

from typing import Literal

import polars as pl

from schemas.contracts import columns as c
from schemas.contracts.evidence import Context, Evidence
from schemas.contracts.extra import core, extra_values
from schemas.contracts.frames import (
    ACTIVITIES,
    ANSWERS,
    BUDGET,
    FINDINGS,
    HEADER,
    PAGES,
    QUARANTINED,
    UNITS,
    Judged,
    conform,
    empty,
)
from schemas.contracts.query import collected
from schemas.rules.layout import PLACE
from schemas.verdict.file_verdict import file_verdicts, rejected_files
from schemas.verdict.quality import asked_cells, with_points
from schemas.verdict.unit_verdict import unit_verdicts

NO_ANSWERS = empty(ANSWERS)


def verdict(
    evidence: Evidence,
    findings: pl.DataFrame,
    files: pl.DataFrame,
    context: Context,
    answers: pl.DataFrame = NO_ANSWERS,
) -> Judged:
    """The judged batch; ``files`` has file_id, file, path, sha256, bytes, sender (from folder or name) per workbook.

    A rejected workbook keeps its findings, its answers (ANSWERS) and nothing else: its rows stay in the archived file.
    """
    rejected = rejected_files(findings)

    def standing(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.join(rejected, on=c.FILE_ID, how="anti", maintain_order="left")

    asked = asked_cells(evidence, context)
    asked_of_file = asked.group_by(c.FILE_ID).agg(pl.col(c.ASKED).sum())
    pointed = with_points(findings, asked_of_file, context.policy)
    rows, budget = standing(evidence.rows), standing(evidence.budget)
    quarantine = _quarantine(rows, findings)
    accepted = rows.join(quarantine, on=c.ROW_ID, how="anti", maintain_order="left")
    held = rows.join(quarantine, on=c.ROW_ID, how="inner", maintain_order="left")
    units = unit_verdicts(budget, rows, accepted, pointed, asked)
    form = pl.when(pl.col(c.PAGES) > 0).then(pl.lit(context.form.code)).alias(c.FORM)
    recognised = evidence.workbooks.lazy().with_columns(form)
    return Judged(
        files=file_verdicts(
            collected(
                files.lazy()
                .join(recognised, on=c.FILE_ID, how="left", maintain_order="left")
                .join(_counts(accepted, c.ROWS_ACCEPTED), on=c.FILE_ID, how="left", maintain_order="left")
                .join(_counts(held, c.ROWS_QUARANTINED), on=c.FILE_ID, how="left", maintain_order="left")
                .join(asked_of_file.lazy(), on=c.FILE_ID, how="left", maintain_order="left")
            ),
            units,
            pointed,
        ),
        units=conform(units, UNITS),
        header=conform(standing(_dated(core(evidence.header))), HEADER),
        budget=conform(_mapped(budget, evidence.budget_columns), BUDGET),
        activities=conform(accepted, ACTIVITIES),
        pages=conform(standing(_pages(evidence)), PAGES),
        quarantined=_quarantined(held, evidence.displaced, context),
        answers=answers,
        extra=standing(extra_values(evidence, accepted, context.form)),
        findings=conform(pointed, FINDINGS),
    )


def _dated(header: pl.DataFrame) -> pl.DataFrame:
    """A date that could be read stands as 2024-03-15; what could not stays as written."""
    return header.with_columns(pl.coalesce(pl.col(c.DATE).dt.to_string("%Y-%m-%d"), pl.col(c.TEXT)).alias(c.TEXT))


def _counts(rows: pl.DataFrame, name: str) -> pl.LazyFrame:
    return rows.lazy().group_by(c.FILE_ID).agg(pl.len().cast(pl.Int64).alias(name))


def _quarantine(rows: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    """row_id, rules: rows with a finding of severity renglon, and the copies that R03 sets aside."""
    copies = (pl.col(c.RULE) == "R03") & (pl.col(c.VARIANT) == "identical")
    held = findings.lazy().filter(pl.col(c.ROW_ID).is_not_null() & ((pl.col(c.SEVERITY) == "renglon") | copies))
    rules = held.group_by(c.ROW_ID).agg(pl.col(c.RULE).unique().sort().str.join(", ").alias(c.RULES))
    return collected(rules.with_columns(pl.col(c.ROW_ID).cast(rows.schema[c.ROW_ID])))


def _quarantined(held: pl.DataFrame, proposals: pl.DataFrame, context: Context) -> pl.DataFrame:
    as_written = pl.struct(pl.col(c.written(f.name)).alias(f.name) for f in context.form.activity)
    proposed = (
        proposals.lazy()
        .drop_nulls(c.CELLS)
        .select(
            *PLACE,
            pl.concat_str(pl.lit('{"edit": "'), c.EDIT, pl.lit('", "cells": '), c.CELLS, pl.lit("}")).alias(c.PROPOSAL),
        )
    )
    whole = held.lazy().with_columns(as_written.struct.json_encode().alias(c.CELLS))
    return conform(collected(whole.join(proposed, on=PLACE, how="left", maintain_order="left")), QUARANTINED)


def _pages(evidence: Evidence) -> pl.DataFrame:
    """One row per page: its bounds, and its column map as JSON."""
    return _mapped(evidence.pages, evidence.activity_columns, how="inner")


def _mapped(places: pl.DataFrame, columns: pl.DataFrame, how: Literal["left", "inner"] = "left") -> pl.DataFrame:
    """``places`` with the column map of their page as JSON {field: column number}."""
    page = [c.FILE_ID, c.SHEET_NO, c.PAGE]
    pair = pl.format('"{}": {}', c.FIELD, c.COL)
    by_page = columns.lazy().sort(*page, c.COL).group_by(page, maintain_order=True)
    mapped = by_page.agg((pl.lit("{") + pair.str.join(", ") + pl.lit("}")).alias(c.COLUMNS))
    return collected(places.lazy().join(mapped, on=page, how=how, maintain_order="left"))
