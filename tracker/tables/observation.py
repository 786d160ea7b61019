"""The columns and constraints every vintage of every figure carries."""

from datetime import date
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Double,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from tracker.tables.base import Base, Day, either, one_of
from tracker.vocabulary import (
    Attribution,
    Coverage,
    ObservationStatus,
    Precision,
    ReviewStatus,
    RevisionReason,
    Role,
)

FACT = ("series_id", "reference_period_end", "reference_period_start", "external_id")
"""The columns that make a fact; with ``vintage`` they make a row."""


def observation_constraints(table: str) -> tuple[Any, ...]:
    """Constraints of an observation table: one row a vintage, one open row a fact, periods in order."""
    return (
        UniqueConstraint(*FACT, "vintage", name=f"uq_{table}_vintage"),
        Index(
            f"uq_{table}_open",
            *FACT,
            unique=True,
            sqlite_where=text("superseded_run_id IS NULL"),
            postgresql_where=text("superseded_run_id IS NULL"),
        ),
        CheckConstraint("reference_period_end >= reference_period_start", name="period_order"),
        CheckConstraint("vintage >= 1", name="vintage_positive"),
        CheckConstraint("(vintage = 1) = (revision_reason IS NULL)", name="revision_has_reason"),
        Index(
            f"ix_{table}_superseded_run_id",
            "superseded_run_id",
            sqlite_where=text("superseded_run_id IS NOT NULL"),
            postgresql_where=text("superseded_run_id IS NOT NULL"),
        ),
        CheckConstraint("sensitivity BETWEEN 0 AND 3", name="sensitivity"),
        either("revision_reason", RevisionReason),
        either("observation_status", ObservationStatus),
    )


class Standing(Base):
    """How a figure was said and what it is good for: written once, for the many figures that share it.

    ``key`` is the canonical text of all columns; it makes nulls compare equal.
    """

    __tablename__ = "standing"
    __table_args__ = (
        CheckConstraint("credibility IS NULL OR credibility BETWEEN 1 AND 6", name="credibility"),
        one_of("start_precision", Precision),
        one_of("end_precision", Precision),
        one_of("attribution", Attribution),
        one_of("review_status", ReviewStatus),
        one_of("role", Role),
        one_of("coverage", Coverage),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text, unique=True)
    start_precision: Mapped[str] = mapped_column(Text)
    end_precision: Mapped[str] = mapped_column(Text)
    attribution: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text)
    coverage: Mapped[str] = mapped_column(Text)
    credibility: Mapped[int | None] = mapped_column(SmallInteger)
    review_status: Mapped[str] = mapped_column(Text)


class ObservationColumns:
    """Mixin: reference period, provenance and standing of one vintage.

    ``external_id`` is the provider's id where several facts share a series and a period, else empty.
    ``superseded_run_id`` is the run that replaced this vintage; null means it is the open one. ``doubt`` says why the
    figure does not fit the history of its series; null means that nothing was noticed. ``said_order`` is the order in
    which the vintages of a fact were said: that of their numbers, but a late one stands where its day belongs.
    ``republished_on`` is the last day on which the same was published again; null when it was said once.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    reference_period_start: Mapped[date] = mapped_column(Day)
    reference_period_end: Mapped[date] = mapped_column(Day)
    external_id: Mapped[str] = mapped_column(Text, default="")
    vintage: Mapped[int] = mapped_column(Integer)
    said_order: Mapped[float] = mapped_column(Double)
    published_on: Mapped[date | None] = mapped_column(Day)
    republished_on: Mapped[date | None] = mapped_column(Day)
    excerpt: Mapped[str | None] = mapped_column(Text)
    locator: Mapped[str] = mapped_column(Text)
    observation_status: Mapped[str] = mapped_column(Text)
    sensitivity: Mapped[int] = mapped_column(SmallInteger)
    revision_reason: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    doubt: Mapped[str | None] = mapped_column(Text)

    @declared_attr
    def publication_id(cls) -> Mapped[int | None]:
        """Where it was read; null when it is the source's own data set."""
        return mapped_column(ForeignKey("publication.id"))

    @declared_attr
    def payload_id(cls) -> Mapped[int]:
        """The archived bytes it was read from."""
        return mapped_column(ForeignKey("payload.id"))

    @declared_attr
    def run_id(cls) -> Mapped[int]:
        """The run that recorded it."""
        return mapped_column(ForeignKey("ingest_run.id"), index=True)

    @declared_attr
    def standing_id(cls) -> Mapped[int]:
        """How it was said and what it is good for."""
        return mapped_column(ForeignKey("standing.id"))

    @declared_attr
    def superseded_run_id(cls) -> Mapped[int | None]:
        """The run that replaced it; null while it is open."""
        return mapped_column(ForeignKey("ingest_run.id"))

    @declared_attr
    def primary_id(cls) -> Mapped[int | None]:
        """The observation this one relays, when that one is stored too."""
        return mapped_column(ForeignKey(f"{cls.__tablename__}.id"))  # type: ignore[attr-defined]
