"""From when until when somebody who booked may check in, station by station."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not as a batch: SQLite would make the table anew, and others refer to its rows.
    for name, minutes in (("early_minutes", 20), ("late_minutes", 15)):
        op.execute(
            f"ALTER TABLE station ADD COLUMN {name} INTEGER DEFAULT {minutes} NOT NULL"
            f" CONSTRAINT ck_station_{name} CHECK ({name} BETWEEN 0 AND 120)"
        )


def downgrade() -> None:
    for name in ("late_minutes", "early_minutes"):
        op.execute(f"ALTER TABLE station DROP COLUMN {name}")
