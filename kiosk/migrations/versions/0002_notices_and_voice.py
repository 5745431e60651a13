"""Notices beside the calls, recorded speech, and what a screen shows and how loud it is."""

import sqlalchemy as sa
from alembic import op

from kiosk.db import Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Written out: SQLite adds a column with its check in one statement, and no check afterwards.
DEVICE_COLUMNS = {
    "shows": "VARCHAR(6) DEFAULT 'all' NOT NULL",
    "speaks": "VARCHAR(4) DEFAULT 'both' NOT NULL",
    "volume": "INTEGER DEFAULT 80 NOT NULL",
    "quiet_from": "INTEGER",
    "quiet_until": "INTEGER",
}
DEVICE_CHECKS = {
    "shows": ("shows", "shows IN ('all', 'calls', 'queues')"),
    "speaks": ("speech", "speaks IN ('both', 'zh', 'en')"),
    "volume": ("volume", "volume BETWEEN 0 AND 100"),
    "quiet_from": ("quiet_from", "quiet_from BETWEEN 0 AND 1439"),
    "quiet_until": ("quiet_until", "quiet_until BETWEEN 0 AND 1439"),
}


def upgrade() -> None:
    op.add_column(
        "station", sa.Column("screen_changes", sa.Integer(), server_default="0", nullable=False)
    )
    for column, kind in DEVICE_COLUMNS.items():
        check, rule = DEVICE_CHECKS[column]
        op.execute(
            f"ALTER TABLE device ADD COLUMN {column} {kind} "
            f"CONSTRAINT ck_device_{check} CHECK ({rule})"
        )
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("text_zh", sa.String(), nullable=False),
        sa.Column("text_en", sa.String(), nullable=False),
        sa.Column("starts_at", Moment(timezone=True), nullable=False),
        sa.Column("ends_at", Moment(timezone=True), nullable=True),
        sa.CheckConstraint("ends_at IS NULL OR ends_at >= starts_at", name="span"),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_notice_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_station_id"), "notice", ["station_id"])
    op.create_table(
        "recording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column(
            "language",
            sa.Enum("zh", "en", name="language", native_enum=False, create_constraint=True),
            nullable=False,
        ),
        sa.Column("piece", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("recorded_at", Moment(timezone=True), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["station_id"], ["station.id"], name=op.f("fk_recording_station_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording")),
        sa.UniqueConstraint(
            "station_id", "language", "piece", name=op.f("uq_recording_station_id_language_piece")
        ),
    )
