"""What is told of a CSV to programs is what stands in it: names, types, words, and where the same rows are for ever."""

import csv
import io
import tomllib
from datetime import UTC, date, datetime
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.dashboard import Served, served

__all__ = ["served"]

FILES = (
    "displacement?region=syria-region",
    "displacement?region=SYR&topic=returns",
    "border-status?region=syria-region",
    "aid-access?region=syria-region",
    "headline?region=SYR&published_by=2024-12-14",
    "displacement?since=2024-11-27",
    "border-status?since=2024-11-27",
    "aid-access?since=2024-11-27",
)
READ: dict[str, Any] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": {"true": True, "false": False}.__getitem__,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
}


def told(served: Served, file: str) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """The description of a file, and the rows of the file that it names."""
    package = requests.get(f"{served.address}/csv/{file.replace('?', '/datapackage.json?')}", timeout=30).json()
    text = requests.get(package["resources"][0]["path"], timeout=30).content.decode("utf-8-sig")
    return package, list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("file", FILES)
def test_each_cell_is_what_is_told_of_its_column(served: Served, file: str) -> None:
    """Another agency's pipeline that reads ids as numbers, or an empty cell as 0."""
    package, rows = told(served, file)
    fields = package["resources"][0]["schema"]["fields"]
    assert rows
    assert [field["name"] for field in fields] == list(rows[0])
    for field in fields:
        cells = {row[field["name"]] for row in rows} - {""}
        for cell in cells:
            READ[field["type"]](cell)
        assert cells <= set(field.get("constraints", {}).get("enum", cells)), field["name"]
        says_empty = "Empty" in field["description"]
        assert says_empty or all(row[field["name"]] for row in rows), field["name"]


def test_no_meaning_is_of_a_column_that_no_file_has(served: Served) -> None:
    """A page of columns that were renamed long ago."""
    listed = tomllib.loads((resources.files("tracker") / "columns.toml").read_text(encoding="utf-8"))
    found = {field["name"] for file in FILES for field in told(served, file)[0]["resources"][0]["schema"]["fields"]}
    assert set(listed) == found


def test_a_file_is_told_with_its_sources_and_as_of_when(served: Served) -> None:
    """A file without its licences, or an address whose rows are others next week."""
    package, rows = told(served, "displacement?region=LBN")
    assert {row["source_name"] for row in rows} <= {source["title"] for source in package["sources"]}
    assert {row["licence"] for row in rows} <= {licence["name"] for licence in package["licenses"]}
    assert "as_of=" in urlsplit(package["resources"][0]["path"]).query
    (moment,) = {row["as_of"] for row in rows}
    assert package["created"] == f"{moment[:19]}Z"


def test_key_figures_of_a_day_are_asked_of_that_day_again(served: Served) -> None:
    """The address "for ever" that answers as of the last load: a figure that had lapsed is current again."""
    package, rows = told(served, "headline?region=SYR&on=2025-03-01")
    assert "on=2025-03-01" in package["resources"][0]["path"]
    assert {row["on"] for row in rows} == {"2025-03-01"}
    assert ("Newly displaced, still displaced in Syria", "last_known") in {(row["title"], row["state"]) for row in rows}
    assert f"on={datetime.now(UTC).date()}" in told(served, "headline?region=SYR")[0]["resources"][0]["path"]


def test_the_sources_are_those_of_the_rows(served: Served) -> None:
    """Eleven bodies named under two bodies' figures, and a licence that binds none of them."""
    for file in ("displacement?region=SYR&topic=returns&start=2025-01-01", "border-status?region=LBN&end=2024-12-01"):
        package, rows = told(served, file)
        assert {source["title"] for source in package["sources"]} == {row["source_name"] for row in rows}
        assert {licence["name"] for licence in package["licenses"]} == {row["licence"] for row in rows}


@pytest.mark.parametrize(("file", "status"), [("people", 404), ("headline", 400), ("displacement?region=X", 400)])
def test_what_there_is_no_file_of_is_not_described(served: Served, file: str, status: int) -> None:
    """A description of nothing reads as an empty file."""
    kind, _, query = file.partition("?")
    answer = requests.get(f"{served.address}/csv/{kind}/datapackage.json?{query}", timeout=30)
    assert answer.status_code == status
