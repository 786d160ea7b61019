"""The only user of the network: time-outs, retries with back-off, size limits, and no secret in any message."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from tracker.errors import SourceChanged, SourceUnreachable
from tracker.records import Payload

ATTEMPTS = 4
CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 10, 60, 300
LARGEST_BYTES = 200 * 1024 * 1024
LONGEST_WAIT_SECONDS = 60


class Client:
    """A polite HTTP client for one run.

    Back-off is exponential with jitter; ``Retry-After`` is obeyed up to a minute, since a run holds a lease. A client
    error (401, 403, 404) is not retried: asking again would not help, a person has to look.
    """

    def __init__(self, *, backoff: float = 1.0) -> None:
        """Open a session; ``backoff`` is the first wait in seconds."""
        retry = Retry(
            total=ATTEMPTS - 1,
            backoff_factor=backoff,
            backoff_jitter=backoff / 2,
            backoff_max=LONGEST_WAIT_SECONDS,
            status_forcelist=(429, 500, 502, 503, 504),
            allowed_methods=("GET",),
            retry_after_max=LONGEST_WAIT_SECONDS,
            raise_on_status=False,
        )
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"displacement-tracker/{version('displacement-tracker')}"
        self._session.mount("https://", HTTPAdapter(max_retries=retry))
        self._session.mount("http://", HTTPAdapter(max_retries=retry))

    def get(self, url: str, params: Mapping[str, Any] | None = None) -> Payload:
        """Fetch one page whole.

        Raises:
            SourceUnreachable: No answer, a broken one, or a server error, after every attempt.
            SourceChanged: The address is gone, access is refused, or the answer is beyond all size.
        """
        where = _without_query(url)
        deadline = time.monotonic() + WHOLE_SECONDS
        try:
            with self._session.get(
                url, params=params, timeout=(CONNECT_SECONDS, READ_SECONDS), stream=True
            ) as response:
                _require_answer(response, where)
                content = _read(response, where, deadline)
                shown = response.request.url or url
                media_type = response.headers.get("Content-Type", "").partition(";")[0].strip()
        except requests.RequestException as error:
            raise SourceUnreachable(f"{where} cannot be reached ({_cause(error)}); try again later") from error
        return Payload(
            content=content,
            url=shown,
            media_type=media_type or "application/octet-stream",
            retrieved_at=datetime.now(UTC),
        )


def _require_answer(response: requests.Response, where: str) -> None:
    status = response.status_code
    if status in (401, 403):
        raise SourceChanged(f"{where} refuses access (HTTP {status}): check whether it now needs a credential")
    if status == 429 or status >= 500:
        raise SourceUnreachable(f"{where} answers HTTP {status}, {ATTEMPTS} times over; try again later")
    if status != 200:
        raise SourceChanged(f"{where} answers HTTP {status}: the address may have moved")


def _read(response: requests.Response, where: str, deadline: float) -> bytes:
    parts, size = [], 0
    for part in response.iter_content(64 * 1024):
        size += len(part)
        if size > LARGEST_BYTES:
            raise SourceChanged(f"{where} sends more than {LARGEST_BYTES // 1024**2} MB: not what it promises")
        if time.monotonic() > deadline:
            raise SourceUnreachable(f"{where} is too slow: not whole after {WHOLE_SECONDS} s; try again later")
        parts.append(part)
    if not size:
        raise SourceUnreachable(f"{where} sends an empty answer; try again later")
    return b"".join(parts)


def _without_query(url: str) -> str:
    """Host and path only: a query may carry a credential."""
    parts = urlsplit(url)
    return f"{parts.hostname}{parts.path}"


def _cause(error: requests.RequestException) -> str:
    """The kind of failure in a few words; the library's own text repeats addresses with their query."""
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate is not valid"
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    if isinstance(error, requests.exceptions.ChunkedEncodingError | requests.exceptions.ContentDecodingError):
        return "the answer broke off or is damaged"
    if isinstance(error, requests.exceptions.TooManyRedirects):
        return "it redirects in a circle"
    if isinstance(error, requests.ConnectionError):
        return "no connection"
    return type(error).__name__
