"""When each service of a ticket was done."""

import sqlalchemy as sa
from alembic import op

from kiosk.db import Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("ticket_service") as batch_op:
        batch_op.add_column(sa.Column("done_at", Moment(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("ticket_service") as batch_op:
        batch_op.drop_column("done_at")
