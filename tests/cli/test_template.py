"""`poa template` as an operator types it."""

from __future__ import annotations

from pathlib import Path

from as_typed import Poa


def test_a_unit_that_never_delivered_gets_a_blank_form(poa: Poa, tmp_path: Path) -> None:
    warehouse = f"sqlite:///{tmp_path / 'poa.db'}"
    done = poa("template", "--year", "2024", "--unit", "6", "--out", tmp_path / "forms", "--warehouse", warehouse)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in (tmp_path / "forms").iterdir()] == ["UR06_2024.xlsx"]
    assert "1 written, 0 unchanged; 1 blank" in " ".join(done.stdout.split())


def test_a_unit_that_is_not_in_the_catalogue_is_wrong_use(poa: Poa, tmp_path: Path) -> None:
    done = poa("template", "--year", "2024", "--unit", "99", "--out", tmp_path, "--warehouse", "sqlite://")
    assert done.returncode == 2
    assert "UR 99 is not in the catalogue of units" in done.stderr
    assert not list(tmp_path.iterdir())
