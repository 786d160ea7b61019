"""The certain rows of a big sheet on their way to the store: on disk, by country, some of them in memory at a time."""

import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from weakref import finalize

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ingest.arrow import arrow_of, numbers_of
from ingest.cells import EMPTY, Codes, Numbers
from ingest.templates import figure_of
from tracker.errors import StoreError
from tracker.held import STATUSES
from tracker.places import Placed
from tracker.records import Amount, DisplacementFigure, Period
from tracker.vocabulary import Measure, Qualifier

PART = 250_000
"""Rows of several countries that are in memory together; a country of more is so by itself."""

WAITING = 100_000
"""Rows that wait to be written together."""

_NUMBERS = {
    **dict.fromkeys(("value", "low", "high"), pa.int64()),
    **dict.fromkeys(("template", "start", "end", "published", "status", "line"), pa.int32()),
}
_SCHEMA = pa.schema({**_NUMBERS, "url": pa.string()})

Array = NDArray[Any]


@dataclass(slots=True)
class Part:
    """All certain rows about some countries: arrays have an entry for each, in the file's order within a country.

    Attributes:
        templates: Of each combination of cells, the figure of one row.
        template: Which of these a row's figure is like.
        low: -1 where there are no bounds, as is ``high``.
        start: ``date.toordinal()``, as are ``end`` and ``published``; that of the end for a stock.
        status: Position among `tracker.held.STATUSES`.
        line: Where the row stands.
        url: Which of ``urls`` its publication has; -1 where it has no publication.
    """

    templates: list[Placed]
    template: Codes
    value: Numbers
    low: Numbers
    high: Numbers
    start: Codes
    end: Codes
    published: Codes
    status: Codes
    line: Codes
    url: Codes
    urls: list[str]

    @property
    def countries(self) -> frozenset[str | None]:
        """Where its people are."""
        return frozenset(_country(placed) for placed in self.templates)

    def figure(self, n: int) -> DisplacementFigure:
        """The figure of a row, as it is read from the row alone."""
        like = figure_of(self.templates[self.template[n]])
        value, low, high = int(self.value[n]), float(self.low[n]), float(self.high[n])
        bounded = low != EMPTY
        publication = like.publication
        return replace(
            like,
            locator=f"csv:{self.line[n]}/value",
            amount=Amount.of(Qualifier.APPROX, value, low, high) if bounded else Amount.exact(value),
            period=Period(_day(self.start[n]), _day(self.end[n])),
            published_on=_day(self.published[n]),
            observation_status=STATUSES[self.status[n]],
            publication=replace(publication, url=self.urls[self.url[n]]) if publication else None,
        )


class Spool:
    """A file without a name, which is gone with the process.

    Attributes:
        newest: The newest day a row is about.
        any_number: Whether some number is not zero.
    """

    def __init__(self, folder: Path, templates: list[Placed]) -> None:
        """An empty one on the disk of a folder; ``templates`` may grow with the rows."""
        self._file = TemporaryFile(dir=folder)  # noqa: SIM115
        finalize(self, self._file.close)
        self._templates = templates
        self._waiting: list[Any] = []
        self._numbers: dict[str | None, int] = {}
        self._country: list[int] = []
        self._pieces: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self._rows: Counter[int] = Counter()
        self._many = 0
        self.newest = date.min
        self.any_number = False

    def __len__(self) -> int:
        """How many rows there are."""
        return self._many

    def add(self, arrays: Mapping[str, Array], url: Array, texts: Any) -> None:
        """Add rows.

        Args:
            arrays: The spool's numbers; those of templates are positions in the list, ``start`` is -1 for none.
            url: Of each row, the position of its address in ``texts``.
            texts: Strings.

        Raises:
            StoreError: The folder cannot be written.
        """
        if not len(url):
            return
        columns = [arrow_of(arrays[name], kind) for name, kind in _NUMBERS.items()]
        batch = pa.RecordBatch.from_arrays([*columns, texts.take(arrow_of(url, pa.int32()))], schema=_SCHEMA)
        self._waiting.append(batch)
        self._many += len(url)
        self.newest = max(self.newest, _day(arrays["end"].max()))
        self.any_number |= bool(arrays["value"].any())
        if sum(len(waiting) for waiting in self._waiting) > WAITING:
            self._write()

    def _write(self) -> None:
        """Write the rows that wait, each country's in one piece."""
        for placed in self._templates[len(self._country) :]:
            self._country.append(self._numbers.setdefault(_country(placed), len(self._numbers)))
        template = np.concatenate([numbers_of(batch["template"]) for batch in self._waiting])
        country = np.array(self._country, np.int16)[template]
        order = arrow_of(np.argsort(country, kind="stable"), pa.int64())
        rows = pa.concat_batches(self._waiting).take(order)
        self._waiting = []
        ends = np.cumsum(np.bincount(country, minlength=len(self._numbers))).tolist()
        try:
            for number, (begin, end) in enumerate(pairwise([0, *ends])):
                if begin < end:
                    piece = self._file.tell(), self._file.write(rows.slice(begin, end - begin).serialize())
                    self._pieces[number].append(piece)
                    self._rows[number] += end - begin
            self._file.flush()
        except OSError as error:
            raise StoreError(f"no room for a big sheet beside the archive ({error.strerror}); free space") from error

    def __iter__(self) -> Iterator[Part]:
        """The parts."""
        if self._waiting:
            self._write()
        together: list[int] = []
        for number in self._pieces:
            if together and sum(self._rows[other] for other in together) + self._rows[number] > PART:
                yield self._part(together)
                together = []
            together.append(number)
        yield self._part(together)

    def _part(self, numbers: Sequence[int]) -> Part:
        """The rows about some countries."""
        rows = sum(self._rows[number] for number in numbers)
        arrays = {name: np.empty(rows, str(kind)) for name, kind in _NUMBERS.items()}
        addresses, begin = [], 0
        for at, size in (piece for number in numbers for piece in self._pieces[number]):
            batch = pa.ipc.read_record_batch(pa.py_buffer(os.pread(self._file.fileno(), size, at)), _SCHEMA)
            end = begin + len(batch)
            for name, array in arrays.items():
                array[begin:end] = numbers_of(batch[name])
            addresses.append(batch["url"].dictionary_encode())
            begin = end
        url = pa.chunked_array(addresses).unify_dictionaries().combine_chunks()
        own, template = np.unique(arrays.pop("template"), return_inverse=True)
        templates = [self._templates[n] for n in own.tolist()]
        one_day = np.array([figure_of(placed).measure is Measure.STOCK for placed in templates])[template]
        titled = np.array([figure_of(placed).publication is not None for placed in templates])[template]
        start, end_of = arrays.pop("start"), arrays["end"]
        return Part(
            templates,
            template.astype(np.int32),
            start=np.where(one_day | (start == EMPTY), end_of, start),
            url=np.where(titled, numbers_of(url.indices), np.int32(-1)),
            urls=url.dictionary.to_pylist(),
            **arrays,
        )


def _country(placed: Placed) -> str | None:
    return placed.location.iso3 if placed.location else None


def _day(ordinal: int) -> date:
    return date.fromordinal(int(ordinal))
