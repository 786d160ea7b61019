"""Displacement: how many people were, or moved, where."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, Date, Double, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.tables.base import Base, either, not_negative, one_of
from tracker.tables.observation import ObservationColumns, observation_constraints
from tracker.vocabulary import (
    VALUELESS,
    Cause,
    DisplacementIndicator,
    Measure,
    PopulationGroup,
    Qualifier,
    Sex,
    Unit,
)

_VALUELESS = " OR ".join(sorted(f"observation_status = {status.value!r}" for status in VALUELESS))


class DisplacementSeries(Base):
    """What stays the same over time about a displacement figure.

    ``key`` is the canonical text of all dimensions; it makes nulls compare equal. ``location_id`` is where the
    people are, ``origin_id`` where they came from (null: same country, or not stated). ``since`` is the fixed start
    of a cumulative count. ``provider_place`` keeps the provider's words where the place could not be resolved.
    """

    __tablename__ = "displacement_series"
    __table_args__ = (
        one_of("indicator", DisplacementIndicator),
        one_of("measure", Measure),
        one_of("population_group", PopulationGroup),
        one_of("cause", Cause),
        one_of("unit", Unit),
        one_of("sex", Sex),
        CheckConstraint("since IS NULL OR measure = 'cumulative'", name="since_is_cumulative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text, unique=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    indicator: Mapped[str] = mapped_column(Text)
    measure: Mapped[str] = mapped_column(Text)
    population_group: Mapped[str] = mapped_column(Text)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), index=True)
    origin_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"), index=True)
    point_of_entry_id: Mapped[int | None] = mapped_column(ForeignKey("point_of_entry.id"))
    variant: Mapped[str] = mapped_column(Text)
    cause: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(Text)
    sex: Mapped[str] = mapped_column(Text)
    age: Mapped[str] = mapped_column(Text)
    since: Mapped[date | None] = mapped_column(Date)
    provider_place: Mapped[str | None] = mapped_column(Text)


class Displacement(ObservationColumns, Base):
    """One vintage of one displacement fact. ``value`` is in the series' unit; null is "no single number given"."""

    __tablename__ = "displacement"
    __table_args__ = (
        *observation_constraints("displacement"),
        either("qualifier", Qualifier),
        not_negative("value", "value_low", "value_high", "household_size"),
        CheckConstraint("value_low IS NULL OR value_high IS NULL OR value_low <= value_high", name="bounds_order"),
        # Each bound is asked for by name: a comparison with null is unknown, and a CHECK lets the unknown pass.
        CheckConstraint(
            f"CASE WHEN {_VALUELESS} THEN value IS NULL "
            "WHEN qualifier = 'exact' THEN value IS NOT NULL AND value_low IS NOT NULL AND value_low = value "
            "AND value_high IS NOT NULL AND value_high = value "
            "WHEN qualifier = 'more_than' OR qualifier = 'at_least' "
            "THEN value IS NOT NULL AND value_low IS NOT NULL AND value_low = value AND value_high IS NULL "
            "WHEN qualifier = 'less_than' OR qualifier = 'at_most' "
            "THEN value IS NOT NULL AND value_high IS NOT NULL AND value_high = value AND value_low IS NULL "
            "WHEN qualifier = 'range' "
            "THEN value IS NULL AND value_low IS NOT NULL AND value_high IS NOT NULL AND value_low < value_high "
            "WHEN qualifier = 'order_of_magnitude' THEN value IS NULL AND value_text IS NOT NULL "
            "ELSE value IS NOT NULL END",
            name="qualifier_fits_bounds",
        ),
        CheckConstraint("(household_size IS NULL) = (household_size_source IS NULL)", name="household_size_has_source"),
    )

    series_id: Mapped[int] = mapped_column(ForeignKey("displacement_series.id"))
    value: Mapped[int | None] = mapped_column(BigInteger)
    value_low: Mapped[int | None] = mapped_column(BigInteger)
    value_high: Mapped[int | None] = mapped_column(BigInteger)
    qualifier: Mapped[str] = mapped_column(Text)
    value_text: Mapped[str | None] = mapped_column(Text)
    household_size: Mapped[float | None] = mapped_column(Double)
    household_size_source: Mapped[str | None] = mapped_column(Text)
    subset_of_id: Mapped[int | None] = mapped_column(ForeignKey("displacement.id"))
