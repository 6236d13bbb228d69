"""The scheduled flows under Prefect's own test server: what each run leaves, and whom a failure is told."""

from __future__ import annotations

import email
import json
from collections.abc import Callable
from datetime import date
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from config.errors import OperatorError
from config.settings import Settings
from warehouse.connect import WarehouseError, open_warehouse
from warehouse.queries.published import versions

DAY = date(2024, 10, 10)
Set = Callable[..., None]


@pytest.fixture
def office(settings: Settings, inbox: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Set:
    """An installation by its environment, as a worker has it; call it to set more."""

    def put(**more: str) -> None:
        for name, value in more.items():
            monkeypatch.setenv(f"POA_{name.upper()}", value)

    put(**{name: str(value) for name, value in settings.model_dump(exclude_none=True).items()})
    put(inbox=str(inbox), reports=str(tmp_path / "informes"), outbox=str(tmp_path / "outbox"))
    put(log_json=str(tmp_path / "log" / "poa.jsonl"), operator="Guardia <guardia@example.gob.mx>")
    return put


def mails(tmp_path: Path) -> dict[str, EmailMessage]:
    box = tmp_path / "outbox"
    return {
        path.name: email.message_from_bytes(path.read_bytes(), policy=default)  # type: ignore[misc]
        for path in sorted(box.iterdir() if box.exists() else [])
    }


def published(settings: Settings) -> list[tuple[int, int]]:
    with open_warehouse(settings.warehouse) as warehouse:
        return versions(warehouse).select("quarter", "version").rows()


@pytest.mark.usefixtures("prefect_server")
def test_the_daily_intake_publishes_reports_and_tells_the_units(
    office: Set, settings: Settings, tmp_path: Path
) -> None:
    from prefect.artifacts import Artifact

    from flows.scheduled import daily_intake

    office(reports_url="https://poa.example.gob.mx/informes")
    daily_intake(day=DAY)

    assert published(settings) == [(3, 1)]
    assert {name[:17] for name in mails(tmp_path)} == {f"UR{unit}_2024T3_infor" for unit in ("06", "07", "08")}
    control = json.loads(Artifact.get("control-2024-t3", _sync=True).data)
    assert {row["what"]: row["number"] for row in control}["files seen"] == 5
    version = Artifact.get("version-2024-t3", _sync=True).data
    assert "# 2024 T3, version 1" in version
    assert "skipped: `leeme.txt`" in version
    assert "https://poa.example.gob.mx/informes/2024T3/" in Artifact.get("reports-2024-t3", _sync=True).data
    page = "https://poa.example.gob.mx/informes/informe_secretaria_2024T3_v1.html"
    assert page in Artifact.get("secretariat-2024-t3", _sync=True).data
    lines = [json.loads(line) for line in (tmp_path / "log" / "poa.jsonl").read_text(encoding="utf-8").splitlines()]
    [totals] = [line["totals"] for line in lines if "totals" in line]
    assert (totals["seen"], totals["observed"], totals["rejected"], totals["skipped"]) == (5, 1, 2, 2)
    assert [line["flow_run_name"] for line in lines if line.get("messages_sent") == 3] == ["daily intake 2024-10-10"]


@pytest.mark.usefixtures("prefect_server")
def test_when_no_window_is_open_nothing_happens_and_the_log_says_so(
    office: Set, settings: Settings, tmp_path: Path
) -> None:
    from flows.scheduled import daily_intake, quarterly_consolidation, reminders

    for run in (daily_intake, quarterly_consolidation, reminders):
        run(day=date(2024, 9, 1))
    assert published(settings) == []
    said = [json.loads(line)["message"] for line in (tmp_path / "log" / "poa.jsonl").read_text().splitlines()]
    assert [line.partition(":")[2].strip() for line in said if line.startswith("nothing to do on 2024-09-01")] == [
        "no window is open, and no quarter receives workbooks",
        "no window closed the day before",
        "no window opened lately",
    ]


@pytest.mark.usefixtures("prefect_server")
def test_a_failure_is_told_to_the_operator(office: Set, settings: Settings, tmp_path: Path) -> None:
    from flows.schedule.unattended import UnfinishedError
    from flows.scheduled import quarterly_consolidation

    gone = tmp_path / "no" / "such" / "folder"
    office(inbox=str(gone))
    with pytest.raises(UnfinishedError, match=r"2024 T3: InboxError: inbox .* is not a folder"):
        quarterly_consolidation(day=date(2024, 10, 16))
    [mail] = mails(tmp_path).values()
    assert mail["To"] == "Guardia <guardia@example.gob.mx>"
    assert mail["Subject"] == "POA: falló la corrida quarterly consolidation 2024-10-16"
    body = mail.get_body(("plain",))
    assert body is not None
    assert str(gone) in "".join(body.get_content().split())
    last = json.loads((tmp_path / "log" / "poa.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert (last["level"], last["flow_run_name"]) == ("error", "quarterly consolidation 2024-10-16")
    assert last["message"].startswith(f"failed: 2024 T3: InboxError: inbox {gone} is not a folder")
    assert published(settings) == []


@pytest.mark.usefixtures("prefect_server")
def test_where_a_fault_of_ours_was_raised_is_logged_and_all_the_rest_is_done(
    office: Set, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows import scheduled
    from flows.schedule.unattended import UnfinishedError

    def faulty(*_: object) -> None:
        raise ZeroDivisionError("no unit has a target")

    office()
    monkeypatch.setattr(scheduled, "write_secretariat", faulty)
    with pytest.raises(UnfinishedError, match=r"2024 T3: ZeroDivisionError: no unit has a target; all the rest"):
        scheduled.daily_intake(day=DAY)
    assert published(settings) == [(3, 1)]
    assert sorted(name[:5] for name in mails(tmp_path)) == ["UR06_", "UR07_", "UR08_", "falla"]
    lines = [json.loads(line) for line in (tmp_path / "log" / "poa.jsonl").read_text(encoding="utf-8").splitlines()]
    [where] = [line for line in lines if line["message"] == "2024 T3: ZeroDivisionError: no unit has a target"]
    assert where["level"] == "error"
    assert "in faulty" in where["exception"]


@pytest.mark.usefixtures("prefect_server")
def test_a_run_that_is_interrupted_is_told_to_the_operator(
    office: Set, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.schedule import unattended
    from flows.scheduled import daily_intake

    def ended(*_: object) -> None:
        raise SystemExit("told to end")

    office()
    monkeypatch.setattr(unattended, "take_in", ended)
    with pytest.raises(SystemExit):
        daily_intake(day=DAY)
    [mail] = mails(tmp_path).values()
    assert mail["Subject"] == "POA: falló la corrida daily intake 2024-10-10"
    body = mail.get_body(("plain",))
    assert body is not None
    assert "se interrumpió antes de terminar" in " ".join(body.get_content().split())


@pytest.mark.usefixtures("prefect_server")
def test_no_secret_is_told_of_a_run_that_failed(office: Set, tmp_path: Path) -> None:
    """Neither in the log nor in the operator's mail, nor to Prefect."""
    from prefect.client.orchestration import get_client

    from flows.scheduled import daily_intake

    office(warehouse="postgresql+psycopg://poa:s3cret@127.0.0.1:9/poa", smtp_user="poa", smtp_password="s3cret")
    with pytest.raises(WarehouseError, match=r"postgresql\+psycopg://poa:\*\*\*@127.0.0.1:9/poa: .* is up") as raised:
        daily_intake(day=date(2024, 10, 13))
    [mail] = mails(tmp_path).values()
    with get_client(sync_client=True) as client:
        [run] = [run for run in client.read_flow_runs() if run.name == "daily intake 2024-10-13"]
    told = [str(raised.value), mail.as_string(), (tmp_path / "log" / "poa.jsonl").read_text(), run.model_dump_json()]
    assert ["127.0.0.1:9/poa" in each for each in told] == [True] * 4
    assert ["s3cret" in each for each in told] == [False] * 4


BROKEN_SETTINGS = {
    "mail": ({"smtp_host": "mail.example.gob.mx"}, "POA_SMTP_SENDER is not"),
    "operator": ({"operator": "guardia"}, "POA_OPERATOR is no address"),
    "settings": ({"workers": "none"}, "workers"),
    "calendar": ({"config_dir": "office"}, "calendar.toml is not valid TOML"),
}


@pytest.mark.usefixtures("prefect_server")
@pytest.mark.parametrize("broken", BROKEN_SETTINGS)
def test_broken_settings_do_not_silence_the_alarm(
    broken: str, office: Set, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.scheduled import daily_intake

    monkeypatch.chdir(tmp_path)
    (tmp_path / "office").mkdir()
    (tmp_path / "office" / "calendar.toml").write_text("[[window", encoding="utf-8")
    given, complaint = BROKEN_SETTINGS[broken]
    office(**given)
    with pytest.raises((ValueError, OperatorError), match=complaint):
        daily_intake()
    [told] = (tmp_path / "outbox").iterdir()
    assert told.name.startswith("falla_")
    assert told.suffix == (".txt" if broken in ("mail", "operator") else ".eml")
    assert complaint in " ".join(as_read(told).split())


def as_read(told: Path) -> str:
    if told.suffix == ".txt":
        return told.read_text(encoding="utf-8")
    body = email.message_from_bytes(told.read_bytes(), policy=default).get_body(("plain",))  # type: ignore[attr-defined]
    return str(body.get_content())


@pytest.mark.usefixtures("prefect_server")
def test_reminders_go_to_those_without_delivery(office: Set, tmp_path: Path) -> None:
    from flows.scheduled import reminders

    reminders(day=date(2024, 10, 1))
    first = mails(tmp_path)
    assert len(first) == 42
    assert all("recordatorio_apertura" in name for name in first)
