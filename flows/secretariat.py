"""The secretariat's report out of a published version."""

from __future__ import annotations

from reports.secretariat import Secretariat, secretariat
from warehouse.connect import Warehouse
from warehouse.figure_cells import figure_cells
from warehouse.queries import view
from warehouse.standing import standing


def report_of(warehouse: Warehouse, year: int, quarter: int, version: int | None = None) -> Secretariat:
    """What the report says of the version, else the last one; raises WarehouseError where there is none such."""
    of = standing(warehouse, year, quarter, version)
    return secretariat(
        lambda name, quarter, version: view(warehouse, name, year=year, quarter=quarter, version=version),
        of,
        figure_cells(warehouse, year, quarter, of.version),
    )
