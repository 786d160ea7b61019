"""`tracker changes`: what is new, revised or retracted since a day, with old and new value and the reason."""

from pathlib import Path

import click

from dashboards.kinds import figure_words, subject_words
from tracker.asof import AsOf, latest, parse_day, parse_instant
from tracker.changes import changes as read_changes
from tracker.cli.tables import at_a_moment, write_csv
from tracker.cli.workplace import Workplace
from tracker.regions import resolve
from tracker.series import KINDS, as_rows, rows_of
from tracker.windows import Window

WORDS = ("new", "revised", "retracted")


@click.command()
@click.argument("kind", type=click.Choice(list(KINDS)), default="displacement")
@click.option("--since", required=True, metavar="T", help="The earlier day or moment, such as 2024-12-08.")
@click.option("--region", metavar="CODE", help="As in export; everywhere if not given.")
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="CSV, to a file or - .")
@at_a_moment
def changes(kind: str, since: str, region: str | None, output: Path | None, moment: AsOf) -> None:
    """Tell which figures are new, revised or retracted since T, the latest first.

    KIND is displacement if not given. Both moments are of what this store knew; --as-of gives the later one, where it
    is not now. With --published-by, T is the day by which the world had said the earlier figures.
    """
    workplace = Workplace.open()
    with workplace.store.connect() as connection:
        place = resolve(connection, region) if region is not None else None
        window = Window(place, exportable_only=output is not None, as_of=latest(connection, moment))
        known = window.as_of.recorded_by
        before = AsOf(known, parse_day(since)) if moment.published_by else AsOf(parse_instant(since))
        frame = read_changes(connection, kind, window, before)
    if output is not None:
        write_csv([as_rows(frame)], window.as_of, output)
        return
    for row in rows_of(frame):
        now = figure_words(kind, row)
        was = figure_words(kind, row | {name: row.get(f"previous_{name}") for name in row if f"previous_{name}" in row})
        said = {"new": now, "retracted": f"{was} before"}.get(row["change"], f"{was} -> {now}")
        why = f" ({row['reason']})" if row["reason"] else ""
        click.echo(f"{row['changed_at']:%Y-%m-%d %H:%M}  {row['observation_id']}  {row['change']}{why}: {said}")
        click.echo(f"    {subject_words(kind, row)}")
    counts = frame["change"].value_counts()
    click.echo(", ".join(f"{counts.get(word, 0):,} {word}" for word in WORDS))
