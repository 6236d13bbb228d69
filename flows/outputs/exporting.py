"""A published version out of the warehouse into files."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from config.errors import UsageError
from config.form import load_form
from config.settings import Settings
from reports.open_data.export import Format, export
from warehouse.connect import open_warehouse
from warehouse.queries.published import versions, view


def export_version(
    year: int, quarter: int, version: int | None, out: Path, kind: Format, settings: Settings
) -> list[Path]:
    """The files written; raises UsageError where the quarter has no such version, naming those that there are."""
    form = load_form(year, settings.config_dir)
    with open_warehouse(settings.warehouse) as warehouse:
        published = versions(warehouse).filter(year=year, quarter=quarter).get_column("version").to_list()
        if not published:
            raise UsageError(f"{year} T{quarter} has no snapshot; run `poa consolidate` first")
        chosen = version or max(published)
        if chosen not in published:
            raise UsageError(f"{year} T{quarter} has no version {chosen}; there are {', '.join(map(str, published))}")
        read = partial(view, warehouse, year=year, quarter=quarter, version=chosen)
        return export(read, form, out, kind, year=year, quarter=quarter, version=chosen)
