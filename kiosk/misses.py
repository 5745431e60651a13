"""Who books and does not come: too often, and they may book nothing for a while."""

from collections.abc import Iterable
from datetime import datetime, timedelta

WITHIN = timedelta(days=30)


def paused_until(
    misses: Iterable[datetime], at: datetime, *, most: int, pause: timedelta
) -> datetime | None:
    """Return until when somebody who missed these times may book none, if they may not now.

    `most` misses within thirty days pause booking, from the last of them on.
    """
    past = sorted(misses)
    for first, last in zip(past, past[most - 1 :], strict=False):
        if last - first <= WITHIN and at < last + pause:
            return last + pause
    return None
