"""Units, runs, submissions, judgements with their facts and findings, snapshots."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "unit",
    "run",
    "submission",
    "judgement",
    "judgement_unit",
    "header_value",
    "budget_line",
    "activity",
    "activity_quarter",
    "form_page",
    "quarantined_row",
    "finding",
    "snapshot",
    "snapshot_unit",
)


def upgrade() -> None:
    """Makes every table."""
    _receipts()
    _judgements()
    _captured()
    _activities()
    _complaints()
    _snapshots()


def downgrade() -> None:
    """Drops every table, the referring ones first."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _receipts() -> None:
    op.create_table(
        "unit",
        _whole("id"),
        *_text("code", "name"),
        *_text("parent", "contact", null=True),
        _instant("valid_from"),
        _instant("valid_to", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_unit"),
        sa.UniqueConstraint("code", "valid_from", name="uq_unit_code_valid_from"),
    )
    op.create_table(
        "run",
        _whole("id"),
        _instant("started"),
        _instant("finished", null=True),
        *_wholes("year", "quarter"),
        *_text("command"),
        *_text("outcome", null=True),
        *_wholes("seen", "accepted", "observed", "rejected", "unchanged", "skipped", null=True),
        *_wholes("rows_found", "rows_accepted", "rows_quarantined", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
    )
    op.create_table(
        "submission",
        _whole("id"),
        *_wholes("year", "quarter"),
        *_text("sha256", "file"),
        *_wholes("bytes"),
        *_text("sender"),
        _instant("received_at"),
        _instant("received_local"),
        sa.Column("on_time", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_submission"),
        sa.UniqueConstraint("year", "quarter", "sha256", "sender", name="uq_submission_year_quarter_sha256_sender"),
    )


def _judgements() -> None:
    provenance = ("rules_sha256", "form_sha256", "policy_sha256", "catalogs_sha256")
    op.create_table(
        "judgement",
        *_wholes("id", "submission_id"),
        *_text(*provenance),
        *_wholes("run_id", "last_run_id"),
        *_text("sender"),
        *_text("form", null=True),
        *_wholes("fiscal_year", null=True),
        *_text("verdict"),
        *_real("quality"),
        *_wholes("rows_found", "rows_accepted", "rows_quarantined"),
        sa.PrimaryKeyConstraint("id", name="pk_judgement"),
        _refers("judgement", "submission"),
        _refers("judgement", "run"),
        _refers("judgement", "run", column="last_run_id"),
        sa.UniqueConstraint("submission_id", *provenance, name="uq_judgement_submission_id_provenance"),
    )
    op.create_table(
        "judgement_unit",
        *_wholes("id", "judgement_id"),
        *_text("unit_code"),
        *_text("unit_name", null=True),
        *_text("level", "verdict"),
        *_real("quality"),
        *_wholes("rows_accepted", "rows_quarantined", "findings"),
        *_of_judgement("judgement_unit", "unit_code"),
    )


def _captured() -> None:
    op.create_table(
        "header_value",
        *_wholes("id", "judgement_id"),
        *_text("field"),
        *_text("code", "text", "sheet", null=True),
        *_wholes("row", "col", null=True),
        *_of_judgement("header_value", "field"),
    )
    op.create_table(
        "budget_line",
        *_wholes("id", "judgement_id", "line"),
        *_text("level"),
        *_text("unit_code", "unit_name", null=True),
        *_real("assigned_amount", "exercised_q1", "exercised_q2", "exercised_q3", "exercised_q4"),
        *_real("reported_progress"),
        *_text("comments", "sheet", null=True),
        *_wholes("row", null=True),
        *_of_judgement("budget_line", "line"),
    )
    op.create_table(
        "form_page",
        *_wholes("id", "judgement_id"),
        *_text("sheet"),
        *_wholes("page"),
        *_wholes("top_row", "bottom_row", null=True),
        *_text("columns", null=True),
        *_of_judgement("form_page", "sheet", "page"),
    )


def _activities() -> None:
    op.create_table(
        "activity",
        *_wholes("id", "judgement_id"),
        *_text("unit_code"),
        sa.Column("activity_no", sa.BigInteger()),
        *_text("description", "legal_basis", "strategy_code", null=True),
        *_real("assigned_amount"),
        *_text("measure_unit", null=True),
        *_real("annual_target", "achieved_total", "reported_progress"),
        *_text("purpose", "justification", null=True),
        *_text("sheet"),
        *_wholes("page", "row"),
        *_of_judgement("activity", "sheet", "page", "row"),
    )
    op.create_table(
        "activity_quarter",
        *_wholes("activity_id", "quarter"),
        *_real("planned", "achieved"),
        sa.PrimaryKeyConstraint("activity_id", "quarter", name="pk_activity_quarter"),
        _refers("activity_quarter", "activity"),
        sqlite_with_rowid=False,
    )


def _complaints() -> None:
    op.create_table(
        "quarantined_row",
        *_wholes("id", "judgement_id"),
        *_text("unit_code", null=True),
        sa.Column("activity_no", sa.BigInteger()),
        *_text("sheet"),
        *_wholes("page", "row"),
        *_text("rules", "cells", "proposal", null=True),
        *_of_judgement("quarantined_row", "sheet", "page", "row"),
    )
    op.create_table(
        "finding",
        *_wholes("id", "judgement_id"),
        *_text("rule", "severity"),
        *_text("unit_code", null=True),
        sa.Column("activity_no", sa.BigInteger()),
        *_text("sheet", null=True),
        *_wholes("row", "col", null=True),
        *_text("cell", "field", "label", "value", "expected", null=True),
        *_real("difference"),
        *_text("message"),
        *_real("points"),
        sa.Column("waived", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_finding"),
        _refers("finding", "judgement"),
    )
    op.create_index("ix_finding_judgement_id", "finding", ["judgement_id"])


def _snapshots() -> None:
    op.create_table(
        "snapshot",
        *_wholes("id", "year", "quarter", "version"),
        sa.Column("state", sa.Text(), nullable=False, server_default="preliminar"),
        _instant("published_at"),
        *_wholes("run_id"),
        *_text("digest"),
        *_real("green", "amber", "blue", null=False),
        sa.PrimaryKeyConstraint("id", name="pk_snapshot"),
        _refers("snapshot", "run"),
        sa.UniqueConstraint("year", "quarter", "version", name="uq_snapshot_year_quarter_version"),
    )
    op.create_table(
        "snapshot_unit",
        *_wholes("id", "snapshot_id"),
        *_text("unit_code", "unit_name", "status"),
        *_wholes("judgement_id", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_snapshot_unit"),
        _refers("snapshot_unit", "snapshot"),
        _refers("snapshot_unit", "judgement"),
        sa.UniqueConstraint("snapshot_id", "unit_code", name="uq_snapshot_unit_snapshot_id_unit_code"),
    )
    op.create_index("ix_snapshot_unit_judgement_id", "snapshot_unit", ["judgement_id"])


def _whole(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=null, autoincrement=False)


def _wholes(*names: str, null: bool = False) -> list[sa.Column[Any]]:
    return [_whole(name, null=null) for name in names]


def _text(*names: str, null: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text(), nullable=null) for name in names]


def _real(*names: str, null: bool = True) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Double(), nullable=null) for name in names]


def _instant(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(), nullable=null)


def _refers(table: str, to: str, *, column: str | None = None) -> sa.ForeignKeyConstraint:
    column = column or f"{to}_id"
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}_{to}")


def _of_judgement(table: str, *within: str) -> list[sa.Constraint]:
    return [
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        _refers(table, "judgement"),
        sa.UniqueConstraint("judgement_id", *within, name=f"uq_{table}_judgement_id_{'_'.join(within)}"),
    ]
