"""UNHCR Operational Data Portal: refugees and others in the countries of a situation, as its pages show them.

What is published: people by country and group of population, in answers of four forms (``population/``,
``get/origin``, ``get/sublocation``, ``get/timeseries``), undocumented; and a CSV OCHA makes of the second for HDX.
Grain: one row a country (and origin) with the sum of some groups; in time series one day.
Key: country, date, and the groups that were added up.
Revisions and cadence: by country, from daily to yearly, and never at one date; earlier days of time series change.
Known traps: collections overlap (71 holds what 4 and 29 hold), so the groups added up are part of what tells a series
apart; some groups are counts of border crossings by day or since the start, which only the group's number tells, and a
time series has it in its address alone; a merged row of ``get/origin``, and so of the CSV, bears the type of its first
group though it holds refugees and asylum seekers; origins are in UNHCR's own codes; numbers come as text or not; one
row of nulls means that nothing is known; ``households`` of "0" is not given; ``month`` is nonsense, ``date`` counts.
"""

import re
from collections.abc import Iterator
from typing import Any

from ingest.contract import Scope
from ingest.http import Client
from ingest.odp import GEO_IDS, ORIGINS
from ingest.reading import is_csv, read_csv, read_json, require
from ingest.values import count, day, text
from tracker.errors import RecordError, SourceChanged
from tracker.records import Amount, DisplacementFigure, ParsedRow, Payload, Period, PlaceName, Source
from tracker.vocabulary import (
    DisplacementIndicator,
    Measure,
    PopulationGroup,
    Precision,
    Redistribution,
    Reliability,
    Role,
    SetAsideReason,
    SourceKind,
)

SOURCE = Source(
    code="unhcr_situations",
    name="UNHCR Operational Data Portal",
    kind=SourceKind.UN,
    reliability=Reliability.B,
    licence="CC BY-IGO",
    redistribute=Redistribution.ATTRIBUTION,
    credit_line="UNHCR, Operational Data Portal",
    homepage="https://data.unhcr.org/",
    cadence_days=7,
    measures="Refugees, asylum seekers and others by country and origin, at each country's own date.",
    grain="One figure a country, origin, set of population groups and date.",
    traps="Sets of groups overlap and are never added; dates differ by country, some are years old.",
    pause_seconds=1.0,
    may_be_empty=True,  # a country nobody is registered in is one row of nulls
)
API = "https://data.unhcr.org/population/"
COLLECTIONS = "4,29"
"""Refugees, and asylum seekers."""

STOCK = (DisplacementIndicator.POPULATION, Measure.STOCK)
MOVEMENTS = {
    "5457": (DisplacementIndicator.ARRIVAL, Measure.FLOW),
    "5478": (DisplacementIndicator.ARRIVAL, Measure.CUMULATIVE),
}
"""Groups that are no stocks: border crossings of the day, and refugees recorded since the start."""

TYPES = {
    "REF": PopulationGroup.REF,
    "ASY": PopulationGroup.ASY,
    "IDP": PopulationGroup.IDP,
    "STA": PopulationGroup.STA,
    "OTH": PopulationGroup.OOC,
    "RASY": PopulationGroup.DISP,
    "RMG": PopulationGroup.DISP,
}
"""Types of groups; refugees together with others have no word of their own."""

PLACE_FIELDS = ("geomaster_name", "date", "individuals", "population_group_id", "population_groups")
ORIGIN_FIELDS = ("pop_type_code", "pop_origin_code", "pop_origin_name")
BULK_FIELDS = ("ISO3", "Country of Origin", "ISO3 of Origin", "Population type", "Date", "Individuals")


def fetch(client: Client, scope: Scope) -> Iterator[Payload]:
    """People in every followed country whose number in the portal is known, by origin."""
    for iso3 in scope.countries:
        if iso3 in GEO_IDS:
            yield client.get(f"{API}get/origin", {"geo_id": GEO_IDS[iso3], "population_collection": COLLECTIONS})


def parse(payload: Payload) -> Iterator[ParsedRow]:
    """One row for each country and origin, or for each day of a time series."""
    if is_csv(payload):
        return _parse_bulk(payload)
    data = require(read_json(payload), "data", payload, "$")
    if isinstance(data, dict):
        return _parse_series(data, payload)
    if not isinstance(data, list):
        raise SourceChanged(
            f"{payload.url}: 'data' is neither a list nor a time series; the provider changed its format"
        )
    return _parse_places(data, payload)


def _parse_places(data: list[Any], payload: Payload) -> Iterator[ParsedRow]:
    for number, record in enumerate(data):
        row = ParsedRow(f"data[{number}]", record)
        for field in PLACE_FIELDS:
            require(record, field, payload, row.locator)
        groups = record["population_groups"]
        if isinstance(groups, list):
            members = groups
            for index, member in enumerate(members):
                for field in ORIGIN_FIELDS:
                    require(member, field, payload, f"{row.locator}.population_groups[{index}]")
            kinds = {_kind(member["pop_type_code"]) for member in members}
        else:
            for field in ORIGIN_FIELDS:
                require(record, field, payload, row.locator)
            members, kinds = [record], _kinds_by_name(str(groups or ""), record["pop_type_code"])
        with row.attempt("individuals") as locator:
            people = count(record["individuals"], "individuals")
            if people is not None:
                ids = sorted(re.findall(r"\d+", str(record["population_group_id"])), key=int)
                what, (origin, words) = _counted(ids), _origin(members)
                # Its numbers of a country differ from page to page, so the name is what tells it.
                place, variant = PlaceName(name=text(record["geomaster_name"])), f"groups {', '.join(ids)}{words}"
                row.figures.append(_figure(what, _one(kinds), place, origin, variant, people, record["date"], locator))
        yield row


def _parse_series(data: dict[str, Any], payload: Payload) -> Iterator[ParsedRow]:
    found = [group for group in re.findall(r"\d+", payload.url) if group in MOVEMENTS]
    points = require(data, "timeseries", payload, "$.data")
    if len(found) != 1:
        raise SourceChanged(
            f"{payload.url}: a time series does not tell its group, and one by day looks like one since the start: "
            f"expected one of {', '.join(MOVEMENTS)} in the address or file name"
        )
    for number, point in enumerate(points):
        row = ParsedRow(f"data.timeseries[{number}]", point)
        value, on = (require(point, field, payload, row.locator) for field in ("individuals", "data_date"))
        with row.attempt("individuals") as locator:
            people = count(value, "individuals")
            if people is not None:
                variant = f"groups {found[0]}, all countries of the situation"
                place, origin = PlaceName(code="WORLD"), PlaceName(iso3="UKR")
                row.figures.append(
                    _figure(MOVEMENTS[found[0]], PopulationGroup.REF, place, origin, variant, people, on, locator)
                )
        yield row


def _parse_bulk(payload: Payload) -> Iterator[ParsedRow]:
    for line, record in read_csv(payload):
        row = ParsedRow(f"csv:{line}", record)
        iso3, origin_name, origin, kind, on, value = (
            require(record, field, payload, row.locator, {"geomaster_name": "the portal's own answer"})
            for field in BULK_FIELDS
        )
        with row.attempt("Individuals") as locator:
            people = count(value, "Individuals")
            if people is not None:
                if text(origin) and text(origin) == text(iso3):
                    raise RecordError(
                        SetAsideReason.ORIGIN_MISMATCH, f"refugees or asylum seekers from {origin} in {iso3}: cannot be"
                    )
                came_from = PlaceName(iso3=text(origin)) if text(origin) else None
                words = "" if came_from else f", from {text(origin_name) or 'anywhere'}"
                variant = f"refugees and asylum seekers (HDX: {text(kind) or 'not said'}){words}"
                place = PlaceName(iso3=text(iso3))
                row.figures.append(_figure(STOCK, PopulationGroup.DISP, place, came_from, variant, people, on, locator))
        yield row


def _counted(ids: list[str]) -> tuple[DisplacementIndicator, Measure]:
    """What the groups of a row count, added up."""
    if not ids:
        raise RecordError(SetAsideReason.MISSING_FIELD, "population_group_id is empty: nobody can tell who is counted")
    if len(ids) > 1 and not MOVEMENTS.keys().isdisjoint(ids):
        raise RecordError(SetAsideReason.MEASURE_MISMATCH, f"groups {', '.join(ids)} add movements to people")
    return MOVEMENTS.get(ids[0], STOCK)


def _kind(code: Any) -> PopulationGroup:
    return TYPES.get(str(code).strip(), PopulationGroup.DISP)


def _kinds_by_name(names: str, code: Any) -> set[PopulationGroup]:
    """The type of a merged row is that of its first group; the names tell them all."""
    words = {"asylum": PopulationGroup.ASY, "refugee": PopulationGroup.REF}
    said = {kind for word, kind in words.items() if word in names.lower()}
    return said if len(said) > 1 else {_kind(code)}


def _one(kinds: set[PopulationGroup]) -> PopulationGroup:
    return next(iter(kinds)) if len(kinds) == 1 else PopulationGroup.DISP


def _origin(members: list[Any]) -> tuple[PlaceName | None, str]:
    """The country all groups come from; else null, and words for it."""
    codes = {str(member["pop_origin_code"]).strip() for member in members}
    if len(codes) != 1:
        return None, ", from several countries"
    (code,) = codes
    if code in ORIGINS:
        return PlaceName(iso3=ORIGINS[code]), ""
    return None, f", from {text(members[0]['pop_origin_name']) or code}"


def _figure(
    what: tuple[DisplacementIndicator, Measure],
    group: PopulationGroup,
    place: PlaceName,
    origin: PlaceName | None,
    variant: str,
    people: int,
    on: Any,
    locator: str,
) -> DisplacementFigure:
    indicator, measure = what
    at = day(on, "date")
    # Since when a cumulative group counts, the portal does not say.
    started = Precision.UNKNOWN if measure is Measure.CUMULATIVE else Precision.DAY
    return DisplacementFigure(
        source=SOURCE.code,
        indicator=indicator,
        measure=measure,
        population_group=group,
        location=place,
        origin=None if group is PopulationGroup.IDP else origin,
        variant=variant,
        amount=Amount.exact(people),
        period=Period(at, at, started, Precision.DAY),
        role=Role.RECOMMENDED if place.code != "WORLD" else Role.CONTEXT,
        credibility=2,
        locator=locator,
    )
