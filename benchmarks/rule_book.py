"""The rule book alone: a large typed batch with seeded defects is judged, beside one bare polars pass over it."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from random import Random
from unittest.mock import patch

import polars as pl

from benchmarks.contestants import settings
from benchmarks.inputs import QUARTER, YEAR, Inputs
from benchmarks.rounds import Times
from config.form import Form
from flows import path
from flows.context import context
from flows.path import InboxFile
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context, Evidence
from schemas.contracts.frames import Contract
from schemas.findings.engine import findings
from workbooks.reading.admission import Limits

ROWS, DEFECTIVE = 100_000, 0.05
WORKBOOKS = 20  # read, and then repeated until there are enough rows
JUDGED, BARE = "all rules", "bare pass: nulls and sums of the same columns"


@dataclass(frozen=True)
class RuleBook:
    """Milliseconds a round of judging and of the bare pass, and what was judged and told."""

    times: Times
    rows: int
    defective: int
    told: int


def rule_book(given: Inputs, count: int, rows: int = ROWS) -> RuleBook:
    """Judges a batch of ``rows`` activities, DEFECTIVE of them spoilt, ``count`` times after a round that warms up."""
    chosen = settings(given, given.inbox, workers=0)
    asked = context(YEAR, QUARTER, chosen)[0]
    limits = Limits(chosen.max_bytes, chosen.max_expanded_bytes, chosen.max_sheets, chosen.max_cells)
    batch = spoilt(repeated(evidence_of(given.files[:WORKBOOKS], asked, limits), rows), asked.form)
    times: Times = {JUDGED: [], BARE: []}
    told = 0
    for number in range(count + 1):
        seconds, found = _timed(lambda: findings(batch, asked, {}))
        bare, _ = _timed(lambda: bare_pass(batch.rows))
        told = len(found)
        if number:
            times[JUDGED].append(seconds * 1000)
            times[BARE].append(bare * 1000)
    return RuleBook(times, len(batch.rows), len(defective(batch.rows)), told)


def evidence_of(files: Sequence[Path], asked: Context, limits: Limits) -> Evidence:
    """The typed evidence of these workbooks, as the data path makes it."""
    inbox = [InboxFile(file, file.name, "", file.stat().st_size) for file in files]
    with patch.object(path, "findings", wraps=findings) as judging:
        path.judged(path.Batch(inbox), asked, limits)
    evidence: Evidence = judging.call_args.args[0]
    return evidence


def repeated(evidence: Evidence, rows: int) -> Evidence:
    """The same workbooks over again, each time as other files, until there are ``rows`` activities or a few more."""
    times, files = -(-rows // len(evidence.rows)), len(evidence.workbooks)

    def again(frame: pl.DataFrame) -> pl.DataFrame:
        copies = [frame.with_columns(pl.col(c.FILE_ID) + files * number) for number in range(times)]
        return pl.concat(copies)

    frames: dict[str, pl.DataFrame] = {f.name: again(getattr(evidence, f.name)) for f in fields(Evidence)}
    numbered = frames["rows"].drop(c.ROW_ID).with_row_index(c.ROW_ID)
    return Evidence(**{**frames, "rows": numbered})


def defective(rows: pl.DataFrame) -> list[int]:
    """Positions of the rows that are spoilt, drawn with a seed."""
    return sorted(Random(1).sample(range(len(rows)), int(len(rows) * DEFECTIVE)))


def spoilt(evidence: Evidence, form: Form) -> Evidence:
    """A defect in each defective row, by turns: a sum, a hole, a word for a number, a negative, an unknown unit."""
    rows = evidence.rows
    turn = pl.DataFrame({c.ROW_ID: defective(rows)}, schema={c.ROW_ID: rows.schema[c.ROW_ID]})
    turned = rows.join(turn.with_row_index("turn"), on=c.ROW_ID, how="left", maintain_order="left")
    changes = _changes()
    assert all(name in rows.columns for change in changes for name in change), form.code
    spoil = [
        pl.when(pl.col("turn") % len(changes) == number).then(value).otherwise(pl.col(name)).alias(name)
        for number, change in enumerate(changes)
        for name, value in change.items()
    ]
    for expression in spoil:
        turned = turned.with_columns(expression)
    return replace(evidence, rows=turned.drop("turn"))


def _changes() -> list[dict[str, pl.Expr]]:
    nothing: Contract = {c.MEASURE_UNIT: pl.String, c.written(c.MEASURE_UNIT): pl.String}
    return [
        {c.ANNUAL_TARGET: pl.col(c.ANNUAL_TARGET) + 10},
        {c.ACHIEVED_TOTAL: pl.col(c.ACHIEVED_TOTAL) + 1},
        {c.REPORTED_PROGRESS: pl.col(c.REPORTED_PROGRESS) + 0.2},
        {name: pl.lit(None, dtype) for name, dtype in nothing.items()},
        {c.PLANNED[0]: pl.lit(None, pl.Float64), c.written(c.PLANNED[0]): pl.lit("doce")},
        {c.ACHIEVED[1]: -1 - pl.col(c.ACHIEVED[1])},
        {c.UNIT_CODE: pl.lit("99")},
        {c.STRATEGY_CODE: pl.lit("ER9-9.9")},
    ]


def bare_pass(rows: pl.DataFrame) -> pl.DataFrame:
    """One pass that only looks: nulls of every column, and sums of numbers."""
    return rows.select(pl.all().null_count().name.suffix("_nulls"), pl.selectors.numeric().sum().name.suffix("_sum"))


def _timed(work: Callable[[], pl.DataFrame]) -> tuple[float, pl.DataFrame]:
    gc.collect()
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found
