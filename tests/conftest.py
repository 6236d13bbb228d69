"""What all tests share: the founding workbook, its truth, and the context of its quarter."""

from __future__ import annotations

import gc
import json
from datetime import date
from pathlib import Path
from typing import Any

import one_thread  # noqa: F401
import pytest
from hypothesis import settings
from openpyxl.worksheet.merge import MergedCellRange

from config.catalog import load_catalog
from config.form import Form, load_form
from config.policy import load_policy
from schemas.contracts.evidence import Context
from workbooks.reading.admission import Limits

# No test looks at the borders that openpyxl draws round merged cells: they take most of the time to load a workbook.
MergedCellRange.format = lambda _: None

# No test looks at the clock.
settings.register_profile("poa", deadline=None)
settings.load_profile("poa")

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    from work_units import ByWhatTheyShare

    config.option.loadscopereorder = False
    return ByWhatTheyShare(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In one process too, so that a test has the same ones before it."""
    from work_units import place

    items.sort(key=place)


def pytest_collection_finish() -> None:
    """What is there by now stays: the garbage collector need not walk through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def founding() -> Path:
    """The founding workbook, clean form."""
    return Path(__file__).parent.parent / "workbooks" / "sample" / "POA_2024_UR06.xlsx"


@pytest.fixture(scope="session")
def as_printed() -> Path:
    """The founding workbook as it was printed, with its mess."""
    return FIXTURES / "POA_2024_UR06_as_printed.xlsx"


@pytest.fixture(scope="session")
def truth() -> dict[str, Any]:
    """What both workbooks say."""
    document: dict[str, Any] = json.loads((FIXTURES / "poa_2024_ur06.json").read_text(encoding="utf-8"))
    return document


@pytest.fixture(scope="session")
def form() -> Form:
    return load_form(2024)


@pytest.fixture(scope="session")
def third_quarter(form: Form) -> Context:
    """The third quarter of 2024, as shipped."""
    return Context(2024, 3, date(2024, 9, 30), form, load_policy(), load_catalog())


@pytest.fixture(scope="session")
def upgraded_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with nothing in it, whose schema is current: copying it is quicker than making another."""
    from warehouse.connect import open_warehouse

    path = tmp_path_factory.mktemp("sqlite") / "upgraded.db"
    open_warehouse(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def limits() -> Limits:
    return Limits(max_bytes=20 * 1024**2, max_expanded_bytes=400 * 1024**2, max_sheets=60, max_cells=2_000_000)
