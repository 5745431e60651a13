"""What a volunteer's page hears: that something of theirs changed; nothing personal."""

from collections.abc import Callable, Iterator

from kiosk import clock
from kiosk.live import Snapshot
from kiosk.volunteers.queries import find_volunteer

PUBLIC_KINDS = {"volunteer"}


def snapshots(topics: set[str], is_watched: Callable[[str], bool]) -> Iterator[Snapshot]:
    """Compute what changed and is watched. What does not exist has no snapshot."""
    for topic in sorted(topics):
        volunteer = find_volunteer(topic.partition(":")[2]) if is_watched(topic) else None
        if volunteer is not None:
            data = {"changes": volunteer.changes, "at": clock.now().isoformat()}
            yield Snapshot(topic=topic, version=volunteer.changes, data=data)
