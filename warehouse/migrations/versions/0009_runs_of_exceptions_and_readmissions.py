"""Exceptions and readmissions keep the run that brought them, as closings and withdrawals do.

When a workbook was received again says nothing about when the warehouse learnt of it: which version came before is
told by the run. Those of before have none, and go by their instants.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

COLUMNS = {"closing_exception": "run_id", "withdrawal": "readmitted_run_id"}


def upgrade() -> None:
    """Adds the columns."""
    for table, column in COLUMNS.items():
        op.add_column(table, sa.Column(column, sa.Integer()))


def downgrade() -> None:
    """Drops them."""
    for table, column in COLUMNS.items():
        op.drop_column(table, column)
