"""What a source module must offer, and how the modules are found."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol, cast

from ingest import sources
from ingest.http import Client
from tracker.errors import UsageError
from tracker.records import Credential, ParsedRow, Payload, Source


@dataclass(frozen=True, slots=True)
class Scope:
    """What a live fetch is for.

    Attributes:
        countries: ISO3 codes of every country some region of the store follows.
        today: The day of the run, so that no source reads the clock.
    """

    countries: tuple[str, ...]
    today: date


class SourceModule(Protocol):
    """A file in ``ingest/sources``.

    A source that is read from files alone has no ``fetch`` and no cadence. One whose payloads together can be all that
    it says has a third function, ``is_whole(payloads) -> bool``: when it is true, what the source no longer says is
    withdrawn. Its pages belong together, so a fourth one, ``release(payload) -> str | None``, says which release
    a saved file is a part of.
    """

    SOURCE: Source

    def fetch(self, client: Client, scope: Scope) -> Iterator[Payload]:
        """Ask the provider, page by page.

        Raises:
            SourceUnreachable: It does not answer; the next run may succeed.
            SourceChanged: It answers, but not what it promises.
        """

    def parse(self, payload: Payload) -> Iterator[ParsedRow]:
        """Turn bytes into records, one `ParsedRow` for each row of the provider.

        Raises:
            SourceChanged: The payload is not in the form the source promises.
        """


def is_whole(module: SourceModule, payloads: list[Payload]) -> bool:
    """Whether the payloads together are all that the source says."""
    ask = getattr(module, "is_whole", None)
    return ask is not None and bool(ask(payloads))


def is_sheet(module: SourceModule) -> bool:
    """Whether the source's columns are ours (``COLUMNS``, of which ``REQUIRED``), so that a mapping may fill them."""
    return hasattr(module, "REQUIRED")


def runs_of(module: SourceModule, files: list[Payload]) -> list[list[Payload]]:
    """Saved files by run: each file is one, but for the parts of one release, which are one together."""
    release = getattr(module, "release", lambda payload: None)
    runs: dict[object, list[Payload]] = {}
    for number, payload in enumerate(files):
        runs.setdefault(release(payload) or number, []).append(payload)
    return list(runs.values())


def missing_credentials(module: SourceModule, credentials: Mapping[str, str]) -> list[Credential]:
    """What a live fetch of the source lacks."""
    return [wanted for wanted in module.SOURCE.credentials if not credentials.get(wanted.variable)]


def discover() -> dict[str, SourceModule]:
    """Every source module, by the code of its source."""
    names = [module.name for module in pkgutil.iter_modules(sources.__path__)]
    modules = (importlib.import_module(f"{sources.__name__}.{name}") for name in sorted(names))
    return {module.SOURCE.code: cast(SourceModule, module) for module in modules}


def choose(codes: tuple[str, ...]) -> dict[str, SourceModule]:
    """The named sources, or all of them when none is named.

    Raises:
        UsageError: There is no source of that code.
    """
    known = discover()
    for code in codes:
        if code not in known:
            raise UsageError(f"there is no source {code!r}; there are: {', '.join(known)}")
    return {code: known[code] for code in codes or known}
