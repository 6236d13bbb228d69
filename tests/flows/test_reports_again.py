"""Reports are rendered where something changed, by one process or several, and one that fails stops no other."""

from __future__ import annotations

import shutil
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from scratch_folder import kept_in

from config.settings import Settings
from flows.outputs import reporting, secretariat
from flows.outputs.reporting import write_unit_reports
from flows.runs.consolidation import ConsolidationResult
from flows.runs.decisions import close
from flows.runs.waivers import WaiveRequest, waive
from reports.manifest import manifest
from warehouse.consolidation import Decision, Grant


@pytest.fixture(scope="module")
def reported(consolidated_once: tuple[Path, ConsolidationResult], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reports of the consolidated quarter, written once."""
    out = tmp_path_factory.mktemp("reported")
    write_unit_reports(2024, 3, out, kept_in(consolidated_once[0]))
    return out


@pytest.fixture
def out(consolidated: ConsolidationResult, reported: Path, tmp_path: Path) -> Path:
    """A copy of them, beside the warehouse that they are of."""
    return Path(shutil.copytree(reported, tmp_path / "out"))


def never(*_: object) -> None:
    raise AssertionError("rendered")


def hashes(out: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in out.iterdir() if path.name[0] != "."}


def test_what_stands_is_not_rendered_again(out: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporting, "write_reports", never)
    again = write_unit_reports(2024, 3, out, settings)
    assert (again.written, again.failed, len(again.unchanged)) == ((), (), len(hashes(out)))


def test_what_is_missing_or_altered_is_made_again(out: Path, settings: Settings) -> None:
    before = hashes(out)
    (out / "UR06_2024T3.html").write_text("otra cosa", encoding="utf-8")
    (out / "UR07_2024T3.html").unlink()
    again = write_unit_reports(2024, 3, out, settings)
    assert {path.name for path in again.written} == {"UR06_2024T3.html", "UR07_2024T3.html"}
    assert hashes(out) == before


def test_only_the_unit_that_changed_is_rendered(out: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    waive(WaiveRequest(2024, 3, "R13", "63", None, None, Grant("Planeación", "Oficio", date(2024, 12, 31))), settings)
    monkeypatch.setattr(reporting, "render", told := Told(reporting.render))
    write_unit_reports(2024, 3, out, settings)
    assert [given.sender for given in told.given] == ["06"]


class Told:
    """Renders, and tells what."""

    def __init__(self, render):
        self.render, self.given = render, []

    def __call__(self, *given):
        self.given.append(given[-1])
        return self.render(*given)


def test_files_of_a_workbook_reported_on_no_more_are_taken_away(out: Path, settings: Settings) -> None:
    (out / "apuntes.txt").write_text("de la oficina", encoding="utf-8")
    known = manifest(out, 2024, 3)
    removed = known.forget([name for name in known.entries if not name.startswith("07")])
    assert {path.name for path in removed} == {"UR07_2024T3.html", "UR07_2024T3_observaciones.xlsx"}
    assert {"UR06_2024T3.html", "apuntes.txt"} <= set(hashes(out))
    assert not any(name.startswith("UR07") for name in hashes(out))


def test_workbooks_that_are_not_at_hand_are_counted(out: Path, settings: Settings, tmp_path: Path) -> None:
    elsewhere = settings.model_copy(update={"archive": tmp_path / "nothing"})
    assert write_unit_reports(2024, 3, tmp_path / "alone", elsewhere).absent == 3


@pytest.mark.usefixtures("consolidated")
def test_one_that_fails_stops_no_other(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = reporting.write_reports

    def failing(judged, *given, **more):
        if judged.files["sender"][0] == "07":
            raise OSError("disk full")
        return write(judged, *given, **more)

    monkeypatch.setattr(reporting, "write_reports", failing)
    told = write_unit_reports(2024, 3, tmp_path / "out", settings)
    assert len(told.failed) == 1
    assert "OSError: disk full" in told.failed[0]
    assert {"UR06_2024T3.html", "UR08_2024T3.html"} <= set(hashes(tmp_path / "out"))
    monkeypatch.undo()
    assert write_unit_reports(2024, 3, tmp_path / "out", settings).failed == ()


def test_processes_write_the_same_bytes(out: Path, settings: Settings, tmp_path: Path) -> None:
    two = settings.model_copy(update={"executor": "processes", "workers": 2})
    assert write_unit_reports(2024, 3, tmp_path / "other", two).failed == ()
    assert hashes(tmp_path / "other") == hashes(out)


def test_the_secretariats_report_is_rendered_where_its_version_or_state_changed(
    out: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secretariat, "render_secretariat", told := Told(secretariat.render_secretariat))
    page, workbook = secretariat.write_secretariat(2024, 3, None, out, settings)
    first = hashes(out)
    assert secretariat.write_secretariat(2024, 3, None, out, settings) == [page, workbook]
    assert len(told.given) == 1
    workbook.write_bytes(b"otra cosa")
    secretariat.write_secretariat(2024, 3, None, out, settings)
    assert (len(told.given), hashes(out)) == (2, first)
    close(2024, 3, Decision("Planeación", "Oficio 1"), settings)
    secretariat.write_secretariat(2024, 3, None, out, settings)
    assert [given.of.state for given in told.given] == ["preliminar", "preliminar", "definitivo"]
    assert write_unit_reports(2024, 3, out, settings).removed == ()
    assert page.is_file()
