"""The demo's inboxes, judged: every planted defect is found where it was planted, and clean units are told nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from config.calendar import load_calendar
from config.catalog import load_catalog
from config.form import Form
from config.policy import load_policy
from flows.history import with_history
from flows.path import Batch, InboxFile, judged
from schemas.contracts.evidence import Context
from schemas.contracts.history_inputs import alone
from workbooks.reading.admission import Limits
from workbooks.sample import sample_inbox

ENDS = {2: date(2024, 6, 30), 3: date(2024, 9, 30)}


@pytest.mark.parametrize("quarter", [2, 3])
def test_planted_defects_are_found_and_clean_units_are_left_in_peace(
    tmp_path: Path, form: Form, limits: Limits, quarter: int
) -> None:
    catalog = load_catalog()
    sample = sample_inbox(tmp_path, form, catalog, load_calendar(), quarter=quarter)
    paths = sorted(tmp_path.glob("*.xlsx"))
    context = Context(2024, quarter, ENDS[quarter], form, load_policy(), catalog)
    result = judged(Batch([InboxFile(p, p.name, "0" * 64, p.stat().st_size) for p in paths]), context, limits)
    result = with_history(result, alone(result, load_calendar().of(2024, quarter).closes), context)
    told = result.findings.join(result.files.select("file_id", "file"), on="file_id")
    found = set(told.select("file", "rule", "activity_no", "field").iter_rows())
    rules = set(told.select("file", "rule").iter_rows())
    for planted in sample.planted:
        assert (planted.file, planted.rule) in rules
        if planted.activity_no is not None and planted.field is not None:
            assert (planted.file, planted.rule, planted.activity_no, planted.field) in found
    clean = [f"POA_2024_UR{code}.xlsx" for code in sample.clean]
    assert told.filter(pl.col("file").is_in(clean)).is_empty()
    spoilt = {planted.file for planted in sample.planted}
    assert {file for file, _ in rules} - {"POA_2024_UR06.xlsx"} == spoilt
    assert len(sample.missing) == 3
    assert len(sample.late) == 2
    assert len(sample.corrupt) == 1
