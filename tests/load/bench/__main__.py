"""`make bench`: start real servers, measure, and print a table."""

from tests.load.bench import pickups
from tests.load.bench.fanout import fan_out
from tests.load.bench.finding import LARGE, finding
from tests.load.bench.pages import home
from tests.load.bench.past import CLERKS, OLD, WAITING, both, calls_a_second, issue_times
from tests.load.bench.rates import Rates, rates
from tests.load.bench.stage import Stage, stage
from tests.load.bench.waits import waits
from tests.servers import postgres

CLIENTS = (8, 32)


def _say(words: str, value: str, bare: str, ratio: float, goal: str) -> None:
    print(f"{words:44} {value:>8}  bare {bare:>6}  ratio {ratio:5.2f}  {goal}", flush=True)


def _say_rates(database: str, measured: Rates) -> None:
    bare = measured.bare
    words = f"{database}, {measured.clients} clients"
    for name, value, goal in (
        ("issue", measured.issue, "target ≥ 0.5"),
        ("call-next", measured.call, ""),
    ):
        _say(f"{words}: {name}/s", f"{value:.0f}", f"{bare:.0f}", value / bare, goal)


def _say_fan_out(stage: Stage) -> None:
    calls, bare = fan_out(stage)
    words = "SQLite, call to 1,000 sockets"
    _say(f"{words}: p50 ms", f"{calls.p50:.0f}", f"{bare.p50:.0f}", calls.p50 / bare.p50, "")
    _say(
        f"{words}: p99 ms",
        f"{calls.p99:.0f}",
        f"{bare.p99:.0f}",
        calls.p99 / bare.p99,
        "target ≤ 2",
    )


def _say_home(stage: Stage) -> None:
    for who, cookie in (("kiosk", f"device={stage.kiosk}"), ("phone", "")):
        page = home(stage, cookie)
        ours, bare = f"{page.milliseconds:.1f}", f"{page.bare:.1f}"
        _say(f"home as a {who}: ms", ours, bare, page.milliseconds / page.bare, "")
        kilobytes = page.size / 1024
        print(f"home as a {who}: KB in {page.files} files{kilobytes:23.0f}  target ≤ 100")


def _say_past() -> None:
    with both() as (old, new):
        found = issue_times(old, new)
        words = f"SQLite, {OLD:,} old tickets: issue"
        for name, mine, other, wanted in (
            ("p50 ms", found.p50, found.bare_p50, ""),
            ("p99 ms", found.p99, found.bare_p99, "target ≤ 1.25 (bare: none old)"),
        ):
            _say(f"{words} {name}", f"{mine:.1f}", f"{other:.1f}", mine / other, wanted)
        calls, bare = calls_a_second(old), calls_a_second(new)
        words = f"{CLERKS} clerks, {WAITING:,} waiting: call-next/s"
        _say(words, f"{calls:.0f}", f"{bare:.0f}", calls / bare, "(bare: none old)")


def _say_finding() -> None:
    for count, quick, sure in ((1_265, "target ≤ 5", "target ≥ 97"), (LARGE, "target ≤ 25", "")):
        ours, fts5 = finding(count)
        words = f"search of {count:,} services"
        for name, mine, other, wanted in (
            ("p50 ms", ours.p50, fts5.p50, ""),
            ("p99 ms", ours.p99, fts5.p99, quick),
        ):
            _say(f"{words}: {name}", f"{mine:.1f}", f"{other:.1f}", mine / other, wanted)
        found, other = 100 * ours.hits, 100 * fts5.hits
        _say(f"{words}: % in first 3", f"{found:.1f}", f"{other:.1f}", found / other, sure)


def _say_pickups() -> None:
    with stage(furnish=pickups.widen) as lunch:
        booked, rows = pickups.bookings(lunch)
        _say(
            f"meals booked/s, {pickups.CLIENTS} clients",
            f"{booked:.0f}",
            f"{rows:.0f}",
            booked / rows,
            "",
        )
        times = pickups.handling(lunch)
        for verb, value in (("drop", times.drop), ("collect", times.collect)):
            _say(f"{verb}: p99 ms", f"{value:.1f}", f"{times.bare:.1f}", value / times.bare, "")
        seen = pickups.drops_seen(lunch)
        print(f"drop to 1,000 sockets: p50 / p99 ms{seen.p50:13.0f} / {seen.p99:.0f}")
    past, bare = pickups.sweeps()
    _say("sweep beside 1,000,000 past pickups: ms", f"{past:.1f}", f"{bare:.1f}", past / bare, "")


def main() -> None:
    """Measure everything."""
    print("Load and servers share this machine's cores; trust the ratios.", flush=True)
    _say_finding()
    with stage() as fresh:
        _say_fan_out(fresh)
        _say_home(fresh)
    with stage() as on_sqlite:
        for clients in CLIENTS:
            _say_rates("SQLite", rates(on_sqlite, clients))
    _say_past()
    with postgres(durable=True) as cluster, stage(cluster) as on_postgresql:
        for clients in CLIENTS:
            _say_rates("PostgreSQL", rates(on_postgresql, clients))
    _say_pickups()
    waits()


if __name__ == "__main__":
    main()
