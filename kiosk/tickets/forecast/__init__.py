"""How long somebody will wait: pure calculation, from the log of a hall and its station file.

`log` and `plan` read the two files, `hall` follows who waits and who works, `visits`, `habits`
and `visitors` learn, `scene` and `simulation` play the hall forward, `calibration` corrects by
past errors, `forecaster` puts them together, `classic` holds older rules to compare with, and
`backtest` replays a log. `ranges` says what a visitor reads.
"""

from kiosk.tickets.forecast.ranges import Staffing, Wait, wait

__all__ = ["Staffing", "Wait", "wait"]
