"""Spec tables: rows in, findings out, as text that reads like a table of the rule book."""

from __future__ import annotations

import polars as pl

from schemas.contracts import columns as c


def table(text: str) -> list[dict[str, str]]:
    """Lines of cells divided by ``|``, the first naming the columns; an empty cell is an empty cell."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    head, *rows = lines
    return [dict(zip(head, row, strict=True)) for row in rows]


def summary(findings: pl.DataFrame, rule: str) -> list[str]:
    """``severity field: found → expected`` of each finding of ``rule``, in order of row."""
    rows = findings.filter(pl.col(c.RULE) == rule).sort(c.ROW, c.COL)
    return [
        f"{severity} {field}: {value or ''} → {expected or ''}".rstrip(" →")
        for severity, field, value, expected in rows.select(c.SEVERITY, c.FIELD, c.VALUE, c.EXPECTED).iter_rows()
    ]
