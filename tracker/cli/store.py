"""`tracker db`: the store itself."""

import sys
from datetime import UTC, datetime

import click

from tracker.cli.workplace import Workplace, say
from tracker.database import upgrade, writing
from tracker.health import problems
from tracker.seed.load import seed
from tracker.undo import undo


@click.group()
def db() -> None:
    """The store itself."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Create the store, or bring it to this program's revision; a SQLite file is copied first."""
    workplace = Workplace.open(upgraded=False)
    done = upgrade(workplace.store)
    say("the store is ready" if done else "the store is already up to date")


@db.command("seed")
def db_seed() -> None:
    """Load the verified figures the tracker ships with; again changes nothing."""
    load_seed(Workplace.open())


@db.command("check")
def db_check() -> None:
    """Check that the store is whole: its revision, the file, references, counts of runs, archived payloads."""
    workplace = Workplace.open()
    found = list(problems(workplace.store, workplace.settings.archive))
    for problem in found:
        say(problem)
    if found:
        sys.exit(1)
    click.echo("the store is whole")


@db.command("undo")
@click.argument("run_id", metavar="RUN", type=int)
def db_undo(run_id: int) -> None:
    """Take a run back: what was visible before it is visible again, and nothing is lost.

    `tracker runs` lists the runs. Answers as of a day before the undo stay as they were. A source that is fetched by
    itself will bring the same figures again when it is next due, unless its provider has corrected them.
    """
    workplace = Workplace.open()
    with writing(workplace.store) as connection:
        undo_id, tally = undo(connection, run_id, datetime.now(UTC))
    click.echo(f"run {undo_id} {'; '.join(tally.warnings)}: {tally.revised:,} figures are as they were before it")


def make_ready(workplace: Workplace) -> None:
    """Upgrade the store and load the seed, telling what was done."""
    if upgrade(workplace.store):
        say("store: made ready")
    load_seed(workplace)


def load_seed(workplace: Workplace) -> None:
    """Load the seed, telling what was done."""
    tally = seed(workplace.store, workplace.settings.archive)
    if tally is None:
        say("seed: already loaded")
    else:
        say(f"seed: {tally.figures:,} figures: {tally.new:,} new, {tally.revised:,} revised")
