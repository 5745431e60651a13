"""Who sits at a counter shortens the wait, and every screen hears of it."""

import pytest
from sqlalchemy import event as events

from kiosk import clock
from kiosk.actor import OPERATOR
from kiosk.db import session, transaction
from kiosk.staff.actions import hire
from kiosk.staff.permissions import Role
from kiosk.tickets import actions
from kiosk.tickets.queries import finished_today, regretted, version_of
from kiosk.tickets.snapshots import snapshots
from tests.cast import Cast


def _shown(cast: Cast) -> tuple[int, object]:
    session.rollback()
    topic = "queue:raffles-city:B"
    (shown,) = snapshots({topic}, {topic}.__contains__)
    return shown["version"], shown["data"]["wait"]


def test_every_change_of_seats_is_a_newer_snapshot(cast: Cast) -> None:
    for _ in range(6):
        cast.took("B")
    with transaction():
        member, _password = hire("li", "Li", Role.CLERK, cast.station.id, at=clock.now())
        other, _password = hire("wang", "Wang", Role.CLERK, cast.station.id, at=clock.now())
    shown = [_shown(cast)]
    for counter, who in ((2, member), (3, other), (1, member)):
        with transaction():
            actions.sit_down(cast.counter(counter), who.id, by=OPERATOR, at=clock.now())
        shown.append(_shown(cast))
    with transaction():
        actions.stand_up(other.id, by=OPERATOR, at=clock.now())
    shown.append(_shown(cast))
    versions = [version for version, _wait in shown]
    assert versions == sorted(set(versions))
    assert versions[-1] == version_of(cast.station)
    assert shown[2][1] != shown[1][1]


def test_sitting_down_again_changes_nothing(cast: Cast) -> None:
    with transaction():
        member, _password = hire("li", "Li", Role.CLERK, cast.station.id, at=clock.now())
        actions.sit_down(cast.counter(1), member.id, by=OPERATOR, at=clock.now())
    before = version_of(cast.station)
    with transaction():
        actions.sit_down(cast.counter(1), member.id, by=OPERATOR, at=clock.now())
    assert version_of(cast.station) == before


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_desk_of_an_idle_counter_looks_at_no_old_events(cast: Cast) -> None:
    """After a year there are millions of them, and a desk asks again at every change."""
    asked: list[str] = []

    def listen(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    engine = session.get_bind()
    events.listen(engine, "before_cursor_execute", listen)
    regretted(cast.counter(), "member:1", clock.now())
    finished_today(cast.counter())
    events.remove(engine, "before_cursor_execute", listen)
    plans = [
        str(row[3])
        for statement in asked
        if "FROM ticket_event" in statement
        for row in session.connection().exec_driver_sql(
            f"EXPLAIN QUERY PLAN {statement}", (1,) * statement.count("?")
        )
    ]
    assert len(plans) >= 2
    assert [plan for plan in plans if "SCAN ticket_event" in plan] == []
