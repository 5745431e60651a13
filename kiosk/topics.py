"""Every live topic, whichever slice it belongs to."""

from collections.abc import Callable, Iterator

from kiosk.live import Snapshot
from kiosk.pickups import snapshots as pickups
from kiosk.tickets import snapshots as tickets
from kiosk.volunteers import snapshots as volunteers

PUBLIC_KINDS = tickets.PUBLIC_KINDS | pickups.PUBLIC_KINDS | volunteers.PUBLIC_KINDS


def snapshots(topics: set[str], is_watched: Callable[[str], bool]) -> Iterator[Snapshot]:
    """Compute what changed and is watched, each slice its own."""
    theirs = {
        topic
        for topic in topics
        if topic.partition(":")[0] in pickups.PUBLIC_KINDS | volunteers.PUBLIC_KINDS
    }
    yield from tickets.snapshots(topics - theirs, is_watched)
    for part in (pickups, volunteers):
        mine = {topic for topic in theirs if topic.partition(":")[0] in part.PUBLIC_KINDS}
        yield from part.snapshots(mine, is_watched)
