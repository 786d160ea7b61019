"""Figures in words: never a number without its qualifier, unit, date, source and place."""

from datetime import date
from typing import Any

from dashboards.language import apart, beside, forms, place_name, plural, say, spoken, term
from dashboards.language import number as number_of
from tracker.vocabulary import (
    GROUP_LABELS,
    INDICATORS,
    QUALIFIER_SIGNS,
    DisplacementIndicator,
    LocationKind,
    PopulationGroup,
    Qualifier,
)

MEASURE_WORDS = {
    "stock": term("people at a date"),
    "flow": term("movements in the period; one person may count twice"),
    "cumulative": term("movements since the count began; one person may count twice"),
}
_MANY = 1_000
"""For a count that is said in words: "thousands"."""
UNIT_WORDS = {
    "persons": forms("person", "persons"),
    "households": forms("household", "households"),
    "cases": forms("case", "cases"),
    "people": forms("person", "persons"),
    "trucks": forms("truck", "trucks"),
    "missions": forms("mission", "missions"),
    "organisations": forms("organisation", "organisations"),
    "facilities": forms("facility", "facilities"),
    "incidents": forms("incident", "incidents"),
    "events": forms("event", "events"),
    "percent": forms("percent", "percent"),
    "usd": forms("US dollar", "US dollars"),
    "score": forms("score", "score"),
    "hours_per_day": forms("hour per day", "hours per day"),
}
REASON_WORDS = {
    "source_revision": term("the source says something else"),
    "our_error": term("we had read it wrongly"),
    "method_change": term("counted in another way"),
    "retraction": term("the source no longer says it"),
    "mapping_change": term("it belongs to another place"),
    "undo": term("a run was taken back"),
}
QUALIFIED = {
    Qualifier.MORE_THAN: term("more than {number}"),
    Qualifier.AT_LEAST: term("at least {number}"),
    Qualifier.LESS_THAN: term("less than {number}"),
    Qualifier.AT_MOST: term("at most {number}"),
    Qualifier.APPROX: term("about {number}"),
    Qualifier.ORDER_OF_MAGNITUDE: term("in the order of {number}"),
}


def number(value: Any) -> str:
    """Thousands apart; a null is said, not left out."""
    return say("not reported") if value is None else number_of(value)


def amount(row: Any) -> str:
    """A value with its qualifier: "more than 370,000", "800,000 to 1,000,000", "thousands"."""
    qualifier = row["qualifier"]
    if qualifier is None:
        return in_words(row) or say("not reported")
    if qualifier == Qualifier.RANGE:
        return say("{low} to {high}", low=number(row["value_low"]), high=number(row["value_high"]))
    if row["value"] is None:
        return in_words(row) or say("not reported")
    words = QUALIFIED.get(Qualifier(qualifier))
    return say(words, number=number(row["value"])) if words else number(row["value"])


def before(row: dict[str, Any]) -> str:
    """What one of the newest figures replaced; empty where that may not be told."""
    if row["vintage"] == 1:
        return say("new")
    return amount(row["previous"]) if row["previous"] else ""


def in_words(row: Any) -> str:
    """What a source says in words of its own or ours, such as "thousands"; empty where it says a number."""
    return say(str(row["value_text"])) if row["value_text"] else ""


def unit_words(row: Any) -> str:
    """What a figure counts, as it is said beside its number, or the larger one of two."""
    if not row["unit"]:
        return ""
    counts = (row[name] for name in ("value", "value_high", "value_low") if row[name] is not None)
    return beside(next(counts, _MANY), UNIT_WORDS[row["unit"]])


def counted(row: Any) -> str:
    """A value with its qualifier and unit: "more than 370,000 persons", "thousands of persons"."""
    if not row["qualifier"] or not row["unit"]:
        return amount(row)
    told = {"amount": amount(row), "unit": unit_words(row)}
    of_order = row["qualifier"] == Qualifier.ORDER_OF_MAGNITUDE
    return say("{amount} of {unit}", **told) if of_order else say("{amount} {unit}", **told)


def sign(row: Any) -> str:
    """A value as short as a chart needs: "≥370,000"."""
    if row["value"] is None:
        return amount(row)
    return apart(f"{QUALIFIER_SIGNS[Qualifier(row['qualifier'])]}{number(row['value'])}")


def short(row: Any) -> str:
    """The source in at most two words, for labels on a chart; the hover text has its full name.

    An acronym stands for itself: two words of "UNHCR Refugee Population ..." beside displaced people would mislead.
    """
    words = str(row["source_name"]).partition(",")[0].split()
    return words[0] if words[0].isupper() else " ".join(words[:2])


def day(value: date | None, precision: str = "day") -> str:
    """A date as exact as it is known: "6 Dec 2024", "about 8 Dec 2024", "Jun 2025", "2013"."""
    if value is None:
        return say("date not given")
    month = f"{spoken().months[value.month - 1]} {value.year}"
    if precision == "month":
        return month
    if precision == "year":
        return str(value.year)
    exact = f"{value.day} {month}"
    return exact if precision == "day" else say("about {day}", day=exact)


def as_of(row: Any) -> str:
    """What the figure's period is, in words."""
    end = day(row["reference_period_end"], row["end_precision"])
    start = row["reference_period_start"]
    if row.get("measure") == "stock" or start == row["reference_period_end"]:
        return say("as of {day}", day=end)
    if start is None:
        return say("up to {day}, start not said", day=end)
    return say("{first} to {last}", first=day(start, row["start_precision"]), last=end)


def who(row: Any) -> str:
    """Who says so, and who passed it on."""
    if row["attribution"] == "relayed" and row["publisher"] and row["publisher"] != row["source_name"]:
        return say("{source}, reported by {publisher}", source=row["source_name"], publisher=row["publisher"])
    return str(row["source_name"])


def subject(row: Any) -> str:
    """What a displacement figure counts and where: "New displacement in Syria", "Refugees from Syria, worldwide"."""
    indicator = DisplacementIndicator(row["indicator"])
    what = say(INDICATORS[indicator].label)
    if indicator in (DisplacementIndicator.POPULATION, DisplacementIndicator.RETURN):
        group = say(GROUP_LABELS[row["population_group"]])
        what = group[:1].upper() + group[1:]
    abroad = indicator is DisplacementIndicator.RETURN and row["population_group"] != PopulationGroup.RDP
    world = row["location_kind"] == LocationKind.WORLD
    told = {"what": what, "place": place_name(row)}
    if row["origin_name"]:
        told["origin"] = place_name(row, "origin")
        text = say("{what} from {origin}, worldwide" if world else _FROM[abroad], **told)
    else:
        text = say("{what}, worldwide" if world else _IN[abroad], **told)
    return f"{text} ({apart(say(row['variant']))})" if row["variant"] else text


_FROM = {False: term("{what} in {place} from {origin}"), True: term("{what} to {place} from {origin}")}
_IN = {False: term("{what} in {place}"), True: term("{what} to {place}")}


def region_name(region: Any) -> str:
    """The name of a region, or of a choice of one, in the reader's language."""
    return place_name({"location_name": region.name_en, "location_name_ar": region.name_ar})


def event_title(event: Any) -> str:
    """What happened, in Arabic where the event has an Arabic title and the page is in Arabic."""
    return str(event.get(f"title_{spoken().code}") or event["title_en"])


def age(since: date, today: date) -> str:
    """How old something is, in the unit people think in."""
    days = (today - since).days
    if days < 1:
        return say("today")
    if days < 60:
        return plural(days, "{count} day old", "{count} days old")
    if days < 730:
        return plural(round(days / 30.4), "{count} month old", "{count} months old")
    return plural(round(days / 365.25), "{count} year old", "{count} years old")
