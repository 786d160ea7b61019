"""Border status: which border or crossing was open to whom, in which direction, who says so."""

from datetime import date

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.tables.base import Base, Day, either, one_of
from tracker.tables.observation import ObservationColumns, observation_constraints
from tracker.vocabulary import BOTH, UNSPECIFIED, Evidence, OperationalStatus, TrafficClass


def _iso3_or_word(column: str) -> CheckConstraint:
    return CheckConstraint(f"length({column}) = 3 OR {column} IN ('{BOTH}', '{UNSPECIFIED}')", name=column)


class BorderSeries(Base):
    """What stays the same over time about a status.

    ``point_of_entry_id`` is null when the whole border is meant. ``side`` is the ISO3 of the authority,
    ``direction_into`` the ISO3 of the country entered; both may be "both" or "unspecified".
    """

    __tablename__ = "border_series"
    __table_args__ = (one_of("traffic_class", TrafficClass), _iso3_or_word("side"), _iso3_or_word("direction_into"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text, unique=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    border_id: Mapped[int] = mapped_column(ForeignKey("border.id"), index=True)
    point_of_entry_id: Mapped[int | None] = mapped_column(ForeignKey("point_of_entry.id"), index=True)
    side: Mapped[str] = mapped_column(Text)
    direction_into: Mapped[str] = mapped_column(Text)
    traffic_class: Mapped[str] = mapped_column(Text)
    variant: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))


class BorderStatus(ObservationColumns, Base):
    """One vintage of one status, as of its reference day. ``valid_until`` is the announced last day."""

    __tablename__ = "border_status"
    __table_args__ = (
        *observation_constraints("border_status"),
        either("status", OperationalStatus),
        either("evidence", Evidence),
        CheckConstraint("valid_until IS NULL OR valid_until >= reference_period_start", name="validity_order"),
    )

    series_id: Mapped[int] = mapped_column(ForeignKey("border_series.id"))
    status: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text)
    reported_as: Mapped[str | None] = mapped_column(Text)
    valid_until: Mapped[date | None] = mapped_column(Day)
    disputed: Mapped[bool] = mapped_column(Boolean(create_constraint=True, name="disputed"))
