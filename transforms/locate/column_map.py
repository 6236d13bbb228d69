"""Which column holds which field: labels and their group headers decide, once per distinct pattern of labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from schemas.contracts import columns as c
from schemas.contracts.query import collected
from transforms.locate.labels import FIELD, GROUP

PAGE_KEY = (c.FILE_ID, c.SHEET_NO, c.PAGE)
ROW_KEY = (*PAGE_KEY, c.ROW)
PATTERN = "pattern"


@dataclass(frozen=True)
class Meaning:
    """One thing that a label cell may mean: a group header or a field (under ``group``, or under none)."""

    row: int
    col: int
    last_col: int
    role: str
    name: str
    group: str | None


def column_map(labelled: pl.DataFrame) -> pl.DataFrame:
    """Columns of one block on every page: file_id, sheet_no, page, col, field.

    ``labelled`` holds the block's label cells only, a row per meaning. The map of a pattern is worked out once,
    however many pages show it.
    """
    if labelled.is_empty():
        return pl.DataFrame(schema=_schema(labelled))
    base = collected(
        labelled.lazy()
        .with_columns((pl.col(c.ROW) - pl.col(c.ROW).min().over(PAGE_KEY)).alias(c.ROW))
        .sort(*PAGE_KEY, c.ROW, c.COL, c.NAME)
    )
    shape = pl.concat_str([c.ROW, c.COL, c.LAST_COL, c.TEXT_ID], separator=":")
    patterns = base.group_by(PAGE_KEY, maintain_order=True).agg(shape.str.join("|").alias(PATTERN))
    examples = patterns.unique(PATTERN, keep="first", maintain_order=True)
    maps: dict[str, list[tuple[int, str]]] = {}
    for *page, pattern in examples.select(*PAGE_KEY, PATTERN).iter_rows():
        rows = base.filter(*(pl.col(k) == v for k, v in zip(PAGE_KEY, page, strict=True)))
        maps[pattern] = sorted(fields_by_column(_meanings(rows)).items())
    columns = pl.DataFrame(
        [(pattern, col, name) for pattern, pairs in maps.items() for col, name in pairs],
        schema={PATTERN: pl.String, c.COL: pl.Int32, c.FIELD: pl.String},
        orient="row",
    )
    return patterns.join(columns, on=PATTERN, how="inner").drop(PATTERN)


def fields_by_column(meanings: Sequence[Meaning]) -> dict[int, str]:
    """The field of each labelled column.

    A label that may mean several fields ("1er. TRIM") means the one whose group header stands over it. A field that
    two columns claim belongs to the one under the field's own group header, then to the first; a label that stays
    ambiguous names no column.
    """
    groups = [m for m in meanings if m.role == GROUP]
    claims: list[Meaning] = []
    for place in sorted({(m.row, m.col) for m in meanings if m.role == FIELD}):
        here = [m for m in meanings if m.role == FIELD and (m.row, m.col) == place]
        fitting = here if len(here) == 1 else [m for m in here if _covered(m, groups)]
        claims += fitting if len(fitting) == 1 else []
    columns: dict[int, str] = {}
    for claim in sorted(claims, key=lambda m: (not _covered(m, groups), m.row, m.col)):
        if claim.col not in columns and claim.name not in columns.values():
            columns[claim.col] = claim.name
    return columns


def _covered(field: Meaning, groups: Sequence[Meaning]) -> bool:
    """Whether the nearest group header above the column is the field's own."""
    above = [g for g in groups if g.row < field.row and g.col <= field.col <= _reach(g, groups)]
    return bool(above) and max(above, key=lambda g: (g.row, g.col)).name == field.group


def _reach(group: Meaning, groups: Sequence[Meaning]) -> int:
    """Last column under a group header: its merged area, or up to the next group header where it is not merged."""
    if group.last_col > group.col:
        return group.last_col
    right = [g.col for g in groups if g.row == group.row and g.col > group.col]
    return min(right) - 1 if right else 2**15


def _meanings(rows: pl.DataFrame) -> list[Meaning]:
    return [Meaning(*row) for row in rows.select(c.ROW, c.COL, c.LAST_COL, c.ROLE, c.NAME, c.GROUP).iter_rows()]


def _schema(labelled: pl.DataFrame) -> dict[str, pl.DataType | type[pl.DataType]]:
    return {**{key: labelled.schema[key] for key in PAGE_KEY}, c.COL: pl.Int32, c.FIELD: pl.String}
