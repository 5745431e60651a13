"""The laws of invented stations, for tests of the forecast, and their station files.

All lengths are seconds unless they say minutes, all rates per hour.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Laws:
    """How life goes at an invented station, and its rules."""

    seed: int = 1
    days: int = 40
    services: dict[str, tuple[str, float]] = field(
        default_factory=lambda: {
            "S1": ("A", 300.0),
            "S2": ("A", 540.0),
            "S3": ("B", 600.0),
            "S4": ("C", 840.0),
        }
    )
    counters: tuple[tuple[str, ...], ...] = (("A", "B"), ("A", "B"), ("B", "C"), ("C", "A"))
    reserves: int = 0
    per_hour: float = 20.0
    peak: float = 1.6
    spread: float = 0.6
    is_gamma: bool = False
    order: str = "oldest"
    priority: str = "none"
    priority_share: float = 0.1
    head_start: int = 25
    appointments: str = ""
    place: str = "end"
    sent_on: float = 0.03
    no_show: float = 0.06
    giving_up: float = 0.2
    pauses: float = 0.15
    clerk_spread: float = 0.12
    day_spread: float = 0.05
    drift: float = 0.0
    changes_seats: bool = False
    late: float = 0.06
    absent: float = 0.0
    half_staffed: float = 0.0
    out_of_order: float = 0.0
    hurries: float = 0.0

    @property
    def queues(self) -> tuple[str, ...]:
        """Every queue, in order."""
        return tuple(sorted({queue for queue, _ in self.services.values()}))

    def station(self) -> dict[str, Any]:
        """Return the station file."""
        regular = len(self.counters) - self.reserves
        priority: dict[str, Any] = {"mode": self.priority}
        if self.priority == "ageing":
            priority["head_start_minutes"] = self.head_start
        appointments = (
            {"queue": self.appointments, "head_start_minutes": 20} if self.appointments else None
        )
        return {
            "timezone": "Asia/Shanghai",
            "queues": [
                {
                    "code": queue,
                    "name": queue,
                    "services": [s for s, (q, _) in self.services.items() if q == queue],
                }
                for queue in self.queues
            ],
            "counters": [
                {"number": number, "queues": list(queues)}
                for number, queues in enumerate(self.counters, 1)
            ],
            "rota": [line for number in range(1, regular + 1) for line in _rota(number)],
            "closed": [],
            "rules": {
                "order": self.order,
                "priority": priority,
                "appointments": appointments,
                "transfer_position": self.place,
                "no_show_after_calls": 3,
                "recall_after_seconds": 40,
                "issue_from": "08:45",
                "issue_until": "16:30",
            },
        }


def _rota(number: int) -> list[dict[str, Any]]:
    return [
        {
            "counter": number,
            "weekday": weekday,
            "from": "09:00",
            "to": "17:00",
            "breaks": [dict(zip(("from", "to"), lunch(number, weekday), strict=True))],
        }
        for weekday in range(1, 6)
    ]


def lunch(number: int, weekday: int) -> tuple[str, str]:
    """Return a counter's break on a weekday."""
    start = 11 * 60 + 20 + 35 * ((number + weekday) % 4)
    return f"{start // 60:02}:{start % 60:02}", f"{(start + 40) // 60:02}:{(start + 40) % 60:02}"
