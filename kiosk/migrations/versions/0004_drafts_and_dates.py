"""drafts and dates: who may see what of the catalog when, and who changed it."""

import sqlalchemy as sa
from alembic import op

from kiosk.db import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ASKED = (
    *("applicants", "conditions", "materials", "steps", "legal_limit", "promised_limit", "fee"),
    *("visits", "place", "hours", "contacts", "questions", "basis"),
)


def upgrade() -> None:
    for column in (
        sa.Column("starts_at", Moment(timezone=True), nullable=True),
        sa.Column(
            "ends_at",
            Moment(timezone=True),
            sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_service_span")),
            nullable=True,
        ),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("checked_by", sa.String(), nullable=False, server_default=""),
        sa.Column("revision", sa.Integer(), nullable=False, server_default="1"),
    ):
        op.add_column("service", column)
    kept = op.get_bind().execute(sa.select(_versions()).order_by(sa.text("id"))).mappings().all()
    # Not altered but made anew: SQLite cannot change what a column's words may be.
    op.drop_table("guide_version")
    _make_guide_version()
    if kept:
        op.bulk_insert(
            _versions("percent"), [{**row, "percent": _percent(row["content"])} for row in kept]
        )
    op.create_table(
        "service_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_service_change_service_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_change")),
    )
    op.create_index(op.f("ix_service_change_service_id"), "service_change", ["service_id"])


def _percent(content: dict[str, object]) -> int:
    """Say how complete a guide is, by the rule of this release."""
    return round(100 * sum(content.get(name) not in (None, []) for name in _ASKED) / len(_ASKED))


def _versions(*more: str) -> sa.TableClause:
    """Return the columns that both shapes have, and more."""
    return sa.table(
        "guide_version",
        *(sa.column(name) for name in ("service_id", "number", "state", "author", "note")),
        sa.column("content", sa.JSON()),
        *(
            sa.column(name, Moment(timezone=True))
            for name in ("created_at", "published_at", "starts_at", "ends_at")
        ),
        *(sa.column(name) for name in more),
    )


def _make_guide_version() -> None:
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
                "scheduled",
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
        sa.Column("note", sa.String(), nullable=False, server_default=""),
        sa.Column("answer", sa.String(), nullable=False, server_default=""),
        sa.Column("created_at", Moment(timezone=True), nullable=False),
        sa.Column("saved_at", Moment(timezone=True), nullable=True),
        sa.Column("saved_by", sa.String(), nullable=False, server_default=""),
        sa.Column("revision", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("percent", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("published_at", Moment(timezone=True), nullable=True),
        sa.Column("published_by", sa.String(), nullable=False, server_default=""),
        sa.Column("starts_at", Moment(timezone=True), nullable=True),
        sa.Column("ends_at", Moment(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state != 'published' OR published_at IS NOT NULL",
            name=op.f("ck_guide_version_published_at"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_guide_version_number")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_guide_version_span")),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_guide_version_percent")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_guide_version_service_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide_version")),
        sa.UniqueConstraint(
            "service_id", "number", name=op.f("uq_guide_version_service_id_number")
        ),
    )
    for name, words in (
        ("uq_guide_version_published", "state = 'published'"),
        ("uq_guide_version_open", "state IN ('draft', 'review')"),
    ):
        op.create_index(
            name,
            "guide_version",
            ["service_id"],
            unique=True,
            sqlite_where=sa.text(words),
            postgresql_where=sa.text(words),
        )
