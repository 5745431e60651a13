"""Many lines as one string: the quickest way that Python has to look something up in text."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from re import Pattern


class Lines:
    """Lines of text, by their numbers."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.text = "\n".join(lines) + "\n"
        self._starts: list[int] = []
        at = 0
        for line in lines:
            self._starts.append(at)
            at += len(line) + 1

    def containing(self, piece: str) -> Iterator[tuple[int, int]]:
        """Find the lines that have this in them, and at which place first."""
        at = self.text.find(piece)
        while at >= 0:
            line = bisect_right(self._starts, at) - 1
            yield line, at - self._starts[line]
            at = self.text.find(piece, self._end(line))

    def find(self, line: int, piece: str) -> int:
        """Return at which place of a line this stands first, or -1."""
        start = self._starts[line]
        at = self.text.find(piece, start, self._end(line))
        return at - start if at >= 0 else -1

    def matching(
        self, pattern: Pattern[str], among: Iterable[int] | None = None
    ) -> Iterator[tuple[int, int, str]]:
        """Find the lines where a pattern fits: the line, the place, and what fitted.

        `among` names the only lines that need to be looked at.
        """
        if among is None:
            found = pattern.search(self.text)
            while found:
                line = bisect_right(self._starts, found.start()) - 1
                yield line, found.start() - self._starts[line], found.group()
                found = pattern.search(self.text, self._end(line))
            return
        for line in among:
            start = self._starts[line]
            found = pattern.search(self.text, start, self._end(line))
            if found:
                yield line, found.start() - start, found.group()

    def syllables_before(self, line: int, at: int) -> int:
        """Return how many syllables of a line stand before a place."""
        start = self._starts[line]
        return self.text.count(" ", start, start + at)

    def letters(self, line: int, first: int, count: int) -> int:
        """Return how many letters some syllables of a line have."""
        text = self.text[self._starts[line] : self._end(line)]
        return sum(map(len, text.split()[first : first + count]))

    def _end(self, line: int) -> int:
        return self._starts[line + 1] if line + 1 < len(self._starts) else len(self.text)
