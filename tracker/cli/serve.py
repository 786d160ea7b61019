"""The commands that stay: `tracker up`, `serve` and `schedule`."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from waitress.server import create_server

from dashboards.app import create_app
from ingest.contract import discover
from ingest.schedule import run_due
from tracker.cli.common import Workplace, progress, say
from tracker.cli.store import make_ready
from tracker.errors import UsageError

SCHEDULE_SECONDS = 300


@click.command()
def up() -> None:
    """Make the store ready, load the seed, ingest what is due, serve the dashboard. Changes nothing twice."""
    workplace = Workplace.open(upgraded=False)
    say(f"data folder: {workplace.settings.home}")
    make_ready(workplace)
    _run_due(workplace)
    _serve(workplace, scheduler=lambda: _loop(workplace, threading.Event()))


@click.command()
def serve() -> None:
    """Serve the dashboard on loopback; ingest nothing."""
    _serve(Workplace.open())


@click.command()
@click.option("--once", is_flag=True, help="Run what is due now and stop (the same as `ingest --due`).")
def schedule(once: bool) -> None:
    """Ingest whatever is due, every five minutes, until stopped. Any number of these may run: leases keep order."""
    workplace = Workplace.open()
    if once:
        _run_due(workplace)
        return
    say("looking for due sources every five minutes; stop with Ctrl-C")
    _loop(workplace, threading.Event())


def _serve(workplace: Workplace, scheduler: Callable[[], None] | None = None) -> None:
    app = create_app(workplace.store, workplace.settings.archive)
    settings = workplace.settings
    try:
        server = create_server(app.server, host=settings.host, port=settings.port, threads=8)
    except OSError as error:
        raise UsageError(
            f"cannot listen on {settings.host}:{settings.port} ({error.strerror}): "
            "another dashboard may be running; stop it or set TRACKER_PORT"
        ) from error
    if scheduler:
        threading.Thread(target=scheduler, daemon=True, name="schedule").start()
    say(f"dashboard: http://{settings.host}:{settings.port}/  (stop with Ctrl-C)")
    with _quiet_interrupt():
        server.run()


@contextmanager
def _quiet_interrupt() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        say("stopped")


def _loop(workplace: Workplace, stop: threading.Event) -> None:
    with _quiet_interrupt():
        while not stop.wait(SCHEDULE_SECONDS):
            _run_due(workplace)


def _run_due(workplace: Workplace) -> None:
    for report in run_due(workplace.store, workplace.settings.archive, discover().values(), progress):
        say(report.line())
