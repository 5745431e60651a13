"""Statements of the paths that every visit takes, without what SQLAlchemy adds to each run.

From a composed statement to its rows SQLAlchemy's own way takes ten times as long as SQLite
itself, and to issue one ticket takes eight statements.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from typing import Any, NamedTuple

from sqlalchemy import Dialect, Executable
from sqlalchemy.engine.interfaces import DBAPICursor

from kiosk.db import Database, database, session


class Prepared:
    """A statement that is composed and compiled once for each kind of database.

    Values and rows pass through the types of their columns as ever. The defaults of columns do
    not count: every value of an INSERT is named, and every run names the same values.
    """

    def __init__(self, compose: Callable[[Database], Executable]) -> None:
        self._compose = compose
        self._compiled: dict[str, _Compiled] = {}

    def __call__(self, **values: object) -> list[Any]:
        """Run it in the session's transaction; returns its rows as named tuples."""
        connection = session.connection()
        compiled = self._compiled.get(connection.dialect.name)
        if compiled is None:
            compiled = _Compiled(self._compose(database()), connection.dialect, list(values))
            self._compiled[connection.dialect.name] = compiled
        with closing(connection.connection.cursor()) as cursor:
            return compiled.run(cursor, values)


class _Compiled:
    """The statement in one database's words, and how values go in and out."""

    def __init__(self, statement: Any, dialect: Dialect, names: list[str]) -> None:  # noqa: ANN401
        form = statement.compile(dialect=dialect, column_keys=names)
        self._text = str(form)
        self._fixed = {name: bind.value for name, bind in form.binds.items() if name not in names}
        self._order = form.positiontup
        types = {name: bind.type.dialect_impl(dialect) for name, bind in form.binds.items()}
        processors = {name: kind.bind_processor(dialect) for name, kind in types.items()}
        self._into = [(name, process) for name, process in processors.items() if process]
        columns = list(getattr(statement, "exported_columns", ()))
        row = NamedTuple("Row", [(column.name, Any) for column in columns])  # type: ignore[misc]
        self._named = row._make
        readers = [c.type.dialect_impl(dialect).result_processor(dialect, None) for c in columns]
        self._out_of = [(place, read) for place, read in enumerate(readers) if read]
        self._has_rows = bool(columns)

    def run(self, cursor: DBAPICursor, values: Mapping[str, object]) -> list[Any]:
        asked = {**self._fixed, **values}
        for name, process in self._into:
            asked[name] = process(asked[name])
        sent = [asked[name] for name in self._order] if self._order else asked
        cursor.execute(self._text, sent)
        return [self._read(row) for row in cursor.fetchall()] if self._has_rows else []

    def _read(self, row: Sequence[Any]) -> Any:  # noqa: ANN401 - a named tuple
        pieces = list(row)
        for place, read in self._out_of:
            pieces[place] = read(pieces[place])
        return self._named(pieces)
