"""Report files: their names, and that only what changed is written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import judged_example as example
import polars as pl
import pytest

from reports.unit.package import report_stem, write_reports
from schemas.contracts import columns as c
from workbooks.annotated.received import ReceivedWorkbook

NAMES = ["UR06_2024T3.html", "UR06_2024T3_observaciones.xlsx"]


@pytest.fixture
def write(form, tmp_path):
    def run(judged, **more):
        return write_reports(
            judged,
            tmp_path / "out",
            year=2024,
            quarter=3,
            received="2024-10-14",
            remedies=example.REMEDIES,
            form=form,
            **more,
        )

    return run


def test_page_and_workbook_are_written_and_nothing_else(write, tmp_path):
    written = write(example.observed())
    assert [path.name for path in written.written] == NAMES
    assert written.unchanged == ()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == NAMES


def test_the_same_judgement_writes_nothing_again(write):
    before = {path: path.stat().st_mtime_ns for path in write(example.observed()).written}
    again = write(example.observed())
    assert again.written == ()
    assert list(again.unchanged) == list(before)
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_only_the_file_that_changed_is_written(write):
    write(example.observed())
    fewer = replace(example.observed(), activities=example.observed().activities.head(3))
    assert [path.name for path in write(fewer).written] == [NAMES[0]]


def test_a_write_that_fails_leaves_the_old_report(write, tmp_path, monkeypatch):
    (page, _) = write(example.observed()).written
    old = page.read_bytes()

    def full_disk(*_):
        raise OSError("disk full")

    monkeypatch.setattr(Path, "write_bytes", full_disk)
    with pytest.raises(OSError, match="disk full"):
        write(example.clean())
    assert page.read_bytes() == old
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == NAMES


def test_a_caller_may_name_the_files(write):
    assert [path.name for path in write(example.observed(), stem="UR06_2024T3_2").paths] == [
        "UR06_2024T3_2.html",
        "UR06_2024T3_2_observaciones.xlsx",
    ]


@pytest.mark.parametrize(
    ("name", "sender", "stem"),
    [
        ("cualquiera.xlsx", "06", "UR06_2024T3"),
        ("POA final (2).xls", None, "archivo_POA-final-2_3f9c3f9c_2024T3"),
        ("../../etc/passwd", None, "archivo_passwd_3f9c3f9c_2024T3"),
        ("..\\..\\Windows\\CON.xlsx", None, "archivo_Windows-CON_3f9c3f9c_2024T3"),
        ("~$.xlsx", None, "archivo_3f9c3f9c_2024T3"),
        ("Índice año.xlsx", "../06", "archivo_Indice-ano_3f9c3f9c_2024T3"),
        ("x" * 300 + ".xlsx", None, f"archivo_{'x' * 60}_3f9c3f9c_2024T3"),
    ],
)
def test_names_from_the_inbox_are_never_paths(report_of, name, sender, stem):
    assert report_stem(report_of(example.rejected(name, sender))) == stem


def test_a_file_without_a_fingerprint_has_a_name_too(report_of):
    judged = example.rejected()
    bare = replace(judged, files=judged.files.with_columns(pl.lit(None, pl.String).alias(c.SHA256)))
    assert report_stem(report_of(bare)) == "archivo_POA-final-2_2024T3"


def test_the_units_own_workbook_is_given_back_and_the_other_one_taken_away(write, tmp_path, founding, limits):
    write(example.observed())
    again = write(example.observed(), source=ReceivedWorkbook(founding, limits))
    assert [path.name for path in again.written] == ["UR06_2024T3_anotado.xlsx"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "UR06_2024T3.html",
        "UR06_2024T3_anotado.xlsx",
    ]
    assert write(example.observed(), source=ReceivedWorkbook(founding, limits)).written == ()
    (tmp_path / "damaged.xlsx").write_bytes(founding.read_bytes()[:9000])
    alone = write(example.observed(), source=ReceivedWorkbook(tmp_path / "damaged.xlsx", limits))
    assert [path.name for path in alone.written] == ["UR06_2024T3_observaciones.xlsx"]
    assert len(list((tmp_path / "out").iterdir())) == 2
