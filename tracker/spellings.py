"""How places are compared: names by what is left of a spelling, codes by their numbers, crossings by distance."""

import math
import re
import unicodedata
from collections.abc import Iterable

from tracker.records import PointOfEntry

_GENERIC_WORDS = re.compile(r"\b(governorate|province|state|region|district|mohafazat|muhafazah|oblast)\b")


def normalise(name: str) -> str:
    """A spelling's skeleton: no case, accents, punctuation or administrative nouns ("Idlib Governorate" -> "idlib")."""
    plain = _GENERIC_WORDS.sub("", without_accents(name))
    return "".join(c for c in plain if c.isalnum())


def border_of(one: str, other: str) -> tuple[str, str]:
    """The key of a border: its two countries in alphabetical order."""
    return (one, other) if one < other else (other, one)


def skeleton(code: str, prefixes: list[str]) -> str:
    """A p-code without its country's prefix, signs, and zeros before numbers: "TD07" and "TCD07" are both "7"."""
    plain = re.sub(r"[^A-Z0-9]", "", code.upper())
    longest = max((prefix for prefix in prefixes if plain.startswith(prefix)), key=len, default="")
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", plain.removeprefix(longest))


def spellings(crossing: PointOfEntry, aliases: Iterable[str]) -> set[str]:
    """Every name a crossing goes by, on either side, as skeletons; a name of signs only names nothing."""
    names = (
        crossing.name, crossing.name_ar, crossing.name_local, crossing.name_other_side, crossing.name_other_side_ar,
        *aliases,
    )  # fmt: skip
    return {normalise(name) for name in names} - {""}


def without_accents(name: str) -> str:
    """A name without accents, in small letters; letters of other scripts stay."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))


def km(one: PointOfEntry, other: PointOfEntry) -> float:
    """Distance on a sphere, in kilometres; infinite where a point is missing."""
    if None in (one.latitude, one.longitude, other.latitude, other.longitude):
        return math.inf
    lat1, lon1, lat2, lon2 = (
        math.radians(x or 0.0) for x in (one.latitude, one.longitude, other.latitude, other.longitude)
    )
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(half))


def is_writing(text: str | None) -> bool:
    """Whether every database can hold the text: no NUL, no half of a character."""
    return text is None or ("\x00" not in text and not any("\ud800" <= c <= "\udfff" for c in text))
