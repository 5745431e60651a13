"""What happens to tickets and to the lines they stand in.

issue: a number is given out. calls: at a counter. visitors: by their own wish. day, seats: what
the clock and the staff do. lines, offers: what is set up.
moves, rows: how it is written.
"""

from kiosk.tickets.actions.calls import (
    add_service,
    call,
    call_next,
    finish,
    hold,
    no_show,
    recall,
    release,
    start,
    transfer,
    undo,
)
from kiosk.tickets.actions.day import close_day, close_early, refresh, reopen
from kiosk.tickets.actions.issue import first_of, issue, line_for, switched_on
from kiosk.tickets.actions.lines import (
    add_counter,
    add_queue,
    change_counter,
    change_queue,
    set_rules,
)
from kiosk.tickets.actions.offers import change_all, choose, collect, set_terms, switch
from kiosk.tickets.actions.seats import (
    pause,
    read_message,
    resume,
    seat,
    send_message,
    sit_down,
    stand_up,
)
from kiosk.tickets.actions.visitors import cancel, postpone, rejoin

__all__ = [
    "add_counter",
    "add_queue",
    "add_service",
    "call",
    "call_next",
    "cancel",
    "change_all",
    "change_counter",
    "change_queue",
    "choose",
    "close_day",
    "close_early",
    "collect",
    "finish",
    "first_of",
    "hold",
    "issue",
    "line_for",
    "no_show",
    "pause",
    "postpone",
    "read_message",
    "recall",
    "refresh",
    "rejoin",
    "release",
    "reopen",
    "resume",
    "seat",
    "send_message",
    "set_rules",
    "set_terms",
    "sit_down",
    "stand_up",
    "start",
    "switch",
    "switched_on",
    "transfer",
    "undo",
]
