"""What the founding workbook says, as content for the form writer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from schemas.contracts import columns as c
from workbooks.form.content import BudgetLine, Computed, Row, WorkbookContent

TRUTH = Path(__file__).parents[2] / "fixtures" / "poa_2024_ur06.json"
HEAD_OF_UNIT = "Titular de la Unidad de Análisis de la Información Tecnológica"


def founding_content() -> WorkbookContent:
    truth = json.loads(TRUTH.read_text(encoding="utf-8"))
    header = truth["header"]
    return WorkbookContent(
        header={
            c.INSTITUTION: header["institution"],
            c.DRAWN_UP_ON: "15-mar-24",
            **header["ped"],
            **{name: tuple(pair) for name, pair in header["functional"].items()},
            "sector_programme": header["sector_programme"],
        },
        budget=tuple(_line(line) for line in header["budget"]),
        activities=tuple(_activity(activity) for activity in truth["activities"]),
        signatories={
            "drawn_up_by": HEAD_OF_UNIT,
            "integrated_by": HEAD_OF_UNIT,
            "headed_by": "Secretario de Seguridad y Protección Ciudadana del Estado",
        },
    )


def _line(line: dict[str, Any]) -> BudgetLine:
    exercised = dict(zip(c.EXERCISED, line["exercised"], strict=True))
    values = {c.ASSIGNED_AMOUNT: line["assigned"], **exercised, c.REPORTED_PROGRESS: line["percent"]}
    return BudgetLine(line["level"], line["name"], line["code"], values)


def _activity(told: dict[str, Any]) -> Row:
    return {
        c.UNIT_CODE: told["unit"],
        c.ACTIVITY_NO: told["no"],
        c.DESCRIPTION: told["description"],
        c.LEGAL_BASIS: told["legal_basis"],
        c.STRATEGY_CODE: told["strategy"],
        c.ASSIGNED_AMOUNT: told["amount"],
        c.MEASURE_UNIT: told["measure"],
        c.ANNUAL_TARGET: told["annual"],
        **{name: told[f"t{q}"] for q, name in enumerate(c.PLANNED, start=1)},
        **{name: told[f"a{q}"] for q, name in enumerate(c.ACHIEVED, start=1)},
        c.ACHIEVED_TOTAL: Computed(told["total"]),
        c.REPORTED_PROGRESS: Computed(told["total"] / told["annual"]),
        c.PURPOSE: told["objective"],
        c.JUSTIFICATION: told["justification"],
    }
