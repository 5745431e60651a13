"""For how long somebody who missed three times may book none."""

from datetime import UTC, datetime, timedelta

import pytest

from kiosk.misses import paused_until

NOW = datetime(2026, 11, 19, 16, tzinfo=UTC)
PAUSE = timedelta(days=30)


def _paused_until(*days_ago: int) -> datetime | None:
    misses = [NOW - timedelta(days=days) for days in days_ago]
    return paused_until(misses, NOW, most=3, pause=PAUSE)


@pytest.mark.parametrize(
    ("days_ago", "is_paused"),
    [
        ([], False),
        ([1, 2], False),
        ([1, 2, 3], True),
        ([1, 20, 31], True),
        ([1, 20, 32], False),
        ([29, 35, 40], True),
        ([30, 35, 40], False),
        ([1, 29, 35, 40], True),
    ],
)
def test_three_misses_within_thirty_days_pause_for_thirty(
    days_ago: list[int],
    is_paused: bool,  # noqa: FBT001 - a row of the table
) -> None:
    assert (_paused_until(*days_ago) is not None) is is_paused


def test_the_pause_counts_from_the_third_miss() -> None:
    assert _paused_until(5, 9, 2) == NOW - timedelta(days=2) + PAUSE
