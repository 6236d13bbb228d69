"""Workbooks that change or go away between the look at the inbox and the archive: each costs itself only."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path

import pytest

from config.settings import Settings
from flows.execution.runner import Runner, in_turn, side_by_side
from flows.intake.folder import UnreadableInboxError
from flows.intake.inbox import Inbox
from flows.runs.consolidation import ConsolidationResult, Request, consolidate, listed
from warehouse.connect import open_warehouse
from warehouse.queries.published import versions, view

GONE = "cannot be read: No such file or directory"
Harm = Callable[[Path], object]


def grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


HARMS: dict[str, tuple[Harm, str]] = {
    "changed": (grow, "changed while it was read"),
    "gone": (Path.unlink, GONE),
    "unreadable": (replace_by_folder, "cannot be read: Is a directory"),
}


def run(inbox: Path, settings: Settings, found: Inbox | None = None, runner: Runner = in_turn) -> ConsolidationResult:
    request = Request(2024, 3, inbox)
    return consolidate(request, settings, found or listed(request, settings), runner)


def seen_and_counted(outcome: ConsolidationResult) -> tuple[int, ...]:
    """Seen, accepted, observed, rejected, unchanged, skipped."""
    return astuple(outcome.control)[:6]


def published(settings: Settings) -> list[int]:
    with open_warehouse(settings.warehouse) as warehouse:
        return versions(warehouse)["version"].to_list()


def states(settings: Settings) -> dict[str, str]:
    with open_warehouse(settings.warehouse) as warehouse:
        deliveries = view(warehouse, "v_entregas", year=2024, quarter=3)
    return {ur: state for ur, state in deliveries.select("ur", "estado").iter_rows() if state != "faltante"}


@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("runner", [in_turn, side_by_side(2)], ids=["in turn", "side by side"])
def test_it_is_skipped_with_its_reason_and_the_others_are_published(
    inbox: Path, settings: Settings, harm: str, runner: Runner
) -> None:
    found, path = listed(Request(2024, 3, inbox), settings), inbox / "POA_2024_UR07.xlsx"
    content = path.read_bytes()
    do, reason = HARMS[harm]
    do(path)
    outcome = run(inbox, settings, found, runner)
    assert seen_and_counted(outcome) == (5, 0, 1, 1, 0, 3)
    assert {one.file: one.reason for one in outcome.inbox.skipped}["POA_2024_UR07.xlsx"] == reason
    assert [one.file for one in outcome.inbox.received] == ["POA_2024_UR06.xlsx", "UR08.xls"]
    assert (outcome.inbox.seen, outcome.rejected) == (5, ("UR08.xls",))
    assert states(settings) == {"06": "observado", "63": "observado", "08": "rechazado"}

    if path.is_dir():
        path.rmdir()
    path.write_bytes(content)
    again = run(inbox, settings)
    assert seen_and_counted(again) == (5, 0, 0, 1, 2, 2)
    assert states(settings)["07"] == "rechazado"


def test_a_batch_of_which_nothing_is_left_is_none(inbox: Path, settings: Settings) -> None:
    one_by_one = settings.model_copy(update={"batch_size": 1})
    found, steps = listed(Request(2024, 3, inbox), settings), list[int]()
    for name in ("POA_2024_UR06.xlsx", "UR08.xls"):
        (inbox / name).unlink()
    outcome = consolidate(Request(2024, 3, inbox), one_by_one, found, on_progress=steps.append)
    assert seen_and_counted(outcome) == (5, 0, 0, 1, 0, 4)
    assert states(settings) == {"07": "rechazado"}
    assert sum(steps) == 3


def test_where_nothing_is_left_the_run_ends_as_one_without_news(inbox: Path, settings: Settings) -> None:
    run(inbox, settings)
    (inbox / "UR09.xlsx").write_bytes(b"another")
    found = listed(Request(2024, 3, inbox), settings)
    (inbox / "UR09.xlsx").unlink()
    outcome = run(inbox, settings, found)
    assert seen_and_counted(outcome) == (6, 0, 0, 0, 3, 3)
    assert outcome.published.new is False
    assert published(settings) == [1]


def test_another_file_with_the_same_bytes_stands_in_for_it(inbox: Path, settings: Settings) -> None:
    """Copies count once: the others are unchanged only where one of them was judged."""
    for name in ("copia a POA_2024_UR06.xlsx", "copia b POA_2024_UR06.xlsx"):
        shutil.copy2(inbox / "POA_2024_UR06.xlsx", inbox / name)
    found = listed(Request(2024, 3, inbox), settings)
    (inbox / "POA_2024_UR06.xlsx").unlink()
    outcome = run(inbox, settings, found)
    assert seen_and_counted(outcome) == (7, 0, 1, 2, 1, 3)
    assert [one.file for one in outcome.inbox.skipped if one.reason == GONE] == ["POA_2024_UR06.xlsx"]
    assert states(settings)["06"] == "observado"


def test_where_all_copies_are_gone_none_counts_as_unchanged(inbox: Path, settings: Settings) -> None:
    copy = shutil.copy2(inbox / "POA_2024_UR06.xlsx", inbox / "copia POA_2024_UR06.xlsx")
    found = listed(Request(2024, 3, inbox), settings)
    for path in (inbox / "POA_2024_UR06.xlsx", copy):
        path.unlink()
    assert seen_and_counted(run(inbox, settings, found)) == (6, 0, 0, 2, 0, 4)


def test_what_the_archive_holds_is_judged_though_the_file_is_gone(inbox: Path, settings: Settings) -> None:
    run(inbox, settings)
    found = listed(Request(2024, 3, inbox), settings)
    (inbox / "POA_2024_UR06.xlsx").unlink()
    applying = settings.model_copy(update={"apply_proposals": True})
    assert seen_and_counted(run(inbox, applying, found)) == (5, 0, 1, 2, 0, 2)


def test_an_inbox_none_of_whose_workbooks_can_be_read_any_more_ends_the_run(inbox: Path, settings: Settings) -> None:
    found = listed(Request(2024, 3, inbox), settings)
    for received in found.received:
        replace_by_folder(received.path)
    with pytest.raises(
        UnreadableInboxError, match=r"nothing in the inbox .* can be read: 3 of 3 files, first POA_2024"
    ):
        run(inbox, settings, found)
    assert published(settings) == []
