"""Errors and formulas without a result are told as such in their cells, and never as cells left empty."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import polars as pl
import pytest

from flows.path import Batch, InboxFile, judged
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context
from schemas.contracts.frames import CONTRACTS, Judged
from workbooks.reading.admission import Limits

FIRST_SHEET = "xl/worksheets/sheet1.xml"


def with_cell(founding: Path, path: Path, address: str, cell: str) -> Path:
    """The founding workbook with this XML in place of one cell of its first sheet."""
    with zipfile.ZipFile(founding) as source, zipfile.ZipFile(path, "w") as made:
        for name in source.namelist():
            content = source.read(name)
            if name == FIRST_SHEET:
                pattern = rf'<c r="{address}"( s="\d+")?[^>]*>.*?</c>'
                text, times = re.subn(pattern, lambda _: cell, content.decode(), count=1)
                assert times, f"no cell {address}"
                content = text.encode()
            made.writestr(name, content)
    return path


def judge(paths: list[Path], context: Context, limits: Limits) -> Judged:
    return judged(Batch([InboxFile(path, path.name, "0" * 64, 0) for path in paths]), context, limits)


def told(found: Judged, cell: str) -> list[tuple[str, str]]:
    """Rule and message of what is told of a cell of the first sheet."""
    here = (pl.col(c.SHEET) == "POA 1") & (pl.col(c.CELL) == cell)
    return list(found.findings.filter(here).select(c.RULE, c.MESSAGE).rows())


@pytest.mark.parametrize(
    ("address", "cell", "message"),
    [
        (
            "H27",
            '<c r="H27" t="e"><f>SUM(#REF!)</f><v>#REF!</v></c>',
            "«META ANUAL (19)» muestra el error #REF!: la fórmula de la celda no da un resultado.",
        ),
        (
            "Q27",
            '<c r="Q27"><f>SUM(M27:P27)</f></c>',
            "«TOTAL ACUMULADO (21)» tiene la fórmula =SUM(M27:P27) sin su resultado.",
        ),
        (
            "C27",
            '<c r="C27" t="e"><f>NA()</f><v>#N/A</v></c>',
            "«ACTIVIDAD (DESCRIPCIÓN) (15)» muestra el error #N/A: la fórmula de la celda no da un resultado.",
        ),
    ],
)
def test_a_broken_cell_is_told_alone(
    address: str, cell: str, message: str, tmp_path: Path, founding: Path, third_quarter: Context, limits: Limits
) -> None:
    broken = with_cell(founding, tmp_path / "a.xlsx", address, cell)
    found = judge([founding, broken], third_quarter, limits)
    assert told(found, address) == [("R02", message)]
    assert found.files[c.ROWS_QUARANTINED].to_list() == [0, 1]
    alone = judge([founding], third_quarter, limits)
    for name in CONTRACTS:
        frame = getattr(found, name)
        assert frame.filter(frame[c.FILE_ID] == 0).equals(getattr(alone, name)), name


def test_a_broken_amount_of_a_budget_line_is_told(
    tmp_path: Path, founding: Path, third_quarter: Context, limits: Limits
) -> None:
    broken = with_cell(founding, tmp_path / "a.xlsx", "F6", '<c r="F6" t="e"><f>1/0</f><v>#DIV/0!</v></c>')
    assert [rule for rule, _ in told(judge([broken], third_quarter, limits), "F6")] == ["P06"]
