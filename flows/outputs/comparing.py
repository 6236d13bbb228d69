"""Two published versions beside each other."""

from __future__ import annotations

import re

import polars as pl

from config.errors import UsageError
from config.form import load_form
from config.settings import Settings
from schemas.contracts import columns as c
from warehouse.connect import open_warehouse
from warehouse.queries.published import changes_between
from warehouse.snapshots.changes import label

VERSION = re.compile(r"(\d{4})T([1-4])\.(\d+)")


def compared(before: str, after: str, settings: Settings) -> pl.DataFrame:
    """Changes from version ``before`` to ``after``, each such as 2024T3.1, with the printed label of the field.

    Columns: unit_code, activity_no, field, label, before, after, file. Raises UsageError where a version is not written
    so, or the years differ.
    """
    first, second = _parsed(before), _parsed(after)
    if first[0] != second[0]:
        raise UsageError(f"{before} and {after} are of different fiscal years, whose activities are not the same")
    with open_warehouse(settings.warehouse) as warehouse:
        found = changes_between(warehouse, first, second)
    return found.with_columns(label(load_form(first[0], settings.config_dir)).alias(c.LABEL))


def _parsed(version: str) -> tuple[int, int, int]:
    read = VERSION.fullmatch(version)
    if read is None:
        raise UsageError(f"a version is written 2024T3.1 (year, quarter, version), not {version}")
    year, quarter, number = (int(part) for part in read.groups())
    return year, quarter, number
