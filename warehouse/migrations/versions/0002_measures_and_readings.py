"""Activities gain their unit of measure in its canonical spelling, and how it adds up over quarters.

What was stored before keeps the spelling of its unit and was read as a sum.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds both columns, filled."""
    op.add_column("activity", sa.Column("measure", sa.Text()))
    op.add_column("activity", sa.Column("reading", sa.Text(), nullable=False, server_default="sum"))
    op.execute("UPDATE activity SET measure = measure_unit")


def downgrade() -> None:
    """Drops them."""
    op.drop_column("activity", "reading")
    op.drop_column("activity", "measure")
