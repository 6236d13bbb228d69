"""A table's column labels under their group headers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from config.form import Field, Form, Group
from workbooks.form.job import Job
from workbooks.form.style import MergedArea, Pen
from workbooks.form.wording import label, spelled, worded

LONE_HEIGHT = 60.0  # points, of column labels in a single row, which say their group too


@dataclass(frozen=True)
class FieldColumns:
    """A field's columns in a table, counted from 0."""

    field: Field
    left: int
    right: int


def heads(pen: Pen, job: Job, columns: Sequence[FieldColumns], top: int, heights: Sequence[float]) -> int:
    """A table's heads: groups over their columns, each label down to the bottom; returns the row below."""
    chains = [_chain(job, column.field) for column in columns]
    depth = 1 + max(len(chain) for chain in chains)
    for level in range(depth):
        height = heights[min(level, len(heights) - 1)] if depth > 1 else LONE_HEIGHT
        pen.row_height(top + level, height)
        for group, left, right in _runs(columns, chains, level):
            _band(pen, job, MergedArea(top + level, left, top + level, right), label(job.form, group, job.layout))
    for column, chain in zip(columns, chains, strict=True):
        area = MergedArea(top + len(chain), column.left, top + depth - 1, column.right)
        _band(pen, job, area, column_label(job, column.field))
    return top + depth


def column_label(job: Job, field: Field) -> str:
    """A column's own label; with its group's where the layout prints no group headers."""
    groups = {group.name: group for group in job.form.group if group.block == field.block}
    group = groups.get(field.group or "")
    if job.layout.head_rows > 1 or group is None:
        return label(job.form, field, job.layout)
    parent = groups.get(group.parent or "")
    words = f"{worded(group, job.layout)} {worded(field, job.layout)}" if field.quarter else worded(field, job.layout)
    return spelled(words, field.number or group.number or (parent.number if parent else None), job.layout)


def _band(pen: Pen, job: Job, area: MergedArea, text: str) -> None:
    if job.layout.heads == "merged":
        pen.area(area, text, "band")
        return
    row = area.top if job.layout.heads == "top" else area.bottom
    for blank in range(area.top, area.bottom + 1):
        for col in range(area.left, area.right + 1):
            pen.cell(blank, col, text if (blank, col) == (row, area.left) else None, "band")


def _runs(
    columns: Sequence[FieldColumns], chains: Sequence[tuple[Group, ...]], level: int
) -> Iterator[tuple[Group, int, int]]:
    """Each group header of a level: the group, its first and its last column."""
    pairs = zip(columns, chains, strict=True)
    for prefix, run in groupby(pairs, key=lambda pair: pair[1][: level + 1]):
        members = [column for column, _ in run]
        if len(prefix) > level:
            yield prefix[level], members[0].left, members[-1].right


def _chain(job: Job, field: Field) -> tuple[Group, ...]:
    """The groups that the layout prints over a field, outermost first."""
    chain = _all_groups(job.form, field)
    if job.layout.head_rows == 1:
        return ()
    if job.layout.head_rows == 3 or field.block != "activity":
        return chain
    *outer, inner = chain or (None,)
    if inner is None or not outer:
        return ()
    number = next((group.number for group in (inner, *reversed(outer)) if group and group.number), None)
    return (inner.model_copy(update={"number": number}),)


def _all_groups(form: Form, field: Field) -> tuple[Group, ...]:
    """Every group over a field; a numeric field joins the group whose number it bears."""
    groups = {group.name: group for group in form.group if group.block == field.block}
    near = [g for g in groups.values() if field.numeric and g.number is not None and g.number == field.number]
    group = groups[field.group] if field.group else next(iter(near), None)
    chain: list[Group] = []
    while group is not None:
        chain.insert(0, group)
        group = groups.get(group.parent) if group.parent else None
    return tuple(chain)
