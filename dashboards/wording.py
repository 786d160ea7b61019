"""Figures in words: never a number without its qualifier, unit, date, source and place."""

from datetime import date
from typing import Any

from tracker.vocabulary import (
    GROUP_LABELS,
    INDICATORS,
    QUALIFIER_SIGNS,
    QUALIFIER_WORDS,
    DisplacementIndicator,
    LocationKind,
    PopulationGroup,
    Qualifier,
)

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MEASURE_WORDS = {
    "stock": "people at a date",
    "flow": "movements in the period; one person may count twice",
    "cumulative": "movements since the count began; one person may count twice",
}


def number(value: Any) -> str:
    """Thousands with commas; a null is said, not left out."""
    if value is None:
        return "not reported"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def amount(row: Any) -> str:
    """A value with its qualifier: "more than 370,000", "800,000 to 1,000,000", "thousands"."""
    qualifier = row["qualifier"]
    if qualifier is None:
        return row["value_text"] or "not reported"
    if qualifier == Qualifier.RANGE:
        return f"{number(row['value_low'])} to {number(row['value_high'])}"
    if row["value"] is None:
        return row["value_text"] or "not reported"
    return f"{QUALIFIER_WORDS[Qualifier(qualifier)]} {number(row['value'])}".strip()


def counted(row: Any) -> str:
    """A value with its qualifier and unit: "more than 370,000 persons", "thousands of persons"."""
    unit = str(row["unit"] or "").replace("_", " ")
    between = " of " if row["qualifier"] == Qualifier.ORDER_OF_MAGNITUDE else " "
    return f"{amount(row)}{between}{unit}".strip() if row["qualifier"] else amount(row)


def sign(row: Any) -> str:
    """A value as short as a chart needs: "≥370,000"."""
    if row["value"] is None:
        return amount(row)
    return f"{QUALIFIER_SIGNS[Qualifier(row['qualifier'])]}{number(row['value'])}"


def short(row: Any) -> str:
    """The source in at most two words, for labels on a chart; the hover text has its full name.

    An acronym stands for itself: two words of "UNHCR Refugee Population ..." beside displaced people would mislead.
    """
    words = str(row["source_name"]).partition(",")[0].split()
    return words[0] if words[0].isupper() else " ".join(words[:2])


def day(value: date | None, precision: str = "day") -> str:
    """A date as exact as it is known: "6 Dec 2024", "about 8 Dec 2024", "Jun 2025", "2013"."""
    if value is None:
        return "date not given"
    month = f"{MONTHS[value.month - 1]} {value.year}"
    if precision == "month":
        return month
    if precision == "year":
        return str(value.year)
    return f"{value.day} {month}" if precision == "day" else f"about {value.day} {month}"


def as_of(row: Any) -> str:
    """What the figure's period is, in words."""
    end = day(row["reference_period_end"], row["end_precision"])
    start = row["reference_period_start"]
    if row.get("measure") == "stock" or start == row["reference_period_end"]:
        return f"as of {end}"
    if start is None:
        return f"up to {end}, start not said"
    return f"{day(start, row['start_precision'])} to {end}"


def who(row: Any) -> str:
    """Who says so, and who passed it on."""
    if row["attribution"] == "relayed" and row["publisher"] and row["publisher"] != row["source_name"]:
        return f"{row['source_name']}, reported by {row['publisher']}"
    return str(row["source_name"])


def subject(row: Any) -> str:
    """What a displacement figure counts and where: "New displacement in Syria", "Refugees from Syria, worldwide"."""
    indicator = DisplacementIndicator(row["indicator"])
    what = INDICATORS[indicator].label
    if indicator in (DisplacementIndicator.POPULATION, DisplacementIndicator.RETURN):
        what = GROUP_LABELS[row["population_group"]].capitalize()
    abroad = indicator is DisplacementIndicator.RETURN and row["population_group"] != PopulationGroup.RDP
    world = row["location_kind"] == LocationKind.WORLD
    text = what if world else f"{what} {'to' if abroad else 'in'} {row['location_name']}"
    text += f" from {row['origin_name']}" if row["origin_name"] else ""
    return text + (", worldwide" if world else "") + (f" ({row['variant']})" if row["variant"] else "")


def age(since: date, today: date) -> str:
    """How old something is, in the unit people think in."""
    days = (today - since).days
    if days < 1:
        return "today"
    if days < 60:
        return f"{days} day{'s' if days > 1 else ''} old"
    if days < 730:
        return f"{round(days / 30.4)} months old"
    return f"{days / 365.25:.0f} years old"


def plural(count: int, one: str, many: str | None = None) -> str:
    """A count with its noun."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
