"""Walking through the pages of a provider's list, and noticing when the walk did not give the whole of it.

Pages overlap, are left out, and change while they are read; a list that is not whole must not be loaded, since a
missing row reads as "nobody".
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ingest.http import Client
from ingest.reading import read_json
from tracker.errors import SourceChanged, SourceUnreachable
from tracker.records import Payload

MOST_PAGES = 500

Rows = Callable[[Any, Payload], list[Any]]
"""The list inside a page."""


def by_offset(
    client: Client,
    address: str,
    query: Mapping[str, Any],
    *,
    limit: int,
    rows: Rows,
    total: Callable[[Any, Payload], int | None] = lambda page, payload: None,
    headers: Mapping[str, str] | None = None,
) -> Iterator[Payload]:
    """Every page of a list that is asked for with ``limit`` and ``offset``.

    Args:
        client: The client.
        address: Address of the list.
        query: What else to ask for.
        limit: Rows a page.
        rows: Finds the list in a page.
        total: Finds how many rows there are in all, where the provider says so; else a page shorter than ``limit``
            is the last.
        headers: Headers of every request.

    Raises:
        SourceChanged: A page came twice, was empty before the end, or held more rows than were asked for.
        SourceUnreachable: The list changed while it was read.
    """
    read, promised, before = 0, None, None
    for number in range(MOST_PAGES):
        payload = client.get(address, {**query, "limit": limit, "offset": read}, headers)
        yield payload
        page = read_json(payload)
        found, said = rows(page, payload), total(page, payload)
        if len(found) > limit or (found and found == before):
            raise SourceChanged(f"{payload.url}: page {number + 1} is not the one asked for; nothing can be trusted")
        if number and said != promised:
            raise SourceUnreachable(f"{payload.url}: the list changed while it was read; try again later")
        read, promised, before = read + len(found), said, found
        if promised is not None and (read > promised or (not found and read < promised)):
            raise SourceChanged(f"{payload.url}: the list says it has {promised} rows, and {read} came")
        if read == promised or (promised is None and len(found) < limit):
            return
    raise SourceChanged(f"{address} has more than {MOST_PAGES} pages: not what it promises")
