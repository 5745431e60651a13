"""What happens to tickets (life), to lines (lines), and to what is offered in them (offers)."""

from kiosk.tickets.actions.life import (
    call_next,
    cancel,
    close_day,
    finish,
    first_of,
    issue,
    line_for,
    no_show,
    pause,
    recall,
    refresh,
    resume,
    sit_down,
    stand_up,
    start,
)
from kiosk.tickets.actions.lines import (
    add_counter,
    add_queue,
    change_counter,
    change_queue,
)
from kiosk.tickets.actions.offers import change_all, choose, collect, set_terms, switch

__all__ = [
    "add_counter",
    "add_queue",
    "call_next",
    "cancel",
    "change_all",
    "change_counter",
    "change_queue",
    "choose",
    "close_day",
    "collect",
    "finish",
    "first_of",
    "issue",
    "line_for",
    "no_show",
    "pause",
    "recall",
    "refresh",
    "resume",
    "set_terms",
    "sit_down",
    "stand_up",
    "start",
    "switch",
]
