"""What units answer in their sheet of observations is stored, and with which findings a version shows it.

Workbooks judged before have no answers: no sheet of observations had been read.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the tables."""
    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("judgement_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text()),
        sa.Column("activity_no", sa.BigInteger()),
        *(sa.Column(name, sa.Text()) for name in ("label", "sheet", "cell")),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_answer"),
        sa.ForeignKeyConstraint(["judgement_id"], ["judgement.id"], name="fk_answer_judgement_id_judgement"),
    )
    op.create_index("ix_answer_judgement_id", "answer", ["judgement_id"])
    parents = ("snapshot", "finding", "answer")
    op.create_table(
        "snapshot_answer",
        *(sa.Column(f"{name}_id", sa.Integer(), nullable=False, autoincrement=False) for name in parents),
        sa.PrimaryKeyConstraint("snapshot_id", "finding_id", name="pk_snapshot_answer"),
        *(
            sa.ForeignKeyConstraint([f"{name}_id"], [f"{name}.id"], name=f"fk_snapshot_answer_{name}_id_{name}")
            for name in parents
        ),
    )


def downgrade() -> None:
    """Drops them, with what they hold."""
    op.drop_table("snapshot_answer")
    op.drop_table("answer")
