"""Waits as they were forecast."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.add_column(sa.Column("p50_seconds", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("p80_seconds", sa.Integer(), nullable=True))
