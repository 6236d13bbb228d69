"""The data path: workbooks in, judged facts out. One function, a step a line, no Prefect.

files → cells → blocks → text rows → typed rows → findings → accepted | quarantined
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from flows.batch import Batch as Batch
from flows.batch import InboxFile as InboxFile
from flows.gc_paused import gc_paused
from flows.holes import broken_cells_in_gaps
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context, Evidence
from schemas.contracts.frames import Judged
from schemas.contracts.gate import passed
from schemas.findings.engine import findings
from schemas.language.measures import measured
from schemas.verdict.answers import answered
from schemas.verdict.verdict import verdict
from transforms.evidence import typed_evidence
from transforms.locate.blocks import blocks
from transforms.repair.layout_choice import LayoutChoice, choose_layout
from transforms.rows.text_rows import text_rows
from transforms.typed.values import clean_texts
from workbooks.reading.admission import Limits
from workbooks.reading.broken_cells import with_broken
from workbooks.reading.cells import Cells
from workbooks.reading.read import OnWorkbook, read_workbooks


@gc_paused()
def judged(batch: Batch, context: Context, limits: Limits, reached: OnWorkbook = lambda _: None) -> Judged:
    """Facts, quarantined rows and findings of a batch; ``file_id`` is a workbook's position in it.

    ``reached`` is told which workbook is read. Never raises on what a workbook holds: that is a finding. Raises
    GateError where a rule let through what the warehouse must not hold.
    """
    paths = [file.path for file in batch.files]
    book = read_workbooks(paths, limits, dict(batch.refused), reached)
    texts = clean_texts(book.texts)
    located = blocks(book.cells, texts, book.merges, book.sheets, context.form)
    layout = choose_layout(book.cells, texts, located, context.form)
    evidence = _evidence(book, texts, layout, context, len(paths))
    broken = broken_cells_in_gaps(paths, evidence, context)
    if len(broken):
        book = with_broken(book, broken)
        evidence = _evidence(book, clean_texts(book.texts), layout, context, len(paths))
    evidence = measured(evidence, context)
    told = findings(evidence, context, book.refusals)
    return passed(verdict(evidence, told, _files(batch), context, answered(book.answers)), context.form)


def _evidence(book: Cells, texts: pl.DataFrame, layout: LayoutChoice, context: Context, count: int) -> Evidence:
    rows = text_rows(book.cells, layout.blocks, context.form)
    evidence = typed_evidence(
        count,
        book.cells,
        texts,
        book.sheets,
        layout,
        rows,
        context.form,
        apply_proposals=context.apply_proposals,
    )
    return replace(evidence, ours_alone=book.ours_alone)


def _files(batch: Batch) -> pl.DataFrame:
    return pl.DataFrame(
        [(i, f.file, f.sha256, f.bytes, f.sender) for i, f in enumerate(batch.files)],
        schema={
            c.FILE_ID: pl.Int64,
            c.FILE: pl.String,
            c.SHA256: pl.String,
            c.BYTES: pl.Int64,
            c.SENDER: pl.String,
        },
        orient="row",
    )
