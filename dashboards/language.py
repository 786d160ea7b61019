"""The reader's language: words from the catalogues in ``translations/``, names of places, numbers and months.

A catalogue is a gettext file; a language is added by adding one, with ``Language`` and ``Plural-Forms`` in its header
and the language's own name as the translation of "English". English is what the code says. What a catalogue lacks is
shown in English, and a test names it. Words go through `say` or `plural` where they are shown; those that stand in
tables of the code are marked by `term`. ``python tools/catalogues.py`` brings the catalogues up to date.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib import resources
from typing import Any
from unicodedata import bidirectional

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ENGLISH = "en"
RIGHTWARDS, LEFTWARDS, TO = "\u2066", "\u2067", "\u2069"
"""From the first or second to the third a text runs its own way, whatever stands around it."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language pages can be shown in.

    Attributes:
        code: As addresses and the page's ``lang`` say it.
        name: In the language itself.
        locale: Whose months and separators it uses.
        direction: ``ltr`` or ``rtl``.
        group: What parts the thousands; ``decimal`` parts the tenths.
        months: Short names, January first.
    """

    code: str
    name: str
    locale: str
    direction: str
    group: str
    decimal: str
    months: tuple[str, ...]
    catalogue: NullTranslations = field(repr=False)

    @property
    def is_rtl(self) -> bool:
        """Whether it is written from right to left."""
        return self.direction == "rtl"


@cache
def languages() -> dict[str, Language]:
    """All languages by code, English first."""
    found = [_language(ENGLISH, "English", Locale.parse("en"), NullTranslations())]
    for file in sorted(resources.files("dashboards").joinpath("translations").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".po"):
            read = read_po(io.BytesIO(file.read_bytes()))
            compiled = io.BytesIO()
            write_mo(compiled, read)
            compiled.seek(0)
            catalogue = GNUTranslations(compiled)
            name, locale = catalogue.gettext("English"), read.locale or Locale.parse(ENGLISH)
            found.append(_language(file.name.removesuffix(".po"), name, locale, catalogue))
    return {one.code: one for one in found}


def _language(code: str, name: str, locale: Locale, catalogue: NullTranslations) -> Language:
    symbols = locale.number_symbols["latn"]
    months = locale.months["format"]["abbreviated"]
    names = tuple(str(months[number]) for number in range(1, 13))
    return Language(
        code, name, str(locale), locale.text_direction, symbols["group"], symbols["decimal"], names, catalogue
    )


_SPOKEN: ContextVar[str] = ContextVar("language", default=ENGLISH)


@contextmanager
def speaking(code: str) -> Iterator[Language]:
    """All words within are said in this language; in English where there is no such language."""
    token = _SPOKEN.set(code if code in languages() else ENGLISH)
    try:
        yield spoken()
    finally:
        _SPOKEN.reset(token)


def spoken() -> Language:
    """The language of the page that is being made."""
    return languages()[_SPOKEN.get()]


def say(text: str, /, **values: Any) -> str:
    """A text in the reader's language, with the values in the places of their names.

    In a text that runs from right to left each value is kept apart, so that "370,000" or an English name cannot change
    places with what stands beside it.
    """
    return _filled(spoken().catalogue.gettext(text) if text else "", values)


def plural(count: int, one: str, many: str, /, **values: Any) -> str:
    """A text with ``{count}`` in it, as the reader's language says it of so many."""
    return _filled(spoken().catalogue.ngettext(one, many, count), {**values, "count": number(count)})


def forms(one: str, many: str) -> tuple[str, str]:
    """Mark a word that is said beside numbers, by itself; `beside` says it."""
    return one, many


def beside(count: float, word: tuple[str, str]) -> str:
    """A word as the reader's language says it beside so many; beside 1.5 as beside a hundred."""
    return spoken().catalogue.ngettext(*word, int(count) if float(count).is_integer() else 100)


def term(text: str) -> str:
    """Mark a word in a table of the code, which will be said where it is shown."""
    return text


def number(value: float) -> str:
    """A number with its thousands apart, in Western digits in every language."""
    language = spoken()
    text = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
    return text.replace(",", "\0").replace(".", language.decimal).replace("\0", language.group)


def place_name(row: Any, role: str = "location") -> str:
    """The name of a row's place (``location``, ``origin``, ``point_of_entry``), as the store has it in the language."""
    own = row.get(f"{role}_name_{spoken().code}")
    return str(own) if own else say(str(row[f"{role}_name"]))


def apart(text: Any) -> str:
    """A text within another one, with its own direction: ">370,000" must never be mirrored into "<370,000"."""
    if not spoken().is_rtl:
        return str(text)
    # Unicode's own mark for "as the first letter runs" does not look into what is marked itself: an amount with a unit,
    # each kept apart, would run rightwards, and "more than 370,000 persons" be read as "persons more than 370,000".
    letters = (bidirectional(letter) for letter in str(text))
    first = next((way for way in letters if way in ("L", "R", "AL")), "L")
    return f"{RIGHTWARDS if first == 'L' else LEFTWARDS}{text}{TO}"


def whole(text: str) -> str:
    """A text on a chart, which runs as its language does: the chart itself has one direction in all languages."""
    return f"{LEFTWARDS}{text}{TO}" if text and spoken().is_rtl else text


def _filled(text: str, values: dict[str, Any]) -> str:
    if not values:
        return text
    if spoken().is_rtl:
        values = {name: apart(value) for name, value in values.items()}
    return text.format(**values)
