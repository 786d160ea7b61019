"""Who and where: the rows figures point at."""

from datetime import date

from sqlalchemy import Boolean, CheckConstraint, Date, Double, ForeignKey, Index, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.tables.base import Base, one_of
from tracker.vocabulary import (
    EventType,
    LocationKind,
    PointOfEntryKind,
    Precision,
    Redistribution,
    Reliability,
    SourceKind,
)


class Source(Base):
    """A body that asserts figures, or one product of it that the tracker reads by itself."""

    __tablename__ = "source"
    __table_args__ = (
        one_of("kind", SourceKind),
        one_of("reliability", Reliability),
        one_of("redistribute", Redistribution),
        CheckConstraint("cadence_days IS NULL OR cadence_days > 0", name="cadence_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    reliability: Mapped[str] = mapped_column(Text)
    licence: Mapped[str] = mapped_column(Text)
    redistribute: Mapped[str] = mapped_column(Text)
    credit_line: Mapped[str] = mapped_column(Text)
    homepage: Mapped[str] = mapped_column(Text)
    cadence_days: Mapped[int | None] = mapped_column(Integer)


class Location(Base):
    """A place: the world, a country, an administrative area, a site, a named area, or "unspecified".

    ``code`` is ISO3 for countries, the p-code for administrative areas and our own for the rest. ``iso3`` is null
    for the world only. ``run_id`` is the run that wrote the place or last changed it; null for the seed's own.
    """

    __tablename__ = "location"
    __table_args__ = (
        one_of("kind", LocationKind),
        CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from", name="validity_order"),
        UniqueConstraint("pcode", "valid_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    kind: Mapped[str] = mapped_column(Text)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    iso3: Mapped[str | None] = mapped_column(Text, index=True)
    pcode: Mapped[str | None] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    name_ar: Mapped[str | None] = mapped_column(Text)
    latitude: Mapped[float | None] = mapped_column(Double)
    longitude: Mapped[float | None] = mapped_column(Double)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("ingest_run.id"))


class LocationName(Base):
    """Another name of a place, as some provider spells it."""

    __tablename__ = "location_name"
    __table_args__ = (UniqueConstraint("location_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    name: Mapped[str] = mapped_column(Text)


class LocationCode(Base):
    """Another code of a place, in a named scheme."""

    __tablename__ = "location_code"
    __table_args__ = (UniqueConstraint("scheme", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    scheme: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)


class Region(Base):
    """A named group of countries."""

    __tablename__ = "region"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    name_en: Mapped[str] = mapped_column(Text)
    name_ar: Mapped[str | None] = mapped_column(Text)


class RegionMember(Base):
    """A country's place in a region; ``position`` keeps the order people expect."""

    __tablename__ = "region_member"

    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), primary_key=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer)


class Publication(Base):
    """Where a figure was read. ``cites_id`` is the publication it quotes."""

    __tablename__ = "publication"
    __table_args__ = (UniqueConstraint("publisher", "title", "url"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    publisher: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(Text, default="")
    published_on: Mapped[date | None] = mapped_column(Date)
    cites_id: Mapped[int | None] = mapped_column(ForeignKey("publication.id"))


class Border(Base):
    """Two countries that meet, the alphabetically smaller ISO3 first."""

    __tablename__ = "border"
    __table_args__ = (
        UniqueConstraint("country_a", "country_b"),
        CheckConstraint("country_a < country_b", name="country_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    country_a: Mapped[str] = mapped_column(Text)
    country_b: Mapped[str] = mapped_column(Text)


class PointOfEntry(Base):
    """A border crossing, with the names of both sides."""

    __tablename__ = "point_of_entry"
    __table_args__ = (one_of("kind", PointOfEntryKind),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    border_id: Mapped[int] = mapped_column(ForeignKey("border.id"), index=True)
    home: Mapped[str] = mapped_column(Text)
    neighbour: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    official: Mapped[bool | None] = mapped_column(Boolean(create_constraint=True, name="official"))
    name_en: Mapped[str] = mapped_column(Text)
    name_ar: Mapped[str | None] = mapped_column(Text)
    name_local: Mapped[str | None] = mapped_column(Text)
    name_other_side: Mapped[str | None] = mapped_column(Text)
    name_other_side_ar: Mapped[str | None] = mapped_column(Text)
    admin1_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    latitude: Mapped[float | None] = mapped_column(Double)
    longitude: Mapped[float | None] = mapped_column(Double)
    note: Mapped[str | None] = mapped_column(Text)


class PointOfEntryName(Base):
    """Another spelling of a crossing's name."""

    __tablename__ = "point_of_entry_name"
    __table_args__ = (UniqueConstraint("point_of_entry_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    point_of_entry_id: Mapped[int] = mapped_column(ForeignKey("point_of_entry.id"))
    name: Mapped[str] = mapped_column(Text)


class Event(Base):
    """A dated event; the few with ``annotate`` are drawn on charts. It explains nothing by itself.

    ``run_id`` is the run that wrote it or last changed it; null for the seed's own.
    """

    __tablename__ = "event"
    __table_args__ = (
        one_of("event_type", EventType),
        one_of("precision", Precision),
        CheckConstraint("date_end IS NULL OR date_end >= date_start", name="period_order"),
        Index("ix_event_location_date", "location_id", "date_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    date_start: Mapped[date] = mapped_column(Date)
    date_end: Mapped[date | None] = mapped_column(Date)
    precision: Mapped[str] = mapped_column(Text)
    event_type: Mapped[str] = mapped_column(Text)
    title_en: Mapped[str] = mapped_column(Text)
    title_ar: Mapped[str | None] = mapped_column(Text)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    disputed: Mapped[bool] = mapped_column(Boolean(create_constraint=True, name="disputed"))
    annotate: Mapped[bool] = mapped_column(Boolean(create_constraint=True, name="annotate"))
    publication_id: Mapped[int | None] = mapped_column(ForeignKey("publication.id"))
    note: Mapped[str | None] = mapped_column(Text)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("ingest_run.id"))
