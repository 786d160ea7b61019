"""Walking through a list by limit and offset, and finding the newest file of a data set: whole, or not at all."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from ingest.hdx import newest
from ingest.http import Client
from ingest.paging import MOST_PAGES, by_offset
from tests.samples import payload
from tracker.errors import SourceChanged, SourceUnreachable
from tracker.records import Payload


class Listing(Client):
    """Gives pages of a list in the order they are asked for."""

    def __init__(self, pages: Iterator[dict[str, Any]]) -> None:
        self.pages, self.asked = pages, list[tuple[int, int]]()

    def get(self, url: str, params: Any = None, headers: Any = None) -> Payload:
        assert headers == {"X-Key": "made"}
        assert params["country"] == "SYR"
        self.asked.append((params["limit"], params["offset"]))
        return payload(json.dumps(next(self.pages)), url)


def walk(*pages: dict[str, Any], told: bool = False) -> Listing:
    """Walk through these pages, three rows each; told says whether they say how many rows there are."""
    listing = Listing(iter(pages))
    total = {"total": lambda page, payload: page["total"]} if told else {}
    kept = by_offset(
        listing, "https://api.example.org/list", {"country": "SYR"}, limit=3, headers={"X-Key": "made"},
        rows=lambda page, payload: page["rows"], **total,
    )  # fmt: skip
    assert len(list(kept)) == len(listing.asked)
    return listing


def page(*rows: int, total: int | None = None) -> dict[str, Any]:
    """A page."""
    return {"rows": list(rows), "total": total}


def test_short_page_is_the_last() -> None:
    """Asked for more, some providers begin again, and everybody is counted twice."""
    assert walk(page(1, 2, 3), page(4, 5)).asked == [(3, 0), (3, 3)]
    assert walk(page(1)).asked == [(3, 0)]
    assert walk(page()).asked == [(3, 0)]
    assert walk(page(1, 2, 3), page()).asked == [(3, 0), (3, 3)]


def test_total_says_when_the_list_is_whole() -> None:
    """A provider that gives fewer rows than were asked for would end the list after its first page."""
    assert walk(page(1, 2, total=5), page(3, 4, total=5), page(5, total=5), told=True).asked == [(3, 0), (3, 2), (3, 4)]
    assert walk(page(1, 2, 3, total=3), told=True).asked == [(3, 0)]
    assert walk(page(total=0), told=True).asked == [(3, 0)]


@pytest.mark.parametrize(
    ("pages", "told", "error", "said"),
    [
        ([page(1, 2, 3), page(1, 2, 3)], False, SourceChanged, "page 2 is not the one asked for"),
        ([page(1, 2, 3, 4)], False, SourceChanged, "page 1 is not the one asked for"),
        ([page(1, 2, total=5), page(3, total=6)], True, SourceUnreachable, "changed while it was read"),
        ([page(1, 2, total=5), page(total=5)], True, SourceChanged, "it has 5 rows, and 2 came"),
        ([page(1, 2, 3, total=4), page(4, 5, total=4)], True, SourceChanged, "it has 4 rows, and 5 came"),
        ([page(1, 2, 3, total=2)], True, SourceChanged, "it has 2 rows, and 3 came"),
    ],
    ids=["the same again", "more than asked", "grown", "empty in the middle", "too many", "too many at once"],
)
def test_pages_that_do_not_make_a_whole_are_refused(
    pages: list[dict[str, Any]], told: bool, error: type[Exception], said: str
) -> None:
    """A missing row reads as "nobody", and a double one as twice as many."""
    with pytest.raises(error, match=said):
        walk(*pages, told=told)


def test_list_without_an_end_has_one() -> None:
    """A provider that ignores the offset, and shuffles, would be asked until the disk is full."""
    endless = ({"rows": [n, n + 1, n + 2], "total": None} for n in range(0, 10**6, 3))
    listing = Listing(endless)
    with pytest.raises(SourceChanged, match=f"has more than {MOST_PAGES} pages"):
        list(
            by_offset(
                listing, "https://api.example.org/list", {"country": "SYR"}, limit=3, headers={"X-Key": "made"},
                rows=lambda page, payload: page["rows"],
            )
        )  # fmt: skip
    assert len(listing.asked) == MOST_PAGES


class Catalogue(Client):
    """HDX with one data set."""

    def __init__(self, *resources: dict[str, Any]) -> None:
        self.resources = resources

    def get(self, url: str, params: Any = None, headers: Any = None) -> Payload:  # noqa: ARG002
        if params is None:
            return payload("the file", url)
        assert (url.rpartition("/")[2], params) == ("package_show", {"id": "made-data"})
        return payload(json.dumps({"success": True, "result": {"resources": self.resources}}), url)


def resource(name: str, changed: str | None, form: str = "CSV") -> dict[str, Any]:
    """A file of the data set."""
    return {"name": name, "format": form, "url": f"https://example.org/{name}", "last_modified": changed}


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ([resource("old.csv", "2023-01-01"), resource("new.csv", "2024-01-01")], "new.csv"),
        ([resource("new.csv", "2024-01-01"), resource("old.csv", "2023-01-01")], "new.csv"),
        ([resource("dated.csv", "2020-01-01"), resource("undated.csv", None)], "dated.csv"),
        ([resource("data.csv", "2020-01-01"), resource("data.xlsx", "2024-01-01", "XLSX")], "data.csv"),
        ([resource("data.csv", "2020-01-01"), resource("Notes", "2024-01-01")], "data.csv"),
        ([resource("DATA.CSV", "2020-01-01", "csv")], "DATA.CSV"),
    ],
    ids=["newest last", "newest first", "no date", "another format", "another file", "upper case"],
)
def test_newest_file_of_a_data_set_is_found(resources: list[dict[str, Any]], expected: str) -> None:
    """The first in the list may be last year's, and the newest a page of notes."""
    assert newest(Catalogue(*resources), "made-data", "CSV", r"\.csv").url == f"https://example.org/{expected}"


@pytest.mark.parametrize("resources", [[], [resource("data.xlsx", "2024-01-01", "XLSX")], [{"format": None}]])
def test_data_set_without_the_file_is_for_a_person(resources: list[dict[str, Any]]) -> None:
    """Another file in its place would be read as what it is not."""
    with pytest.raises(SourceChanged, match=r"the data set made-data has no CSV resource '\\\\.csv' any more"):
        newest(Catalogue(*resources), "made-data", "CSV", r"\.csv")
