"""How a unit lays the form out: one parameter for each habit, all independent of what the workbook says."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal, TypeAlias, get_args, get_type_hints

Pages: TypeAlias = Literal["sheets", "stacked", "stacked close", "stacked far", "one table", "one table, heads again"]
Catalogue: TypeAlias = Literal["none", "units", "activities"]
HiddenCopy: TypeAlias = Literal["none", "hidden", "very hidden"]
HeaderValues: TypeAlias = Literal["printed", "far", "below", "inside", "paired"]
CodeAndName: TypeAlias = Literal["printed", "space", "dash", "dot", "two cells"]
Case: TypeAlias = Literal["printed", "lower", "upper"]
Quarters: TypeAlias = Literal[
    "printed", "1ER TRIMESTRE", "PRIMER TRIMESTRE", "T1", "Trim. I", "1° Trim", "Trimestre 1", "ENE-MAR"
]
Heads: TypeAlias = Literal["merged", "top", "bottom"]
Added: TypeAlias = Literal["none", "left", "middle", "right", "all"]
UnitCells: TypeAlias = Literal["each", "merged", "once"]
UnitCodes: TypeAlias = Literal["typed", "06", "06 NAME", "UR 06"]
ActivityNumbers: TypeAlias = Literal["typed", "1.", "Act. 1"]
Sums: TypeAlias = Literal["none", "by description", "by unit"]
Numbers: TypeAlias = Literal[
    "stored", "69,740", "69,740.00", "$ 69,740.00", " 69740 ", "69 740", "69\N{NO-BREAK SPACE}740"
]
Percents: TypeAlias = Literal["0.75", "75", "75%", "75.0 %"]
Dates: TypeAlias = Literal[
    "date",
    "serial",
    "15-mar-24",
    "15-MAR-2024",
    "15/03/2024",
    "2024-03-15",
    "15 de marzo de 2024",
    "Tepic, Nay., a 15 de marzo de 2024",
]
Totals: TypeAlias = Literal["formula", "typed"]
Seed: TypeAlias = Literal[0, 1, 2, 3]  # 0: not at all


@dataclass(frozen=True, repr=False)
class Layout:
    """A way to send the form; the defaults are the clean form as the office hands it out.

    Every parameter takes the values of its type, listed from the clean form's own.
    """

    # pages and sheets
    pages: Pages = "sheets"  # stacked: two blank rows between pages; close: none; far: six; heads again: of each UR
    rows_before: Literal[0, 1, 4] = 0
    columns_before: Literal[0, 1, 2] = 0
    letterhead: Literal[0, 1, 2] = 0  # rows above the title
    year_below: bool = False  # the title's second line in a row of its own
    instructions: bool = False  # a first sheet that explains the labels of the form
    catalogue: Catalogue = "none"  # a last sheet with a table of its own
    hidden_sheet: bool = False  # lists for drop-downs
    hidden_copy: HiddenCopy = "none"  # of the form a quarter before, on sheets ahead of the visible ones

    # values of the header
    header_values: HeaderValues = "printed"  # far: a blank cell between label and value; inside: in one cell with it
    # paired: two fields a row in the sections below the budget
    code_and_name: CodeAndName = "printed"  # of functional fields and budget lines
    axis_apart: bool = False  # the code of an axis in a cell of its own
    derived_once: bool = False  # only the first derived unit has the label of its line
    derived_numbered: bool = False  # "UR DERIVADA 2"

    # labels
    unnumbered: bool = False
    unaccented: bool = False
    case: Case = "printed"
    breaks: bool = False  # a line break inside each label
    other_wording: bool = False  # the form's first other spelling of each label
    quarters: Quarters = "printed"
    typos: Seed = 0  # one edit in every long label and in the title

    # column labels
    head_rows: Literal[3, 2, 1] = 3  # 2: without the outer groups; 1: "CALENDARIO 1er. TRIM" in one cell
    heads: Heads = "merged"  # else no cell is merged, and labels stand at the top or at the bottom
    column_numbers: bool = False  # 1, 2, 3 … in a row of its own under the column labels

    # columns of the activities
    shuffled: Seed = 0  # the quarters of a group stay together
    achieved_first: bool = False
    added: Added = "none"  # columns that the form does not have
    hidden_columns: bool = False

    # rows of the activities
    row_gap: Literal[0, 1, 2] = 0  # blank rows between activities
    continued: bool = False  # long descriptions go on in the row below
    unit_cells: UnitCells = "each"
    unit_codes: UnitCodes = "typed"
    unit_bands: bool = False  # the UR in a row of its own over its activities too
    activity_numbers: ActivityNumbers = "typed"
    strategies_merged: bool = False  # over activities of a UR that share one
    sums: Sums = "none"  # subtotal rows per unit and a total row, named in that column
    footnote: bool = False  # a note under each table
    signed_close: bool = False  # the signatures without a gap under the table

    # values
    numbers: Numbers = "stored"  # counts and amounts; the peso sign for amounts only
    percents: Percents = "0.75"
    dates: Dates = "date"  # of dates; a date given as text stays as it is
    totals: Totals = "formula"  # computed values whose operands are numbers

    def __repr__(self) -> str:
        """Only what differs from the clean form."""
        own = {field.name: getattr(self, field.name) for field in fields(self)}
        told = (f"{field.name}={own[field.name]!r}" for field in fields(self) if own[field.name] != field.default)
        return f"Layout({', '.join(told)})"


CLEAN = Layout()


def parameters() -> dict[str, tuple[Any, ...]]:
    """Every value of each parameter, the clean form's own first."""
    hints = get_type_hints(Layout)
    return {
        field.name: (False, True) if hints[field.name] is bool else get_args(hints[field.name])
        for field in fields(Layout)
    }
