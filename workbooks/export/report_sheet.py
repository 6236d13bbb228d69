"""What a report's workbook is made of: sheets of tables one below another, and charts that point at their cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

Value: TypeAlias = str | float | datetime | None
# How a column is written: `mark` is a word that is coloured by what it says; `figure` is as its row's kind says.
Kind: TypeAlias = Literal[
    "text",
    "code",
    "long",
    "mark",
    "whole",
    "pesos",
    "ratio",
    "ratio change",
    "index",
    "index change",
    "measure",
    "moment",
    "figure",
    "figure change",
]
TOP = 3  # rows of a sheet above its first table, from 0: title, subject, an empty one


@dataclass(frozen=True)
class TableColumn:
    """A column: ``width`` in characters; ``total`` is told of the rows that the filter shows."""

    heading: str
    kind: Kind
    width: float
    total: Literal["sum", "mean", "count"] | None = None


@dataclass(frozen=True)
class Table:
    """A table under its ``title``; ``kinds`` are the rows' own, for columns of figures.

    ``space`` rows stay free above it, for a chart; ``empty`` is said where it has no rows. A column of the kind
    ``figure change`` is written as the difference of the two columns before it.
    """

    columns: tuple[TableColumn, ...]
    rows: Sequence[Sequence[Value]]
    title: str = ""
    empty: str = "Ninguno."
    kinds: tuple[Kind, ...] = ()
    space: int = 0

    @property
    def totals(self) -> bool:
        """Whether a row of totals stands above the headings."""
        return bool(self.rows) and any(column.total for column in self.columns)


@dataclass(frozen=True)
class CellBlock:
    """A block of cells below a table's headings: first and last row and column from 0, both counted."""

    sheet: str
    table: int
    rows: tuple[int, int]
    columns: tuple[int, int]


@dataclass(frozen=True)
class Series:
    """Values over their categories; ``colours``: one of the series, or one a point; ``labels``: a text a point."""

    name: str
    categories: CellBlock
    values: CellBlock
    colours: tuple[str, ...]
    line: bool = False
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chart:
    """A native chart at (row, column) of its sheet; ``size`` in pixels; ``axes`` are titles of the x and y axis.

    ``number`` is the values' format; ``legend`` tells the series apart where colours do; ``ends`` are the least and
    most of the values, ``across`` those of a scatter's other axis.
    """

    kind: Literal["column", "bar", "line", "scatter"]
    title: str
    series: tuple[Series, ...]
    at: tuple[int, int]
    size: tuple[int, int]
    number: str
    axes: tuple[str, str] = ("", "")
    legend: bool = False
    ends: tuple[float, float | None] = (0, None)
    across: tuple[float, float | None] = (0, None)


@dataclass(frozen=True)
class ReportSheet:
    """A sheet: the first table is frozen below its headings, filtered where ``filtered``, its headings printed again.

    ``notes`` are titles and texts at the end; ``printed`` is how many columns go to paper, all where it is 0.
    """

    name: str
    title: str
    tables: tuple[Table, ...]
    frozen_columns: int = 0
    printed: int = 0
    filtered: bool = True
    charts: tuple[Chart, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    # Columns that notes stretch over.
    across: int = 8

    def headings(self) -> Iterator[int]:
        """The row of each table's headings, from 0."""
        row = TOP
        for table in self.tables:
            row += table.space + bool(table.title) + table.totals
            yield row
            row += max(len(table.rows), 1) + 2

    @property
    def end(self) -> int:
        """The first row below the tables' last, from 0."""
        rows = list(self.headings())
        return rows[-1] + max(len(self.tables[-1].rows), 1) + 1 if rows else TOP


@dataclass(frozen=True)
class Report:
    """A workbook: ``subject`` stands below each sheet's title, ``footer`` on each printed page."""

    title: str
    subject: str
    footer: str
    sheets: tuple[ReportSheet, ...]
