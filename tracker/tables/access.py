"""Aid access: constraints, incidents, scores and service shortages, by place."""

from sqlalchemy import Boolean, CheckConstraint, Double, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.tables.base import Base, either, not_negative, one_of
from tracker.tables.observation import ObservationColumns, observation_constraints
from tracker.vocabulary import (
    AccessIndicator,
    AccessUnit,
    ConstraintType,
    Qualifier,
    Topic,
    Trend,
)


class AccessSeries(Base):
    """What stays the same over time about an access figure."""

    __tablename__ = "access_series"
    __table_args__ = (
        one_of("indicator", AccessIndicator),
        one_of("constraint_type", ConstraintType),
        one_of("topic", Topic),
        one_of("unit", AccessUnit),
        CheckConstraint("indicator <> 'access_constraint' OR constraint_type IS NOT NULL", name="constraint_has_type"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text, unique=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    indicator: Mapped[str] = mapped_column(Text)
    constraint_type: Mapped[str | None] = mapped_column(Text)
    topic: Mapped[str | None] = mapped_column(Text)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), index=True)
    variant: Mapped[str] = mapped_column(Text)
    unit: Mapped[str | None] = mapped_column(Text)
    provider_place: Mapped[str | None] = mapped_column(Text)


class Access(ObservationColumns, Base):
    """One vintage of one access fact. ``value`` is null where the source gives words only."""

    __tablename__ = "access"
    __table_args__ = (
        *observation_constraints("access"),
        either("qualifier", Qualifier),
        either("trend", Trend),
        not_negative("value", "value_low", "value_high"),
        CheckConstraint("value_low IS NULL OR value_high IS NULL OR value_low <= value_high", name="bounds_order"),
        CheckConstraint(
            "qualifier IS NOT NULL OR (value IS NULL AND value_low IS NULL AND value_high IS NULL)",
            name="number_has_qualifier",
        ),
    )

    series_id: Mapped[int] = mapped_column(ForeignKey("access_series.id"))
    value: Mapped[float | None] = mapped_column(Double)
    value_low: Mapped[float | None] = mapped_column(Double)
    value_high: Mapped[float | None] = mapped_column(Double)
    qualifier: Mapped[str | None] = mapped_column(Text)
    value_text: Mapped[str | None] = mapped_column(Text)
    scale: Mapped[str | None] = mapped_column(Text)
    information_gap: Mapped[bool] = mapped_column(Boolean(create_constraint=True, name="information_gap"))
    trend: Mapped[str | None] = mapped_column(Text)
