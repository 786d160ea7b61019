"""`tracker report`: a region on one page that is a file of its own."""

from pathlib import Path

import click

from dashboards.boundaries import boundaries_of
from dashboards.language import ENGLISH, languages, speaking
from dashboards.lite import document
from dashboards.reader import Reader
from tracker.cli.workplace import Workplace, say


@click.command()
@click.argument("region")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="The file (default: the terminal)."
)
@click.option("--lang", type=click.Choice(list(languages())), default=ENGLISH, show_default=True, help="Its language.")
@click.option("--as-of", default="", metavar="T", help="As this store knew it at T.")
@click.option("--published-by", default="", metavar="DAY", help="As the world had said it by DAY.")
def report(region: str, output: Path | None, lang: str, as_of: str, published_by: str) -> None:
    """Write REGION on one plain HTML page: key figures, crossings, access, what changed; for a mail or for paper.

    The file needs nothing beside it. Its links lead to the dashboard, where TRACKER_HOST and TRACKER_PORT say it runs.
    """
    workplace = Workplace.open()
    settings = workplace.settings
    reader = Reader(workplace.store, settings.archive, boundaries_of(settings.home))
    asked = {"region": region, "as_of": as_of, "published_by": published_by, "lang": lang}
    with speaking(lang):
        text = document(reader, asked, f"http://{settings.host}:{settings.port}")
    if output is None:
        click.echo(text, nl=False)
        return
    output.write_text(text, encoding="utf-8")
    say(f"{output}: {len(text.encode()) / 1024:,.0f} KB")
