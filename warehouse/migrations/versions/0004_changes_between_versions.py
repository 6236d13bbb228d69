"""What each version says otherwise than the one before it, and than the quarter before.

Versions published before have no changes stored; `poa diff` tells those of any two versions.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("against_id", sa.Integer(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("activity_no", sa.BigInteger()),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("before", sa.Text()),
        sa.Column("after", sa.Text()),
        sa.Column("submission_id", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name="pk_change"),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name="fk_change_snapshot_id_snapshot"),
        sa.ForeignKeyConstraint(["against_id"], ["snapshot.id"], name="fk_change_against_id_snapshot"),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name="fk_change_submission_id_submission"),
    )
    op.create_index("ix_change_snapshot_id", "change", ["snapshot_id"])


def downgrade() -> None:
    """Drops it."""
    op.drop_table("change")
