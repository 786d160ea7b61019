"""The rule's data: `headline_rule.toml`, read once; what it says is written there, with the reasons."""

import tomllib
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from importlib import resources
from typing import Any

from tracker.vocabulary import Measure

SHEET_SEPARATOR = ": "
"""Between the body and its kind of count, in the variant of a sheet's series."""


class Freshness(IntEnum):
    """How far a figure still speaks for the day it is asked of."""

    FRESH = 0
    DUE = 1
    STALE = 2


@dataclass(frozen=True, slots=True)
class Rule:
    """The tables of the file, by name."""

    version: int
    disagree_from: float
    rhythms: dict[int, dict[str, int]]
    reports_every: dict[str, dict[str, int]]
    originators: dict[str, str]
    whole_variants: frozenset[str]
    questions: dict[str, dict[str, Any]]

    @classmethod
    def read(cls) -> "Rule":
        """The rule this program ships with."""
        told = tomllib.loads((resources.files("tracker") / "headline_rule.toml").read_text(encoding="utf-8"))
        told["rhythms"] = {int(days): limits for days, limits in told["rhythms"].items()}
        told["whole_variants"] = frozenset(told["whole_variants"]["sources"])
        return cls(**told)

    def originator(self, row: dict[str, Any]) -> str:
        """The body whose word it is, whoever passes it on; of a sheet, the body named in the row."""
        source = str(row["source"])
        if source == "displacement_sheet" and row["variant"]:
            return str(row["variant"])
        return self.originators.get(source, source)

    def counts_all(self, question: str, row: dict[str, Any]) -> bool:
        """Whether a row's variant counts everybody the question is about."""
        variant = str(row["variant"])
        if row["source"] in self.whole_variants:
            return row["source"] != "displacement_sheet" or SHEET_SEPARATOR not in variant
        return not variant or variant in self.questions[question].get("variants", ())

    def rank(self, question: str, row: dict[str, Any]) -> int:
        """The place of the row's originator in the question's order of precedence; 0 is first."""
        order = self.questions[question]["precedence"]
        return next((n for n, equals in enumerate(order) if self.originator(row) in equals), len(order))

    def freshness(self, question: str, row: dict[str, Any], on: date) -> Freshness:
        """How far the row still speaks for a day."""
        usual = self.reports_every["measures"][Measure(row["measure"])]
        every = self.questions[question].get("reports_every", self.reports_every["sources"].get(row["source"], usual))
        rhythm = self.rhythms[every]
        age = (on - row["reference_period_end"]).days - rhythm["lag"]
        if age <= rhythm["due"]:
            return Freshness.FRESH
        return Freshness.DUE if age <= rhythm["stale"] else Freshness.STALE


RULE = Rule.read()
