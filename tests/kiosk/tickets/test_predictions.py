"""The forecast is right as often as it says, and better than older rules, whatever the rules."""

import io
import json

import pytest

from kiosk.tickets.forecast.backtest import judged, replay, score, summary
from kiosk.tickets.forecast.log import read_log
from kiosk.tickets.forecast.plan import read_plan
from tests.kiosk.tickets.halls import log_of
from tests.kiosk.tickets.laws import Laws

FEW_DAYS = 5
COUNTERS = (("A", "B"), ("B", "C"), ("C", "A"))
STATIONS = {
    "strict": (
        Laws(seed=4, days=FEW_DAYS, per_hour=9, counters=COUNTERS, priority="strict"),
        0.65,
    ),
    "preference": (
        Laws(
            seed=4,
            days=FEW_DAYS,
            per_hour=9,
            counters=COUNTERS,
            order="preference",
            appointments="C",
            is_gamma=True,
        ),
        0.65,
    ),
}


@pytest.mark.parametrize("name", STATIONS)
def test_invented_stations(name: str) -> None:
    laws, ratio = STATIONS[name]
    plan = read_plan(json.dumps(laws.station()))
    forecasts = list(replay(plan, read_log(io.StringIO(log_of(laws)), plan)))
    found = score(judged(forecasts))
    report = "\n".join(summary(forecasts))
    assert found.naive_ratio < ratio, report
    assert found.error < min(found.classics.values()), report
    assert 0.7 < found.kept < 0.9, report
    assert abs(found.bias) < 0.2 * found.mean_wait, report
