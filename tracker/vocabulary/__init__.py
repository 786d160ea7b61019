"""The field's words, written once.

Every enumeration here is the set of values a column may hold (a CHECK constraint is made from it), the set a
source may emit and the set a reader may filter by. Values are what is stored; labels are what a person reads.

Origins: population groups are those of HDX HAPI and UNHCR's glossary; access constraints are ACAPS' nine, which
follow OCHA's Access Monitoring and Reporting Framework; observation statuses are a subset of SDMX CL_OBS_STATUS;
reliability and credibility are the Admiralty grades (A-F for the source, 1-6 for the item).

``people``  words of displacement: what is counted, of whom, and how it behaves in time.
``figures``  words about a number itself: what its source says of it, and what it may be used for.
``evidence``  words of provenance: who asserts, under which licence, how reliable, how sensitive, how far reviewed.
``places``  words for places, crossings and dated events.
``borders``  words of border status.
``access``  words of aid access.
``runs``  words of the run ledger.
"""

from tracker.vocabulary.access import (
    ACCESS_LABELS,
    CONSTRAINT_LABELS,
    AccessIndicator,
    AccessUnit,
    ConstraintType,
    Topic,
    Trend,
)
from tracker.vocabulary.borders import BOTH, EVERYWHERE, UNSPECIFIED, Evidence, OperationalStatus, TrafficClass
from tracker.vocabulary.evidence import (
    RELIABILITY_LABELS,
    SOURCE_KIND_LABELS,
    Attribution,
    Redistribution,
    Reliability,
    ReviewStatus,
    RevisionReason,
    Sensitivity,
    SourceKind,
)
from tracker.vocabulary.figures import (
    QUALIFIER_SIGNS,
    VALUELESS,
    Coverage,
    ObservationStatus,
    Precision,
    Qualifier,
    Role,
)
from tracker.vocabulary.people import (
    GROUP_LABELS,
    INDICATORS,
    Cause,
    DisplacementIndicator,
    IndicatorSpec,
    Measure,
    PopulationGroup,
    Sex,
    Unit,
)
from tracker.vocabulary.places import EventType, LocationKind, PointOfEntryKind
from tracker.vocabulary.runs import RunStatus, SetAsideReason, Trigger

__all__ = [
    "ACCESS_LABELS",
    "AccessIndicator",
    "AccessUnit",
    "Attribution",
    "BOTH",
    "CONSTRAINT_LABELS",
    "Cause",
    "ConstraintType",
    "Coverage",
    "DisplacementIndicator",
    "EventType",
    "EVERYWHERE",
    "Evidence",
    "GROUP_LABELS",
    "INDICATORS",
    "IndicatorSpec",
    "LocationKind",
    "Measure",
    "ObservationStatus",
    "OperationalStatus",
    "PointOfEntryKind",
    "PopulationGroup",
    "Precision",
    "QUALIFIER_SIGNS",
    "Qualifier",
    "RELIABILITY_LABELS",
    "Redistribution",
    "Reliability",
    "ReviewStatus",
    "RevisionReason",
    "Role",
    "RunStatus",
    "SOURCE_KIND_LABELS",
    "Sensitivity",
    "SetAsideReason",
    "Sex",
    "SourceKind",
    "Topic",
    "TrafficClass",
    "Trend",
    "Trigger",
    "UNSPECIFIED",
    "Unit",
    "VALUELESS",
]
