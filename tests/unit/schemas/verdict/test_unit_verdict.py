"""What each UR of a workbook comes to."""

from __future__ import annotations

import polars as pl
import pytest

from schemas.contracts import columns as c
from schemas.verdict.quality import LOST
from schemas.verdict.unit_verdict import delivered_units, unit_verdicts

KEY = {c.FILE_ID: pl.Int64, c.UNIT_CODE: pl.String}
BUDGET = {**KEY, c.UNIT_NAME: pl.String, c.LEVEL: pl.String}


def lines(*units: tuple[str | None, str]) -> pl.DataFrame:
    """Budget lines of one workbook: code and level."""
    return pl.DataFrame([(0, code, "UNIDAD", level) for code, level in units], schema=BUDGET, orient="row")


def rows(*codes: str | None) -> pl.DataFrame:
    return pl.DataFrame([(0, code) for code in codes], schema=KEY, orient="row")


def told(*findings: tuple[str | None, str]) -> pl.DataFrame:
    """Findings: UR and severity."""
    schema = {**KEY, c.SEVERITY: pl.String, LOST: pl.Float64, c.WAIVED: pl.Boolean}
    return pl.DataFrame([(0, unit, severity, 0.5, False) for unit, severity in findings], schema=schema, orient="row")


ASKED_CELLS = pl.DataFrame([(0, "06", 20), (0, None, 10)], schema={**KEY, c.ASKED: pl.Int64}, orient="row")


def verdict(found: int, accepted: int, *findings: tuple[str | None, str]) -> tuple[str, int, int]:
    """Verdict, accepted and quarantined rows of UR 06."""
    judged = unit_verdicts(
        lines(("06", "principal")), rows(*["06"] * found), rows(*["06"] * accepted), told(*findings), ASKED_CELLS
    )
    state, kept, held = judged.select(c.VERDICT, c.ROWS_ACCEPTED, c.ROWS_QUARANTINED).row(0)
    return state, kept, held


@pytest.mark.parametrize(
    ("found", "accepted", "findings", "expected"),
    [
        (2, 2, [], ("aceptado", 2, 0)),
        (2, 2, [("06", "nota"), (None, "nota")], ("aceptado", 2, 0)),
        (2, 2, [("06", "aviso")], ("observado", 2, 0)),
        (2, 2, [(None, "aviso")], ("observado", 2, 0)),
        (2, 2, [("63", "aviso")], ("aceptado", 2, 0)),
        (2, 1, [("06", "renglon")], ("observado", 1, 1)),
        (2, 1, [("06", "nota")], ("observado", 1, 1)),
        (2, 0, [("06", "renglon")], ("rechazado", 0, 2)),
        (0, 0, [], ("rechazado", 0, 0)),
    ],
)
def test_verdict(
    found: int, accepted: int, findings: list[tuple[str | None, str]], expected: tuple[str, int, int]
) -> None:
    assert verdict(found, accepted, *findings) == expected


def test_the_header_names_the_units_of_a_workbook() -> None:
    budget = lines((None, "programme"), ("06", "principal"), ("63", "derived"), ("63", "derived"))
    found = delivered_units(budget, rows("06", "12"))
    assert found.select(c.UNIT_CODE, c.LEVEL).rows() == [("06", "principal"), ("63", "derived")]


def test_without_a_header_the_rows_do_the_first_as_principal() -> None:
    found = delivered_units(lines((None, "programme")), rows("63", None, "06", "63"))
    assert found.select(c.UNIT_CODE, c.LEVEL).rows() == [("63", "principal"), ("06", "derived")]


def test_quality_is_of_the_units_own_cells_and_the_shared_ones() -> None:
    judged = unit_verdicts(
        lines(("06", "principal")), rows("06"), rows("06"), told(("06", "aviso"), (None, "aviso")), ASKED_CELLS
    )
    assert judged[c.QUALITY].item() == round(100 * (1 - 1 / 30), 1)
