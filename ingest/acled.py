"""ACLED's country names, and the forms of its monthly counts: HDX's workbooks, and the files of HDX HAPI.

A workbook is about one type of event, which only its name tells; for countries with a response plan it has a row a
district and month, for all others a row a country and month. HAPI's files hold all types, and the rows HDX calls wrong.
"""

import re
from calendar import month_name, monthrange
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from ingest import hapi
from ingest.reading import require
from ingest.values import count, shown, text, year
from ingest.workbook import Sheets, find_table
from tracker.errors import RecordError, SourceChanged
from tracker.records import Payload, Period, PlaceName
from tracker.vocabulary import SetAsideReason

_COUNTRIES = """
    ABW Aruba|AFG Afghanistan|AGO Angola|AIA Anguilla|ALB Albania|AND Andorra|ARE United Arab Emirates|
    ARG Argentina|ARM Armenia|ASM American Samoa|ATA Antarctica|ATG Antigua and Barbuda|AUS Australia|
    AUT Austria|AZE Azerbaijan|BDI Burundi|BEL Belgium|BEN Benin|BES Caribbean Netherlands|BFA Burkina Faso|
    BGD Bangladesh|BGR Bulgaria|BHR Bahrain|BHS Bahamas|BIH Bosnia and Herzegovina|BLM Saint-Barthelemy|
    BLR Belarus|BLZ Belize|BMU Bermuda|BOL Bolivia|BRA Brazil|BRB Barbados|BRN Brunei|BTN Bhutan|BWA Botswana|
    CAF Central African Republic|CAN Canada|CCK Cocos (Keeling) Islands|CHE Switzerland|CHL Chile|CHN China|
    CIV Ivory Coast|CMR Cameroon|COD Democratic Republic of Congo|COG Republic of Congo|COK Cook Islands|
    COL Colombia|COM Comoros|CPV Cape Verde|CRI Costa Rica|CUB Cuba|CUW Curacao|CXR Christmas Island|
    CYM Cayman Islands|CYP Cyprus|CZE Czech Republic|DEU Germany|DJI Djibouti|DMA Dominica|DNK Denmark|
    DOM Dominican Republic|DZA Algeria|ECU Ecuador|EGY Egypt|ERI Eritrea|ESP Spain|EST Estonia|ETH Ethiopia|
    FIN Finland|FJI Fiji|FLK Falkland Islands|FRA France|FRO Faroe Islands|FSM Micronesia|GAB Gabon|
    GBR United Kingdom|GEO Georgia|GGY Bailiwick of Guernsey|GHA Ghana|GIB Gibraltar|GIN Guinea|GLP Guadeloupe|
    GMB Gambia|GNB Guinea-Bissau|GNQ Equatorial Guinea|GRC Greece|GRD Grenada|GRL Greenland|GTM Guatemala|
    GUF French Guiana|GUM Guam|GUY Guyana|HMD Heard Island and McDonald Islands|HND Honduras|HRV Croatia|
    HTI Haiti|HUN Hungary|IDN Indonesia|IMN Isle of Man|IND India|IOT British Indian Ocean Territory|
    IRL Ireland|IRN Iran|IRQ Iraq|ISL Iceland|ISR Israel|ITA Italy|JAM Jamaica|JEY Bailiwick of Jersey|
    JOR Jordan|JPN Japan|KAZ Kazakhstan|KEN Kenya|KGZ Kyrgyzstan|KHM Cambodia|KIR Kiribati|
    KNA Saint Kitts and Nevis|KOR South Korea|KWT Kuwait|LAO Laos|LBN Lebanon|LBR Liberia|LBY Libya|
    LCA Saint Lucia|LIE Liechtenstein|LKA Sri Lanka|LSO Lesotho|LTU Lithuania|LUX Luxembourg|LVA Latvia|
    MAF Saint-Martin|MAR Morocco|MCO Monaco|MDA Moldova|MDG Madagascar|MDV Maldives|MEX Mexico|
    MHL Marshall Islands|MKD North Macedonia|MLI Mali|MLT Malta|MMR Myanmar|MNE Montenegro|MNG Mongolia|
    MNP Northern Mariana Islands|MOZ Mozambique|MRT Mauritania|MSR Montserrat|MTQ Martinique|MUS Mauritius|
    MWI Malawi|MYS Malaysia|MYT Mayotte|NAM Namibia|NCL New Caledonia|NER Niger|NFK Norfolk Island|NGA Nigeria|
    NIC Nicaragua|NIU Niue|NLD Netherlands|NOR Norway|NPL Nepal|NRU Nauru|NZL New Zealand|OMN Oman|PAK Pakistan|
    PAN Panama|PCN Pitcairn|PER Peru|PHL Philippines|PLW Palau|PNG Papua New Guinea|POL Poland|PRI Puerto Rico|
    PRK North Korea|PRT Portugal|PRY Paraguay|PSE Palestine|PYF French Polynesia|QAT Qatar|REU Reunion|
    ROU Romania|RUS Russia|RWA Rwanda|SAU Saudi Arabia|SDN Sudan|SEN Senegal|SGP Singapore|
    SGS South Georgia and the South Sandwich Islands|SHN Saint Helena, Ascension and Tristan da Cunha|
    SLB Solomon Islands|SLE Sierra Leone|SLV El Salvador|SMR San Marino|SOM Somalia|
    SPM Saint Pierre and Miquelon|SRB Serbia|SSD South Sudan|STP Sao Tome and Principe|SUR Suriname|
    SVK Slovakia|SVN Slovenia|SWE Sweden|SWZ eSwatini|SXM Sint Maarten|SYC Seychelles|SYR Syria|
    TCA Turks and Caicos Islands|TCD Chad|TGO Togo|THA Thailand|TJK Tajikistan|TKL Tokelau|TKM Turkmenistan|
    TLS East Timor|TON Tonga|TTO Trinidad and Tobago|TUN Tunisia|TUR Turkey|TUV Tuvalu|TWN Taiwan|TZA Tanzania|
    UGA Uganda|UKR Ukraine|UMI United States Minor Outlying Islands|URY Uruguay|USA United States|
    UZB Uzbekistan|VAT Vatican City|VCT Saint Vincent and the Grenadines|VEN Venezuela|
    VGB British Virgin Islands|VIR Virgin Islands, U.S.|VNM Vietnam|VUT Vanuatu|WLF Wallis and Futuna|WSM Samoa|
    XKX Kosovo|YEM Yemen|ZAF South Africa|ZMB Zambia|ZWE Zimbabwe
"""
NAMES = dict(named.split(" ", 1) for named in "".join(line.strip() for line in _COUNTRIES.splitlines()).split("|"))
"""Each country as ACLED calls it, by ISO3 code."""

CODES = {name: iso3 for iso3, name in NAMES.items()}

POLITICAL, CIVILIANS, DEMONSTRATIONS = "political violence", "civilians targeted", "demonstrations"
HAPI_KINDS = {"political_violence": POLITICAL, "civilian_targeting": CIVILIANS, "demonstration": DEMONSTRATIONS}
BOOK_KINDS = {r"political.violence": POLITICAL, r"civilian.targeting": CIVILIANS, r"demonstration": DEMONSTRATIONS}
"""By what stands in the name of a workbook."""

AS_OF = re.compile(r"as[-_ ]of[-_ ](\d{4}-\d{2}-\d{2})", re.IGNORECASE)
MONTHS = {name: number for number, name in enumerate(month_name) if name}
HAPI_FIELDS = (
    "location_code", "provider_admin1_name", "provider_admin2_name", "admin1_code", "admin2_code", "admin_level",
    "event_type", "events", "fatalities", "reference_period_start", "reference_period_end",
)  # fmt: skip
BOOK_FIELDS = ("Country", "Month", "Year", "Events")


@dataclass(frozen=True, slots=True)
class Counted:
    """One row of counts.

    Attributes:
        kind: The type of event.
        area: The place as the row names it; the name is the district's and the province's.
        cells: Column and value of the events and of the fatalities; the latter null where the form has none.
        period: Reads the month; it fails where the row itself is wrong.
    """

    locator: str
    raw: dict[str, Any]
    kind: str
    area: PlaceName
    cells: tuple[tuple[str, Any], tuple[str, Any] | None]
    period: Callable[[], Period]
    published_on: date | None = None
    note: str | None = None


def of_hapi(rows: Iterator[tuple[str, dict[str, Any]]], payload: Payload) -> Iterator[Counted]:
    """The rows of HAPI's conflict events."""
    for locator, row in rows:
        for field in HAPI_FIELDS:
            require(row, field, payload, locator, {"population": "another of HAPI's themes, not its conflict events"})
        level = text(row["admin_level"])
        names = [text(row[f"provider_admin{n}_name"]) for n in (2, 1)] if level != "0" else []
        yield Counted(
            locator,
            row,
            HAPI_KINDS.get(str(row["event_type"]).strip(), ""),
            _area(row["location_code"], row[f"admin{level}_code"] if level in ("1", "2") else None, names),
            (("events", row["events"]), ("fatalities", row["fatalities"])),
            partial(_hapi_period, row),
            note=hapi.warning(row),
        )


def of_workbook(sheets: Sheets, payload: Payload) -> Iterator[Counted]:
    """The rows of every sheet with counts.

    Raises:
        SourceChanged: The name does not tell the type of event, or no sheet has counts.
    """
    kind = next((kind for said, kind in BOOK_KINDS.items() if re.search(said, payload.url, re.IGNORECASE)), None)
    if kind is None:
        raise SourceChanged(
            f"{payload.url}: only the file's name tells which events are counted: rename it so that it holds "
            "'political-violence', 'civilian-targeting' or 'demonstration'"
        )
    find_table(sheets, "Events", payload)
    published = _as_of(payload)
    for title, rows in sheets.items():
        if not any("Events" in row for row in rows[:10]):
            continue
        table = find_table({title: rows}, "Events", payload)
        for number, row in table.rows:
            locator = f"{title}!{number}"
            for field in BOOK_FIELDS:
                require(row, field, payload, locator)
            fatalities = None if kind == DEMONSTRATIONS else require(row, "Fatalities", payload, locator)
            yield Counted(
                locator,
                row,
                kind,
                _book_area(row, payload, locator),
                (("Events", row["Events"]), None if kind == DEMONSTRATIONS else ("Fatalities", fatalities)),
                partial(_month, row, published or payload.retrieved_at.date()),
                published,
            )


def own_codes(rows: list[Counted]) -> dict[str, bool]:
    """Of each place code, whether one area alone bears it; a code that two bear is a slip and belongs to neither."""
    names: dict[str, set[str | None]] = defaultdict(set)
    for row in rows:
        if row.area.code:
            names[row.area.code].add(row.area.name)
    return {code: len(found) == 1 for code, found in names.items()}


def _book_area(row: Mapping[str, Any], payload: Payload, locator: str) -> PlaceName:
    if "Admin2" not in row:
        country = str(row["Country"] or "").strip()
        return PlaceName(iso3=CODES.get(country), name=None if country in CODES else country)
    for field in ("ISO3", "Admin1", "Admin2 Pcode"):
        require(row, field, payload, locator)
    return _area(row["ISO3"], row["Admin2 Pcode"], [text(row["Admin2"]), text(row["Admin1"])])


def _area(iso3: Any, code: Any, names: list[str | None]) -> PlaceName:
    return PlaceName(code=text(code), iso3=text(iso3), name=", ".join(name for name in names if name) or None)


def _hapi_period(row: Mapping[str, Any]) -> Period:
    hapi.refuse_error(row)
    level = text(row["admin_level"])
    if level not in ("0", "1", "2"):
        raise RecordError(SetAsideReason.UNKNOWN_WORD, f"admin_level is {shown(level)}: expected 0, 1 or 2")
    if str(row["event_type"]).strip() not in HAPI_KINDS:
        raise RecordError(
            SetAsideReason.UNKNOWN_WORD,
            f"event_type is {shown(row['event_type'])}: expected one of {', '.join(HAPI_KINDS)}",
        )
    return hapi.period(row)


def _month(row: Mapping[str, Any], seen_on: date) -> Period:
    """The month; the one that runs ends on the day the counts are of."""
    month = MONTHS.get(str(row["Month"]).strip().title()) or count(row["Month"], "Month")
    if month is None or not 1 <= month <= 12:
        raise RecordError(SetAsideReason.UNREADABLE_DATE, f"Month is {shown(row['Month'])}: expected such as January")
    of = year(row["Year"], "Year")
    start, end = date(of, month, 1), date(of, month, monthrange(of, month)[1])
    return Period(start, seen_on if start <= seen_on < end else end)


def _as_of(payload: Payload) -> date | None:
    """The day in the name of a workbook."""
    found = AS_OF.search(payload.url)
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None
