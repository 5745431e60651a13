"""How right the forecast of waits was, by week and queue."""

from datetime import timedelta

from flask import Response

from admin.access import page, station
from kiosk import clock
from kiosk.tickets.queries import accuracy_of, queues_of

WEEKS = 8
# Of ten people, so many are called in time; fewer or more, and the forecast needs a look.
FEWEST_KEPT, MOST_KEPT = 0.7, 0.9
# Fewer people than these say little.
FEW = 30


def show() -> Response:
    """Show error, bias and how many were called in time, newest week first."""
    place = station()
    today = clock.today(place.timezone)
    first = today - timedelta(days=today.weekday(), weeks=WEEKS - 1)
    found = accuracy_of(place, first, today)
    weeks = sorted({week for _, week in found}, reverse=True)
    queues = queues_of(place)
    return page(
        "accuracy/show",
        weeks=[
            {
                "first": week,
                "last": week + timedelta(days=6),
                "whole": found["", week],
                "queues": [
                    (queue, found[queue.letter, week])
                    for queue in queues
                    if (queue.letter, week) in found
                ],
            }
            for week in weeks
        ],
        few=FEW,
        wanted=(FEWEST_KEPT, MOST_KEPT),
    )
