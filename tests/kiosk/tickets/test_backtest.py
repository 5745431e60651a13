"""The back-test: its format, what it may know, what it refuses, and that chance repeats itself."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from kiosk.tickets.forecast.backtest import HEADER, Announced, replay
from kiosk.tickets.forecast.log import LogError, read_log
from kiosk.tickets.forecast.plan import PlanError, read_plan
from tests.kiosk.tickets.halls import log_of
from tests.kiosk.tickets.laws import Laws

ROOT = Path(__file__).parents[3]
# Everything that lets one visitor pass another, so that every path of the forecast is walked.
LIVELY = Laws(
    seed=5,
    days=2,
    per_hour=6,
    order="preference",
    priority="ageing",
    appointments="C",
    place="front",
    sent_on=0.1,
    counters=(("A", "B"), ("C", "A"), ("A", "B", "C")),
    reserves=1,
    out_of_order=0.05,
)
LOG = log_of(LIVELY)
STATION = json.dumps(LIVELY.station())
SMALL = """at,event,ticket,queue,service,priority,counter
2026-03-02T09:00:00+08:00,counter_open,,A|B,,,1
2026-03-02T09:01:00+08:00,issue,t1,A,S1,0,
2026-03-02T09:01:00+08:00,issue,t2,B,S3,1,
2026-03-02T09:01:05+08:00,call,t1,,,,1
"""


def rows_of(log: str) -> list[tuple[str, str, int, int]]:
    plan = read_plan(STATION)
    return [one.row() for one in replay(plan, read_log(io.StringIO(log), plan))]


@pytest.fixture(scope="module")
def rows() -> list[tuple[str, str, int, int]]:
    return rows_of(LOG)


def test_every_issue_line_has_its_forecast(rows: list[tuple[str, str, int, int]]) -> None:
    issued = [row for row in csv.DictReader(io.StringIO(LOG)) if row["event"] == "issue"]
    assert [row[:2] for row in rows] == [(row["ticket"], row["at"]) for row in issued]
    assert all(0 <= p50 <= p80 for _, _, p50, p80 in rows)


@pytest.mark.parametrize("share", [0.02, 0.31, 0.74])
def test_a_forecast_knows_nothing_of_what_comes(
    share: float, rows: list[tuple[str, str, int, int]]
) -> None:
    lines = LOG.splitlines()
    issued = [number for number, line in enumerate(lines) if ",issue," in line]
    last = issued[int(share * len(issued))]
    before = rows_of("\n".join(lines[: last + 1]))
    assert before == rows[: len(before)]
    assert before[-1][0] in lines[last]


def test_the_command_writes_the_same_bytes_everywhere(
    tmp_path: Path, rows: list[tuple[str, str, int, int]]
) -> None:
    lines = LOG.splitlines()
    half = lines[: len(lines) // 2]
    issued = sum(",issue," in line for line in half)
    (tmp_path / "log.csv").write_text("\n".join(half))
    (tmp_path / "station.json").write_text(STATION)
    done = _command(tmp_path, PYTHONHASHSEED="4711", TZ="America/New_York")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "".join(
        f"{','.join(map(str, row))}\n" for row in (HEADER, *rows[:issued])
    )
    assert "MAE" in done.stderr


def test_the_command_refuses_in_words(tmp_path: Path, database_free_app: Flask) -> None:
    (tmp_path / "log.csv").write_text(SMALL.replace("t2,B,", "t2,X,"))
    (tmp_path / "station.json").write_text(STATION)
    files = (str(tmp_path / "log.csv"), "--config", str(tmp_path / "station.json"))
    done = database_free_app.test_cli_runner().invoke(args=["tickets", "backtest", *files])
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [f"Error: {tmp_path}/log.csv: line 4: unknown queue X"]


def test_a_log_of_days_without_visitors_is_no_mistake(
    tmp_path: Path, database_free_app: Flask
) -> None:
    (tmp_path / "log.csv").write_text(SMALL.split("\n", 1)[0])
    (tmp_path / "station.json").write_text(STATION, encoding="utf-8-sig")
    files = (str(tmp_path / "log.csv"), "--config", str(tmp_path / "station.json"))
    done = database_free_app.test_cli_runner().invoke(args=["tickets", "backtest", *files])
    assert (done.exit_code, done.stdout) == (0, ",".join(HEADER) + "\n")


def _command(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = ("-m", "flask", "--app", "wsgi", "tickets", "backtest")
    return subprocess.run(
        [sys.executable, *command, folder / "log.csv", "--config", folder / "station.json"],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("log", "words"),
    [
        ("", "line 1: the log is empty"),
        (SMALL.replace(",priority", ""), "line 1: column priority is missing"),
        (SMALL.replace("09:01:05", "08:59:00"), "line 5: .* is earlier than the line above"),
        (SMALL.replace("09:01:05+08:00", "09:01:05"), "line 5: .* has no offset from UTC"),
        (SMALL.replace("2026-03-02T09:01:05+08:00", "soon"), "line 5: soon is not a time"),
        (SMALL.replace("t2,B,", "t2,X,"), "line 4: unknown queue X"),
        (SMALL.replace("A|B", "A|X"), "line 2: unknown queue X"),
        (SMALL.replace("S3", "S9"), "line 4: unknown service S9"),
        (SMALL.replace("call,t1,,,,1", "call,t1,,,,7"), "line 5: unknown counter 7"),
        (SMALL.replace("call,t1,,,,1", "call,t1,,,,"), "line 5: call without counter"),
        (SMALL.replace("call,t1", "call,t9"), "line 5: ticket t9 was never issued"),
        (SMALL.replace("issue,t2", "issue,t1"), "line 4: ticket t1 was issued before"),
        (SMALL.replace("call,t1", "dance,t1"), "line 5: unknown event dance"),
        (SMALL.replace("S3,1", "S3,yes"), "line 4: priority yes is neither 1 nor 0"),
        (SMALL.replace("call,t1,,,,1", "call,t1"), "line 5: wrong number of columns"),
    ],
)
def test_a_wrong_log_is_refused_by_its_line(log: str, words: str) -> None:
    with pytest.raises(LogError, match=words):
        read_log(io.StringIO(log), read_plan(STATION))


def _station(**changes: Any) -> str:  # noqa: ANN401 - JSON
    return json.dumps({**LIVELY.station(), **changes})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not JSON"),
        ("[]", "an object in braces is wanted"),
        ("{}", "is missing"),
        (_station(timezone="Asia/Atlantis"), "timezone: Asia/Atlantis is unknown"),
        (_station(queues=[]), "queues is empty"),
        (_station(counters=[{"number": 1, "queues": ["X"]}]), "counters: unknown queue X"),
        (_station(counters=3), "of the wrong kind"),
        (_station(closed=["tomorrow"]), "closed: tomorrow is not a date"),
        (
            _station(rota=[{"counter": 9, "weekday": 1, "from": "09:00", "to": "17:00"}]),
            "rota: unknown counter 9",
        ),
        (
            _station(rota=[{"counter": 1, "weekday": 1, "from": "9h", "to": "17:00"}]),
            "9h is not a time of day",
        ),
        (
            _station(rota=[{"counter": 1, "weekday": 1, "from": "17:00", "to": "09:00"}]),
            "17:00 is not before 09:00",
        ),
        (_station(rules={"order": "loudest"}), "rules.order: loudest is none of"),
    ],
)
def test_a_wrong_station_file_is_refused(text: str, words: str) -> None:
    with pytest.raises(PlanError, match=words):
        read_plan(text)


def test_what_is_not_known_yet_is_survived() -> None:
    """Events that contradict each other, unknown keys, a rota that names nobody."""
    plan = read_plan(json.dumps({**LIVELY.station(), "rota": [], "weather": "fine"}))
    odd = SMALL + (
        "2026-03-02T09:02:00+08:00,finish,t1,,,,1\n"
        "2026-03-02T09:02:00+08:00,cancel,t1,,,,\n"
        "2026-03-02T09:03:00+08:00,call,t2,,,,3\n"
        "2026-03-02T09:03:00+08:00,no_show,t2,,,,2\n"
        "2026-03-02T09:03:00+08:00,counter_pause,,,,,2\n"
        "2026-03-02T09:04:00+08:00,issue,t3,C,,0,\n"
        "2026-03-03T09:04:00+08:00,start,t3,,,,2\n"
        "2026-03-03T09:05:00+08:00,finish,t3,,,,2\n"
        "2026-03-03T09:06:00+08:00,issue,t4,C,,0,\n"
    )
    forecasts: list[Announced] = list(replay(plan, read_log(io.StringIO(odd), plan)))
    assert [one.ticket for one in forecasts] == ["t1", "t2", "t3", "t4"]
    assert all(0 <= one.p50 <= one.p80 for one in forecasts)
