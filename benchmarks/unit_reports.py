"""Units' reports: each workbook's page and its annotated copy, beside openpyxl that loads and saves the same files."""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from pathlib import Path

import openpyxl
import polars as pl

from benchmarks.contestants import settings
from benchmarks.inputs import QUARTER, YEAR, Inputs
from benchmarks.rounds import Times
from config.form import Form
from flows import path
from flows.context import context, limits_of
from flows.path import InboxFile
from reports.unit.package import write_reports
from schemas.contracts import columns as c
from schemas.contracts.frames import Judged
from schemas.rules.rulebook import CARDS
from workbooks.annotated.received import ReceivedWorkbook
from workbooks.reading.admission import Limits

REPORTED, BARE = "reports: page and annotated workbook", "bare openpyxl: load and save"


def unit_reports(given: Inputs, count: int, subset: int) -> Times:
    """Milliseconds per workbook of both, one figure a round, after a round that warms up; openpyxl gets ``subset``.

    The workbooks are clean for their quarter; asked for the next one, every activity of theirs lacks its achievement.
    """
    chosen = settings(given, given.inbox, workers=0)
    asked = replace(context(YEAR, QUARTER, chosen)[0], quarter=QUARTER + 1)
    files = [InboxFile(file, file.name, f"{n:064}", file.stat().st_size) for n, file in enumerate(given.files)]
    limits = limits_of(chosen)
    judged = _each(path.judged(path.Batch(files), asked, limits))
    times: Times = {REPORTED: [], BARE: []}
    for number in range(count + 1):
        ours = _timed(lambda out: _report(judged, given.files, asked.form, limits, out)) / len(given.files)
        bare = _timed(lambda out: _load_and_save(given.files[:subset], out)) / subset
        if number:
            times[REPORTED].append(ours * 1000)
            times[BARE].append(bare * 1000)
    return times


def _each(batch: Judged) -> list[Judged]:
    return [
        Judged(**{field.name: getattr(batch, field.name).filter(pl.col(c.FILE_ID) == n) for field in fields(Judged)})
        for n in range(batch.files.height)
    ]


def _report(judged: Sequence[Judged], files: Sequence[Path], form: Form, limits: Limits, out: Path) -> None:
    for one, file in zip(judged, files, strict=True):
        written = write_reports(
            one,
            out,
            year=YEAR,
            quarter=QUARTER + 1,
            received="03/01/2025",
            remedies=CARDS,
            form=form,
            stem=file.stem,
            source=ReceivedWorkbook(file, limits),
        )
        assert written.written[-1].stem.endswith("_anotado"), written


def _load_and_save(files: Sequence[Path], out: Path) -> None:
    for file in files:
        openpyxl.load_workbook(file).save(out / file.name)


def _timed(work: Callable[[Path], None]) -> float:
    with tempfile.TemporaryDirectory(prefix="poa-bench-") as folder:
        gc.collect()
        start = time.perf_counter()
        work(Path(folder))
        return time.perf_counter() - start
