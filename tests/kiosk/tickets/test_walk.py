"""Whatever clerks and visitors do, and in which order, what is told of the wait stays sane."""

import random
from datetime import timedelta

import pytest
import time_machine

from kiosk.clock import now
from kiosk.tickets.commands import Lookout
from kiosk.tickets.outlook import outlook
from tests.cast import Cast

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
VERBS = ("call-next", "start", "finish", "recall", "no-show", "hold", "pause", "resume")


@pytest.mark.parametrize("seed", [16, 22, 27])
def test_what_is_told_stays_sane(cast: Cast, clock: time_machine.Traveller, seed: int) -> None:
    chance = random.Random(seed)
    lookout = Lookout()
    for _ in range(60):
        if chance.random() < 0.4:
            cast.took(chance.choice("ABCDE"))
        else:
            cast.at_counter(chance.choice(VERBS), chance.randint(1, 4))
        clock.shift(timedelta(seconds=chance.choice((1, 5, 30, 90, 400))))
        if chance.random() < 0.5:
            lookout.look(lambda: None)
            told = outlook.of(cast.station.id, now())
            if told is not None:
                waits = [*told.queues.values(), *(each.wait for each in told.tickets.values())]
                assert all(0 <= w.low_minutes <= w.high_minutes < 24 * 60 for w in waits), waits
