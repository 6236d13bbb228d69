"""All contestants do the same work: what they load agrees, and disagreement is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import pandas_script
from benchmarks.contestants import (
    DATABASE,
    FLOOR,
    INLINE,
    ONE_WORKER,
    SCRIPT,
    TWO_WORKERS,
    Contestant,
    contestants,
)
from benchmarks.inputs import inputs
from benchmarks.rounds import ratios, rounds
from benchmarks.rule_book import BARE, JUDGED, RuleBook, rule_book
from benchmarks.stages import TYPING, WHOLE, stages
from benchmarks.tables import targets
from benchmarks.totals import PANDAS, DisagreementError, Totals, must_agree
from benchmarks.unit_reports import BARE as BARE_SAVE
from benchmarks.unit_reports import REPORTED, unit_reports

WORKBOOKS, ACTIVITIES = 3, 42


@pytest.mark.soak
def test_every_contestant_loads_the_same_activities(tmp_path: Path) -> None:
    with contestants(inputs(WORKBOOKS, cache=tmp_path), subset=WORKBOOKS) as field:
        times, agreed = rounds(field, 1)
    assert list(times) == [FLOOR, SCRIPT, INLINE, ONE_WORKER, TWO_WORKERS]
    assert agreed.rows == ACTIVITIES
    assert agreed.planned == agreed.annual_target > 0


def test_databases_are_compared_on_the_workbooks_that_all_read(tmp_path: Path) -> None:
    every = inputs(WORKBOOKS, cache=tmp_path).files
    few = every[:1]
    field = [
        Contestant("every workbook", every, lambda out: pandas_script.load(every, out / DATABASE), PANDAS),
        Contestant("one workbook", few, lambda out: pandas_script.load(few, out / DATABASE), PANDAS),
    ]
    _, agreed = rounds(field, 1)
    assert agreed.rows == ACTIVITIES / WORKBOOKS


def test_stages_add_up_to_the_whole(tmp_path: Path) -> None:
    times = stages(inputs(1, cache=tmp_path), 1)
    assert sum(times[name][0] for name in times if name not in (WHOLE, FLOOR)) == pytest.approx(times[WHOLE][0])


def test_workbooks_are_written_once(tmp_path: Path) -> None:
    first = inputs(1, cache=tmp_path)
    written = first.files[0].stat().st_mtime_ns
    assert inputs(1, cache=tmp_path).files[0].stat().st_mtime_ns == written


def test_another_sum_is_told_by_name() -> None:
    left, right = Totals(14, 100.0, 100.0, 75.0, 697_403.0), Totals(14, 100.0, 100.0, 74.0, 697_403.0)
    with pytest.raises(DisagreementError, match=r"achieved: ours has 75\.0, theirs has 74\.0"):
        must_agree({"ours": left, "theirs": right})


def test_an_empty_database_agrees_with_nothing() -> None:
    with pytest.raises(DisagreementError, match="ours loaded no activity"):
        must_agree({"ours": Totals(0, 0.0, 0.0, 0.0, 0.0)})


def test_ratios_are_taken_round_by_round() -> None:
    found = ratios({"slow": [20.0, 90.0, 30.0], "fast": [10.0, 30.0, 10.0]}, "slow", "fast")
    assert (found.least, found.median, found.most) == (2.0, 3.0, 3.0)


def test_the_rule_book_is_asked_about_spoilt_rows(tmp_path: Path) -> None:
    book = rule_book(inputs(1, cache=tmp_path), 1, rows=200)
    assert list(book.times) == [JUDGED, BARE]
    assert (book.rows, book.defective) == (210, 10)
    assert book.told >= book.defective


def test_reports_are_held_against_a_load_and_save(tmp_path: Path) -> None:
    times = unit_reports(inputs(1, cache=tmp_path), 1, 1)
    assert [len(figures) for figures in times.values()] == [1, 1]


def test_targets_name_what_is_met() -> None:
    times = {SCRIPT: [100.0], TWO_WORKERS: [4.0], FLOOR: [2.0]}
    of_stages = {**{name: [1.5] for name in TYPING}, FLOOR: [2.0]}
    book = RuleBook({JUDGED: [1500.0], BARE: [3.0]}, 100_000, 5_000, 6_000)
    reports = {REPORTED: [20.0], BARE_SAVE: [80.0]}
    rows = targets(times, of_stages, book, reports).rows
    assert [row[1:] for row in rows] == [
        ("25.00 (25.00–25.00)", "≥ 20", "target met"),
        ("2.00 (2.00–2.00)", "≤ 4", "target met"),
        ("4.50 (4.50–4.50)", "≤ 3", "target not met"),
        ("1.50 (1.50–1.50)", "≤ 2", "target met"),
        ("0.25 (0.25–0.25)", "≤ 0.4", "target met"),
    ]
