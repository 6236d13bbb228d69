"""Units are told things by mail: which messages, about what, to whom, and what became of each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds both tables."""
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("told", sa.Text()),
        sa.Column("submission_id", sa.Integer()),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("first_tried_at", sa.DateTime(), nullable=False),
        sa.Column("sent_at", sa.DateTime()),
        sa.Column("reason", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint("content", name="uq_message_content"),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name="fk_message_submission_id_submission"),
    )
    op.create_index("ix_message_year_quarter", "message", ["year", "quarter"])
    op.create_table(
        "message_receipt",
        sa.Column("message_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("submission_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("message_id", "submission_id", name="pk_message_receipt"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_message_receipt_message_id_message"),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name="fk_message_receipt_submission_id_submission"
        ),
    )


def downgrade() -> None:
    """Drops them."""
    op.drop_table("message_receipt")
    op.drop_index("ix_message_year_quarter", "message")
    op.drop_table("message")
