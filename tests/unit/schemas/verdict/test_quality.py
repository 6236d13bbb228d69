"""The quality index decomposes to cells: correcting one gives back exactly what it lost."""

from __future__ import annotations

import polars as pl
import pytest

from config.policy import load_policy
from schemas.contracts import columns as c
from schemas.verdict.quality import LOST, index, with_points

CELL = {c.FILE_ID: 0, c.SHEET: "POA 1", c.ROW: 27, c.COL: 8, c.FIELD: "annual_target", c.WAIVED: False}
ASKED = pl.DataFrame({c.FILE_ID: [0], c.ASKED: [100]})


def pointed(*findings: dict[str, object]) -> list[tuple[float, float]]:
    """Weight lost and points of findings on the cell H27, each changed as given."""
    schema = {c.FILE_ID: pl.Int64, c.SHEET: pl.String, c.ROW: pl.Int64, c.COL: pl.Int64}
    schema |= {c.FIELD: pl.String, c.SEVERITY: pl.String, c.WAIVED: pl.Boolean}
    frame = pl.DataFrame([{**CELL, **finding} for finding in findings], schema=schema)
    return with_points(frame, ASKED, load_policy()).select(LOST, c.POINTS).rows()


def test_a_finding_costs_its_weight_of_one_cell() -> None:
    assert pointed({c.SEVERITY: "renglon"}) == [(1.0, 1.0)]
    assert pointed({c.SEVERITY: "aviso"}) == [(0.5, 0.5)]


def test_of_several_findings_on_a_cell_the_first_and_gravest_counts() -> None:
    assert pointed({c.SEVERITY: "renglon"}, {c.SEVERITY: "nota"}) == [(1.0, 1.0), (0.0, 0.0)]


def test_findings_on_different_cells_add_up() -> None:
    assert pointed({c.SEVERITY: "aviso"}, {c.SEVERITY: "aviso", c.ROW: 28}) == [(0.5, 0.5), (0.5, 0.5)]


def test_a_finding_without_a_cell_counts_for_itself() -> None:
    nowhere = {c.SHEET: None, c.ROW: None, c.COL: None, c.SEVERITY: "aviso"}
    assert pointed(nowhere, nowhere) == [(0.5, 0.5), (0.5, 0.5)]


@pytest.mark.parametrize(
    ("asked", "lost", "expected"),
    [(100, 0.0, 100.0), (100, 1.5, 98.5), (100, None, 100.0), (1, 5.0, 0.0), (0, 0.0, 100.0), (300, 1.0, 99.7)],
)
def test_the_index(asked: int, lost: float | None, expected: float) -> None:
    assert pl.select(index(pl.lit(asked), pl.lit(lost, pl.Float64))).item() == expected


def test_what_is_about_no_cell_or_field_costs_none() -> None:
    late = {c.SHEET: None, c.ROW: None, c.COL: None, c.FIELD: None, c.SEVERITY: "aviso"}
    assert pointed(late) == [(0.0, 0.0)]


def test_what_is_waived_costs_nothing_and_uncovers_what_else_its_cell_is_told() -> None:
    assert pointed({c.SEVERITY: "aviso", c.WAIVED: True}, {c.SEVERITY: "nota"}) == [(0.0, 0.0), (0.1, 0.1)]
