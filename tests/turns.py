"""The workers of one run, one after the other: what all of them need is made by the first."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from fcntl import LOCK_EX, LOCK_SH, flock
from pathlib import Path

from tests.servers import Postgres, postgres


@contextmanager
def in_turn(file: Path) -> Iterator[bool]:
    """Enter one worker after the other; tells whether this is the first that gets through."""
    with file.open("a") as door:
        flock(door, LOCK_EX)
        yield file.stat().st_size == 0
        door.write("done\n")


@contextmanager
def shared_postgres(shared: Path) -> Iterator[Postgres]:
    """Run one PostgreSQL for all workers: the first starts it, and stops it after the last.

    Who comes after that is the first of another one.
    """
    place, door = shared / "postgres", shared / "postgres.door"
    with (shared / "postgres.users").open("a") as users, ExitStack() as stack:
        flock(users, LOCK_SH)
        with in_turn(door) as is_first:
            if is_first:
                server = stack.enter_context(postgres())
                place.write_text(str(server.folder))
            else:
                server = Postgres(Path(place.read_text()), is_new=False)
        yield server
        if is_first:
            flock(users, LOCK_EX)
            door.write_text("")
