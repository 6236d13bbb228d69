"""All contestants do the same work: what they load agrees, and disagreement is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import dlt_pipeline, gate, pandas_script
from benchmarks.contestants import (
    CALAMINE_SCRIPT,
    DATABASE,
    FLOOR,
    INLINE,
    ONE,
    ONE_WORKER,
    PIPELINE,
    PREFECT,
    PREFECT_ONE,
    SCRIPT,
    TWO_WORKERS,
    Contestant,
    contestants,
    settings,
)
from benchmarks.growth import grown, growth_targets
from benchmarks.inputs import QUARTER, YEAR, inputs
from benchmarks.one_run import Run
from benchmarks.rounds import ratios, rounds
from benchmarks.rule_book import BARE, JUDGED, RuleBook, rule_book
from benchmarks.stages import TYPING, WHOLE, stages
from benchmarks.start_up import BARE as BARE_PYTHON
from benchmarks.start_up import CHECK, HELP, start_up
from benchmarks.tables import contest_targets, part_targets
from benchmarks.totals import TABLE, DisagreementError, Totals, must_agree, totals
from benchmarks.unit_reports import BARE as BARE_SAVE
from benchmarks.unit_reports import REPORTED, unit_reports
from flows import path as path_of_data
from flows.context import context, limits_of
from flows.path import Batch, InboxFile
from workbooks.sample import ONE_UNIT, TWO_UNITS

WORKBOOKS, ACTIVITIES = 3, 42


@pytest.mark.soak
def test_every_contestant_loads_the_same_activities(tmp_path: Path) -> None:
    with contestants(inputs(WORKBOOKS, tmp_path), WORKBOOKS, inputs(1, tmp_path)) as field:
        times, agreed = rounds(field, 1)
    ours = [INLINE, ONE_WORKER, TWO_WORKERS, ONE, PREFECT, PREFECT_ONE]
    assert list(times) == [FLOOR, SCRIPT, CALAMINE_SCRIPT, PIPELINE, *ours]
    assert agreed.rows == ACTIVITIES
    assert agreed.planned == agreed.annual_target > 0


def test_databases_are_compared_on_the_workbooks_that_all_read(tmp_path: Path) -> None:
    every = inputs(WORKBOOKS, cache=tmp_path).files
    few = every[:1]
    field = [
        Contestant("every workbook", every, lambda out: pandas_script.load(every, out / DATABASE), TABLE),
        Contestant("one workbook", few, lambda out: pandas_script.load(few, out / DATABASE), TABLE),
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


def test_targets_of_the_contest_take_off_what_a_run_costs_at_all() -> None:
    # 100 workbooks: 400 ms directly, of which 200 are the run's own; through Prefect 720, of which 500 are.
    times = {SCRIPT: [100.0], TWO_WORKERS: [4.0], FLOOR: [2.0], ONE: [200.0], PREFECT: [7.2], PREFECT_ONE: [500.0]}
    assert [row[1:] for row in contest_targets(times, 100)] == [
        ("25.00 (25.00–25.00)", "≥ 20", "target met"),
        ("2.00 (2.00–2.00)", "≤ 4", "target met"),
        ("1.10 (1.10–1.10)", "≤ 1.15", "target met"),
    ]


def test_targets_name_what_is_missed() -> None:
    of_stages = {**{name: [1.5] for name in TYPING}, FLOOR: [2.0]}
    book = RuleBook({JUDGED: [1500.0], BARE: [3.0]}, 100_000, 5_000, 6_000)
    reports = {REPORTED: [20.0], BARE_SAVE: [80.0]}
    assert [row[1:] for row in part_targets(of_stages, book, reports)] == [
        ("4.50 (4.50–4.50)", "≤ 3", "target not met"),
        ("1.50 (1.50–1.50)", "≤ 2", "target met"),
        ("0.25 (0.25–0.25)", "≤ 0.4", "target met"),
    ]


@pytest.mark.soak
def test_others_load_what_the_pandas_script_loads(tmp_path: Path) -> None:
    files = inputs(1, cache=tmp_path).files
    found = {}
    for name, load in (("script", pandas_script.load), ("pipeline", dlt_pipeline.load)):
        (tmp_path / name).mkdir()
        load(files, tmp_path / name / DATABASE)
        found[name] = totals(tmp_path / name / DATABASE, TABLE, files)
    assert must_agree(found).rows == ACTIVITIES / WORKBOOKS


def test_growth_is_held_against_the_size_before() -> None:
    small, large = Run(2.0, 0.08, 200.0, 150.0), Run(23.0, 0.9, 600.0, 160.0)
    found = {(size, workers): run for size, run in ((1_000, small), (10_000, large)) for workers in (0, 2)}
    assert [row[1:] for row in growth_targets(found)] == 2 * [
        ("11.50 (11.50–11.50)", "≤ 11", "target not met"),
        ("600.00 (600.00–600.00)", "≤ 500", "target not met"),
        ("0.04 (0.04–0.04)", "≤ 0.05", "target met"),
    ]
    assert grown(found).rows[1] == ("1,000, 2 workers", "2.00", "2.00", "0.08", "4.0%", "200", "150")


def test_the_gate_holds_a_run_against_the_floor_and_fails_where_it_takes_twice_as_long(tmp_path: Path) -> None:
    found = gate.measured(inputs(1, cache=tmp_path), 1)
    assert gate.passes(found, today=found.least)
    assert not gate.passes(found, today=found.least / 2.1)


@pytest.mark.soak
def test_start_up_lists_what_was_imported(tmp_path: Path) -> None:
    found = start_up(inputs(1, cache=tmp_path), 1)
    assert list(found.clock) == [BARE_PYTHON, HELP, CHECK]
    assert "polars" in dict(found.imports)


@pytest.mark.parametrize("sizes", [TWO_UNITS, ONE_UNIT])
def test_workbooks_to_measure_with_are_clean(sizes: tuple[int, ...], tmp_path: Path) -> None:
    given = inputs(1, tmp_path, sizes)
    chosen = settings(given, tmp_path, workers=0)
    files = [InboxFile(path, path.name, "", path.stat().st_size) for path in given.files]
    judged = path_of_data.judged(Batch(files), context(YEAR, QUARTER, chosen)[0], limits_of(chosen))
    assert judged.activities.height == sum(sizes)
    assert judged.findings.is_empty()
