"""What each workbook comes to, out of its URs."""

from __future__ import annotations

import polars as pl
import pytest

from schemas.contracts import columns as c
from schemas.verdict.file_verdict import file_verdicts
from schemas.verdict.quality import LOST

KEY = {c.FILE_ID: pl.Int64, c.UNIT_CODE: pl.String}


def judged(
    accepted: int | None, held: int | None, units: list[tuple[str, str, str]], severities: list[str]
) -> dict[str, object]:
    """The row of one workbook: its units are (code, level, verdict)."""
    files = pl.DataFrame(
        {c.FILE_ID: [0], c.SENDER: ["99"], c.ASKED: [50], c.ROWS_ACCEPTED: [accepted], c.ROWS_QUARANTINED: [held]},
        schema_overrides={c.ROWS_ACCEPTED: pl.Int64, c.ROWS_QUARANTINED: pl.Int64},
    )
    told = pl.DataFrame(
        [(0, severity, 1.0) for severity in severities],
        schema={c.FILE_ID: pl.Int64, c.SEVERITY: pl.String, LOST: pl.Float64},
        orient="row",
    )
    of_units = pl.DataFrame(
        [(0, *unit) for unit in units], schema={**KEY, c.LEVEL: pl.String, c.VERDICT: pl.String}, orient="row"
    )
    return file_verdicts(files, of_units, told).row(0, named=True)


PRINCIPAL, DERIVED = ("06", "principal", "aceptado"), ("63", "derived", "observado")


@pytest.mark.parametrize(
    ("accepted", "held", "units", "severities", "verdict"),
    [
        (3, None, [PRINCIPAL], [], "aceptado"),
        (3, None, [PRINCIPAL, DERIVED], ["aviso"], "observado"),
        (2, 1, [("06", "principal", "observado")], ["renglon"], "observado"),
        (None, 3, [("06", "principal", "rechazado")], ["renglon"], "rechazado"),
        (None, None, [], ["archivo"], "rechazado"),
        (3, None, [PRINCIPAL], ["archivo"], "rechazado"),
    ],
)
def test_verdict(
    accepted: int | None, held: int | None, units: list[tuple[str, str, str]], severities: list[str], verdict: str
) -> None:
    found = judged(accepted, held, units, severities)
    assert found[c.VERDICT] == verdict
    assert found[c.ROWS_FOUND] == (accepted or 0) + (held or 0)


def test_the_principal_unit_read_in_it_outranks_the_files_name() -> None:
    assert judged(3, 0, [DERIVED, PRINCIPAL], [])[c.SENDER] == "06"
    assert judged(3, 0, [DERIVED], [])[c.SENDER] == "99"


def test_a_rejected_workbook_has_no_quality() -> None:
    assert judged(3, 0, [PRINCIPAL], ["archivo"])[c.QUALITY] == 0.0
    assert judged(3, 0, [PRINCIPAL], ["aviso"])[c.QUALITY] == 98.0
