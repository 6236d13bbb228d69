"""What was published can be proven: verified against rows and archive, and derived again, bit by bit."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from other_program import other_program
from scratch_folder import kept_in

from config.settings import Settings
from flows.execution.executor import Executor
from flows.execution.runner import in_turn
from flows.path import Batch
from flows.runs.consolidation import Request, consolidate, listed
from flows.runs.rebuild import rebuild
from flows.runs.verification import Verified, verify
from flows.runs.waivers import WaiveRequest, waive
from schemas.contracts.frames import Judged
from schemas.contracts.judging_version import JUDGING_VERSION
from warehouse.archive.local import Archive
from warehouse.connect import WarehouseError, open_warehouse
from warehouse.consolidation import ControlError, Grant
from warehouse.integrity.discrepancy import Discrepancy
from warehouse.queries.published import versions

GRANT = Grant("Dirección de Planeación", "Oficio 12/2024", date(2024, 12, 31))


def deliver(folder: Path, workbook: Path, name: str, day: datetime) -> None:
    folder.mkdir(exist_ok=True)
    shutil.copy(workbook, folder / name)
    os.utime(folder / name, (day.timestamp(), day.timestamp()))


def run(settings: Settings, folder: Path, quarter: int) -> None:
    request = Request(2024, quarter, folder)
    consolidate(request, settings, listed(request, settings))


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory, founding: Path, as_printed: Path) -> Path:
    """Two quarters: a waiver, a resubmission read by its proposals, and an earlier quarter sent again afterwards."""
    folder = tmp_path_factory.mktemp("story")
    settings = kept_in(folder)
    second, third = folder / "t2", folder / "t3"
    deliver(second, founding, "POA_UR06.xlsx", datetime(2024, 7, 4, 18, tzinfo=UTC))
    deliver(third, founding, "POA_UR06.xlsx", datetime(2024, 11, 4, 18, tzinfo=UTC))
    (third / "UR08.xls").write_text("<html><body><table></table></body></html>", encoding="utf-8")
    run(settings, second, 2)
    run(settings, third, 3)
    waive(WaiveRequest(2024, 3, "R13", "63", None, None, GRANT), settings)
    applying = settings.model_copy(update={"apply_proposals": True})
    deliver(third, as_printed, "POA_UR06_corregido.xlsx", datetime(2024, 11, 6, 18, tzinfo=UTC))
    run(applying, third, 3)
    deliver(second, as_printed, "POA_UR06_corregido.xlsx", datetime(2024, 11, 7, 18, tzinfo=UTC))
    run(settings, second, 2)
    run(applying, third, 3)
    return folder


@pytest.fixture
def story(once: Path, tmp_path: Path) -> Settings:
    """The story's warehouse and archive, the test's own."""
    return kept_in(Path(shutil.copytree(once, tmp_path / "story")))


def published(settings: Settings) -> list[tuple[int, int]]:
    with open_warehouse(settings.warehouse) as warehouse:
        return versions(warehouse).select("quarter", "version").rows()


def verified(settings: Settings) -> tuple[Verified, list[Discrepancy]]:
    told: list[Discrepancy] = []
    done = verify(None, None, settings, told.append, lambda *_: None)
    assert done.differences == len(told)
    return done, told


@pytest.mark.soak
def test_every_version_is_derived_again_bit_by_bit(story: Settings) -> None:
    every = published(story)
    assert every == [(2, 1), (2, 2), (3, 1), (3, 2), (3, 3), (3, 4)]
    for quarter, version in every:
        told: list[Discrepancy] = []
        done = rebuild(2024, quarter, version, story, told.append)
        assert (done.same, done.judged_otherwise, told) == (True, (), []), (quarter, version)


def test_an_untouched_warehouse_verifies(story: Settings) -> None:
    done, told = verified(story)
    assert told == []
    assert (done.versions, done.workbooks, done.notes) == (6, 3, ())


def test_another_configuration_since_does_not_matter(story: Settings, tmp_path: Path) -> None:
    office = tmp_path / "office"
    office.mkdir()
    shipped = Path("config/policy.toml").read_text(encoding="utf-8")
    (office / "policy.toml").write_text(shipped.replace('R13 = "aviso"', 'R13 = "nota"'), encoding="utf-8")
    later = story.model_copy(update={"config_dir": office})
    assert rebuild(2024, 3, 3, later, lambda _: None).same


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "deleted": (lambda path: path.unlink(), "missing"),
    "cut": (lambda path: path.write_bytes(path.read_bytes()[:-10]), "altered: "),
    "flipped": (lambda path: path.write_bytes(bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:]), "altered"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_workbook_of_the_archive_is_named(story: Settings, as_printed: Path, damage: str) -> None:
    [kept] = [p for p in story.archive.rglob("*.xlsx") if p.read_bytes() == as_printed.read_bytes()]
    harm, said = DAMAGES[damage]
    harm(kept)
    _, [told] = verified(story)
    assert told.said.startswith(said)
    assert told.which == "POA_UR06_corregido.xlsx of UR 06, 2024 T3; POA_UR06_corregido.xlsx of UR 06, 2024 T2"
    with pytest.raises(WarehouseError, match=f"POA_UR06_corregido.xlsx .* is {said}"):
        rebuild(2024, 3, 4, story, lambda _: None)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_configuration_of_the_archive_is_named(story: Settings, damage: str) -> None:
    [policy] = {path.parent for path in story.archive.rglob("policy.toml")} - applied(story)
    for path in policy.iterdir():
        DAMAGES[damage][0](path)
    _, [told] = verified(story)
    assert (told.what, told.which) == ("configuration", f"policy {policy.name[:12]}…")


def applied(settings: Settings) -> set[Path]:
    """Configuration under which proposals apply."""
    from flows.provenance import digest, proposals

    archive = Archive(settings.archive)
    folders = {path.parent for path in settings.archive.rglob("policy.toml")}
    return {f for f in folders if digest(archive.configuration(f.name), proposals(True)) == f.name}


def test_rows_that_are_not_what_is_derived_are_told_with_both_values(story: Settings) -> None:
    with open_warehouse(story.warehouse) as warehouse, warehouse.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE activity SET description = 'otra' WHERE activity_no = 2 AND unit_code = '63'"
        )
    told: list[Discrepancy] = []
    done = rebuild(2024, 2, 1, story, told.append)
    assert (done.same, done.derived == done.published, done.differences) == (False, True, 1)
    assert told[0].which.startswith("UR 63, activity 2, ")
    assert told[0].said.startswith("description: 'otra' is '")


@pytest.fixture(scope="module")
def made_before(tmp_path_factory: pytest.TempPathFactory, founding: Path) -> Path:
    """A version that another judging version made."""
    folder = tmp_path_factory.mktemp("before")
    deliver(folder / "t3", founding, "POA_UR06.xlsx", datetime(2024, 10, 4, 18, tzinfo=UTC))
    with other_program("R13"):
        run(kept_in(folder), folder / "t3", 3)
    return folder


def test_a_version_of_another_judging_version_verifies_and_its_rebuild_says_what_differs(made_before: Path) -> None:
    settings = kept_in(made_before)
    assert verified(settings)[1] == []
    told: list[Discrepancy] = []
    done = rebuild(2024, 3, 1, settings, told.append)
    assert done.judged_otherwise == (f"under judging version 0 ({JUDGING_VERSION})",)
    assert (done.same, done.standing == done.published, done.differences) == (False, True, len(told))
    assert {difference.what for difference in told} == {"finding"}
    assert all(" R13, " in difference.which and "Antes." in difference.said for difference in told), told


def test_another_judging_version_judges_stored_workbooks_again(made_before: Path, tmp_path: Path) -> None:
    settings = kept_in(Path(shutil.copytree(made_before, tmp_path / "after")))
    run(settings, made_before / "t3", 3)
    assert published(settings) == [(3, 1), (3, 2)]
    run(settings, made_before / "t3", 3)
    assert published(settings) == [(3, 1), (3, 2)]


def losing_a_workbook(judge: Executor, batches: Iterator[Batch]) -> Iterator[Judged]:
    for batch in batches:
        yield judge.judge(replace(batch, files=batch.files[:-1]))


def losing_a_row(judge: Executor, batches: Iterator[Batch]) -> Iterator[Judged]:
    for judged in in_turn(judge, batches):
        yield replace(judged, activities=judged.activities.head(-1))


def losing_a_batch(judge: Executor, batches: Iterator[Batch]) -> Iterator[Judged]:
    every = list(in_turn(judge, batches))
    yield from every[:-1]


@pytest.mark.parametrize(
    ("runner", "complaint"),
    [
        (losing_a_workbook, "1 workbook was not judged: POA_2024_UR07.xlsx"),
        (losing_a_batch, "workbooks seen 5 is not accepted .* skipped 4"),
        (losing_a_row, "rows accepted 14 is not stored as activities 13"),
    ],
)
def test_a_run_that_does_not_add_up_publishes_nothing(
    settings: Settings, inbox: Path, runner: object, complaint: str
) -> None:
    request = Request(2024, 3, inbox)
    with pytest.raises(ControlError, match=complaint) as failed:
        consolidate(request, settings, listed(request, settings), runner)  # type: ignore[arg-type]
    assert failed.value.exit_code == 3
    assert published(settings) == []
