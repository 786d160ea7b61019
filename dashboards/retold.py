"""Sentences of the library in the reader's language.

Doubts lie in the store as they were written, in English; what refuses an address is what the command would say.
"""

import re
from functools import cache

from dashboards.language import ENGLISH, apart, number, say, spoken, term

SENTENCES = (
    term("revised from {before} to 0: 'not reported' may have been written as 0"),
    term("revised from {before} to {value}"),
    term("0, and {near} in the period before: 'not reported' may have been written as 0"),
    term("{times} times the {near} of the nearest period of the same series"),
    term("{times} times less than the {near} of the nearest period of the same series"),
    term("exactly the {value} of the period before, in a series that never stood still"),
    term("swapped with {value}? Each fits the other's history better than its own"),
    term("the figures of this payload fit their neighbours' history: rows may have slipped"),
    term("more than the {whole} of the whole area it is part of"),
    term("the same as the whole area's {whole}, and other parts have some"),
    term("its parts add up to {total}; in the period before they added up to the whole"),
    term(
        "there is no region {text}: give a group ({groups}), an ISO3 country code such as SYR, the p-code of a "
        "first-level area such as SY02, or the name of one of these"
    ),
    term("{name} is the name of several regions: give one of the codes {codes}"),
    term("{text} is not a date: write it like 2024-12-08"),
    term("{text} is neither a day nor a moment: write it like 2024-12-08 or 2024-12-08T18:00"),
    term("{text} is yet to come: nobody can say what will be known then"),
    term("the period ends {end}, before it starts {start}"),
    term("there is no observation {id} in this store"),
    term("observation {id} is not part of what is shown {moment}"),
    term("{text} is not an observation id: expected D, B or A and a number, such as D1"),
)
"""What the library says, with blanks; the first that fits is taken."""

_NUMBER = re.compile(r"\d{1,3}(,\d{3})*(\.\d+)?")


def retold(text: str) -> str:
    """A sentence of the library in the reader's language; one that is not listed stays as it is."""
    if spoken().code == ENGLISH:
        return text
    for sentence, pattern in _patterns():
        if told := pattern.fullmatch(text):
            return say(sentence, **{name: _number(value) for name, value in told.groupdict().items()})
    return apart(text)


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    blank = re.compile(r"\\\{(\w+)\\\}")
    return [(one, re.compile(blank.sub(r"(?P<\1>.+?)", re.escape(one)), re.DOTALL)) for one in SENTENCES]


def _number(text: str) -> str:
    return number(float(text.replace(",", ""))) if _NUMBER.fullmatch(text) else text
