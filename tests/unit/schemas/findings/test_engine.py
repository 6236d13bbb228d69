"""Findings name their cell and come in the order in which a unit should read them."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.contracts import columns as c
from schemas.contracts.addresses import column_letters
from schemas.contracts.evidence import Context, Evidence
from schemas.contracts.frames import FINDINGS, conform
from schemas.findings.engine import findings
from schemas.findings.refusal import Refusal
from schemas.language.measures import measured
from transforms.evidence import typed_evidence
from transforms.locate.blocks import blocks
from transforms.repair.layout_choice import choose_layout
from transforms.rows.text_rows import text_rows
from transforms.typed.values import clean_texts
from workbooks.reading.cells import CELLS, MERGES, SHEETS, TEXTS


@pytest.mark.parametrize(
    ("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA"), (731, "ABC"), (16384, "XFD")]
)
def test_column_letters(number: int, letters: str) -> None:
    assert column_letters(number) == letters


@given(st.integers(min_value=1, max_value=16384))
def test_column_letters_read_back(number: int) -> None:
    read = 0
    for letter in column_letters(number):
        read = read * 26 + ord(letter) - 64
    assert read == number


def nothing(count: int, context: Context) -> Evidence:
    """The evidence of workbooks that hold no cell."""
    form = context.form
    cells, texts, merges, sheets = (pl.DataFrame(schema=schema) for schema in (CELLS, TEXTS, MERGES, SHEETS))
    texts = clean_texts(texts)
    layout = choose_layout(cells, texts, blocks(cells, texts, merges, sheets, form), form)
    rows = text_rows(cells, layout.blocks, form)
    evidence = typed_evidence(count, cells, texts, sheets, layout, rows, form, apply_proposals=False)
    return measured(evidence, context)


def test_a_refused_file_is_told_its_reason_and_nothing_else(third_quarter: Context) -> None:
    refused = {1: Refusal("A03", "sheets", {"found": "300", "limit": "60"})}
    told = findings(nothing(3, third_quarter), third_quarter, refused)
    assert told.select(c.FILE_ID, c.RULE, c.SEVERITY, c.VALUE, c.EXPECTED).rows() == [
        (0, "A04", "archivo", None, None),
        (1, "A03", "archivo", "300", "60"),
        (2, "A04", "archivo", None, None),
    ]
    assert told[c.MESSAGE][1] == "El libro tiene 300 hojas; el límite es 60."


def test_nothing_to_judge_gives_no_findings(third_quarter: Context) -> None:
    told = findings(nothing(0, third_quarter), third_quarter, {})
    assert told.is_empty()
    assert conform(told, FINDINGS).schema == pl.Schema(FINDINGS)
