"""What happens to shifts and sign-ups, and what a volunteer on duty does."""

from kiosk.volunteers.actions.duty import (
    carry,
    check_in,
    check_out,
    hand_over,
    hand_to,
    hand_unbooked,
    put_back,
    refuse_off_duty,
)
from kiosk.volunteers.actions.shifts import (
    Times,
    add_series,
    add_shift,
    call_off,
    change_shift,
    make_ahead,
    stop_series,
)
from kiosk.volunteers.actions.signing import (
    cancel,
    introduce,
    join,
    keep,
    offer,
    offer_gone,
    read_news,
    remove,
    sign_up,
)
from kiosk.volunteers.actions.upkeep import erase_due, forget, note_time

__all__ = [
    "Times",
    "add_series",
    "add_shift",
    "call_off",
    "cancel",
    "carry",
    "change_shift",
    "check_in",
    "check_out",
    "erase_due",
    "forget",
    "hand_over",
    "hand_to",
    "hand_unbooked",
    "introduce",
    "join",
    "keep",
    "make_ahead",
    "note_time",
    "offer",
    "offer_gone",
    "put_back",
    "read_news",
    "refuse_off_duty",
    "remove",
    "sign_up",
    "stop_series",
]
