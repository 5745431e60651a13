"""files of services are read beside the requests; those that waited are uploaded again."""

import sqlalchemy as sa
from alembic import op

from kiosk.db import Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STATES = sa.Enum(
    "reading", "ready", "failed", name="uploadstate", native_enum=False, create_constraint=True
)


def upgrade() -> None:
    op.execute("DELETE FROM upload")
    with op.batch_alter_table("upload") as batch_op:
        batch_op.drop_column("fingerprint")
        batch_op.add_column(sa.Column("state", STATES, nullable=False))
        batch_op.add_column(sa.Column("data", sa.LargeBinary()))
        batch_op.add_column(sa.Column("attempt", sa.Integer(), nullable=False))
        batch_op.add_column(sa.Column("rows_read", sa.Integer(), nullable=False))
        batch_op.add_column(sa.Column("rows_expected", sa.Integer()))
        batch_op.add_column(sa.Column("seen_at", Moment(timezone=True), nullable=False))
        batch_op.add_column(sa.Column("wrong", sa.JSON(), nullable=False))


def downgrade() -> None:
    op.execute("DELETE FROM upload")
    with op.batch_alter_table("upload") as batch_op:
        for name in ("wrong", "seen_at", "rows_expected", "rows_read", "attempt", "data", "state"):
            batch_op.drop_column(name)
        batch_op.add_column(sa.Column("fingerprint", sa.String(), nullable=False))
