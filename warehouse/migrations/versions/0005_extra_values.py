"""Values beyond the core of the form are stored: of fields without a column of their own, and of unknown columns.

What was stored before has none: its workbooks lie in the archive.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the table."""
    op.create_table(
        "extra_value",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("judgement_id", sa.Integer(), nullable=False),
        sa.Column("unit_code", sa.Text()),
        sa.Column("activity_no", sa.BigInteger()),
        *(sa.Column(name, sa.Text()) for name in ("field", "label")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("value", "sheet")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("row", "col")),
        sa.Column("cell", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_extra_value"),
        sa.ForeignKeyConstraint(["judgement_id"], ["judgement.id"], name="fk_extra_value_judgement_id_judgement"),
    )
    op.create_index("ix_extra_value_judgement_id", "extra_value", ["judgement_id"])


def downgrade() -> None:
    """Drops it, with what it holds."""
    op.drop_table("extra_value")
