"""What happens to the lines people stand in: queues, and who serves them."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from kiosk.db import session
from kiosk.refusal import Refusal
from kiosk.stations.models import Counter, Station
from kiosk.tickets.actions.day import refresh
from kiosk.tickets.models import CALLED_OR_SERVING, CounterQueue, MissedRule, Queue, Ticket
from kiosk.tickets.queries import queues_of


def add_queue(
    station: Station, letter: str, name_zh: str, name_en: str, usual_minutes: int, *, at: datetime
) -> Queue:
    """Add a queue; its letter is new at this station."""
    queue = Queue(
        station_id=station.id,
        letter=letter,
        name_zh=name_zh,
        name_en=name_en,
        usual_minutes=usual_minutes,
    )
    session.add(queue)
    try:
        session.flush()
    except IntegrityError as error:
        raise Refusal(
            "queues.taken",
            "There is a queue %(letter)s already. Choose another letter.",
            letter=letter,
        ) from error
    refresh(station, at=at)
    return queue


def change_queue(
    queue: Queue, name_zh: str, name_en: str, usual_minutes: int, *, is_open: bool, at: datetime
) -> None:
    """Change what a queue is called, how long a visit takes, and whether it gives out numbers."""
    queue.name_zh, queue.name_en = name_zh, name_en
    queue.usual_minutes, queue.is_open = usual_minutes, is_open
    session.flush()
    refresh(queue.station, at=at)


def set_rules(
    queue: Queue,
    *,
    daily_quota: int | None,
    calls_before_no_show: int,
    missed_rule: MissedRule,
    missed_limit: int,
    at: datetime,
) -> None:
    """Change how many numbers a queue gives out a day, and what becomes of who does not come."""
    queue.daily_quota = daily_quota
    queue.calls_before_no_show = calls_before_no_show
    queue.missed_rule, queue.missed_limit = missed_rule, missed_limit
    session.flush()
    refresh(queue.station, at=at)


def add_counter(
    station: Station, number: int, name_zh: str, name_en: str, letters: str, *, at: datetime
) -> Counter:
    """Add a counter that serves these queues, preferred first."""
    counter = Counter(station_id=station.id, number=number, name_zh=name_zh, name_en=name_en)
    session.add(counter)
    try:
        session.flush()
    except IntegrityError as error:
        raise Refusal(
            "counters.exists",
            "There is a counter %(number)s already. Choose another number.",
            number=number,
        ) from error
    _serve(counter, letters)
    refresh(station, at=at)
    return counter


def change_counter(
    counter: Counter, name_zh: str, name_en: str, letters: str, *, is_active: bool, at: datetime
) -> None:
    """Change a counter's name, its queues in order of preference, and whether it is in use."""
    if not is_active and (counter.member_id is not None or _has_visitor(counter)):
        raise Refusal(
            "counters.in_use",
            "Somebody works at counter %(number)s. Close it when it is free.",
            number=counter.number,
        )
    counter.name_zh, counter.name_en, counter.is_active = name_zh, name_en, is_active
    session.flush()
    _serve(counter, letters)
    refresh(counter.station, at=at)


def _serve(counter: Counter, letters: str) -> None:
    wanted = list(dict.fromkeys(letters.upper().replace(",", " ").replace("，", " ").split()))
    known = {queue.letter: queue for queue in queues_of(counter.station)}
    unknown = [letter for letter in wanted if letter not in known]
    if unknown:
        raise Refusal(
            "queues.unknown", "This station has no queue %(letter)s.", letter=" ".join(unknown)
        )
    session.execute(delete(CounterQueue).where(CounterQueue.counter_id == counter.id))
    session.add_all(
        CounterQueue(counter_id=counter.id, queue_id=known[letter].id, rank=rank)
        for rank, letter in enumerate(wanted, 1)
    )
    session.flush()


def _has_visitor(counter: Counter) -> bool:
    found = session.scalar(
        select(Ticket.id).where(
            Ticket.counter_id == counter.id, Ticket.state.in_(CALLED_OR_SERVING)
        )
    )
    return found is not None
