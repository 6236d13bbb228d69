"""Which tests a worker of pytest-xdist takes together, and which come first.

A file's tests stay together: what they share is made once. So do files that share what takes long to start. What takes
long comes first: the workers then end at the same time.
"""

from __future__ import annotations

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


def place(nodeid: str) -> int:
    """Sorts tests: those of shared files, the other ones, the short ones."""
    file = nodeid.partition("::")[0]
    return 0 if file in SHARED else 2 if file.startswith(LAST) else 1
