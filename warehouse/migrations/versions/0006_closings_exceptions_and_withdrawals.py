"""Quarters are closed, exceptions open them again, and submissions are taken back.

Every quarter published before is open, and nothing was taken back.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the three tables, empty."""
    op.create_table(
        "closing",
        *_wholes("id", "year", "quarter", "run_id"),
        *_texts("author", "reason"),
        sa.Column("closed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_closing"),
        sa.UniqueConstraint("year", "quarter", name="uq_closing_year_quarter"),
        _refers("closing", "run"),
    )
    op.create_table(
        "closing_exception",
        *_wholes("id", "year", "quarter"),
        sa.Column("unit_code", sa.Text()),
        *_texts("author", "reason"),
        sa.Column("granted_at", sa.DateTime(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_closing_exception"),
    )
    op.create_table(
        "withdrawal",
        *_wholes("id", "submission_id", "run_id"),
        *_texts("author", "reason"),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=False),
        sa.Column("readmitted_at", sa.DateTime()),
        sa.Column("readmitted_on", sa.Date()),
        sa.PrimaryKeyConstraint("id", name="pk_withdrawal"),
        _refers("withdrawal", "submission"),
        _refers("withdrawal", "run"),
    )


def downgrade() -> None:
    """Drops them: every quarter is open, every submission stands."""
    for table in ("withdrawal", "closing_exception", "closing"):
        op.drop_table(table)


def _wholes(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), nullable=False, autoincrement=False) for name in names]


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _refers(table: str, to: str) -> sa.ForeignKeyConstraint:
    column = f"{to}_id"
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}_{to}")
