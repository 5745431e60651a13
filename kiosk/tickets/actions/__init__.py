"""What happens to tickets (life) and to the lines they stand in (lines)."""

from kiosk.tickets.actions.life import (
    call_next,
    cancel,
    close_day,
    finish,
    issue,
    no_show,
    pause,
    queue_for,
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
    assign,
    change_counter,
    change_queue,
    switch,
)

__all__ = [
    "add_counter",
    "add_queue",
    "assign",
    "call_next",
    "cancel",
    "change_counter",
    "change_queue",
    "close_day",
    "finish",
    "issue",
    "no_show",
    "pause",
    "queue_for",
    "recall",
    "refresh",
    "resume",
    "sit_down",
    "stand_up",
    "start",
    "switch",
]
