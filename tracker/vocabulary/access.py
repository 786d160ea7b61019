"""Words of aid access."""

from enum import StrEnum


class ConstraintType(StrEnum):
    """The nine access constraints of ACAPS, in the order of its three pillars."""

    DENIAL_OF_NEEDS = "denial_of_needs"
    RESTRICTION_OF_SERVICES = "restriction_of_services"
    ENTRY_IMPEDIMENTS = "entry_impediments"
    RESTRICTION_OF_MOVEMENT = "restriction_of_movement"
    INTERFERENCE = "interference"
    VIOLENCE_AGAINST_PERSONNEL = "violence_against_personnel"
    INSECURITY_HOSTILITIES = "insecurity_hostilities"
    MINES_UXO = "mines_uxo"
    PHYSICAL_CONSTRAINTS = "physical_constraints"


CONSTRAINT_LABELS: dict[ConstraintType, str] = {
    ConstraintType.DENIAL_OF_NEEDS: "Denial of needs or entitlements",
    ConstraintType.RESTRICTION_OF_SERVICES: "People kept from services and aid",
    ConstraintType.ENTRY_IMPEDIMENTS: "Impediments to entry into the country",
    ConstraintType.RESTRICTION_OF_MOVEMENT: "Restriction of movement within the country",
    ConstraintType.INTERFERENCE: "Interference in humanitarian activities",
    ConstraintType.VIOLENCE_AGAINST_PERSONNEL: "Violence against personnel, facilities and assets",
    ConstraintType.INSECURITY_HOSTILITIES: "Ongoing insecurity or hostilities",
    ConstraintType.MINES_UXO: "Mines and unexploded ordnance",
    ConstraintType.PHYSICAL_CONSTRAINTS: "Physical constraints",
}


class AccessIndicator(StrEnum):
    """What an aid-access figure is about."""

    ACCESS_CONSTRAINT = "access_constraint"
    ACCESS_INDEX = "access_index"
    ACCESS_PILLAR = "access_pillar"
    INFORMATION_GAP = "information_gap"
    SEVERITY_INDEX = "severity_index"
    SECURITY_INCIDENTS = "security_incidents"
    CONFLICT_EVENTS = "conflict_events"
    FATALITIES = "fatalities"
    VISAS_DENIED = "visas_denied"
    MOVEMENTS_DENIED = "movements_denied"
    PROJECTS_AFFECTED = "projects_affected"
    AID_WORKERS_KILLED = "aid_workers_killed"
    AID_WORKERS_INJURED = "aid_workers_injured"
    AID_WORKERS_KIDNAPPED = "aid_workers_kidnapped"
    AID_WORKERS_ARRESTED = "aid_workers_arrested"
    OPERATIONS_SUSPENDED = "operations_suspended"
    FACILITIES_HIT = "facilities_hit"
    FACILITIES_FUNCTIONAL = "facilities_functional"
    AID_TRUCKS = "aid_trucks"
    AID_MISSIONS = "aid_missions"
    SERVICE_SHORTAGE = "service_shortage"
    SERVICE_OUTAGE = "service_outage"
    PEOPLE_AFFECTED = "people_affected"
    PEOPLE_IN_NEED = "people_in_need"
    PEOPLE_REACHED = "people_reached"
    FUNDING_SHARE = "funding_share"
    FUNDING_RECEIVED = "funding_received"


ACCESS_LABELS: dict[AccessIndicator, str] = {
    AccessIndicator.ACCESS_CONSTRAINT: "Access constraint",
    AccessIndicator.ACCESS_INDEX: "Access index",
    AccessIndicator.ACCESS_PILLAR: "Access index, one of its pillars",
    AccessIndicator.INFORMATION_GAP: "Share of access indicators nobody could judge",
    AccessIndicator.SEVERITY_INDEX: "Severity of the crisis",
    AccessIndicator.SECURITY_INCIDENTS: "Security incidents",
    AccessIndicator.CONFLICT_EVENTS: "Conflict events",
    AccessIndicator.FATALITIES: "Fatalities in conflict events",
    AccessIndicator.VISAS_DENIED: "Visas pending or denied",
    AccessIndicator.MOVEMENTS_DENIED: "Travel authorizations or movements denied",
    AccessIndicator.PROJECTS_AFFECTED: "Funded projects affected by insecurity or lack of access",
    AccessIndicator.AID_WORKERS_KILLED: "Aid workers killed",
    AccessIndicator.AID_WORKERS_INJURED: "Aid workers injured",
    AccessIndicator.AID_WORKERS_KIDNAPPED: "Aid workers kidnapped",
    AccessIndicator.AID_WORKERS_ARRESTED: "Aid workers arrested",
    AccessIndicator.OPERATIONS_SUSPENDED: "Operations suspended",
    AccessIndicator.FACILITIES_HIT: "Facilities hit",
    AccessIndicator.FACILITIES_FUNCTIONAL: "Facilities functional",
    AccessIndicator.AID_TRUCKS: "Aid trucks",
    AccessIndicator.AID_MISSIONS: "Aid missions",
    AccessIndicator.SERVICE_SHORTAGE: "Service shortage",
    AccessIndicator.SERVICE_OUTAGE: "Service outage",
    AccessIndicator.PEOPLE_AFFECTED: "People affected",
    AccessIndicator.PEOPLE_IN_NEED: "People in need",
    AccessIndicator.PEOPLE_REACHED: "People reached",
    AccessIndicator.FUNDING_SHARE: "Funding received, share of the request",
    AccessIndicator.FUNDING_RECEIVED: "Funding received",
}


class AccessUnit(StrEnum):
    """What one access figure counts; null where the figure is words only."""

    PEOPLE = "people"
    TRUCKS = "trucks"
    MISSIONS = "missions"
    ORGANISATIONS = "organisations"
    FACILITIES = "facilities"
    INCIDENTS = "incidents"
    EVENTS = "events"
    PERCENT = "percent"
    USD = "usd"
    SCORE = "score"
    HOURS_PER_DAY = "hours_per_day"


class Topic(StrEnum):
    """The service, need or sector an access figure concerns; null where none is named."""

    FOOD = "food"
    WATER = "water"
    MEDICAL_SUPPLIES = "medical_supplies"
    HEALTH = "health"
    NUTRITION = "nutrition"
    PROTECTION = "protection"
    EDUCATION = "education"
    SHELTER = "shelter"
    FUEL = "fuel"
    ELECTRICITY = "electricity"
    INTERNET = "internet"
    CASH = "cash"


class Trend(StrEnum):
    """Which way an access constraint moves."""

    WORSE = "worse"
    SAME = "same"
    BETTER = "better"
    UNKNOWN = "unknown"
