"""The only user of the network: time-outs, retries with back-off, size limits, and no secret in any message."""

import ipaddress
import logging
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from ingest.secrets import masked, scrubbed
from tracker.errors import SourceChanged, SourceUnreachable
from tracker.records import Payload

ATTEMPTS = 4
CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 10, 60, 300
LARGEST_BYTES = 200 * 1024 * 1024
LONGEST_WAIT_SECONDS = 60
MOST_REDIRECTS = 5

# It writes every retry to the log, with the query.
logging.getLogger("urllib3").setLevel(logging.ERROR)


class _Session(requests.Session):
    """A session that follows no redirect out of the open, encrypted internet."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        target: str | None = super().get_redirect_target(resp)
        if target:
            refuse_redirect(resp.url, urljoin(resp.url, target))
        return target

    def rebuild_auth(self, prepared_request: requests.PreparedRequest, response: requests.Response) -> None:
        """Show a credential to the host it is for, and to no other; the library knows of ``Authorization`` alone."""
        super().rebuild_auth(prepared_request, response)
        if self.should_strip_auth(str(response.request.url), str(prepared_request.url)):
            for name in set(prepared_request.headers) - set(self.headers):
                del prepared_request.headers[name]


class Client:
    """A polite HTTP client for one run.

    Back-off is exponential with jitter; ``Retry-After`` is obeyed up to a minute, since a run holds a lease. A client
    error (401, 403, 404) is not retried: asking again would not help, a person has to look.
    """

    def __init__(
        self, *, backoff: float = 1.0, pause: float = 0.0, credentials: Mapping[str, str] | None = None
    ) -> None:
        """Open a session.

        Args:
            backoff: The first wait before another attempt, in seconds.
            pause: The least time between two requests, in seconds.
            credentials: Values by the name of their setting; none of them is ever kept or shown.
        """
        self._pause, self._asked_at = pause, -pause
        self._credentials = dict(credentials or {})
        retry = Retry(
            total=ATTEMPTS - 1,
            backoff_factor=backoff,
            backoff_jitter=backoff / 2,
            backoff_max=LONGEST_WAIT_SECONDS,
            status_forcelist=(429, 500, 502, 503, 504),
            allowed_methods=("GET", "POST"),
            retry_after_max=LONGEST_WAIT_SECONDS,
            raise_on_status=False,
        )
        self._session = _Session()
        self._session.max_redirects = MOST_REDIRECTS
        self._session.headers["User-Agent"] = f"displacement-tracker/{version('displacement-tracker')}"
        self._session.mount("https://", HTTPAdapter(max_retries=retry))
        self._session.mount("http://", HTTPAdapter(max_retries=retry))

    def __enter__(self) -> "Client":
        """The client; its connections are closed at the end."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self._session.close()

    def credential(self, variable: str) -> str:
        """The value of a credential the source declares; a source without it is not fetched at all."""
        return self._credentials[variable]

    def get(
        self, url: str, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> Payload:
        """Fetch one page whole.

        Raises:
            SourceUnreachable: No answer, a broken one, or a server error, after every attempt.
            SourceChanged: The address is gone, access is refused, or the answer is beyond all size.
        """
        return self._fetch("GET", url, params=params, headers=headers)

    def post(self, url: str, form: Mapping[str, str]) -> Payload:
        """Send a form, to be given a token; its answer is not to be archived.

        Raises:
            SourceUnreachable: As for `get`.
            SourceChanged: As for `get`.
        """
        return self._fetch("POST", url, data=form)

    def _fetch(self, method: str, url: str, **request: Any) -> Payload:
        where = _without_query(url)
        time.sleep(max(0.0, self._asked_at + self._pause - time.monotonic()))
        self._asked_at = time.monotonic()
        deadline = self._asked_at + WHOLE_SECONDS
        try:
            with self._session.request(
                method, url, timeout=(CONNECT_SECONDS, READ_SECONDS), stream=True, **request
            ) as response:
                _require_answer(response, where)
                content = _read(response, where, deadline)
                shown = masked(response.url, self._credentials.values())
                media_type = response.headers.get("Content-Type", "").partition(";")[0].strip()
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, requests.exceptions.MissingSchema):
            raise SourceChanged(f"{where or 'an empty address'} is not an address that can be fetched") from None
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            # Not chained: the library's own text repeats the address with its query.
            raise SourceUnreachable(f"{where} cannot be reached ({_cause(error)}); try again later") from None
        return Payload(
            # Of the answer to a form, a token is what was asked for.
            body=scrubbed(content, self._credentials.values()) if method == "GET" else content,
            url=shown,
            media_type=media_type or "application/octet-stream",
            retrieved_at=datetime.now(UTC),
        )


def refuse_redirect(origin: str, target: str) -> None:
    """Stop a provider, or whoever speaks for it, from sending us to a machine of the inner network.

    A public name that resolves to a private address is not seen here.

    Raises:
        SourceChanged: The target is not encrypted though the origin was, or is a private address.
    """
    if urlsplit(origin).scheme == "https" and urlsplit(target).scheme != "https":
        raise SourceChanged(f"{_without_query(origin)} redirects to an address without encryption: not followed")
    if _is_private(target) and not _is_private(origin):
        raise SourceChanged(f"{_without_query(origin)} redirects to a private address: not followed")


def _is_private(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        # Names of the inner network, and addresses in forms only resolvers read (one number, octal parts).
        last = host.rpartition(".")[2]
        return "." not in host or last[:1].isdigit() or last in ("localhost", "local", "internal")


def _require_answer(response: requests.Response, where: str) -> None:
    status = response.status_code
    if status in (401, 403):
        raise SourceChanged(f"{where} refuses access (HTTP {status}): check whether it now needs a credential")
    if status == 429 or status >= 500:
        raise SourceUnreachable(f"{where} answers HTTP {status}, {ATTEMPTS} times over; try again later")
    if status == 204:
        raise SourceUnreachable(f"{where} sends an empty answer; try again later")
    if status != 200:
        raise SourceChanged(f"{where} answers HTTP {status}: the address may have moved")


def _read(response: requests.Response, where: str, deadline: float) -> bytes:
    parts, size = [], 0
    # read1 hands over what has come; waiting for a full block would let one byte a second outlast every deadline.
    while part := response.raw.read1(64 * 1024, decode_content=True):
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
    return f"{parts.hostname or ''}{parts.path}"


def _cause(error: Exception) -> str:
    """The kind of failure in a few words; the library's own text repeats addresses with their query."""
    kinds: dict[str, tuple[type[Exception], ...]] = {
        "its certificate is not valid": (requests.exceptions.SSLError, urllib3.exceptions.SSLError),
        "no answer in time": (requests.Timeout, urllib3.exceptions.ReadTimeoutError),
        "the answer broke off or is damaged": (
            requests.exceptions.ChunkedEncodingError,
            requests.exceptions.ContentDecodingError,
            urllib3.exceptions.ProtocolError,
            urllib3.exceptions.DecodeError,
        ),
        "it redirects in a circle": (requests.exceptions.TooManyRedirects,),
        "no connection": (requests.ConnectionError,),
    }
    # After the last attempt the library reports a lost connection, and keeps what was wrong with it inside.
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    for one in (reason, error):
        for said, types in kinds.items():
            if isinstance(one, types):
                return said
    return type(error).__name__
