"""What machines share that do all verbs of a slice in any order."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import ClassVar, TypeVar

import time_machine
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from kiosk.clock import now
from kiosk.db import session, transaction
from kiosk.refusal import Refusal
from tests.hours import MORNING

T = TypeVar("T")


class Machine(RuleBasedStateMachine):
    """One morning at the sample station; between two verbs pass a few seconds."""

    STEP: ClassVar[timedelta]
    clock: time_machine.Traveller

    def __init__(self) -> None:
        super().__init__()
        session.rollback()
        self.clock.move_to(MORNING)
        session.expire_all()

    def do(self, verb: Callable[..., T], *what: object, **how: object) -> T | None:
        """Do what may be refused, a little after what was done before."""
        self.clock.shift(self.STEP)
        with suppress(Refusal), transaction():
            return verb(*what, at=now(), **how)
        session.expire_all()
        return None


def run(machine: type[Machine], **given: object) -> None:
    """Run a machine eight times, always the same ways; what it needs of a test is given by name."""
    run_state_machine_as_test(
        type("Here", (machine,), given),
        settings=settings(
            max_examples=8,
            stateful_step_count=30,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
