"""Words of provenance: who asserts, under which licence, how reliable, how sensitive, how far reviewed."""

from enum import IntEnum, StrEnum


class Attribution(StrEnum):
    """Whether the publication asserts the figure, passes on somebody's, or does not say whose it is."""

    DIRECT = "direct"
    RELAYED = "relayed"
    UNATTRIBUTED = "unattributed"


class RevisionReason(StrEnum):
    """Why a fact has another vintage.

    ``late``: an earlier publication that was loaded after a later one; it was never the last word here, and is kept for
    what the world had said by then. ``undo``: a person took a run back.
    """

    SOURCE_REVISION = "source_revision"
    OUR_ERROR = "our_error"
    METHOD_CHANGE = "method_change"
    RETRACTION = "retraction"
    MAPPING_CHANGE = "mapping_change"
    LATE = "late"
    UNDO = "undo"


class ReviewStatus(StrEnum):
    """Where an observation stands in a person's review."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    CHANGED_AFTER_APPROVAL = "changed_after_approval"
    REJECTED = "rejected"


class Sensitivity(IntEnum):
    """OCHA's four levels of data sensitivity; a viewer sees what is at or below their ceiling."""

    LOW = 0
    MODERATE = 1
    HIGH = 2
    SEVERE = 3


class Reliability(StrEnum):
    """Admiralty grade of a source: A completely reliable ... E unreliable, F cannot be judged."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"


RELIABILITY_LABELS: dict[Reliability, str] = {
    Reliability.A: "completely reliable",
    Reliability.B: "usually reliable",
    Reliability.C: "fairly reliable",
    Reliability.D: "not usually reliable",
    Reliability.E: "unreliable",
    Reliability.F: "cannot be judged",
}


class SourceKind(StrEnum):
    """What sort of body asserts a figure."""

    UN = "un"
    IGO = "igo"
    GOVERNMENT = "government"
    LOCAL_AUTHORITY = "local_authority"
    CLUSTER = "cluster"
    INGO = "ingo"
    NNGO = "nngo"
    MONITOR = "monitor"
    ACADEMIC = "academic"
    MEDIA = "media"


SOURCE_KIND_LABELS: dict[SourceKind, str] = {
    SourceKind.UN: "United Nations",
    SourceKind.IGO: "intergovernmental body",
    SourceKind.GOVERNMENT: "government",
    SourceKind.LOCAL_AUTHORITY: "local authority",
    SourceKind.CLUSTER: "humanitarian cluster",
    SourceKind.INGO: "international NGO",
    SourceKind.NNGO: "national NGO",
    SourceKind.MONITOR: "monitoring body",
    SourceKind.ACADEMIC: "academic",
    SourceKind.MEDIA: "media",
}


class Redistribution(StrEnum):
    """What a source's licence lets others do with our copy; `no` keeps its rows out of every export."""

    YES = "yes"
    ATTRIBUTION = "attribution"
    NON_COMMERCIAL = "non_commercial"
    NO = "no"
