"""Words of displacement: what is counted, of whom, and how it behaves in time."""

from dataclasses import dataclass
from enum import StrEnum


class Measure(StrEnum):
    """How a figure behaves in time: the rule that decides whether it may ever be added."""

    STOCK = "stock"
    """People in a state at a date. Never summed over time."""
    FLOW = "flow"
    """Movements within a period. Never summed over overlapping periods or over sources."""
    CUMULATIVE = "cumulative"
    """Movements since a start that stays fixed. Never summed at all."""


class PopulationGroup(StrEnum):
    """Whom a displacement figure counts (codes of HDX HAPI; DISP is ours: displaced, status not said)."""

    ALL = "ALL"
    DISP = "DISP"
    IDP = "IDP"
    REF = "REF"
    ROC = "ROC"
    ASY = "ASY"
    OIP = "OIP"
    IOC = "IOC"
    STA = "STA"
    OOC = "OOC"
    HST = "HST"
    RET = "RET"
    RDP = "RDP"
    RRI = "RRI"
    RST = "RST"
    NAT = "NAT"


GROUP_LABELS: dict[PopulationGroup, str] = {
    PopulationGroup.ALL: "everyone",
    PopulationGroup.DISP: "displaced people (status not said)",
    PopulationGroup.IDP: "internally displaced people",
    PopulationGroup.REF: "refugees",
    PopulationGroup.ROC: "people in refugee-like situations",
    PopulationGroup.ASY: "asylum seekers",
    PopulationGroup.OIP: "other people in need of international protection",
    PopulationGroup.IOC: "people in IDP-like situations",
    PopulationGroup.STA: "stateless people",
    PopulationGroup.OOC: "others of concern",
    PopulationGroup.HST: "host community",
    PopulationGroup.RET: "returned refugees",
    PopulationGroup.RDP: "returned internally displaced people",
    PopulationGroup.RRI: "returnees (refugees and displaced people together)",
    PopulationGroup.RST: "resettled refugees",
    PopulationGroup.NAT: "naturalised refugees",
}


class DisplacementIndicator(StrEnum):
    """What a displacement figure is about; `INDICATORS` holds each one's label, measures and definition."""

    NEW_DISPLACEMENT = "new_displacement"
    REPEAT_DISPLACEMENT = "repeat_displacement"
    STILL_DISPLACED = "still_displaced"
    POPULATION = "population"
    COLLECTIVE_CENTRE_POPULATION = "collective_centre_population"
    ARRIVAL = "arrival"
    RETURN = "return"
    ASYLUM_APPLICATION = "asylum_application"
    ASYLUM_DECISION = "asylum_decision"


@dataclass(frozen=True, slots=True)
class IndicatorSpec:
    """A label, the measures an indicator may be reported in, and what it counts in one sentence."""

    label: str
    measures: frozenset[Measure]
    definition: str


_STOCK = frozenset({Measure.STOCK})


_MOVEMENT = frozenset({Measure.FLOW, Measure.CUMULATIVE})


INDICATORS: dict[DisplacementIndicator, IndicatorSpec] = {
    DisplacementIndicator.NEW_DISPLACEMENT: IndicatorSpec(
        "New displacement", _MOVEMENT, "Movements of people forced to leave; one person may count more than once."
    ),
    DisplacementIndicator.REPEAT_DISPLACEMENT: IndicatorSpec(
        "Displaced more than once", _MOVEMENT, "The part of new displacement that concerns people displaced before."
    ),
    DisplacementIndicator.STILL_DISPLACED: IndicatorSpec(
        "Newly displaced, still displaced", _STOCK, "People displaced by the named escalation and not yet returned."
    ),
    DisplacementIndicator.POPULATION: IndicatorSpec(
        "Population", _STOCK, "People in the population group at a date, whenever they were displaced."
    ),
    DisplacementIndicator.COLLECTIVE_CENTRE_POPULATION: IndicatorSpec(
        "In collective centres", _STOCK, "The displaced people who stay in collective or reception centres."
    ),
    DisplacementIndicator.ARRIVAL: IndicatorSpec(
        "Cross-border arrivals", _MOVEMENT, "Entries into the country from the country of origin; may be temporary."
    ),
    DisplacementIndicator.RETURN: IndicatorSpec(
        "Returns", _MOVEMENT, "Movements back to the country or area of origin; may not be permanent."
    ),
    DisplacementIndicator.ASYLUM_APPLICATION: IndicatorSpec(
        "Asylum applications", _MOVEMENT, "Applications lodged in the period; one person may apply more than once."
    ),
    DisplacementIndicator.ASYLUM_DECISION: IndicatorSpec(
        "Asylum decisions", _MOVEMENT, "Decisions taken in the period; one person may get several, at several levels."
    ),
}


class Unit(StrEnum):
    """What one displacement figure counts. Persons, households and cases never share an axis.

    A case is an asylum application, which may stand for a whole family.
    """

    PERSONS = "persons"
    HOUSEHOLDS = "households"
    CASES = "cases"


class Cause(StrEnum):
    """Why people moved."""

    CONFLICT = "conflict"
    DISASTER = "disaster"
    OTHER = "other"
    UNKNOWN = "unknown"


class Sex(StrEnum):
    """Sex of the people counted (codes of HDX HAPI; `all` = not told apart)."""

    FEMALE = "f"
    MALE = "m"
    NON_BINARY = "x"
    OTHER = "o"
    UNKNOWN = "u"
    ALL = "all"
