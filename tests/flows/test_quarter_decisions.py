"""Closing a quarter, taking a submission back and judging anew, from the inbox to the views."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from config.errors import UsageError
from config.settings import Settings
from flows.execution.executor import Executor
from flows.runs.consolidation import ConsolidationResult, Request, consolidate, listed
from flows.runs.decisions import ExceptionRequest, WithdrawRequest, close, exceptions, open_again, withdraw
from flows.runs.rejudging import rejudge
from flows.runs.waivers import WaiveRequest, waive
from schemas.contracts.evidence import Context
from warehouse.archive.local import Archive
from warehouse.connect import WarehouseError, open_warehouse
from warehouse.consolidation import Decision, Grant
from warehouse.queries.published import versions, view

BY = Decision("Dirección de Planeación", "Oficio 12/2024")
SENT = "POA_2024_UR06.xlsx"


@pytest.fixture
def first(consolidated: ConsolidationResult) -> ConsolidationResult:
    return consolidated


def run(inbox: Path, settings: Settings) -> ConsolidationResult:
    request = Request(2024, 3, inbox)
    return consolidate(request, settings, listed(request, settings))


def deliveries(settings: Settings) -> dict[str, str]:
    with open_warehouse(settings.warehouse) as warehouse:
        rows = view(warehouse, "v_entregas", year=2024, quarter=3).select("ur", "estado").rows()
    return {ur: state for ur, state in rows if state != "faltante"}


def published(settings: Settings) -> list[tuple[int, str]]:
    with open_warehouse(settings.warehouse) as warehouse:
        return versions(warehouse).select("version", "state").rows()


def other_policy(settings: Settings, tmp_path: Path) -> Settings:
    """The office's own folder, in which a rule is graver."""
    folder = tmp_path / "office"
    folder.mkdir()
    text = (Path("config") / "policy.toml").read_text(encoding="utf-8")
    assert 'R04 = "nota"' in text
    (folder / "policy.toml").write_text(text.replace('R04 = "nota"', 'R04 = "aviso"'), encoding="utf-8")
    return settings.model_copy(update={"config_dir": folder})


@contextmanager
def nobody(_: Context, __: Settings) -> Iterator[Executor]:
    pytest.fail("an executor was hired")
    yield


def test_judging_anew_under_the_same_rules_reads_nothing(first: ConsolidationResult, settings: Settings) -> None:
    done = rejudge(2024, 3, settings, hire=nobody)
    assert (done.published.version, done.published.new) == (1, False)
    assert (done.control.seen, done.control.unchanged) == (3, 3)


def test_judging_anew_reads_the_archive(
    first: ConsolidationResult, inbox: Path, settings: Settings, tmp_path: Path
) -> None:
    before = deliveries(settings)
    shutil.rmtree(inbox)
    done = rejudge(2024, 3, other_policy(settings, tmp_path))
    assert (done.published.version, done.published.new) == (2, True)
    assert (done.control.seen, done.control.observed, done.control.rejected) == (3, 1, 2)
    assert done.control.rows_found == 14
    assert deliveries(settings) == before


@pytest.mark.parametrize(("harm", "complaint"), [("missing", "is missing in the archive"), ("altered", "was altered")])
def test_an_archive_that_was_harmed_ends_the_run(
    first: ConsolidationResult, inbox: Path, settings: Settings, tmp_path: Path, harm: str, complaint: str
) -> None:
    [sha256] = {one.sha256 for one in first.inbox.received if one.file == SENT}
    kept = Archive(settings.archive).path(sha256)
    kept.unlink() if harm == "missing" else kept.write_bytes(b"otro")
    changed = other_policy(settings, tmp_path)
    with pytest.raises(WarehouseError, match=rf"{SENT} \(SHA-256 {sha256}\) {complaint}") as failed:
        rejudge(2024, 3, changed)
    assert failed.value.exit_code == 3
    assert published(settings) == [(1, "preliminar")]
    assert run(inbox, changed).published.new  # what lies in an inbox mends it
    assert Archive(settings.archive).checked(sha256, SENT)


def test_nothing_received_is_nothing_to_judge(settings: Settings) -> None:
    with pytest.raises(UsageError, match="2024 T3 has no submission to judge"):
        rejudge(2024, 3, settings)


@pytest.mark.parametrize(
    ("file", "sha256", "complaint"),
    [
        ("UR99.xlsx", None, r"no such submission; there are .*POA_2024_UR06\.xlsx \(--sha256 [0-9a-f]{12}, received"),
        (None, "zz", "no such submission"),
        (None, "", "name the submission: --file NAME"),
        (SENT, "zz", "no such submission"),
    ],
)
def test_a_submission_that_is_not_there_is_answered_by_those_that_are(
    first: ConsolidationResult, settings: Settings, file: str | None, sha256: str | None, complaint: str
) -> None:
    with pytest.raises(UsageError, match=complaint):
        withdraw(WithdrawRequest(2024, 3, file, sha256), BY, settings)
    assert published(settings) == [(1, "preliminar")]


def test_a_name_that_several_have_is_narrowed_by_the_hash(
    first: ConsolidationResult, inbox: Path, settings: Settings
) -> None:
    (inbox / "otra").mkdir()
    (inbox / "otra" / SENT).write_bytes((inbox / SENT).read_bytes()[:7000])
    again = run(inbox, settings)
    [cut] = [one.sha256 for one in again.inbox.received if one.file == f"otra/{SENT}"]
    assert withdraw(WithdrawRequest(2024, 3, f"otra/{SENT}", None), BY, settings).sha256 == cut
    with pytest.raises(UsageError, match=f"otra/{SENT} of 2024 T3 is taken back already"):
        withdraw(WithdrawRequest(2024, 3, None, cut[:12]), BY, settings)
    assert withdraw(WithdrawRequest(2024, 3, SENT, None), BY, settings).file == SENT
    assert deliveries(settings) == {"07": "rechazado"} | deliveries(settings)


def test_what_was_taken_back_speaks_again_where_it_is_sent_again(
    first: ConsolidationResult, inbox: Path, settings: Settings
) -> None:
    before = deliveries(settings)
    moment = datetime(2024, 10, 8, 18, tzinfo=UTC)
    withdraw(WithdrawRequest(2024, 3, SENT, None), BY, settings, moment)
    assert "06" not in deliveries(settings)
    assert not run(inbox, settings).published.new  # it still lies in the inbox
    later = (moment + timedelta(days=1)).timestamp()
    os.utime(inbox / SENT, (later, later))
    assert run(inbox, settings).published.version == 3
    assert deliveries(settings) == before


def test_a_closed_quarter_keeps_what_comes(first: ConsolidationResult, settings: Settings, tmp_path: Path) -> None:
    moment = datetime(2024, 10, 20, 18, tzinfo=UTC)
    assert close(2024, 3, BY, settings, moment).state == "definitivo"
    changed = other_policy(settings, tmp_path)
    done = rejudge(2024, 3, changed, moment=moment)
    assert (done.published.new, done.published.kept) == (False, True)
    request = WaiveRequest(2024, 3, "R13", "63", None, None, Grant(BY.author, BY.reason, date(2024, 12, 31)))
    assert waive(request, settings).published.kept
    taken = withdraw(WithdrawRequest(2024, 3, SENT, None), BY, settings, moment)
    assert (taken.published.new, taken.published.kept) == (False, True)
    assert published(settings) == [(1, "definitivo")]
    open_again(ExceptionRequest(2024, 3, None, date(2024, 10, 20)), BY, settings, moment)
    assert rejudge(2024, 3, changed, moment=moment + timedelta(days=1)).published.new is True
    assert published(settings) == [(1, "definitivo"), (2, "definitivo")]


def test_exceptions_are_listed_with_their_state(first: ConsolidationResult, settings: Settings) -> None:
    moment = datetime(2024, 10, 20, 18, tzinfo=UTC)
    request = ExceptionRequest(2024, 3, "06", date(2024, 10, 25))
    with pytest.raises(UsageError, match="2024 T3 is not closed"):
        open_again(request, BY, settings, moment)
    close(2024, 3, BY, settings, moment)
    for wrong, complaint in (
        (replace(request, unit="9999"), "there is no UR 9999"),
        (replace(request, until=date(2024, 9, 30)), "is before 2024 T3 is received at all"),
    ):
        with pytest.raises(UsageError, match=complaint):
            open_again(wrong, BY, settings, moment)
    with pytest.raises(UsageError, match="--reason is empty"):
        open_again(request, replace(BY, reason=" "), settings, moment)
    open_again(request, BY, settings, moment)
    for today, state in ((date(2024, 10, 25), "open"), (date(2024, 10, 26), "ended")):
        listed_ = exceptions(2024, today, settings)
        assert listed_.select("quarter", "unit_code", "author", "until", "state").rows() == [
            (3, "06", BY.author, date(2024, 10, 25), state)
        ]
