"""`tracker headline`: the one figure to show for each question about a place, and why it is that one."""

from datetime import UTC, datetime
from pathlib import Path

import click

from dashboards.language import plural
from dashboards.wording import amount, as_of, number, who
from tracker.asof import AsOf, latest, parse_day
from tracker.cli.tables import at_a_moment, write_csv
from tracker.cli.workplace import Workplace
from tracker.headline_table import headline_table
from tracker.series import as_rows, rows_of
from tracker.windows import Window


@click.command()
@click.option("--region", metavar="CODE", required=True, help="As in export, such as SYR.")
@click.option(
    "--on", "day", metavar="DATE", help="The day the answers are for; today, or that of --as-of, if not given."
)
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="CSV, to a file or - .")
@at_a_moment
def headline(region: str, day: str | None, output: Path | None, moment: AsOf) -> None:
    """Tell which figure answers each question about a region, who else answers, and how far they differ.

    Nothing is averaged or filled in. "Last known" still speaks for the day; "lapsed" does not any more.
    """
    workplace = Workplace.open()
    on = parse_day(day) or moment.day or datetime.now(UTC).date()
    with workplace.store.connect() as connection:
        known = latest(connection, moment)
        frame = headline_table(connection, region, Window(as_of=known), on)
    if output is not None:
        write_csv([as_rows(frame)], known, output)
        return
    for row in rows_of(frame):
        click.echo(f"{row['title']}: {amount(row)} {row['unit']}, {as_of(row)}: {who(row)}")
        span = number(row["rival_low"]) if row["rival_low"] is not None else ""
        if row["rival_high"] != row["rival_low"]:
            span += f" to {number(row['rival_high'])}"
        bodies = plural(row["originators"] - 1, "{count} other source", "{count} other sources")
        others = f"; {bodies}: {span}" if span else ""
        click.echo(f"    {row['state'].replace('_', ' ')}{others}; {row['observation_id']}, rule {row['rule_version']}")
    if frame.empty:
        click.echo(f"no figure about {region} as a whole is in the store")
