"""Our own stylesheets and modules, compressed on their way; each once, until it changes.

What is built (static/vendor) lies there compressed; these are served as they are written.
"""

import zlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_OURS = ("/static/css/", "/static/js/")
_GZIP = 16 + zlib.MAX_WBITS


class Squeezed:
    """The WSGI layer around the static files that compresses those nobody compressed before."""

    def __init__(self, files: "WSGIApplication") -> None:
        self.files = files
        self._kept: dict[str, tuple[str, bytes]] = {}

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        """Compress a whole file for who takes gzip; pass anything else on."""
        path = environ["PATH_INFO"]
        is_ours = environ["REQUEST_METHOD"] == "GET" and path.startswith(_OURS)
        takes = "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "") and "HTTP_RANGE" not in environ
        if not (is_ours and takes):
            return self.files(environ, start)
        said: list[Any] = []

        def hear(*answer: Any) -> Any:  # noqa: ANN401 - WSGI's own
            said[:] = answer
            return None

        body = self.files(environ, hear)
        status, headers = said[:2]
        known = {name.lower(): value for name, value in headers}
        if not status.startswith("200") or "content-encoding" in known:
            start(*said)
            return body
        small = self._compress(path, known.get("last-modified", ""), body)
        left = [pair for pair in headers if pair[0].lower() not in ("content-length", "vary")]
        more = [("Content-Encoding", "gzip"), ("Content-Length", str(len(small)))]
        start(status, [*left, *more, ("Vary", "Accept-Encoding")])
        return [small]

    def _compress(self, path: str, mark: str, body: Iterable[bytes]) -> bytes:
        whole = b"".join(body)
        if close := getattr(body, "close", None):
            close()
        kept = self._kept.get(path)
        if mark and kept is not None and kept[0] == mark:
            return kept[1]
        packer = zlib.compressobj(9, wbits=_GZIP)
        small = packer.compress(whole) + packer.flush()
        self._kept[path] = mark, small
        return small
