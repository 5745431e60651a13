"""What a question found: the best way to each service, and the services, best first."""

from typing import NamedTuple

from kiosk.catalog.index import Hit, Index, Kind

LEAST = 30
# What is much worse than the best is left out.
WORTH_SHOWING = 0.55
# Who asks for a category by its name means what is in it, more than parts of other names.
WHOLE = 97
CATEGORY_ITSELF = 0.87


class Way(NamedTuple):
    """How a service was found: how well, by which phrase, and what of it was meant."""

    score: float
    phrase: int
    meant: str


class Found(dict[int, Way]):
    """The best way to each service, by its place in the index."""

    def __init__(self, index: Index, station: int | None) -> None:
        super().__init__()
        self.index = index
        self.station = station

    def note(self, number: int, score: float, meant: str = "") -> None:
        """Keep a way by a phrase where it is better than what was known."""
        phrase = self.index.phrases[number]
        if phrase.station in (None, self.station):
            is_category = phrase.kind is Kind.CATEGORY and score >= WHOLE
            score *= CATEGORY_ITSELF if is_category else phrase.kind.value
            for service in phrase.services:
                if service not in self or score > self[service].score:
                    self[service] = Way(score, number, meant)

    def note_service(self, place: int, score: float, meant: str = "") -> None:
        """Keep a way to one service, by its name."""
        if place not in self or score > self[place].score:
            self[place] = Way(score, self.index.names[place], meant)

    @property
    def best(self) -> float:
        """The best score."""
        return max((way.score for way in self.values()), default=0)

    def hits(self, asked: str) -> list[Hit]:
        """Return what was found, best first, and in the catalog's order where it is the same."""
        least = max(LEAST, self.best * WORTH_SHOWING)
        places = [place for place, way in self.items() if way.score >= least]
        places.sort(key=lambda place: (-round(self[place].score), place))
        return [self._hit(place, asked) for place in places]

    def _hit(self, place: int, asked: str) -> Hit:
        way = self[place]
        phrase = self.index.phrases[way.phrase]
        is_alias = phrase.kind in (Kind.KEYWORD, Kind.SYNONYM, Kind.ENGLISH)
        return Hit(
            self.index.services[place],
            max(1, min(100, round(way.score))),
            phrase.shown if is_alias else "",
            way.meant or asked,
        )
