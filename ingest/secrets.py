"""Keeping credentials out of everything that is kept or shown: addresses, archived bytes, messages."""

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

HIDDEN = "***"

_NAMES = re.compile(r"key|token|secret|sign|passw|credential|auth|e-?mail|app_?id|client_?id|^sig$", re.IGNORECASE)
"""Names of query parameters whose values are not stored; HAPI's ``app_identifier`` holds somebody's address."""

_ECHOED = re.compile(rb"([?&](?:client_id|app_identifier|api_?key|access_token|subscription-key)=)[^&\"'\s<>\\]+")
"""A credential inside an answer: IDMC repeats the client id in the address of the next page."""

_PACKED = (b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0")


def masked(url: str, secrets: Iterable[str] = ()) -> str:
    """An address that may be stored and shown: user, password, credentials and parameters named like one are out."""
    parts, hidden = urlsplit(url), frozenset(secrets)
    query = [
        (name, HIDDEN if value in hidden or _NAMES.search(name) else value)
        for name, value in parse_qsl(parts.query, True)
    ]
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, urlencode(query, safe="*,:/"), ""))


def is_clean(blocks: Iterable[bytes]) -> bool:
    """Whether a saved file, given block by block, may be kept as it is: no address in it has a credential."""
    rest = b""
    for block in blocks:
        # The search takes long, and next to no table has an address with a query.
        if (b"?" in block or b"&" in block or b"?" in rest or b"&" in rest) and _ECHOED.search(rest + block):
            return False
        rest = block[block.rfind(b"\n") + 1 :]
    return True


def scrubbed(content: bytes, secrets: Iterable[str] = ()) -> bytes:
    """A payload as it may be kept: our credentials, and any credential in an address, are taken out.

    Packed files (workbooks, Parquet) are left as they are: they hold no addresses of the provider's interface.
    """
    if content.startswith(_PACKED):
        return content
    for secret in secrets:
        for written in {secret, quote(secret, safe="")}:
            content = content.replace(written.encode(), HIDDEN.encode())
    return _ECHOED.sub(rb"\1" + HIDDEN.encode(), content)
