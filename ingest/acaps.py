"""The form of ACAPS' interface: a token for name and password, a snapshot a month, pages of 100 rows.

A month without data is an empty list; the current month may not be there yet. The rows carry no date: the month stands
in the address, or in the name of the file somebody saved.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from ingest.http import Client
from ingest.reading import read_json, require, require_list
from tracker.errors import SourceChanged, SourceUnreachable
from tracker.records import Credential, Payload, Period
from tracker.vocabulary import Precision

ADDRESS = "https://api.acaps.org/api/v1"
TOKEN = "https://api.acaps.org/api/v1/token-auth/"  # noqa: S105 - where one is asked for
USERNAME, PASSWORD = "TRACKER_ACAPS_USERNAME", "TRACKER_ACAPS_PASSWORD"  # noqa: S105 - names of settings
CREDENTIALS = (
    Credential(USERNAME, "register with ACAPS (api.acaps.org)"),
    Credential(PASSWORD, "register with ACAPS (api.acaps.org)"),
)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SNAPSHOT = re.compile(rf"(?<![A-Za-z])({'|'.join(MONTHS)})(20[0-9]{{2}})(?![0-9])")
MOST_PAGES = 50


def fetch_month(client: Client, product: str, month: date) -> Iterator[Payload]:
    """Every page of one month's snapshot."""
    said = client.post(TOKEN, {"username": client.credential(USERNAME), "password": client.credential(PASSWORD)})
    headers = {"Authorization": f"Token {require(read_json(said), 'token', said, '$')}"}
    address = f"{ADDRESS}/{product}/{MONTHS[month.month - 1]}{month.year}/"
    read, promised, following = 0, None, ""
    for _ in range(MOST_PAGES):
        # Of the next page's address only the query is taken: the token must go to no other host, and not unencrypted.
        payload = client.get(address + following, headers=headers)
        yield payload
        page = read_json(payload)
        read += len(results(page, payload))
        total = page.get("count", read)
        if promised is not None and total != promised:
            raise SourceUnreachable(f"{payload.url}: the list changed while it was read; try again later")
        promised = total
        if not page.get("next"):
            break
        following = f"?{urlsplit(str(page['next'])).query}"
    if read != promised:
        raise SourceChanged(f"{ADDRESS}/{product}: the list says it has {promised} rows, and {read} came")


def last_month(today: date) -> date:
    """A day of the month before: the current one is often not there yet."""
    return today.replace(day=1) - timedelta(days=1)


def results(page: Any, payload: Payload) -> list[Any]:
    """The rows of a page.

    Raises:
        SourceChanged: There is no list of them.
    """
    return require_list(page, "results", payload, {"detail": "a refusal: the token may not be valid"})


def snapshot(payload: Payload) -> Period:
    """The month a payload is about, by its address or name: "Nov2021".

    Raises:
        SourceChanged: Neither says.
    """
    found = SNAPSHOT.search(payload.url)
    if found is None:
        raise SourceChanged(
            f"{payload.url}: no month such as Nov2021 in the name, and the rows have no date: rename the file"
        )
    year, month = int(found[2]), MONTHS.index(found[1]) + 1
    return Period.on(date(year, month, monthrange(year, month)[1]), Precision.MONTH)
