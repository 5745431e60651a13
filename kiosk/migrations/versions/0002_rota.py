"""The rota."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rota_shift",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("starts", sa.Integer(), nullable=True),
        sa.Column("ends", sa.Integer(), nullable=True),
        sa.Column("breaks", sa.JSON(), nullable=False),
        sa.CheckConstraint("(weekday IS NULL) != (day IS NULL)", name=op.f("ck_rota_shift_when")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_rota_shift_weekday")),
        sa.CheckConstraint("(starts IS NULL) = (ends IS NULL)", name=op.f("ck_rota_shift_times")),
        sa.CheckConstraint(
            "starts IS NOT NULL OR day IS NOT NULL", name=op.f("ck_rota_shift_closed")
        ),
        sa.CheckConstraint(
            "starts >= 0 AND starts < ends AND ends <= 1440", name=op.f("ck_rota_shift_span")
        ),
        sa.ForeignKeyConstraint(
            ["counter_id"], ["counter.id"], name=op.f("fk_rota_shift_counter_id")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_rota_shift_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rota_shift")),
    )
    op.create_index("ix_rota_shift_counter_day", "rota_shift", ["counter_id", "day"])


def downgrade() -> None:
    op.drop_table("rota_shift")
