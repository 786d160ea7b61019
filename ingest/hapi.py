"""What OCHA's HDX HAPI answers, and the CSV files HDX makes of it: the form all of its themes share.

The API answers ``{"data": [...]}``, page by page, without a total; the files have the same columns and two more,
``warning`` and ``error``. A row with an error is one the API does not serve.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ingest.http import Client
from ingest.paging import by_offset
from ingest.reading import is_csv, read_csv, read_json, require, require_list
from ingest.values import count, day, people, text
from tracker.errors import RecordError, SettingsError
from tracker.records import Amount, AnyFigure, Credential, ParsedRow, Payload, Period, PlaceName
from tracker.vocabulary import ObservationStatus, PopulationGroup, Role, SetAsideReason, Sex

API = "https://hapi.humdata.org/api/v2/affected-people/"
PAGE = 10_000
PAUSE_SECONDS = 1.0
CREDENTIAL = Credential(
    "TRACKER_HAPI_APP_IDENTIFIER",
    "base64 of 'application name:e-mail address', made at https://hapi.humdata.org/docs#/Generate%20App%20Identifier",
)
PERSON_FIELDS = (
    "origin_location_code", "asylum_location_code", "population_group", "gender", "age_range", "population",
    "reference_period_start", "reference_period_end",
)  # fmt: skip
"""What a row about refugees or returnees must have."""

COMMON_FIELDS = frozenset(
    {"reference_period_start", "reference_period_end", "dataset_hdx_id", "resource_hdx_id", "warning", "error"}
    | {"dataset_id", "resource_id"}  # as they were called until 2025
)
ALL_PERSON_FIELDS = (
    COMMON_FIELDS
    | {"population_group", "gender", "age_range", "min_age", "max_age", "population"}
    | {
        f"{side}_{name}"
        for side in ("origin", "asylum")
        for name in ("location_code", "location_name", "location_ref", "has_hrp", "in_gho")
    }
)


@dataclass(frozen=True, slots=True)
class Persons:
    """A row about people of a group from one country in another.

    Attributes:
        origin: The country they come from; ``asylum`` is the one they are, or were, in. The same country twice means
            that the row does not tell the other side.
        note: What HDX says of the row.
    """

    group: PopulationGroup
    origin: PlaceName
    asylum: PlaceName
    sex: Sex
    age: str
    amount: Amount
    status: ObservationStatus
    period: Period
    note: str | None

    @property
    def role(self) -> Role:
        """Sexes and ages stand beside their total: to add all rows would treble the people."""
        return Role.RECOMMENDED if (self.sex, self.age) == (Sex.ALL, "all") else Role.CONTEXT


def fetch(client: Client, theme: str, queries: Iterable[Mapping[str, str]]) -> Iterator[Payload]:
    """Every page of a theme, query by query.

    Raises:
        SettingsError: There is no query, since no country is followed: without one the answer would be the world.
    """
    headers = {"X-HDX-HAPI-APP-IDENTIFIER": client.credential(CREDENTIAL.variable)}
    asked = False
    for query in queries:
        asked = True
        form = {**query, "output_format": "json"}
        yield from by_offset(client, API + theme, form, limit=PAGE, rows=_data, headers=headers)
    if not asked:
        raise SettingsError("no region of the store follows any country: run `tracker db seed`")


def parse(
    payload: Payload,
    fields: Iterable[str],
    looks_like: Mapping[str, str],
    figure: Callable[[Mapping[str, Any], str], AnyFigure | None],
) -> Iterator[ParsedRow]:
    """One row for each row of HAPI, with the figure that is made of it and its locator; null where it tells none."""
    for locator, record in records(payload, fields, looks_like):
        row = ParsedRow(locator, record)
        with row.attempt("population") as place:
            made = figure(record, place)
            if made:
                row.figures.append(made)
        yield row


def records(
    payload: Payload, fields: Iterable[str], looks_like: Mapping[str, str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Locator and row of everything in a page of the API, or in a file of HDX; each has the named fields."""
    if is_csv(payload):
        found = ((f"csv:{line}", record) for line, record in read_csv(payload))
    else:
        rows = _data(read_json(payload), payload)
        found = ((f"data[{number}]", record) for number, record in enumerate(rows))
    for locator, record in found:
        for field in fields:
            require(record, field, payload, locator, looks_like)
        yield locator, record


def _data(page: Any, payload: Payload) -> list[Any]:
    return require_list(page, "data", payload, {"error": "a refusal: check the app identifier"})


def refuse_error(record: Mapping[str, Any]) -> None:
    """Set aside a row HDX itself found to be wrong.

    Raises:
        RecordError: The row has an error.
    """
    error = text(record.get("error"))
    if error:
        raise RecordError(SetAsideReason.PROVIDER_ERROR, f"HDX says of the row: {error}")


def warning(record: Mapping[str, Any]) -> str | None:
    """What HDX says of a row it repaired."""
    said = text(record.get("warning"))
    return f"HDX: {said.replace('|', '; ')}" if said else None


def period(record: Mapping[str, Any]) -> Period:
    """The reference period; a row without its end is about that one day.

    Raises:
        RecordError: A date cannot be read.
    """
    start = day(record["reference_period_start"], "reference_period_start")
    end = record["reference_period_end"]
    return Period(start, day(end, "reference_period_end") if text(end) else start)


def area(record: Mapping[str, Any]) -> PlaceName:
    """The place of the row's own level: an area without a code must not stand as the area around it.

    Raises:
        RecordError: The level is none that is known, or nothing says which area is meant.
    """
    level, iso3 = count(record["admin_level"], "admin_level"), text(record["location_code"])
    if level == 0:
        return PlaceName(iso3=iso3)
    if level not in (1, 2):
        raise RecordError(SetAsideReason.UNKNOWN_WORD, f"admin_level is {record['admin_level']!r}: expected 0, 1 or 2")
    # Districts of two provinces may share a name, so a district is named with its province; and the provider's own
    # name may be that of another district than the code, so it stands only where there is none of the code's.
    names = (text(record[f"admin{n}_name"]) or text(record[f"provider_admin{n}_name"]) for n in range(level, 0, -1))
    name, code = ", ".join(name for name in names if name), text(record[f"admin{level}_code"])
    if not name and not code:
        raise RecordError(
            SetAsideReason.UNKNOWN_PLACE, f"the row of level {level} has neither code nor name of its area"
        )
    return PlaceName(code=code, iso3=iso3, name=name or None)


def persons(record: Mapping[str, Any], groups: frozenset[PopulationGroup]) -> Persons | None:
    """Read a row about refugees or returnees; null where it reports no number.

    Raises:
        RecordError: HDX found the row wrong, or a word in it is none that is known.
    """
    refuse_error(record)
    counted = people(record["population"], "population")
    if counted is None:
        return None
    group = _word(record, "population_group", [g.value for g in groups])
    return Persons(
        group=PopulationGroup(group),
        origin=_country(record, "origin_location_code"),
        asylum=_country(record, "asylum_location_code"),
        sex=Sex(_word(record, "gender", [sex.value for sex in Sex])),
        age=text(record["age_range"]) or "all",
        amount=counted[0],
        status=counted[1],
        period=period(record),
        note=warning(record),
    )


def _word(record: Mapping[str, Any], field: str, known: list[str]) -> str:
    word = str(record[field]).strip()
    if word not in known:
        raise RecordError(
            SetAsideReason.UNKNOWN_WORD, f"{field} is {word!r}: expected one of {', '.join(sorted(known))}"
        )
    return word


def _country(record: Mapping[str, Any], field: str) -> PlaceName:
    iso3 = str(record[field] or "").strip()
    if not iso3:
        raise RecordError(SetAsideReason.UNKNOWN_PLACE, f"{field} is empty: expected an ISO3 country code")
    return PlaceName(iso3=iso3)
