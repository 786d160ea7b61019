"""What a page shows, kept in its address: a link shows a colleague the same view."""

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from dashboards.language import ENGLISH, languages, say, term

DEFAULT_REGION = "SYR"
CRISIS_START = date(2024, 11, 1)
"""Four weeks before the offensive of 27 November 2024, so that a chart shows what came before."""
FIRST_WEEKS = (date(2024, 11, 10), date(2025, 1, 15))

TOPICS = {
    "displacement": term("Internal displacement"),
    "refugees": term("Refugees and arrivals"),
    "returns": term("Returns"),
}
PERIODS = {
    "crisis": term("Since November 2024"),
    "weeks": term("First weeks, to Jan 2025"),
    "all": term("All years"),
}
KINDS = {
    "displacement": term("Displacement"),
    "border-status": term("Border status"),
    "aid-access": term("Aid access"),
}
NARROWED = ("source", "indicator", "group")
"""Choices of the words of a series, on the page of the rows."""

CHOICES = (
    "region", "beside", "topic", "period", "kind", "page", "as_of", "published_by", "since", "lang", *NARROWED,
)  # fmt: skip
"""All that an address may choose."""


@dataclass(frozen=True, slots=True)
class Filters:
    """The choices of a view.

    Attributes:
        beside: A second region to compare with; empty for none.
        page: Page of a long table, from 1.
        as_of: The past day or moment whose knowledge is shown; empty for now.
        published_by: The day by which the world had said what is shown; empty for no limit.
        since: The day since which changes are asked for; empty for the page's own choice.
        lang: Code of the language.
        source: Code of the only source that is asked for; empty for all. So are ``indicator`` and ``group``.
        problem: What was wrong with the address, for the reader; empty when nothing was.
    """

    region: str = DEFAULT_REGION
    beside: str = ""
    topic: str = "displacement"
    period: str = "crisis"
    kind: str = "displacement"
    page: int = 1
    as_of: str = ""
    published_by: str = ""
    since: str = ""
    lang: str = ENGLISH
    source: str = ""
    indicator: str = ""
    group: str = ""
    problem: str = ""

    @classmethod
    def read(cls, query: dict[str, str]) -> "Filters":
        """Choices from an address; anything unknown falls back to the default, and the page says so."""
        problem = ""
        chosen: dict[str, str] = {}
        for name, allowed in (("topic", TOPICS), ("period", PERIODS), ("kind", KINDS)):
            value = query.get(name, "")
            if value in allowed:
                chosen[name] = value
            elif value:
                problem = say(
                    "This address asks for the {name} “{value}”, which does not exist; the default is shown.",
                    name=name,
                    value=value,
                )
        page = query.get("page", "1")
        return cls(
            region=query.get("region") or DEFAULT_REGION,
            beside=query.get("beside") or "",
            page=int(page) if page.isdecimal() and 0 < int(page) < 100_000 else 1,
            as_of=query.get("as_of", ""),
            published_by=query.get("published_by", ""),
            since=query.get("since", ""),
            lang=query.get("lang", "") if query.get("lang", "") in languages() else ENGLISH,
            source=query.get("source", ""),
            indicator=query.get("indicator", ""),
            group=query.get("group", ""),
            problem=problem,
            **chosen,
        )

    @property
    def start(self) -> date | None:
        """First day of the view."""
        return {"crisis": CRISIS_START, "weeks": FIRST_WEEKS[0]}.get(self.period)

    @property
    def end(self) -> date | None:
        """Last day of the view; null for "until now"."""
        return FIRST_WEEKS[1] if self.period == "weeks" else None

    def but(self, **changes: str | int) -> "Filters":
        """The same view with some choices changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def query(self) -> str:
        """The choices as a query string, defaults left out."""
        default = Filters(region="")
        # The period is always said: pages differ in which one they open with.
        kept = {n: getattr(self, n) for n in CHOICES if n == "period" or getattr(self, n) != getattr(default, n)}
        return f"?{urlencode(kept)}"

    def csv(
        self,
        kind: str,
        *,
        topic: bool = False,
        from_first: bool = False,
        since: date | None = None,
        narrowed: bool = False,
    ) -> str:
        """The address of the CSV of exactly these rows.

        Args:
            kind: What to export.
            topic: Only the rows of the view's topic that are about the region itself, as on the region page.
            from_first: Also the reports from before the view's start, which may still hold when it begins.
            since: What changed since this day, of all time.
            narrowed: Only those of the source, indicator and group that are chosen.
        """
        asked = {
            "region": self.region,
            "topic": self.topic if topic else None,
            "start": None if from_first or since else self.start,
            "end": None if since else self.end,
            "since": since,
            "as_of": self.as_of,
            "published_by": self.published_by,
            **{name: getattr(self, name) for name in NARROWED if narrowed},
        }
        return f"/csv/{kind}?" + urlencode({name: value for name, value in asked.items() if value})
