"""Versions keep short hashes of the rows under their digest, and the provenance that they were published under.

Versions published before have neither: a changed row of theirs is noticed, not named, and what they were published
under is taken from their judgements.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

PROVENANCE = ("rules_sha256", "form_sha256", "policy_sha256", "catalogs_sha256")


def upgrade() -> None:
    """Adds the table and the columns."""
    for name in PROVENANCE:
        op.add_column("snapshot", sa.Column(name, sa.Text()))
    op.create_table(
        "snapshot_part",
        sa.Column("snapshot_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("snapshot_id", "section", "part", name="pk_snapshot_part"),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name="fk_snapshot_part_snapshot_id_snapshot"),
    )


def downgrade() -> None:
    """Drops them."""
    op.drop_table("snapshot_part")
    for name in PROVENANCE:
        op.drop_column("snapshot", name)
