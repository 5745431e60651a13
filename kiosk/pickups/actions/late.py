"""What happens when time passes: reminders, places that free themselves, returns, erasure."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from kiosk import clock
from kiosk.actor import CLOCK, Actor
from kiosk.db import insert_into, session
from kiosk.pickups.actions.booking import (
    WAITING_LOOKS_EVERY,
    Wish,
    book,
    give_up,
    offer,
    refuse_over,
    refuse_unstored,
    slot_of,
)
from kiosk.pickups.actions.rows import change, ending, fresh, notify, take_slot
from kiosk.pickups.actions.storing import release
from kiosk.pickups.codes import Codes
from kiosk.pickups.models import (
    CourierPass,
    Pickup,
    PickupNotice,
    PickupSeries,
    PickupState,
    Stage,
    Sweep,
)
from kiosk.pickups.queries import HOLDER_KEPT, rules_of
from kiosk.pickups.slots import SlotId
from kiosk.refusal import Refusal
from kiosk.stations.actions import hold

LEASE = timedelta(minutes=1)
MILLISECOND = timedelta(milliseconds=1)
SERIES_AHEAD = 7
SERIES_AT_ONCE = 50
PASS_KEPT = timedelta(days=30)
MOST_TRIES = 3
S = PickupState


def remind(pickup: Pickup, *, by: Actor, at: datetime) -> Pickup:
    """Remind the visitor now, because staff or a volunteer wish so."""
    fresh(pickup)
    refuse_over(pickup)
    change(pickup, pickup.state, "remind", by=by, at=at)
    notify(pickup, "reminded", rules_of(pickup.station_id), at)
    return pickup


def give_back(pickup: Pickup, *, by: Actor, at: datetime, reason: str = "") -> Pickup:
    """Return a parcel to its courier or shop."""
    return _remove(pickup, S.RETURNED, "return", by=by, at=at, reason=reason)


def dispose(
    pickup: Pickup, *, by: Actor, at: datetime, witness: str = "", record: str = ""
) -> Pickup:
    """Throw a meal away: a second person saw it, or the record says in words what it was."""
    if not witness.strip() and not record.strip():
        raise Refusal(
            "pickups.second_person",
            "Name the second person, or write down what was thrown away.",
        )
    reason = " · ".join(part for part in (witness.strip(), record.strip()) if part)
    return _remove(pickup, S.DISPOSED, "dispose", by=by, at=at, reason=reason)


def _remove(
    pickup: Pickup, after: PickupState, verb: str, *, by: Actor, at: datetime, reason: str
) -> Pickup:
    fresh(pickup)
    if pickup.state is after:
        return pickup
    refuse_unstored(pickup)
    rules = rules_of(pickup.station_id)
    return change(pickup, after, verb, by=by, at=at, reason=reason, **ending(rules, at))


def note_time(pickup_id: int, at: datetime) -> bool:
    """Do what the clock has to do to a pickup; tell whether there was anything.

    Twice at once is safe: who comes second finds nothing to do.
    """
    pickup = fresh(session.get_one(Pickup, pickup_id))
    if pickup.due_at is None or pickup.due_at > at:
        return False
    if pickup.state is S.ASSIGNED:
        release(pickup, by=CLOCK, at=at, reason="nobody confirmed")
    elif pickup.state is S.OFFERED:
        give_up(pickup, S.LAPSED, "lapse", by=CLOCK, at=at)
    elif pickup.state is S.WAITING:
        _look_for_place(pickup, at)
    elif pickup.state is S.BOOKED:
        give_up(pickup, S.NO_SHOW, "no_show", by=CLOCK, at=at)
    elif pickup.state is S.STORED:
        _grow_late(pickup, at)
    return True


def _look_for_place(pickup: Pickup, at: datetime) -> None:
    slot, ends_at = slot_of(pickup), pickup.slot_ends_at
    if slot is None or ends_at is None or ends_at <= at:
        give_up(pickup, S.LAPSED, "lapse", by=CLOCK, at=at)
    elif take_slot(slot):
        offer(pickup, at)
    else:
        pickup.due_at = min(at + WAITING_LOOKS_EVERY, ends_at)
        session.flush()


def _grow_late(pickup: Pickup, at: datetime) -> None:
    """Note which stages of lateness are reached by now, and when the next one is."""
    rules = rules_of(pickup.station_id)
    since, stages = pickup.stored_at or at, rules.stages(pickup.kind)
    stage = sum(at >= since + span for span in stages)
    due_at = since + stages[stage] if stage < len(stages) else None
    verb = ("remind", "remind", "red", "over")[stage]
    change(pickup, S.STORED, verb, by=CLOCK, at=at, stage=stage, due_at=due_at)
    if stage in (Stage.REMINDED, Stage.RED):
        notify(pickup, "reminded", rules, at)


def erase_due(at: datetime, most: int) -> int:
    """Erase personal data whose time is up; history stays. Returns of how many pickups."""
    due = session.scalars(
        select(Pickup.id)
        .where(Pickup.erases_at.is_not(None), Pickup.erases_at <= at)
        .order_by(Pickup.erases_at)
        .limit(most)
    ).all()
    if due:
        session.execute(
            update(Pickup)
            .where(Pickup.id.in_(due))
            .values(tail=None, order_tail=None, contact=None, courier="", erases_at=None)
            .execution_options(synchronize_session=False)
        )
    session.execute(
        update(Pickup)
        .where(Pickup.holder.is_not(None), Pickup.created_at < at - HOLDER_KEPT)
        .values(holder=None)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(CourierPass)
        .where(
            CourierPass.name != "",
            or_(CourierPass.ends_at < at - PASS_KEPT, CourierPass.revoked_at < at - PASS_KEPT),
        )
        .values(name="")
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(PickupSeries)
        .where(PickupSeries.stopped_at.is_(None), PickupSeries.ends_on < at.date())
        .values(tail=None, contact=None, holder=None, stopped_at=at)
        .execution_options(synchronize_session=False)
    )
    return len(due)


def due_series(at: datetime) -> list[PickupSeries]:
    """Return repeating bookings whose next days are still to be booked."""
    found = session.scalars(
        select(PickupSeries).where(PickupSeries.stopped_at.is_(None)).order_by(PickupSeries.id)
    )
    return [series for series in found if _next_days(series, at)][:SERIES_AT_ONCE]


def _next_days(series: PickupSeries, at: datetime) -> list[int]:
    """Return the days, as ordinals, that a repeating booking has to book by now."""
    today = clock.day_at(at, series.station.timezone).toordinal()
    made = series.made_until.toordinal() if series.made_until else today - 1
    last = min(today + SERIES_AHEAD, series.ends_on.toordinal())
    return list(range(max(made + 1, today), last + 1))


def book_ahead(series: PickupSeries, *, codes: Codes, at: datetime) -> int:
    """Book the next days of a repeating booking; returns how many."""
    hold(series.station_id)
    session.refresh(series)
    if series.stopped_at is not None:
        return 0
    made = 0
    wish = Wish(
        climate=series.climate,
        tail=series.tail,
        contact=series.contact,
        holder=series.holder,
        series_id=series.id,
    )
    for ordinal in _next_days(series, at):
        day = at.date().fromordinal(ordinal)
        series.made_until = day
        if str(day.weekday()) in series.weekdays:
            slot = SlotId(series.point.code, series.kind.value, day, series.minute)
            try:
                book(series.station, slot, wish, codes=codes, by=CLOCK, at=at, waits=True)
            except Refusal:
                # The point is off or closed on that day, or that time of today is over.
                continue
            made += 1
    session.flush()
    return made


def note_told(notice: PickupNotice, *, went: bool, at: datetime) -> None:
    """Keep how a notice went; after some failures it is given up."""
    notice.tries += 1
    notice.outcome = "sent" if went else "failed"
    if went or notice.tries >= MOST_TRIES:
        notice.sent_at = at
    session.flush()


def lead(name: str, at: datetime) -> bool:
    """Become or stay the one worker that looks after the clock; False while another does."""
    sweep = Sweep.metadata.tables[Sweep.__tablename__]
    statement = insert_into(Sweep).values(id=1, leader=name, until=at + LEASE, done=0, took_ms=0)
    return (
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["id"],
                set_={"leader": name, "until": at + LEASE},
                where=(sweep.c.leader == name) | (sweep.c.until <= at),
            ).returning(sweep.c.id)
        ).first()
        is not None
    )


def note_sweep(at: datetime, done: int, took: timedelta) -> None:
    """Keep when the clock's work was last done, how much it was, and how long it took."""
    session.execute(
        update(Sweep)
        .values(ran_at=at, done=done, took_ms=took // MILLISECOND)
        .execution_options(synchronize_session=False)
    )
