"""`tracker export`: figures as CSV; a module of its own, so that it loads no more than it needs."""

from pathlib import Path

import click

from tracker.asof import AsOf, latest, parse_day
from tracker.cli.tables import at_a_moment, write_csv
from tracker.cli.workplace import Workplace
from tracker.queries import QUERIES, answer_in_parts
from tracker.regions import resolve
from tracker.windows import Window


@click.command()
@click.argument("kind", type=click.Choice(list(QUERIES)))
@click.option(
    "--region", metavar="CODE", help="A group such as syria-region, an ISO3 code, an admin-1 p-code, or a name."
)
@click.option("--start", metavar="DATE", help="Leave out reference periods that end before this day.")
@click.option("--end", metavar="DATE", help="Leave out reference periods that start after this day.")
@click.option("--source", metavar="CODE", help="Only this source; tracker sources lists the codes.")
@click.option("--indicator", metavar="WORD", help="Only this indicator, such as new_displacement.")
@click.option("--group", metavar="CODE", help="Only this population group, such as IDP.")
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="A file, not standard output.")
@at_a_moment
def export(
    kind: str,
    region: str | None,
    start: str | None,
    end: str | None,
    source: str | None,
    indicator: str | None,
    group: str | None,
    output: Path | None,
    moment: AsOf,
) -> None:
    """Write observations as CSV (UTF-8 with BOM, ISO dates, empty for null), each row with its provenance."""
    workplace = Workplace.open()
    with workplace.store.connect() as connection:
        place = resolve(connection, region) if region is not None else None
        window = Window(
            place,
            parse_day(start),
            parse_day(end),
            exportable_only=True,
            source=source,
            indicator=indicator,
            population_group=group,
            as_of=latest(connection, moment),
        )
        write_csv(answer_in_parts(connection, kind, window), window.as_of, output)
