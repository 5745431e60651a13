"""What the log may say: never a token, never what stands behind the question mark."""

import logging
import re

# The parts of an address that are as good as a key: /t/<token>, ticket:<token>, ?code=…
_SECRET = re.compile(
    r"""(
        /(?:[tpc]|pair)/
        | (?:/api/v1|/s/[^/\s]+)/(?:tickets|pickups)/
        | \b(?:ticket|pickup):
        | /\S*\?
    )[^\s/'"\])>]+""",
    re.VERBOSE,
)


class Discreet(logging.Formatter):
    """Format a record, traceback included, with an ellipsis in place of every secret."""

    def format(self, record: logging.LogRecord) -> str:
        """Hide what the finished text gives away."""
        return _SECRET.sub(r"\1…", super().format(record))
