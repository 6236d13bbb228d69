"""Which tests a worker of pytest-xdist takes together, and which come first.

A file's tests stay together: what they share is made once. So do files that share what takes long to start. What takes
long comes first: the workers then end at the same time.
"""

from __future__ import annotations

import pytest
from xdist.scheduler.loadfile import LoadFileScheduling

PREFECT = "Prefect's test server"
YEAR = "the year of twelve units"
SHARED = {
    "tests/flows/test_quarterly.py": PREFECT,
    "tests/flows/test_scheduled.py": PREFECT,
    "tests/warehouse/test_a_year.py": YEAR,
    "tests/warehouse/test_secretariat_figures.py": YEAR,
    "tests/warehouse/test_secretariat_page_figures.py": YEAR,
    "tests/warehouse/test_secretariat_workbook_figures.py": YEAR,
}
# Files whose tests are many and short.
LAST = "tests/unit/"


class ByWhatTheyShare(LoadFileScheduling):
    """Hands out files, some of them together, in the order in which they were collected."""

    def _split_scope(self, nodeid: str) -> str:
        return work_unit(nodeid)


def work_unit(nodeid: str) -> str:
    """The name under which a test is handed out."""
    file = nodeid.partition("::")[0]
    return SHARED.get(file, file)


def place(item: pytest.Item) -> int:
    """Sorts tests: those that want Prefect's server, in a row, the others of shared files, the rest, the short ones."""
    file = item.nodeid.partition("::")[0]
    if "prefect_server" in getattr(item, "fixturenames", ()):
        return 0
    return 1 if file in SHARED else 3 if file.startswith(LAST) else 2
