"""Workbooks to measure with: as many as wanted, of the founding workbook's size, all different."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from config.catalog import load_catalog
from config.form import load_form
from workbooks.sample import ONE_UNIT, bench_catalog, bench_workbooks


def test_workbooks_have_the_founding_workbooks_size(tmp_path: Path) -> None:
    paths = bench_workbooks(tmp_path, load_form(2024), load_catalog(), 3)
    for path in paths:
        book = openpyxl.load_workbook(path, data_only=True)
        numbers = [sheet.cell(row, 2).value for sheet in book for row in range(27, 32)]
        assert book.sheetnames == ["POA 1", "POA 2", "POA 3", "POA 4"]
        assert [n for n in numbers if n] == [*range(1, 11), *range(1, 5)]
        assert all(book["POA 1"].cell(row, 3).value for row in (5, 6, 7))


def test_workbooks_differ_and_come_again(tmp_path: Path) -> None:
    form, catalog = load_form(2024), load_catalog()
    first = bench_workbooks(tmp_path / "first", form, catalog, 5)
    again = bench_workbooks(tmp_path / "again", form, catalog, 5)
    assert len({path.read_bytes() for path in first}) == 5
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]


def test_the_catalogue_grows_to_two_units_a_workbook() -> None:
    catalog = load_catalog()
    assert len(bench_catalog(catalog, 100).units) == 200
    assert bench_catalog(catalog, 1).units == catalog.units


def test_workbooks_of_one_unit_go_up_to_the_last_code() -> None:
    catalog = load_catalog()
    assert len(bench_catalog(catalog, 9_999, ONE_UNIT).units) == 9_999
    with pytest.raises(ValueError, match="more codes than four digits have"):
        bench_catalog(catalog, 10_000, ONE_UNIT)
