"""Answers are sent compressed, for slow lines; files that never change are compressed once and kept.

Dash's own ``compress=True`` compresses every file anew at every request, which costs more time than it saves. A page
that is the same as the one a browser has is not sent again.
"""

import hashlib
import re
from functools import lru_cache
from typing import Any

import brotli
from flask import Flask, Request, Response, request
from flask_compress import Compress

FIXED = ("/_dash-component-suites/", "/style-", "/page-")
_TOKEN = re.compile(rb'"end_id":"[^"]*"')
"""What Dash writes anew into every page, for callbacks in the background, of which there are none here."""

LARGEST = 1_500_000
"""Bytes of a file that is worth the best compression, two seconds once; all of Plotly would take eleven."""


class _Kept(dict[str, bytes]):
    """The library's cache, without the answers that change: their key is an algorithm and nothing more."""

    def set(self, key: str, value: bytes) -> None:
        if not key.endswith(";"):
            self[key] = value


def compress(server: Flask) -> None:
    """Compress what this server sends."""
    server.config |= {
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_BR_LEVEL": 6,
        "COMPRESS_LEVEL": 6,
        "COMPRESS_MIMETYPES": ["text/html", "text/css", "text/csv", "text/javascript", "application/javascript",
                               "application/json", "image/svg+xml"],
        "COMPRESS_CACHE_KEY": _key,
        "COMPRESS_CACHE_BACKEND": _Kept,
    }  # fmt: skip
    extension: Any = Compress
    extension(server)
    # What is registered last comes first.
    server.after_request(_best)
    server.after_request(_told_apart)


def _told_apart(response: Response) -> Response:
    """Give a page a mark by which a browser asks whether it has changed, and its own answer if it has not."""
    if request.method == "GET" and response.status_code == 200 and response.mimetype == "text/html":
        response.headers["Cache-Control"] = "no-cache"
        response.set_etag(hashlib.sha256(_TOKEN.sub(b"", response.get_data())).hexdigest()[:32], weak=True)
        response.make_conditional(request)
    return response


def _best(response: Response) -> Response:
    """Compress a file that never changes as well as can be, once."""
    fixed = request.path.startswith(FIXED) and response.status_code == 200 and request.accept_encodings["br"] > 0
    if fixed and (response.content_length or LARGEST) < LARGEST:
        response.direct_passthrough = False
        response.set_data(_smallest(response.get_data()))
        response.headers["Content-Encoding"] = "br"
        response.headers.add("Vary", "Accept-Encoding")
    return response


@lru_cache(maxsize=64)
def _smallest(content: bytes) -> bytes:
    found: bytes = brotli.compress(content, quality=11)
    return found


def _key(asked: Request) -> str:
    return asked.full_path if asked.path.startswith(FIXED) else ""
