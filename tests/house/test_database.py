"""The migrations lead to what the models say."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from kiosk import db


def test_newest_migration_equals_the_models(app: Flask) -> None:
    with db.session.get_bind().connect() as connection:  # type: ignore[union-attr]
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.Model.metadata) == []


def test_migrations_form_one_line() -> None:
    assert len(ScriptDirectory.from_config(db.alembic_config()).get_heads()) == 1


def test_migrating_twice_changes_nothing(app: Flask) -> None:
    db.migrate()
