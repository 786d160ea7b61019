"""What goes along from a page to the page of a figure: the language, and the moment as of which all is shown."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from urllib.parse import urlencode

from dashboards.language import ENGLISH, spoken

NAMES = ("lang", "as_of", "published_by")
_CARRIED: ContextVar[str] = ContextVar("carried", default="")


@contextmanager
def carrying(chosen: Mapping[str, str]) -> Iterator[None]:
    """Links that are made within carry these of the choices of an address."""
    told = {name: chosen[name] for name in NAMES if chosen.get(name) and (name, chosen[name]) != ("lang", ENGLISH)}
    token = _CARRIED.set(f"?{urlencode(told)}" if told else "")
    try:
        yield
    finally:
        _CARRIED.reset(token)


def present_address(observation_id: str) -> str:
    """Where it is told as it is known now."""
    kept = urlencode([("lang", spoken().code)] if spoken().code != ENGLISH else [])
    return f"/figure/{observation_id}" + (f"?{kept}" if kept else "")


def figure_address(observation_id: str) -> str:
    """Where a figure's whole life is told, as of the moment of this page and in its language."""
    return f"/figure/{observation_id}{_CARRIED.get()}"
