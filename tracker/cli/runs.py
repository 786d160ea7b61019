"""`tracker runs` and `tracker release`: what each run did, and letting a held one through."""

import sys

import click
from sqlalchemy import select

from ingest.contract import choose
from ingest.run import release_run
from tracker import ledger
from tracker.cli.workplace import Workplace, progress, say
from tracker.errors import UsageError
from tracker.tables import IngestRun, Source
from tracker.vocabulary import RunStatus


@click.command()
@click.argument("source", required=False)
@click.option("--held", is_flag=True, help="Only runs that wait for a person.")
@click.option("--limit", default=20, show_default=True, help="How many, newest first.")
def runs(source: str | None, held: bool, limit: int) -> None:
    """List runs with their counts, warnings and, where one is held, the reasons."""
    workplace = Workplace.open()
    query = (
        select(*IngestRun.__table__.columns, Source.code)
        .outerjoin(Source, Source.id == IngestRun.source_id)
        .order_by(IngestRun.id.desc())
        .limit(limit)
    )
    if source:
        query = query.where(Source.code == source)
    if held:
        query = query.where(IngestRun.status == RunStatus.HELD.value)
    with workplace.store.connect() as connection:
        found = connection.execute(query).all()
    if not found and source and source not in choose(()):
        raise UsageError(f"there is no source {source!r}; tracker sources lists them")
    for run in found:
        counts = (
            f"{run.figures:,} figures: {run.figures_new:,} new, {run.figures_revised:,} revised, "
            f"{run.figures_unchanged:,} unchanged, {run.figures_duplicate:,} duplicate, "
            f"{run.figures_set_aside:,} set aside"
        )
        said = run.error or counts
        click.echo(f"run {run.id}  {run.started_at:%Y-%m-%d %H:%M}  {run.code or 'seed'}: {run.status}: {said}")
        for warning in (run.warnings or "").splitlines():
            click.echo(f"    {warning}")
    if not found:
        click.echo("no run is held" if held else "no run yet")


@click.command()
@click.argument("run_id", metavar="RUN", type=int)
def release(run_id: int) -> None:
    """Load a held run after all: you have looked at it and take its figures for true.

    It is read again from the archived payloads; nothing is fetched. Until then, and for ever if you do nothing, what
    was known before stays.
    """
    workplace = Workplace.open()
    with workplace.store.connect() as connection:
        code = ledger.require_held(connection, run_id).source
    report = release_run(workplace.store, workplace.settings.archive, choose((code,))[code], run_id, progress)
    say(report.line()) if report.error else click.echo(report.line())
    sys.exit(report.exit_code)
