"""Workbooks sent in given layouts, and what the data path makes of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from founding import founding_content

from flows.document import documents
from flows.path import Batch, InboxFile, judged
from schemas.contracts import columns as c
from schemas.contracts.evidence import Context
from workbooks.form.content import BudgetLine, WorkbookContent
from workbooks.form.layout import CLEAN, Layout
from workbooks.form.write import write_form
from workbooks.reading.admission import Limits

CREATED = datetime(2024, 10, 3, 9, 0)
THIRD_UNIT = ("09", "DEPARTAMENTO DE RECURSOS HUMANOS")
PLACES = ("sheet", "row")
# What a layout deserves to be told: a hidden copy, columns moved, columns unknown.
LAYOUTS_OWN = frozenset({"A04", "A06", "A07"})
# Ten times 69,740.00 is not 697,403.00: cents leave no room for what pesos rounded away.
TO_THE_CENT = frozenset({"P01", "P02", "P03"})
LISTED = 12
WRITTEN_PROGRESS = 0.0051  # a ratio's room where it is written in whole points


def sent_content() -> WorkbookContent:
    """The founding workbook's content with a second derived unit and a real date."""
    content = founding_content()
    programme, *units = content.budget
    rows = [{**row, c.UNIT_CODE: int(THIRD_UNIT[0])} for row in content.activities[-4:-2]]
    amounts = {c.ASSIGNED_AMOUNT: sum(int(str(row[c.ASSIGNED_AMOUNT])) for row in rows)}
    third = BudgetLine("derived", THIRD_UNIT[1], THIRD_UNIT[0], {**units[-1].values, **amounts})
    whole = int(str(programme.values[c.ASSIGNED_AMOUNT])) + amounts[c.ASSIGNED_AMOUNT]
    return replace(
        content,
        header={**content.header, c.DRAWN_UP_ON: date(2024, 3, 15)},
        budget=(replace(programme, values={**programme.values, c.ASSIGNED_AMOUNT: whole}), *units, third),
        activities=(*content.activities, *rows),
    )


@dataclass(frozen=True, repr=False)
class Reader:
    """Sends workbooks by way of ``folder`` and reads them; its name is all that a failing example shows of it."""

    folder: Path
    context: Context
    limits: Limits

    def documents(self, layouts: Sequence[Layout]) -> list[dict[str, Any]]:
        """The document of each layout's workbook, all judged as one batch."""
        files = []
        for number, layout in enumerate(layouts):
            path = self.folder / f"{number}.xlsx"
            write_form(path, self.context.form, sent_content(), created=CREATED, layout=layout)
            files.append(InboxFile(path, path.name, f"{number:064}", path.stat().st_size))
        return documents(judged(Batch(files), self.context, self.limits), self.context)

    @cached_property
    def clean(self) -> dict[str, Any]:
        """The document of the clean form."""
        return self.documents([CLEAN])[0]

    def misread(self, found: dict[str, Any], layout: Layout) -> dict[str, Any]:
        """What a workbook in ``layout`` is read to say otherwise than the clean form; at most LISTED facts."""
        facts_off = different(facts(found), facts(self.clean))
        ours, theirs = findings(found, layout), findings(self.clean, layout)
        listed = dict(list(facts_off.items())[:LISTED])
        parts = {"facts": listed, "new": dict(ours - theirs), "gone": dict(theirs - ours)}
        return {name: part for name, part in parts.items() if part}


def facts(document: dict[str, Any]) -> dict[str, Any]:
    """What the workbook says, by address within the document, without the places on its sheets."""
    said: dict[str, Any] = {name: document[name] for name in ("form", "fiscal_year", "control", "header")}
    units = {unit["unit_code"]: unit for unit in document["units"]}
    for code, unit in units.items():
        rows = [{name: value for name, value in row.items() if name not in PLACES} for row in unit["activities"]]
        kept = {name: unit[name] for name in ("unit_name", "budget")}
        said[code] = {**kept, **{row[c.ACTIVITY_NO]: row for row in rows}, "quarantined": len(unit["quarantined"])}
    return {"units": list(units), **_flat(said)}


def findings(document: dict[str, Any], layout: Layout) -> Counter[tuple[Any, ...]]:
    """What is found about the workbook whatever its layout: rule, severity, unit, activity, field."""
    own = LAYOUTS_OWN | (TO_THE_CENT if layout.numbers.endswith(".00") else frozenset())
    keys = (c.RULE, c.SEVERITY, c.UNIT_CODE, c.ACTIVITY_NO, c.FIELD)
    return Counter(tuple(f[key] for key in keys) for f in document["findings"] if f[c.RULE] not in own)


def different(found: dict[str, Any], expected: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Facts that differ, as (found, expected) by address; one that is on one side only has None on the other."""
    return {
        at: (found.get(at), expected.get(at))
        for at in sorted({*found, *expected})
        if not _same(at, found.get(at), expected.get(at))
    }


def _same(at: str, found: Any, expected: Any) -> bool:
    if at.endswith(c.REPORTED_PROGRESS) and isinstance(found, int | float) and isinstance(expected, int | float):
        return abs(found - expected) <= WRITTEN_PROGRESS
    return bool(found == expected)


def _flat(value: Any, at: str = "") -> dict[str, Any]:
    if isinstance(value, list):
        value = dict(enumerate(value))
    if not isinstance(value, dict):
        return {at: value}
    return {name: deep for key, inner in value.items() for name, deep in _flat(inner, f"{at}.{key}".strip(".")).items()}
