"""Ways in which a well-formed payload is wrong, for any source: on its rows, whether they are JSON or CSV."""

import copy
import csv
import io
import json
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from ingest.contract import SourceModule
from tests.samples import figures, payload
from tracker.records import Payload

Row = dict[str, Any]
Rows = list[Row]
TOTALS = frozenset({"total", "count", "totalCount", "maxPages", "totalRecordsCount"})


class Damaged:
    """A sample that can be taken apart and put together again, with its rows changed."""

    def __init__(self, module: SourceModule, sample: Payload) -> None:
        self.module, self.sample = module, sample
        text = sample.content.decode("utf-8-sig")
        self.is_json = text.lstrip()[:1] in "[{"
        if self.is_json:
            self.document = json.loads(text)
        else:
            self.header, *self.lines = list(csv.reader(io.StringIO(text)))
        locators = {figure.locator for figure in figures(module, sample)}
        self.value_fields = {locator.rpartition("/")[2].partition(" (")[0] for locator in locators if "/" in locator}

    def with_rows(self, change: Callable[[Rows], Rows]) -> bytes:
        """The sample with other rows."""
        if self.is_json:
            document = copy.deepcopy(self.document)
            rows = _largest(document)
            rows[:] = change([*rows])
            return json.dumps(document, ensure_ascii=False).encode()
        tags = [line for line in self.lines if line and line[0].startswith("#")]
        rows = [dict(zip(self.header, line, strict=True)) for line in self.lines if line not in tags]
        changed = change(rows)
        header = list(changed[0]) if changed else self.header
        shown = [[row.get(name, "") for name in header] for row in changed]
        file = io.StringIO()
        kept = tags if header == self.header else []
        csv.writer(file, lineterminator="\n").writerows([header, *kept, *shown])
        return file.getvalue().encode()

    def with_values(self, change: Callable[[Any], Any]) -> bytes:
        """The sample with the fields its figures stand in changed; null where they are nested."""

        def one(name: str, value: Any) -> Any:
            return change(value) if name in self.value_fields else value

        def each(rows: Rows) -> Rows:
            return [_deep(row, one) for row in rows]

        return self.with_rows(each)

    def with_text(self, change: Callable[[str], str]) -> bytes:
        """The sample as text, changed."""
        return change(self.sample.content.decode("utf-8-sig")).encode()

    def without(self, field: str) -> bytes:
        """The sample without a field, wherever it stands."""
        return self.with_rows(lambda rows: [_without(row, field) for row in rows])

    def needed(self) -> str:
        """A field the source cannot do without."""
        names = {name for row in self._rows() for name in _names(row)}
        for name in sorted(names):
            with suppress(Exception):
                figures(self.module, payload(self.without(name), self.sample.url))
                continue
            return name
        raise AssertionError(f"{self.module.SOURCE.code} needs no field of its rows")

    def with_totals(self, change: Callable[[int], int]) -> bytes:
        """The sample with the number of rows it promises changed, where it promises one."""
        if not self.is_json or not isinstance(self.document, dict):
            return self.sample.content
        document = {
            name: change(value) if name in TOTALS and isinstance(value, int) else value
            for name, value in self.document.items()
        }
        return json.dumps(document, ensure_ascii=False).encode()

    def _rows(self) -> Rows:
        if self.is_json:
            return list(_largest(copy.deepcopy(self.document)))
        return [dict(zip(self.header, line, strict=True)) for line in self.lines]


def renamed(row: Any, field: str) -> Any:
    """A row in which a field has another name."""
    if isinstance(row, dict):
        return {(f"{name}_new" if name == field else name): renamed(value, field) for name, value in row.items()}
    return [renamed(value, field) for value in row] if isinstance(row, list) else row


def times(factor: int) -> Callable[[Any], Any]:
    """Multiplies a number, or text of one; anything else stays."""

    def change(value: Any) -> Any:
        if isinstance(value, bool) or value in (None, "", "-"):
            return value
        if isinstance(value, int | float):
            return value * factor
        with suppress(ValueError):
            number = float(str(value).rstrip("%"))
            shown = str(int(number) if number.is_integer() else number)
            return str(value).replace(shown, str(int(float(shown) * factor)), 1)
        return value

    return change


def in_other_years(shift: int) -> Callable[[str], str]:
    """Moves every year of this century in a text."""
    return lambda text: re.sub(r"(?<![0-9])20[0-2][0-9](?![0-9]{2,})", lambda m: str(int(m[0]) + shift), text)


def _largest(document: Any) -> list[Any]:
    """The longest list of objects in a document."""
    found: list[list[Any]] = []

    def look(node: Any) -> None:
        if isinstance(node, list):
            if node and all(isinstance(item, dict) for item in node):
                found.append(node)
            for item in node:
                look(item)
        elif isinstance(node, dict):
            for value in node.values():
                look(value)

    look(document)
    # The outermost comes first; an inner list (dates of an event, age groups) must not be taken for the rows.
    return found[0]


def _deep(node: Any, change: Callable[[str, Any], Any]) -> Any:
    if isinstance(node, dict):
        return {name: change(name, _deep(value, change)) for name, value in node.items()}
    return [_deep(value, change) for value in node] if isinstance(node, list) else node


def _names(node: Any) -> set[str]:
    if isinstance(node, dict):
        return set(node) | {name for value in node.values() for name in _names(value)}
    return {name for value in node for name in _names(value)} if isinstance(node, list) else set()


def _without(node: Any, field: str) -> Any:
    if isinstance(node, dict):
        return {name: _without(value, field) for name, value in node.items() if name != field}
    return [_without(value, field) for value in node] if isinstance(node, list) else node
