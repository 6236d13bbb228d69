"""The commands as a user types them: what they print, their exit codes, what they import."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from as_typed import Poa

from cli.main import app
from cli.quarter.findings_table import causes


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory, founding: Path) -> Path:
    """One folder with every kind of file that is no POA, and the founding workbook among them."""
    folder = tmp_path_factory.mktemp("broken")
    shutil.copy(founding, folder / "UR06.xlsx")
    (folder / "vacio.xlsx").write_bytes(b"")
    (folder / "texto.xlsx").write_text("Estimados: adjunto el POA", encoding="utf-8")
    (folder / "pagina.xls").write_text("<!DOCTYPE html><html></html>", encoding="utf-8")
    (folder / "cortado.xlsx").write_bytes(founding.read_bytes()[:12000])
    with ZipFile(folder / "otro.zip", "w") as package:
        package.writestr("carta.txt", "hola")
    (folder / "otro.zip").rename(folder / "comprimido.xlsx")
    return folder


@pytest.mark.parametrize(
    ("file", "rule", "words"),
    [
        ("vacio.xlsx", "A01", "está vacío"),
        ("texto.xlsx", "A01", "no es un libro de Excel"),
        ("pagina.xls", "A01", "página web"),
        ("cortado.xlsx", "A01", "dañado o incompleto"),
        ("comprimido.xlsx", "A01", "no es un libro de Excel"),
    ],
)
def test_a_broken_file_is_rejected_in_clear_spanish(poa: Poa, broken: Path, file: str, rule: str, words: str) -> None:
    done = poa("check", broken / file, "--year", "2024", "--quarter", "3", "--json")
    document = json.loads(done.stdout)
    [finding] = document["findings"]
    assert done.returncode == 1
    assert (document["verdict"], document["units"], document["header"]) == ("rechazado", [], None)
    assert (finding["rule"], finding["severity"]) == (rule, "archivo")
    assert words in finding["message"]
    assert done.stderr == ""


def test_the_rest_of_a_folder_is_unaffected(poa: Poa, broken: Path) -> None:
    done = poa("check", broken, "--year", "2024", "--quarter", "3", "--json")
    verdicts = {doc["file"]: doc["verdict"] for doc in map(json.loads, done.stdout.splitlines())}
    assert verdicts.pop("UR06.xlsx") == "observado"
    assert set(verdicts.values()) == {"rechazado"}
    assert len(verdicts) == 5


@pytest.fixture
def mixed(tmp_path: Path, founding: Path) -> Path:
    """The founding workbook among what is no workbook."""
    folder = tmp_path / "recibidos"
    folder.mkdir()
    shutil.copy(founding, folder / "UR06.xlsx")
    (folder / "leeme.txt").write_text("hola", encoding="utf-8")
    (folder / "~$UR06.xlsx").write_bytes(b"lock")
    return folder


def test_what_is_skipped_is_named_beside_the_documents(poa: Poa, mixed: Path) -> None:
    done = poa("check", mixed, "--year", "2024", "--quarter", "3", "--json")
    assert [json.loads(line)["file"] for line in done.stdout.splitlines()] == ["UR06.xlsx"]
    assert done.stderr.splitlines() == [
        f"skipped: {mixed / 'leeme.txt'} (not a workbook (.txt))",
        f"skipped: {mixed / '~$UR06.xlsx'} (Excel's lock file of an open workbook)",
    ]
    assert done.returncode == 0


def test_what_could_not_be_read_means_that_not_all_was_checked(
    poa: Poa, mixed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link that leads nowhere, one that leads to itself, a subfolder and a workbook of another account's."""
    (mixed / "UR07.xlsx").symlink_to("gone.xlsx")
    (mixed / "UR08.xlsx").symlink_to("UR08.xlsx")
    closed = mixed / "UR09"
    closed.mkdir()
    shutil.copy(mixed / "UR06.xlsx", mixed / "UR10.xlsx")
    scandir, read_bytes = os.scandir, Path.read_bytes

    def listed(path: str) -> object:
        if Path(path) == closed:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    def read(path: Path) -> bytes:
        if path.name == "UR10.xlsx":
            raise PermissionError(13, "Permission denied", str(path))
        return read_bytes(path)

    monkeypatch.setattr(os, "scandir", listed)
    monkeypatch.setattr(Path, "read_bytes", read)
    done = poa("check", mixed, "--year", "2024", "--quarter", "3")
    assert "UR06.xlsx: observado" in done.stdout
    assert [line for line in done.stderr.splitlines() if not line.startswith("skipped: ")] == [
        f"not read: {mixed / 'UR07.xlsx'} (a link that leads nowhere)",
        f"not read: {mixed / 'UR08.xlsx'} (a link that leads nowhere)",
        f"not read: {mixed / 'UR09'} (a folder that cannot be listed)",
        f"not read: {mixed / 'UR10.xlsx'} (cannot be read: Permission denied)",
        f"poa: not all was checked: 4 of 7 could not be read, first {mixed / 'UR07.xlsx'} (a link that leads nowhere); "
        "make them readable, or name the others alone",
    ]
    assert done.returncode == 3


def test_a_rejected_workbook_outweighs_one_that_could_not_be_read(poa: Poa, tmp_path: Path) -> None:
    (tmp_path / "vacio.xlsx").write_bytes(b"")
    (tmp_path / "UR07.xlsx").symlink_to("gone.xlsx")
    done = poa("check", tmp_path, "--year", "2024", "--quarter", "3", "--json")
    assert (done.returncode, json.loads(done.stdout)["verdict"]) == (1, "rechazado")
    assert done.stderr == f"not read: {tmp_path / 'UR07.xlsx'} (a link that leads nowhere)\n"


def test_where_nothing_can_be_read_the_run_fails(poa: Poa, tmp_path: Path) -> None:
    (tmp_path / "UR07.xlsx").symlink_to("gone.xlsx")
    done = poa("check", tmp_path, "--year", "2024", "--quarter", "3")
    assert (done.returncode, done.stdout) == (3, "")


def test_a_lock_file_named_by_hand_is_told_as_such(poa: Poa, tmp_path: Path) -> None:
    path = tmp_path / "~$POA.xlsx"
    path.write_bytes(b"\x05lock")
    [finding] = json.loads(poa("check", path, "--year", "2024", "--quarter", "3", "--json").stdout)["findings"]
    assert "archivo de bloqueo" in finding["message"]


def test_check_through_a_guarded_worker(poa: Poa, founding: Path) -> None:
    done = poa("check", founding, "--year", "2024", "--quarter", "3", "--json", POA_EXECUTOR="processes")
    assert (done.returncode, done.stderr) == (0, "")
    assert len(json.loads(done.stdout)["findings"]) == 18


@pytest.mark.skipif(sys.platform == "win32", reason="has no limit on a process's memory")
def test_a_workbook_that_ends_its_worker_is_rejected_alone(founding: Path, tmp_path: Path) -> None:
    """One has a text of 100 MB: within what a workbook may weigh, and more than the worker's memory."""
    for name in ("UR06.xlsx", "UR08.xlsx"):
        shutil.copy(founding, tmp_path / name)
    cell = b'<row r="90"><c r="A90" t="inlineStr"><is><t>%s</t></is></c></row></sheetData>' % (b"x" * 100_000_000)
    with ZipFile(founding) as source, ZipFile(tmp_path / "UR07.xlsx", "w", ZIP_DEFLATED, compresslevel=1) as made:
        for name in source.namelist():
            part = source.read(name)
            made.writestr(name, part.replace(b"</sheetData>", cell) if name.endswith("sheet1.xml") else part)
    command = [sys.executable, "-m", "cli", "check", tmp_path, "--year", "2024", "--quarter", "3", "--json"]
    limits = {"POA_EXECUTOR": "processes", "POA_MEMORY_LIMIT": str(700 * 1024**2)}
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **limits}, check=False)
    documents = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (1, "")
    assert [(one["file"], one["verdict"]) for one in documents] == [
        ("UR06.xlsx", "observado"),
        ("UR07.xlsx", "rechazado"),
        ("UR08.xlsx", "observado"),
    ]
    assert [finding["rule"] for finding in documents[1]["findings"]] == ["A03"]


def test_check_for_people_lists_what_is_wrong(poa: Poa, founding: Path) -> None:
    done = poa("check", founding, "--year", "2024", "--quarter", "3")
    assert done.returncode == 0
    assert "POA_2024_UR06.xlsx: observado" in done.stdout
    assert "POA 2!H31" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["check", "nowhere.xlsx", "--year", "2024", "--quarter", "3"], "nowhere.xlsx does not exist"),
        (["check", ".", "--year", "2031", "--quarter", "3"], "calendar.toml has no window for 2031 T3"),
        (["check", ".", "--year", "2024", "--quarter", "5"], "less than or equal to 4"),
        (["consolidate", "--year", "2024", "--quarter", "3", "--inbox", "nowhere", "--direct"], "is not a folder"),
        (["consolidat"], "No such command"),
        (["check", "docs", "--year", "2024", "--quarter", "3"], "no workbook in docs"),
    ],
)
def test_wrong_use_ends_with_2_and_no_traceback(poa: Poa, arguments: list[str], complaint: str) -> None:
    done = poa(*arguments)
    assert done.returncode == 2
    assert complaint in " ".join(done.stderr.replace("│", " ").split())
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_is_named(poa: Poa, founding: Path) -> None:
    done = poa("check", founding, "--year", "2024", "--quarter", "3", POA_WORKERS="0", POA_BATCH_SIZE="many")
    assert done.returncode == 2
    assert "batch_size" in done.stderr


@pytest.mark.parametrize(
    ("pattern", "complaint"), [("UR([0-9]+", "is no regular expression"), ("UR[0-9]+", "wants a group, in parentheses")]
)
def test_a_wrong_sender_pattern_is_named_with_its_remedy(
    poa: Poa, founding: Path, pattern: str, complaint: str
) -> None:
    done = poa("check", founding, "--year", "2024", "--quarter", "3", POA_SENDER_PATTERN=pattern)
    assert (done.returncode, "sender_pattern" in done.stderr, complaint in done.stderr) == (2, True, True)


def test_a_warehouse_that_cannot_be_reached_ends_with_3(poa: Poa, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"")
    url = "postgresql+psycopg://reader:secreto@127.0.0.1:1/poa"
    where = ["--inbox", tmp_path, "--warehouse", url, "--archive", tmp_path / "archive"]
    done = poa("consolidate", "--year", "2024", "--quarter", "3", *where, "--direct")
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert "secreto" not in done.stderr + done.stdout


def test_an_empty_inbox_is_no_failure_and_is_told(poa: Poa, tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    where = ["--inbox", tmp_path / "inbox", "--warehouse", f"sqlite:///{tmp_path}/poa.db", "--archive", tmp_path / "a"]
    done = poa("consolidate", "--year", "2024", "--quarter", "3", *where, "--direct")
    assert (done.returncode, "nothing lies in the inbox: see that it is the right one" in done.stdout) == (0, True)


def test_consolidate_status_and_reports_in_turn(poa: Poa, tmp_path: Path, founding: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    shutil.copy(founding, inbox)
    quarter = ["--year", "2024", "--quarter", "3", "--warehouse", f"sqlite:///{tmp_path / 'poa.db'}"]
    where = ["--inbox", inbox, "--archive", tmp_path / "archive", "--received-on", "2024-10-16", "--direct"]
    first = poa("consolidate", *quarter, *where)
    assert first.returncode == 0
    assert "published version 1" in first.stdout
    assert "nothing new; still version 1" in poa("consolidate", *quarter, *where).stdout
    shown = poa("status", *quarter).stdout
    assert "2024-10-16 late" in shown
    assert "! 2 observado" in shown
    assert "late: UR 06, 63" in shown
    out = tmp_path / "out"
    assert "2 files written" in poa("reports", *quarter, "--out", out).stdout
    assert "0 files written, 2 unchanged" in poa("reports", *quarter, "--out", out).stdout
    (tmp_path / "taken" / "UR06_2024T3.html").mkdir(parents=True)
    failing = poa("reports", *quarter, "--out", tmp_path / "taken")
    assert failing.returncode == 3
    assert "not reported" in failing.stderr
    assert "UR 06" in failing.stderr
    assert "Traceback" not in failing.stderr
    page, workbook = (out / f"informe_secretaria_2024T3_v1.{ending}" for ending in ("html", "xlsx"))
    assert poa("report-secretariat", *quarter, "--out", out).stdout == f"{page}\n{workbook}\n"
    assert "Informe del tercer trimestre de 2024" in page.read_text(encoding="utf-8")
    assert "has no version 7; there are 1" in poa("report-secretariat", *quarter, "--version", "7", "--out", out).stderr


def test_status_without_a_snapshot_says_what_to_do(poa: Poa, tmp_path: Path) -> None:
    done = poa("status", "--year", "2024", "--quarter", "3", "--warehouse", f"sqlite:///{tmp_path / 'poa.db'}")
    assert done.returncode == 2
    assert "run `poa consolidate` first" in done.stderr


CHECK = ["check", "{founding}", "--year", "2024", "--quarter", "3"]
IMPORTS = """
import sys
sys.argv = ["poa", *{arguments!r}]
from cli.main import main
try:
    main()
except SystemExit:
    pass
print([name for name in {banned!r} if name in sys.modules], file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("executor", "arguments", "banned"),
    [
        ("inline", ["--help"], ["prefect", "sqlalchemy", "polars", "pandera", "pydantic"]),
        ("inline", CHECK, ["prefect", "sqlalchemy", "alembic", "pandera", "pandas", "numpy", "openpyxl", "fsspec"]),
        ("processes", CHECK, ["polars", "schemas.contracts.frames", "schemas.rules.rulebook"]),
    ],
)
def test_what_a_command_does_not_import(executor: str, arguments: list[str], banned: list[str], founding: Path) -> None:
    """In its own process: with worker processes it leaves the judging, and all that it takes, to these."""
    given = [argument.format(founding=founding) for argument in arguments]
    script = IMPORTS.format(arguments=given, banned=banned)
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        env={**os.environ, "POA_EXECUTOR": executor},
        check=False,
    )
    assert done.stderr.strip() == "[]"


def test_every_command_is_in_the_readme() -> None:
    readme = Path("README.md").read_text(encoding="utf-8")
    shown = [
        command.callback.__name__ for command in app.registered_commands if command.callback and not command.hidden
    ]
    assert [name for name in shown if f"poa {name.replace('_', '-')}" not in readme] == []


def test_waive_and_waivers_in_turn(poa: Poa, tmp_path: Path, founding: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    shutil.copy(founding, inbox)
    store = ["--warehouse", f"sqlite:///{tmp_path / 'poa.db'}"]
    quarter = ["--year", "2024", "--quarter", "3", *store]
    where = ["--inbox", inbox, "--archive", tmp_path / "archive", "--received-on", "2024-10-16", "--direct"]
    assert poa("consolidate", *quarter, *where).returncode == 0
    assert "no waivers in 2024" in poa("waivers", "--year", "2024", *store).stdout
    named = ["--by", "Dirección de Planeación", "--reason", "Prórroga", "--until", "2024-12-31"]
    archive = ["--archive", tmp_path / "archive"]
    done = poa("waive", *quarter, *archive, "--rule", "t05", "--ur", "6", *named)
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 finding of T05 waived for UR 06 until 2024-12-31; published version 2 of 2024 T3" in done.stdout
    listed = poa("waivers", "--year", "2024", *store).stdout
    assert "1 active" in listed
    assert "Prórroga" in listed
    again = poa("waive", *quarter, *archive, "--rule", "T05", "--ur", "06", *named)
    assert again.returncode == 2
    assert "waived already" in again.stderr


def test_check_against_a_warehouse(poa: Poa, tmp_path: Path, founding: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    shutil.copy(founding, inbox)
    url = f"sqlite:///{tmp_path / 'poa.db'}"
    where = ["--inbox", inbox, "--archive", tmp_path / "archive", "--warehouse", url, "--direct"]
    poa("consolidate", "--year", "2024", "--quarter", "2", *where)
    done = poa("check", founding, "--year", "2024", "--quarter", "3", "--json", "--against", url)
    assert "A11" in {finding["rule"] for finding in json.loads(done.stdout)["findings"]}
    missing = poa("check", founding, "--year", "2024", "--quarter", "3", "--against", f"sqlite:///{tmp_path}/no.db")
    assert missing.returncode == 3
    assert "there is no warehouse" in missing.stderr


def test_findings_of_one_cause_share_a_line_the_widest_first() -> None:
    def told(severity: str, rule: str, field: str) -> dict[str, str]:
        return {"severity": severity, "rule": rule, "field": field}

    one, other = told("aviso", "R05", "annual_target"), told("aviso", "R13", "strategy_code")
    grave = told("renglon", "R02", "planned_q1")
    grouped = causes([one, other, other, told("nota", "R15", "measure_unit"), grave])
    assert [(group[0]["rule"], len(group)) for group in grouped] == [("R02", 1), ("R13", 2), ("R05", 1), ("R15", 1)]


def test_readers_need_postgresql_and_a_password_that_is_not_typed(poa: Poa, tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path}/poa.db"
    told = poa("grant-reader", "planeacion", "--warehouse", store)
    assert (told.returncode, "which has no roles" in told.stderr) == (2, True)
    unset = poa("grant-reader", "planeacion", "--warehouse", store, "--login", "--password-env", "POA_NO_SUCH_WORD")
    assert (unset.returncode, "POA_NO_SUCH_WORD is not set" in unset.stderr) == (2, True)
    unneeded = poa("grant-reader", "planeacion", "--warehouse", store, "--password-env", "HOME")
    assert (unneeded.returncode, "add --login" in unneeded.stderr) == (2, True)


def test_close_exception_withdraw_and_rejudge_in_turn(poa: Poa, tmp_path: Path, founding: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    shutil.copy(founding, inbox / "UR06.xlsx")
    store = ["--warehouse", f"sqlite:///{tmp_path / 'poa.db'}"]
    quarter = ["--year", "2024", "--quarter", "3", *store]
    archive = ["--archive", tmp_path / "archive"]
    where = ["--inbox", inbox, *archive, "--received-on", "2024-10-10", "--direct"]
    named = ["--by", "Dirección de Planeación", "--reason", "Oficio 12"]
    early = poa("close", *quarter, *named)
    assert (early.returncode, "nothing was published for 2024 T3" in early.stderr) == (2, True)
    poa("consolidate", *quarter, *where)
    assert "files 1 = accepted 0 + observed 0 + rejected 0 + unchanged 1" in poa("rejudge", *quarter, *archive).stdout
    assert "2024 T3 is closed: version 1 is definitivo" in poa("close", *quarter, *named).stdout
    assert "version 1, definitivo" in poa("status", *quarter).stdout
    assert poa("close", *quarter, *named).returncode == 2
    taken = poa("withdraw", *quarter, *archive, *named, "--file", "UR06.xlsx")
    assert taken.returncode == 0
    assert "is taken back; nothing published; version 1 of 2024 T3 stays, definitivo" in taken.stdout
    assert "kept, not published: 2024 T3 is closed. It concerns UR 06, 63. `poa exception` opens it." in taken.stdout
    assert "no exceptions in 2024" in poa("exceptions", "--year", "2024", *store).stdout
    done = poa("exception", *quarter, *named, "--ur", "6", "--until", "2999-12-31")
    assert "2024 T3 is open for UR 06 to what comes up to 2999-12-31" in done.stdout
    listed = poa("exceptions", "--year", "2024", *store).stdout
    assert "2024 T3" in listed
    assert "1 open" in listed
    again = poa("consolidate", *quarter, *where)
    assert "published version 2 of 2024 T3, definitivo" in again.stdout
    assert "It concerns UR 63." in again.stdout
    assert "1 faltante" not in poa("status", *quarter).stdout.splitlines()[-1].split(", ")
