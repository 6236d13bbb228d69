"""The data path: workbooks in, judged facts out. One function, a step a line, no Prefect.

files → cells → blocks → text rows → typed rows → findings → accepted | quarantined
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from schemas import columns as c
from schemas.evidence import Context
from schemas.findings import findings
from schemas.frames import Judged
from schemas.gate import passed
from schemas.refusal import Refusal
from schemas.verdict import verdict
from transforms.blocks import blocks
from transforms.evidence import typed_evidence
from transforms.settled import settled
from transforms.text_rows import text_rows
from transforms.values import clean_texts
from workbooks.admission import Limits
from workbooks.read import read_workbooks


@dataclass(frozen=True)
class InboxFile:
    """One workbook as received: where it lies, its name for people, what it is, and which UR its place names."""

    path: Path
    file: str
    sha256: str
    bytes: int
    sender: str | None = None


@dataclass(frozen=True)
class Batch:
    """Workbooks judged together; ``refused`` names those not to be opened, by position, and why."""

    files: Sequence[InboxFile]
    refused: Mapping[int, Refusal] = field(default_factory=dict)


def judged(batch: Batch, context: Context, limits: Limits) -> Judged:
    """Facts, quarantined rows and findings of a batch; ``file_id`` is a workbook's position in it.

    Never raises on what a workbook holds: that is a finding. Raises GateError where a rule let through what the
    warehouse must not hold.
    """
    book = read_workbooks([file.path for file in batch.files], limits, dict(batch.refused))
    texts = clean_texts(book.texts)
    located = blocks(book.cells, texts, book.merges, context.form)
    layout = settled(book.cells, texts, located, context.form)
    rows = text_rows(book.cells, layout.blocks, context.form)
    evidence = typed_evidence(
        len(batch.files),
        book.cells,
        texts,
        book.sheets,
        layout,
        rows,
        context.form,
        apply_proposals=context.apply_proposals,
    )
    told = findings(evidence, context, book.refusals)
    return passed(verdict(evidence, told, _files(batch), context), context.form)


def _files(batch: Batch) -> pl.DataFrame:
    return pl.DataFrame(
        [(i, f.file, str(f.path), f.sha256, f.bytes, f.sender) for i, f in enumerate(batch.files)],
        schema={
            c.FILE_ID: pl.Int64,
            c.FILE: pl.String,
            c.PATH: pl.String,
            c.SHA256: pl.String,
            c.BYTES: pl.Int64,
            c.SENDER: pl.String,
        },
        orient="row",
    )
