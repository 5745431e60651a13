"""Keep who was called last."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("queue_day", schema=None) as batch_op:
        batch_op.add_column(sa.Column("last_called", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE queue_day SET last_called = ("
        "SELECT ticket.seq FROM ticket_event JOIN ticket ON ticket.id = ticket_event.ticket_id "
        "WHERE ticket.queue_id = queue_day.queue_id AND ticket_event.day = queue_day.day "
        "AND ticket_event.is_call ORDER BY ticket_event.id DESC LIMIT 1)"
    )


def downgrade() -> None:
    with op.batch_alter_table("queue_day", schema=None) as batch_op:
        batch_op.drop_column("last_called")
