"""`tracker db`: the store itself."""

import sys

import click

from tracker.cli.workplace import Workplace, say
from tracker.database import upgrade
from tracker.health import problems
from tracker.seed.load import seed


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
