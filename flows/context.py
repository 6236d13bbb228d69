"""The context of a run out of its settings: form, policy, catalogues and the quarter asked for."""

from __future__ import annotations

from config.calendar import Window, load_calendar
from config.catalog import load_catalog
from config.form import load_form
from config.policy import load_policy
from config.settings import Settings
from schemas.contracts.context import Context
from schemas.contracts.core import usable
from workbooks.reading.admission import Limits


def context(year: int, quarter: int, settings: Settings) -> tuple[Context, Window]:
    """Context and reporting window of a quarter; raises ConfigError where a file is missing or wrong."""
    folder = settings.config_dir
    window = load_calendar(folder).of(year, quarter)
    form, policy, catalog = usable(load_form(year, folder)), load_policy(folder), load_catalog(folder)
    return Context(year, quarter, window.ends, form, policy, catalog, settings.apply_proposals), window


def limits_of(settings: Settings) -> Limits:
    """What one workbook may weigh by the settings."""
    return Limits(settings.max_bytes, settings.max_expanded_bytes, settings.max_sheets, settings.max_cells)
