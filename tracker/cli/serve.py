"""The commands that stay: `tracker up`, `serve` and `schedule`."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from sqlalchemy.exc import DBAPIError
from waitress.server import create_server

from dashboards.app import create_app
from dashboards.boundaries import boundaries_of
from ingest.contract import discover
from ingest.report import SKIPPED
from ingest.schedule import run_due
from tracker.cli.store import make_ready
from tracker.cli.workplace import Workplace, progress, say
from tracker.errors import TrackerError, UsageError

SCHEDULE_SECONDS = 300


@click.command()
def up() -> None:
    """Make the store ready, load the seed, serve the dashboard, and ingest what is due now and later.

    A second start changes nothing. The dashboard does not wait for slow sources: it shows what the store holds, and
    what each source says as soon as it has said it.
    """
    workplace = Workplace.open(upgraded=False)
    say(f"data folder: {workplace.settings.home}")
    make_ready(workplace)
    server = _listen(workplace)
    threading.Thread(target=_keep_ingesting, args=(workplace,), daemon=True, name="schedule").start()
    _run(server)


@click.command()
def serve() -> None:
    """Serve the dashboard on loopback; ingest nothing."""
    _run(_listen(Workplace.open()))


@click.command()
def schedule() -> None:
    """Ingest whatever is due, every five minutes, until stopped. Any number of these may run: leases keep order."""
    workplace = Workplace.open()
    say("looking for due sources every five minutes; stop with Ctrl-C")
    with _quiet_interrupt():
        _keep_ingesting(workplace)


def _listen(workplace: Workplace) -> Any:
    settings = workplace.settings
    app = create_app(workplace.store, settings.archive, settings.host, boundaries_of(settings.home))
    try:
        server = create_server(app.server, host=settings.host, port=settings.port, threads=8)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "no such address here"
        raise UsageError(
            f"cannot listen on {settings.host}:{settings.port} ({why}): "
            "another dashboard may be running; stop it, or set TRACKER_HOST and TRACKER_PORT"
        ) from error
    say(f"dashboard: http://{settings.host}:{settings.port}/  (stop with Ctrl-C)")
    return server


def _run(server: Any) -> None:
    with _quiet_interrupt():
        server.run()


def _keep_ingesting(workplace: Workplace) -> None:
    """Run what is due, wait, look again; a round that fails says so, and the next one is tried all the same."""
    settings, skipped = workplace.settings, set()
    while True:
        try:
            modules = discover().values()
            for report in run_due(workplace.store, settings.archive, modules, progress, settings.credentials):
                # What a source lacks is told once, not every five minutes.
                if report.status != SKIPPED or report.line() not in skipped:
                    say(report.line())
                if report.status == SKIPPED:
                    skipped.add(report.line())
        except TrackerError as error:
            say(f"schedule: {error}")
        except DBAPIError as error:
            say(f"schedule: the store failed: {str(error.orig).strip().splitlines()[0]}; trying again")
        time.sleep(SCHEDULE_SECONDS)


@contextmanager
def _quiet_interrupt() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        say("stopped")
