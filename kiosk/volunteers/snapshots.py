"""What pages of volunteers and shifts hear: that something changed; nothing personal."""

from collections.abc import Callable, Iterator

from kiosk import clock
from kiosk.live import Snapshot
from kiosk.stations.queries import find_station
from kiosk.volunteers.queries import find_volunteer, version_of_shifts

PUBLIC_KINDS = {"volunteer", "shifts"}


def snapshots(topics: set[str], is_watched: Callable[[str], bool]) -> Iterator[Snapshot]:
    """Compute what changed and is watched. What does not exist has no snapshot."""
    for topic in sorted(topics):
        kind, _, key = topic.partition(":")
        version = _version(kind, key) if is_watched(topic) else None
        if version is not None:
            data = {"changes": version, "at": clock.now().isoformat()}
            yield Snapshot(topic=topic, version=version, data=data)


def _version(kind: str, key: str) -> int | None:
    if kind == "shifts":
        return version_of_shifts() if find_station(key) else None
    volunteer = find_volunteer(key)
    return volunteer.changes if volunteer else None
