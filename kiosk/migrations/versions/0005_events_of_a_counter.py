"""What happened at a counter lately is found without a look at all that ever happened."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_AT_A_COUNTER = sa.text("counter_id IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_ticket_event_counter",
        "ticket_event",
        ["counter_id", "at"],
        sqlite_where=_AT_A_COUNTER,
        postgresql_where=_AT_A_COUNTER,
    )


def downgrade() -> None:
    op.drop_index("ix_ticket_event_counter", "ticket_event")
