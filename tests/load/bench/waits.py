"""How right the forecast of waits is, beside older rules: two sample stations and invented ones."""

import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path
from time import process_time

from kiosk.tickets.forecast.backtest import Score, judged, replay, score
from kiosk.tickets.forecast.classic import NAMES
from kiosk.tickets.forecast.log import read_log
from kiosk.tickets.forecast.plan import read_plan
from tests.kiosk.tickets.halls import log_of
from tests.kiosk.tickets.laws import Laws

HALLS = Path(__file__).parent / "halls"
INVENTED = {
    "strict": Laws(seed=31, per_hour=15, priority="strict", priority_share=0.15),
    "preference, drift": Laws(
        seed=32, per_hour=12, order="preference", appointments="C", drift=0.005
    ),
    "seats change, half staffed": Laws(
        seed=33, per_hour=11, changes_seats=True, clerk_spread=0.3, half_staffed=0.12, late=0.2
    ),
}


def waits() -> None:
    """Replay every log and print a table, in minutes."""
    print("\nwaits: mean absolute error in minutes (naive: people × mean service ÷ open counters)")
    rules = "".join(f"{'naive' if name == 'hall' else name:>9}" for name in NAMES)
    print(f"{'station':28}  wait   ours  ÷naive   bias   ≤P80    ms{rules}")
    for name, station, log in _stations():
        plan = read_plan(station)
        events = read_log(io.StringIO(log), plan)
        start = process_time()
        forecasts = list(replay(plan, events))
        each = 1000 * (process_time() - start) / len(forecasts)
        print(_line(name, score(judged(forecasts)), each), flush=True)
    print("wanted: ÷naive ≤ 0.56 on the sample stations, ≤P80 from 78 to 84 %, below 50 ms")


def _line(name: str, found: Score, each: float) -> str:
    rules = "".join(f"{found.classics[rule]:9.2f}" for rule in NAMES)
    return (
        f"{name:28} {found.mean_wait:5.1f} {found.error:6.2f} {found.naive_ratio:7.3f} "
        f"{found.bias:+6.2f} {found.kept:6.1%} {each:5.1f}{rules}"
    )


def _stations() -> Iterator[tuple[str, str, str]]:
    for name in ("station-a", "station-b"):
        log = gzip.decompress((HALLS / f"{name}.csv.gz").read_bytes()).decode()
        yield name, (HALLS / f"{name}.json").read_text(), log
    for name, laws in INVENTED.items():
        yield name, json.dumps(laws.station()), log_of(laws)


if __name__ == "__main__":
    waits()
