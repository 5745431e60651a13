"""guides and bundles."""

import sqlalchemy as sa
from alembic import op

from kiosk.db import Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

PUBLISHED = sa.text("state = 'published'")


def upgrade() -> None:
    op.create_table(
        "guide_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "review",
                "published",
                "retired",
                name="guidestate",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("created_at", Moment(timezone=True), nullable=False),
        sa.Column("published_at", Moment(timezone=True), nullable=True),
        sa.Column("starts_at", Moment(timezone=True), nullable=True),
        sa.Column("ends_at", Moment(timezone=True), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_guide_version_number")),
        sa.CheckConstraint(
            "state != 'published' OR published_at IS NOT NULL",
            name=op.f("ck_guide_version_published_at"),
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_guide_version_service_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide_version")),
        sa.UniqueConstraint(
            "service_id", "number", name=op.f("uq_guide_version_service_id_number")
        ),
    )
    op.create_index(
        "uq_guide_version_published",
        "guide_version",
        ["service_id"],
        unique=True,
        sqlite_where=PUBLISHED,
        postgresql_where=PUBLISHED,
    )
    op.create_table(
        "ticket_service",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_service_ticket_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_ticket_service_service_id")
        ),
        sa.PrimaryKeyConstraint("ticket_id", "service_id", name=op.f("pk_ticket_service")),
    )
    op.create_index(op.f("ix_ticket_service_service_id"), "ticket_service", ["service_id"])


def downgrade() -> None:
    op.drop_table("ticket_service")
    op.drop_table("guide_version")
