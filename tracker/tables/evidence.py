"""How a figure got here: the run ledger, the archive's index, what was set aside, who is at work."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, Integer, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.tables.base import Base, Instant, one_of
from tracker.vocabulary import RunStatus, SetAsideReason, Trigger


class IngestRun(Base):
    """One run of one source (or of the seed, whose ``source_id`` is null).

    ``recorded_at`` is the one instant at which everything of the run became known to us; null while the run has
    loaded nothing. It grows in the order in which runs end, which need not be the order of their ids. ``error`` says
    why a run failed or is held; ``newest_reference_on`` is the newest day its figures are
    about; ``warnings`` holds, a line each, what a person should know of a run that was loaded. ``undone_by_id`` is the
    run by which a person took it back; null while it stands.
    """

    __tablename__ = "ingest_run"
    __table_args__ = (
        one_of("trigger", Trigger),
        one_of("status", RunStatus),
        CheckConstraint(
            "figures = figures_new + figures_revised + figures_unchanged + figures_duplicate + figures_set_aside",
            name="ledger_law",
        ),
        Index("ix_ingest_run_source_started", "source_id", "started_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"))
    trigger: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    started_at: Mapped[datetime] = mapped_column(Instant)
    recorded_at: Mapped[datetime | None] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    parser_version: Mapped[int] = mapped_column(Integer)
    rows_read: Mapped[int] = mapped_column(Integer, default=0)
    figures: Mapped[int] = mapped_column(Integer, default=0)
    figures_new: Mapped[int] = mapped_column(Integer, default=0)
    figures_revised: Mapped[int] = mapped_column(Integer, default=0)
    figures_unchanged: Mapped[int] = mapped_column(Integer, default=0)
    figures_duplicate: Mapped[int] = mapped_column(Integer, default=0)
    figures_set_aside: Mapped[int] = mapped_column(Integer, default=0)
    newest_reference_on: Mapped[date | None] = mapped_column(Date)
    error: Mapped[str | None] = mapped_column(Text)
    warnings: Mapped[str | None] = mapped_column(Text)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("ingest_run.id"))


class Payload(Base):
    """Index of the archive: the bytes lie on disk under their sha256.

    ``mapping_sha256`` is the archived mapping by which a file in somebody's own form was read, else empty. ``run_id``
    is the first run that had these bytes.
    """

    __tablename__ = "payload"
    __table_args__ = (UniqueConstraint("source_id", "sha256", "mapping_sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("ingest_run.id"))
    sha256: Mapped[str] = mapped_column(Text, index=True)
    mapping_sha256: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    url: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    retrieved_at: Mapped[datetime] = mapped_column(Instant)


class RunPayload(Base):
    """Which payloads a run read, in their order: a held run is read again from them when a person releases it."""

    __tablename__ = "run_payload"

    run_id: Mapped[int] = mapped_column(ForeignKey("ingest_run.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    payload_id: Mapped[int] = mapped_column(ForeignKey("payload.id"), index=True)


class SetAside(Base):
    """A figure that was not accepted, with the reason; kept once however often the provider repeats it."""

    __tablename__ = "set_aside"
    __table_args__ = (
        one_of("reason", SetAsideReason),
        UniqueConstraint("source_id", "fingerprint"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"))
    first_run_id: Mapped[int] = mapped_column(ForeignKey("ingest_run.id"))
    last_run_id: Mapped[int] = mapped_column(ForeignKey("ingest_run.id"))
    payload_id: Mapped[int] = mapped_column(ForeignKey("payload.id"))
    fingerprint: Mapped[str] = mapped_column(Text)
    locator: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    detail: Mapped[str] = mapped_column(Text)
    raw: Mapped[str] = mapped_column(Text)
    resolution: Mapped[str | None] = mapped_column(Text)


class Lease(Base):
    """Who is ingesting a source now; a lease past its end may be taken over."""

    __tablename__ = "lease"

    source_code: Mapped[str] = mapped_column(Text, primary_key=True)
    owner: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime] = mapped_column(Instant)
