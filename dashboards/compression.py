"""Answers are sent compressed, for slow lines; files that never change are compressed once and kept.

Dash's own ``compress=True`` compresses every file anew at every request, which costs more time than it saves.
"""

from typing import Any

from flask import Flask, Request
from flask_compress import Compress

FIXED = ("/_dash-component-suites/", "/style-")


class _Kept(dict[str, bytes]):
    """The library's cache, without the answers that change: their key is an algorithm and nothing more."""

    def set(self, key: str, value: bytes) -> None:
        if not key.endswith(";"):
            self[key] = value


def compress(server: Flask) -> None:
    """Compress what this server sends."""
    server.config |= {
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_BR_LEVEL": 9,
        "COMPRESS_LEVEL": 6,
        "COMPRESS_MIMETYPES": ["text/html", "text/css", "text/csv", "text/javascript", "application/javascript",
                               "application/json", "image/svg+xml"],
        "COMPRESS_CACHE_KEY": _key,
        "COMPRESS_CACHE_BACKEND": _Kept,
    }  # fmt: skip
    extension: Any = Compress
    extension(server)


def _key(asked: Request) -> str:
    return asked.full_path if asked.path.startswith(FIXED) else ""
