"""the hours and windows of services; what was changed, from what to what."""

import sqlalchemy as sa
from alembic import op

from kiosk.db import Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("offer") as batch_op:
        batch_op.add_column(sa.Column("counters", sa.JSON(none_as_null=True)))
        batch_op.add_column(sa.Column("spans", sa.JSON(none_as_null=True)))
        batch_op.add_column(sa.Column("starts_on", sa.Date()))
        batch_op.add_column(sa.Column("ends_on", sa.Date()))
        batch_op.create_check_constraint(op.f("ck_offer_days"), "starts_on <= ends_on")
    with op.batch_alter_table("audit_entry") as batch_op:
        batch_op.add_column(sa.Column("changes", sa.JSON(none_as_null=True)))
        batch_op.add_column(sa.Column("part_of", sa.Integer()))
        batch_op.create_foreign_key(
            op.f("fk_audit_entry_part_of"), "audit_entry", ["part_of"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_audit_entry_subject"), ["subject"])
    op.create_table(
        "bulk_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("wished", sa.JSON(none_as_null=True)),
        sa.Column("made_at", Moment(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("applied_at", Moment(timezone=True)),
        sa.ForeignKeyConstraint(
            ["station_id"], ["station.id"], name=op.f("fk_bulk_change_station_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_change")),
    )
    with op.batch_alter_table("bulk_change") as batch_op:
        batch_op.create_index(batch_op.f("ix_bulk_change_station_id"), ["station_id"])


def downgrade() -> None:
    op.drop_table("bulk_change")
    with op.batch_alter_table("audit_entry") as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_subject"))
        batch_op.drop_constraint(op.f("fk_audit_entry_part_of"), type_="foreignkey")
        batch_op.drop_column("part_of")
        batch_op.drop_column("changes")
    with op.batch_alter_table("offer") as batch_op:
        batch_op.drop_constraint(op.f("ck_offer_days"), type_="check")
        for name in ("ends_on", "starts_on", "spans", "counters"):
            batch_op.drop_column(name)
