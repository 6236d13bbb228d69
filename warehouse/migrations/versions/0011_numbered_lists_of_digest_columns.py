"""A snapshot states by which numbered list of columns its digest was computed; those of before have the first list."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column."""
    op.add_column("snapshot", sa.Column("digest_columns", sa.Integer(), nullable=False, server_default="1"))


def downgrade() -> None:
    """Drops it."""
    op.drop_column("snapshot", "digest_columns")
