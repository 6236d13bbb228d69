"""Versions have findings of their own (history scope), waivers, and what these make of each UR; known findings.

Versions published before keep what they say: each UR's quality and findings are those of its judgement. How many cells
their workbooks were asked for was not kept.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# A UR without rows of its own in the judgement is one whose workbook was rejected whole.
QUALITY = """
UPDATE snapshot_unit SET findings_waived = 0, quality = COALESCE(
    (SELECT d.quality FROM judgement_unit d
     WHERE d.judgement_id = snapshot_unit.judgement_id AND d.unit_code = snapshot_unit.unit_code),
    (SELECT j.quality FROM judgement j WHERE j.id = snapshot_unit.judgement_id)
) WHERE judgement_id IS NOT NULL
"""
FINDINGS = """
UPDATE snapshot_unit SET findings = COALESCE(
    (SELECT d.findings FROM judgement_unit d
     WHERE d.judgement_id = snapshot_unit.judgement_id AND d.unit_code = snapshot_unit.unit_code),
    (SELECT COUNT(*) FROM finding f WHERE f.judgement_id = snapshot_unit.judgement_id)
) WHERE judgement_id IS NOT NULL
"""


def upgrade() -> None:
    """Adds the columns and tables, and fills what each version says of each UR."""
    for table, columns in _added().items():
        for column in columns:
            op.add_column(table, column)
    of_version = sa.ForeignKey("snapshot.id", name="fk_finding_snapshot_id_snapshot")
    op.add_column("finding", sa.Column("snapshot_id", sa.Integer(), of_version), inline_references=True)
    told = sa.text("snapshot_id IS NOT NULL")
    op.create_index("ix_finding_snapshot_id", "finding", ["snapshot_id"], sqlite_where=told, postgresql_where=told)
    op.execute(QUALITY)
    op.execute(FINDINGS)
    _known()
    _waivers()


def downgrade() -> None:
    """Drops them; findings of history scope go with their versions' column."""
    for table in ("snapshot_waiver", "waiver", "known_finding"):
        op.drop_table(table)
    op.execute("DELETE FROM finding WHERE snapshot_id IS NOT NULL")
    op.drop_index("ix_finding_snapshot_id", "finding")
    with op.batch_alter_table("finding") as finding:  # SQLite drops a column that refers only by copying the table
        finding.drop_column("snapshot_id")
    for table, columns in _added().items():
        for column in columns:
            op.drop_column(table, column.name)


def _added() -> dict[str, list[sa.Column[Any]]]:
    return {
        "judgement": [sa.Column("asked", sa.Integer())],
        "judgement_unit": [sa.Column("asked", sa.Integer())],
        "budget_line": [sa.Column("assigned_amount__half", sa.Double()), sa.Column("columns", sa.Text())],
        "snapshot": [sa.Column("basis", sa.Text())],
        "snapshot_unit": [
            sa.Column("quality", sa.Double()),
            sa.Column("findings", sa.Integer()),
            sa.Column("findings_waived", sa.Integer()),
        ],
    }


def _known() -> None:
    op.create_table(
        "known_finding",
        *_wholes("finding_id", "submission_id"),
        sa.PrimaryKeyConstraint("finding_id", name="pk_known_finding"),
        _refers("known_finding", "finding"),
        _refers("known_finding", "submission"),
    )


def _waivers() -> None:
    op.create_table(
        "waiver",
        *_wholes("id", "year", "quarter"),
        *_texts("rule", "unit_code"),
        sa.Column("activity_no", sa.BigInteger()),
        *_texts("field", "value", "sheet", "cell", null=True),
        *_texts("reason", "author"),
        sa.Column("granted_at", sa.DateTime(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_waiver"),
    )
    op.create_table(
        "snapshot_waiver",
        *_wholes("snapshot_id", "finding_id", "waiver_id"),
        sa.PrimaryKeyConstraint("snapshot_id", "finding_id", name="pk_snapshot_waiver"),
        _refers("snapshot_waiver", "snapshot"),
        _refers("snapshot_waiver", "finding"),
        _refers("snapshot_waiver", "waiver"),
    )


def _wholes(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Integer(), nullable=False, autoincrement=False) for name in names]


def _texts(*names: str, null: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text(), nullable=null) for name in names]


def _refers(table: str, to: str) -> sa.ForeignKeyConstraint:
    column = f"{to}_id"
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}_{to}")
