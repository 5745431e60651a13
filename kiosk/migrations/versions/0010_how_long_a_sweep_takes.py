"""how long a sweep takes."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("pickup_sweep") as table:
        table.add_column(sa.Column("took_ms", sa.Integer(), nullable=False, server_default="0"))
        table.alter_column("took_ms", server_default=None)
