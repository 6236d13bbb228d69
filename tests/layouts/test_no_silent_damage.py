"""However cells are displaced, no fact comes out wrong in silence: it is right, or its row is told, or nothing is read.

The founding workbook's cells are moved about at random, labels and data apart; then every fact that differs from the
truth must stand in a row that a finding names, in quarantine, or in a rejected workbook.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from schemas.contracts import columns as c
from schemas.contracts.evidence import Context
from schemas.contracts.frames import Judged
from schemas.findings.engine import findings
from schemas.language.measures import measured
from schemas.verdict.verdict import verdict
from transforms.evidence import typed_evidence
from transforms.locate.blocks import blocks
from transforms.repair.layout_choice import choose_layout
from transforms.rows.text_rows import text_rows
from transforms.typed.values import clean_texts
from workbooks.reading.admission import Limits
from workbooks.reading.cells import Cells
from workbooks.reading.read import read_workbooks

LABEL_ROWS, DATA_ROWS = (24, 26), (27, 31)
LAST_COLUMN = 20
FACTS = [
    *(c.DESCRIPTION, c.LEGAL_BASIS, c.STRATEGY_CODE, c.ASSIGNED_AMOUNT, c.MEASURE_UNIT, c.ANNUAL_TARGET),
    *(*c.PLANNED, *c.ACHIEVED, c.ACHIEVED_TOTAL, c.REPORTED_PROGRESS, c.PURPOSE, c.JUSTIFICATION),
]


@dataclass(frozen=True)
class Damage:
    """Cells of rows ``first`` to ``last`` of one sheet, from column ``col`` on, move ``by`` columns; what would leave
    the sheet on the left is lost.
    """

    sheet: int
    first: int
    last: int
    col: int
    by: int


SHEETS = st.integers(0, 3)
COLUMNS = st.integers(1, LAST_COLUMN)
MOVES = st.sampled_from([-2, -1, 1, 2, 3])


@st.composite
def damages(draw: st.DrawFn) -> Damage:
    """One row's cells, all data of a page, its labels, or both together."""
    sheet, col, by = draw(SHEETS), draw(COLUMNS), draw(MOVES)
    row = draw(st.integers(*DATA_ROWS))
    first, last = draw(st.sampled_from([(row, row), DATA_ROWS, LABEL_ROWS, (26, 26), (LABEL_ROWS[0], DATA_ROWS[1])]))
    return Damage(sheet, first, last, col, by)


def damaged(book: Cells, done: list[Damage]) -> Cells:
    cells = book.cells
    for damage in done:
        hit = (
            (pl.col(c.SHEET_NO) == damage.sheet)
            & pl.col(c.ROW).is_between(damage.first, damage.last)
            & (pl.col(c.COL) >= damage.col)
        )
        cells = cells.with_columns(pl.when(hit).then(pl.col(c.COL) + damage.by).otherwise(pl.col(c.COL)).alias(c.COL))
        # A cell moved onto another takes its place, as one typed over it would.
        cells = cells.filter(pl.col(c.COL) > 0).unique([c.SHEET_NO, c.ROW, c.COL], keep="last", maintain_order=True)
    rows = [(d.sheet, d.first, d.last) for d in done]
    merges = book.merges
    for sheet, first, last in rows:
        merges = merges.filter(~((pl.col(c.SHEET_NO) == sheet) & pl.col(c.ROW).is_between(first, last)))
    return replace(book, cells=cells.sort(c.FILE_ID, c.SHEET_NO, c.ROW, c.COL), merges=merges)


def judge(book: Cells, context: Context) -> Judged:
    texts = clean_texts(book.texts)
    located = blocks(book.cells, texts, book.merges, book.sheets, context.form)
    layout = choose_layout(book.cells, texts, located, context.form)
    rows = text_rows(book.cells, layout.blocks, context.form)
    evidence = typed_evidence(1, book.cells, texts, book.sheets, layout, rows, context.form, apply_proposals=False)
    evidence = measured(evidence, context)
    files = pl.DataFrame({c.FILE_ID: [0], c.FILE: ["a"], c.SHA256: ["0"], c.BYTES: [1], c.SENDER: ["06"]})
    return verdict(evidence, findings(evidence, context, {}), files, context)


@cache
def whole(path: Path, limits: Limits) -> Cells:
    return read_workbooks([path], limits)


def silent(judged: Judged, true: pl.DataFrame) -> pl.DataFrame:
    """Accepted facts that differ from the truth in a row that no finding names."""
    key = [c.UNIT_CODE, c.ACTIVITY_NO]
    told = judged.findings.drop_nulls(c.ROW).select(c.SHEET, c.ROW).unique()
    accepted = judged.activities.join(told, on=[c.SHEET, c.ROW], how="anti")
    read = accepted.select(*key, *(pl.col(name).cast(pl.String) for name in FACTS)).unpivot(index=key)
    said = true.select(*key, *(pl.col(name).cast(pl.String) for name in FACTS)).unpivot(index=key, value_name="said")
    together = read.join(said, on=[*key, "variable"], how="left")
    return together.filter(pl.col("value").ne_missing(pl.col("said")) & pl.col("value").is_not_null())


def assert_nothing_is_silent(done: list[Damage], founding: Path, context: Context, limits: Limits) -> None:
    book = whole(founding, limits)
    true = judge(book, context).activities
    assert len(true) == 14
    judged = judge(damaged(book, done), context)
    wrong = silent(judged, true)
    assert wrong.is_empty(), wrong.rows()[:5]
    lost = 14 - len(judged.activities)
    assert lost <= 0 or len(judged.findings.filter(pl.col(c.SEVERITY).is_in(["archivo", "renglon"])))


QUICK = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
LONG = settings(QUICK, max_examples=150)


@QUICK
@given(st.lists(damages(), min_size=1, max_size=2))
@example([Damage(0, *DATA_ROWS, 9, 1)])
@example([Damage(1, *LABEL_ROWS, 11, -2)])
def test_no_fact_comes_out_wrong_in_silence(
    founding: Path, third_quarter: Context, limits: Limits, done: list[Damage]
) -> None:
    assert_nothing_is_silent(done, founding, third_quarter, limits)


@pytest.mark.soak
@LONG
@given(st.lists(damages(), min_size=1, max_size=3))
def test_no_fact_comes_out_wrong_in_silence_at_length(
    founding: Path, third_quarter: Context, limits: Limits, done: list[Damage]
) -> None:
    assert_nothing_is_silent(done, founding, third_quarter, limits)
