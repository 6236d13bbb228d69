"""A quarter that was closed, opened by exceptions, its workbooks taken back and sent again: every version is derived
again bit by bit, on both databases.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from postgres_server import PostgresServer
from sqlalchemy import Executable, delete, insert, select, update

from config.settings import Settings
from flows.runs.consolidation import Request, consolidate, listed
from flows.runs.decisions import ExceptionRequest, WithdrawRequest, close, open_again, withdraw
from flows.runs.rebuild import rebuild
from flows.runs.rejudging import rejudge
from flows.runs.verification import verify
from flows.runs.waivers import WaiveRequest, waive
from warehouse.connect import open_warehouse
from warehouse.consolidation import Decision, Grant
from warehouse.integrity import verification
from warehouse.integrity.discrepancy import Discrepancy
from warehouse.queries import published
from warehouse.schema import snapshot_tables as v
from warehouse.schema.decision_tables import closing, closing_exception, withdrawal

BY = Decision("Dirección de Planeación", "Oficio 12/2024")
GRANT = Grant(BY.author, BY.reason, date(2099, 12, 31))
LONG = date(2099, 12, 31)
MOMENT = datetime(2024, 11, 1)
SENT, AGAIN = "POA_2024_UR06.xlsx", "POA_2024_UR06_corregido.xlsx"


class Office:
    """One office: an inbox for each quarter, a warehouse and what it decides, all of now."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.settings = Settings(warehouse=url, archive=folder / "archive", executor="inline", batch_size=2)

    def send(self, quarter: int, workbook: Path, name: str, when: datetime) -> None:
        inbox = self.folder / f"t{quarter}"
        inbox.mkdir(exist_ok=True)
        shutil.copy(workbook, inbox / name)
        os.utime(inbox / name, (when.timestamp(), when.timestamp()))

    def run(self, quarter: int) -> None:
        request = Request(2024, quarter, self.folder / f"t{quarter}")
        consolidate(request, self.settings, listed(request, self.settings))

    def graver(self, rule: str) -> None:
        """From now on a folder of the office's own makes the rule graver."""
        own = self.folder / "office"
        own.mkdir(exist_ok=True)
        text = Path("config/policy.toml").read_text(encoding="utf-8")
        (own / "policy.toml").write_text(text.replace(f'{rule} = "nota"', f'{rule} = "aviso"'), encoding="utf-8")
        self.settings = self.settings.model_copy(update={"config_dir": own})

    def versions(self) -> list[tuple[int, int, str]]:
        with open_warehouse(self.settings.warehouse) as warehouse:
            return published.versions(warehouse).select("quarter", "version", "state").rows()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def office(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, founding: Path, as_printed: Path
) -> Office:
    folder = tmp_path_factory.mktemp("office")
    url = f"sqlite:///{folder / 'poa.db'}"
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.upgraded()
    return lived(Office(folder, url), founding, as_printed)


def lived(one: Office, founding: Path, as_printed: Path) -> Office:
    """Three quarters; the third is closed, and what comes of it afterwards."""
    one.send(2, founding, SENT, datetime(2024, 7, 4, 18, tzinfo=UTC))
    one.send(3, founding, SENT, datetime(2024, 10, 4, 18, tzinfo=UTC))
    one.send(4, founding, SENT, datetime(2025, 1, 6, 18, tzinfo=UTC))
    one.run(2)
    one.run(3)
    close(2024, 3, BY, one.settings)
    one.graver("R04")
    rejudge(2024, 3, one.settings)  # kept
    open_again(ExceptionRequest(2024, 3, "06", LONG), BY, one.settings)
    one.send(3, as_printed, AGAIN, datetime(2024, 11, 6, 18, tzinfo=UTC))
    one.run(3)  # 2: UR 06 alone says what it sent again
    one.run(4)
    withdraw(WithdrawRequest(2024, 3, AGAIN, None), BY, one.settings)  # 3: of one workbook two judgements speak
    waive(WaiveRequest(2024, 3, "R15", "06", None, None, GRANT), one.settings)  # 4
    one.send(3, as_printed, AGAIN, datetime.now(UTC) + timedelta(hours=1))
    one.run(3)  # 5: received again
    open_again(ExceptionRequest(2024, 3, None, LONG), BY, one.settings)
    rejudge(2024, 3, one.settings)  # 6: everyone
    one.send(2, as_printed, AGAIN, datetime(2024, 11, 7, 18, tzinfo=UTC))
    one.run(2)
    one.run(4)
    close(2024, 4, BY, one.settings)
    return one


def test_what_a_closed_quarter_went_through(office: Office) -> None:
    third = [version for quarter, version, state in office.versions() if quarter == 3 and state == "definitivo"]
    assert third == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(("quarter", "version"), [(3, 3), pytest.param(4, 2, marks=pytest.mark.soak)])
def test_a_version_is_derived_again_bit_by_bit(office: Office, quarter: int, version: int) -> None:
    """The third takes what the closing, an exception and a withdrawal left; the other, all of them."""
    told: list[Discrepancy] = []
    done = rebuild(2024, quarter, version, office.settings, told.append)
    assert (done.same, told) == (True, []), (quarter, version)


@pytest.mark.soak
def test_every_version_is_derived_again_bit_by_bit(office: Office) -> None:
    for quarter, version, _ in office.versions():
        assert rebuild(2024, quarter, version, office.settings, lambda _: None).same, (quarter, version)


def test_an_untouched_warehouse_verifies(office: Office) -> None:
    told: list[Discrepancy] = []
    done = verify(None, None, office.settings, told.append, lambda *_: None)
    assert (told, done.notes, done.versions) == ([], (), len(office.versions()))


@contextmanager
def tampered(office: Office, statement: Executable) -> Iterator[list[Discrepancy]]:
    """What verifying the versions tells where the statement was done; it is undone again."""
    told: list[Discrepancy] = []
    with open_warehouse(office.settings.warehouse) as warehouse, warehouse.engine.connect() as connection:
        connection.execute(statement)
        files = verification.files_by_hash(connection)
        for version in verification.versions(connection):
            verification.verify_version(connection, version, files, told.append)
        yield told


first = select(closing_exception.c.id).order_by(closing_exception.c.id).limit(1).scalar_subquery()
OF_THIRD = (closing.c.year == 2024, closing.c.quarter == 3)
TAMPERED: list[tuple[Executable, str, str, str, str]] = [
    (update(closing).where(*OF_THIRD).values(reason="Otro"), "2024 T3", "closing", "the quarter", "changed"),
    (delete(closing).where(*OF_THIRD), "2024 T3", "closing", "the quarter", "its only row missing"),
    (delete(closing).where(closing.c.quarter == 4), "2024 T4", "closing", "the quarter", "its only row missing"),
    (update(closing_exception).where(closing_exception.c.id == first).values(until=date(2024, 1, 1)),
     "2024 T3", "exception", "UR 06", "changed"),
    (delete(closing_exception).where(closing_exception.c.id == first),
     "2024 T3", "exception", "UR 06", "its only row missing"),
    (update(withdrawal).values(author="Otra"), "2024 T3", "withdrawal", AGAIN, "changed"),
    (delete(withdrawal), "2024 T3", "withdrawal", AGAIN, "its only row missing"),
    (insert(closing).values(id=99, year=2024, quarter=2, run_id=1, author="a", reason="b", closed_at=MOMENT),
     "2024 T2", "closing", "the quarter", "its only row added"),
    (update(v.snapshot).where(v.snapshot.c.quarter == 3, v.snapshot.c.version == 2).values(state="preliminar"),
     "2024 T3", "version", "version 2", "changed"),
]  # fmt: skip


@pytest.mark.parametrize("case", TAMPERED, ids=[f"{i} {what}" for i, (_, _, what, *_) in enumerate(TAMPERED)])
def test_a_decision_altered_or_deleted_is_named(office: Office, case: tuple[Executable, str, str, str, str]) -> None:
    statement, *named = case
    with tampered(office, statement) as told:
        assert told == [Discrepancy(*named)]
