"""A judged workbook made by hand: UR 06 with its derived UR 63, third quarter of 2024."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
from example_rows import ACTIVITY_ROWS, OPEN_FINDINGS, QUARANTINED_ROWS, REMEDIES, WAIVED, finding

from schemas.contracts import columns as c
from schemas.contracts.frames import CONTRACTS, FINDINGS, QUARANTINED, Judged, empty

UNIT_06 = "UNIDAD DE ANALISIS DE INFORMACION TECNOLOGICA"
UNIT_63 = "DEPARTAMENTO DE INFORMATICA"
INSTITUTION = "SECRETARIA DE SEGURIDAD Y PROTECCION CIUDADANA DEL ESTADO"
SHA256 = "3f9c" * 16

__all__ = [
    "OPEN_FINDINGS",
    "REMEDIES",
    "WAIVED",
    "clean",
    "crowded",
    "finding",
    "frame",
    "hostile",
    "observed",
    "rejected",
]


def frame(rows: list[dict[str, Any]], name: str) -> pl.DataFrame:
    """``rows`` under the contract ``name``; what a row lacks is null."""
    contract = CONTRACTS[name]
    return pl.DataFrame([{column: row.get(column) for column in contract} for row in rows], schema=contract)


def _units(verdict: str, quality: tuple[float, float], quarantined: int) -> list[dict[str, Any]]:
    rows = (("06", UNIT_06, "principal", 4, quarantined), ("63", UNIT_63, "derived", 3, 0))
    return [
        {
            c.FILE_ID: 0,
            c.UNIT_CODE: code,
            c.UNIT_NAME: name,
            c.LEVEL: level,
            c.VERDICT: verdict,
            c.QUALITY: quality[n],
            c.ROWS_ACCEPTED: accepted,
            c.ROWS_QUARANTINED: set_apart,
            c.FINDINGS: 0 if verdict == "aceptado" else 9 - n,
        }
        for n, (code, name, level, accepted, set_apart) in enumerate(rows)
    ]


def observed() -> Judged:
    """Observado: findings of every kind but archivo, one quarantined row, one waived finding."""
    return Judged(
        files=_file("observado", 92.4, accepted=7, quarantined=1),
        units=frame(_units("observado", (93.1, 90.8), 1), "units"),
        header=frame([_header(c.INSTITUTION, INSTITUTION, 3)], "header"),
        budget=frame(
            [
                {c.FILE_ID: 0, c.LINE: n, c.LEVEL: level, c.UNIT_CODE: code, c.SHEET: "POA 1", c.ROW: 5 + n}
                for n, (level, code) in enumerate((("programme", None), ("principal", "06"), ("derived", "63")))
            ],
            "budget",
        ),
        activities=frame(ACTIVITY_ROWS, "activities"),
        pages=empty(CONTRACTS["pages"]),
        quarantined=frame(QUARANTINED_ROWS, "quarantined"),
        extra=empty(CONTRACTS["extra"]),
        answers=empty(CONTRACTS["answers"]),
        findings=frame([*OPEN_FINDINGS, WAIVED], "findings"),
    )


def clean() -> Judged:
    """Aceptado, without any finding."""
    return replace(
        observed(),
        files=_file("aceptado", 100.0, accepted=7, quarantined=0),
        units=frame(_units("aceptado", (100.0, 100.0), 0), "units"),
        quarantined=empty(QUARANTINED),
        findings=empty(FINDINGS),
    )


def rejected(name: str = "POA final (2).xls", sender: str | None = None) -> Judged:
    """Rechazado: a file that could not be read."""
    told = finding(
        "A01",
        "archivo",
        value=name,
        expected="un libro de Excel (.xlsx, .xls u .ods)",
        message="El archivo es una página web guardada con terminación .xls; no es un libro de Excel.",
    )
    bare = {name: empty(contract) for name, contract in CONTRACTS.items()}
    file = _file("rechazado", None, accepted=0, quarantined=0, name=name, sender=sender)
    return Judged(**{**bare, "files": file, "findings": frame([told], "findings")})


def crowded(number: int = 200) -> Judged:
    """Observado, with ``number`` findings over many activities."""
    rows = [
        finding(
            ("R05", "R07", "R13", "R15")[n % 4],
            ("aviso", "aviso", "aviso", "nota")[n % 4],
            at=f"POA {n // 20 + 1}!{'HREG'[n % 4]}{27 + n % 20}",
            unit_code="06",
            activity_no=n + 1,
            field=(c.ANNUAL_TARGET, c.REPORTED_PROGRESS, c.STRATEGY_CODE, c.MEASURE_UNIT)[n % 4],
            value=str(n),
            expected=str(n + 1),
            message=f"Dice {n}; se esperaba {n + 1}.",
            points=0.1,
        )
        for n in range(number)
    ]
    return replace(observed(), findings=frame(rows, "findings"))


def hostile() -> Judged:
    """Texts that would run as a script or a formula or turn the direction of writing, and one without end."""
    rows = [
        finding(
            "R99",
            "aviso",
            at="POA 1!C27",
            unit_code="06",
            activity_no=1,
            field=c.DESCRIPTION,
            value="<script>alert(1)</script><img src=x onerror=alert(2)>",
            expected="=cmd|' /C calc'!A0",
            message="</td></table><style>*{display:none}</style> \x07 \u202e.slx",
            points=0.5,
        ),
        finding(
            "R98",
            "aviso",
            at="POA 1!C28",
            unit_code="06",
            activity_no=2,
            field=c.JUSTIFICATION,
            value="sin espacios" + "x" * 4000,
            expected="@SUM(A1)",
            message="Un texto larguísimo. " * 400,
            points=0.5,
        ),
    ]
    judged = observed()
    units = judged.units.with_columns(pl.lit('<b onclick="alert(3)">UNIDAD</b>').alias(c.UNIT_NAME))
    activities = judged.activities.with_columns(pl.lit("<script>alert(4)</script>").alias(c.DESCRIPTION))
    return replace(judged, units=units, activities=activities, findings=frame(rows, "findings"))


def _file(
    verdict: str,
    quality: float | None,
    accepted: int,
    quarantined: int,
    name: str = "POA_2024_UR06.xlsx",
    sender: str | None = "06",
) -> pl.DataFrame:
    row = {
        c.FILE_ID: 0,
        c.FILE: name,
        c.SHA256: SHA256,
        c.BYTES: 31_000,
        c.SENDER: sender,
        c.VERDICT: verdict,
        c.QUALITY: quality,
        c.ROWS_FOUND: accepted + quarantined,
        c.ROWS_ACCEPTED: accepted,
        c.ROWS_QUARANTINED: quarantined,
    }
    return frame([row], "files")


def _header(field: str, text: str, row: int) -> dict[str, Any]:
    return {c.FILE_ID: 0, c.FIELD: field, c.TEXT: text, c.SHEET: "POA 1", c.ROW: row, c.COL: 3}
