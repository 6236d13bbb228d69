"""docs/rendimiento.md: what is measured, and the tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.tables import Table

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "rendimiento.md"
EXPLAINED = """\
<!-- written by `python -m benchmarks --write`; not to be edited by hand -->
# Performance

How long it takes to turn an inbox of workbooks into a warehouse, beside others that get the same workbooks:

- **floor**: one process of python-calamine decodes every cell of every sheet into Python values, and does nothing else.
  Nobody who reads the workbooks can be faster by that decoder.
- **pandas + openpyxl script** (`benchmarks/pandas_script.py`): what a careful analyst would write. It reads the
  workbooks and loads them into SQLite, checks nothing, and knows one layout only; the same **with calamine** reads
  faster.
- **dlt + openpyxl pipeline** (`benchmarks/dlt_pipeline.py`): what a data engineer would write; it loads the activities
  into SQLite, and checks nothing either. These three may get fewer workbooks; their time is then taken per workbook.
- **ours**: `poa consolidate --direct`: listing and archiving the files, reading, locating, typing, all rules, verdict,
  load into a fresh SQLite warehouse, publication. Inline is one process; workers are started and warm. *Through
  Prefect* is `poa consolidate`, Prefect's server being up.

The workbooks are written by the form writer, clean, of the founding workbook's size: 2 units, 14 activities, 4 sheets.
Contestants take turns, a round at a time, and ratios are taken within a round, so that whatever else the machine does
befalls them alike; the first round is not counted. After each round the activities in all databases are added up: where
two disagree, there are no figures at all.

*By stage* is ours in one process with a clock at every step of `flows/path.py` and of the load. *Rules alone* judges a
batch that is typed already (the workbooks over again, 5 % of the rows spoilt by turns: sums, holes, words for numbers,
negatives, unknown units, other axes) beside one polars pass that only counts nulls and sums numbers.

*Reports of changed units*: each workbook is judged for the quarter after its own, so that all its activities lack
something; its page is rendered, the workbook itself annotated, checked and written, beside openpyxl that only loads and
saves the same file.

*Public views* are asked for the current version of one quarter, until the last row arrived, in a warehouse of six years
filled by bulk inserts (`benchmarks/filled.py`), two versions a quarter. CPU is processors' work, that of PostgreSQL's
process included.

*Growth* runs each size in a process of its own, over workbooks of one UR with 14 activities each (a UR's code has four
digits at most, so that there are 9,999); *again* is the same inbox over the warehouse that holds it. *Start-up* is a
command from its start to its end; an import's milliseconds are those of all modules of the package itself.

The pandas + openpyxl script takes some 45 times the floor, so that two workers would take little more than twice the
floor to be 20 times as fast. What keeps them from it: reading alone is 1.6 times the floor in each worker, for its
guards look at all parts of a package before calamine may, and each cell becomes a row with its address; typed rows,
rules and verdict come to about as much again; and what one process does alone, before the first batch and after the
last (what the quarter's workbooks are told beside each other and the past, the version, a digest over every row and a
hash of each), keeps no worker busy. The script does none of that.

*Through Prefect* a workbook more costs from 5 to 20 % more, run by run: its server and its tasks, one a batch, share
two cores with two workers that leave none idle, and each gain of ours makes the same work of Prefect's weigh more. Of
`poa check` of one workbook more than half is imports, polars and the rules once, in the guarded worker.

`make bench` prints these tables for 200 workbooks; `.venv/bin/python -m benchmarks --workbooks 1000 --growth --write`
writes this page. `--runs` sets the rounds, `--few` how many workbooks the scripts get. `python -m benchmarks.gate` is
the small one that fails where a run has become twice as long as it was, held against the floor.
"""


def write(summary: str, tables: Sequence[Table]) -> None:
    """Writes the page."""
    parts = [EXPLAINED, f"{summary}\n", *(table.markdown() for table in tables)]
    DOCUMENT.write_text("\n".join(parts), encoding="utf-8")
