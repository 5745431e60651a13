"""What the board's address says."""

from pydantic import BaseModel

from kiosk.stations.models import Shows

SCREENS = {"1": Shows.CALLS, "2": Shows.QUEUES}


class BoardQuery(BaseModel):
    """Which of two screens this is: 1 calls, 2 lists who waits; without it the device's own."""

    screen: str = ""

    @property
    def shows(self) -> Shows | None:
        """What this screen shows, if the address says so."""
        return SCREENS.get(self.screen)
