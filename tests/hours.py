"""When tests happen: at one moment that stands still, or at any hour but midnight."""

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

# A Friday morning in Shanghai.
MORNING = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
# No story beside a real clock takes longer.
STORY = timedelta(minutes=2)


def until_midnight_is_past() -> None:
    """Wait for the new day at a running station if it is about to begin: numbers begin anew."""
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    if (now + STORY).date() != now.date():
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        time.sleep((midnight - now).total_seconds() + 1)
