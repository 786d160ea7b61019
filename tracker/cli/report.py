"""`tracker report`: a region on one page that is a file of its own, as HTML or as PDF."""

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from dashboards.boundaries import boundaries_of
from dashboards.language import ENGLISH, languages, speaking
from dashboards.lite import document
from dashboards.reader import Reader
from tracker.cli.workplace import Workplace, say
from tracker.errors import UsageError

BROWSERS = ("chromium", "chromium-headless-shell", "chromium-browser", "google-chrome")
"""Programs that can print a page, by the names they usually have."""


@click.command()
@click.argument("region")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file (default: the terminal). One that ends in .pdf is printed by a Chromium or Chrome on this computer.",
)
@click.option("--lang", type=click.Choice(list(languages())), default=ENGLISH, show_default=True, help="Its language.")
@click.option("--as-of", default="", metavar="T", help="As this store knew it at T.")
@click.option("--published-by", default="", metavar="DAY", help="As the world had said it by DAY.")
@click.option(
    "--link-to",
    default="",
    metavar="URL",
    help="Where its readers reach your dashboard, such as https://tracker.example.org; without it there are no links.",
)
def report(region: str, output: Path | None, lang: str, as_of: str, published_by: str, link_to: str) -> None:
    """Write REGION on one plain page: key figures, crossings, access, what changed; for a mail or for paper.

    The file needs nothing beside it. Each key figure has its id: `tracker trace ID` tells where it comes from.
    """
    workplace = Workplace.open()
    reader = Reader(workplace.store, workplace.settings.archive, boundaries_of(workplace.settings.home))
    asked = {"region": region, "as_of": as_of, "published_by": published_by, "lang": lang}
    if link_to and not link_to.startswith(("http://", "https://")):
        raise UsageError(f"--link-to {link_to!r} is no web address: write it like https://tracker.example.org")
    with speaking(lang):
        text = document(reader, asked, link_to.rstrip("/") or None)
    if output is None:
        click.echo(text, nl=False)
        return
    if output.suffix.lower() == ".pdf":
        _print(text, output)
    else:
        output.write_text(text, encoding="utf-8")
    say(f"{output}: {output.stat().st_size / 1024:,.0f} KB")


def _print(text: str, output: Path) -> None:
    """Have a browser print the page: it alone sets Arabic, columns and page breaks as the page shows them.

    Raises:
        UsageError: There is no browser, or it failed.
    """
    browser = next(filter(None, map(shutil.which, (os.environ.get("BROWSER_PATH", ""), *BROWSERS))), None)
    if browser is None:
        raise UsageError(
            "a PDF takes a browser, and there is none of " + ", ".join(BROWSERS) + " on PATH: install one, set "
            "BROWSER_PATH, or write to a file that ends in .html and print that"
        )
    # A browser may still be writing its profile when it is done with the page.
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        page, printed = Path(folder) / "report.html", Path(folder) / "report.pdf"
        page.write_text(text, encoding="utf-8")
        command = [
            browser,
            "--headless",
            "--disable-gpu",
            "--no-pdf-header-footer",
            f"--user-data-dir={folder}/profile",
        ]
        # The page is ours and asks for nothing; what the browser itself would ask of the network is refused.
        command += ["--host-resolver-rules=MAP * ~NOTFOUND", "--disable-background-networking"]
        command += ["--no-sandbox"] if os.geteuid() == 0 else []  # a browser's sandbox refuses to run for root
        command += [f"--print-to-pdf={printed}", page.as_uri()]
        try:
            said = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=120).stderr
        except subprocess.TimeoutExpired:
            said = "it did not end in two minutes"
        if not printed.exists():
            raise UsageError(f"{browser} printed no PDF: {said.strip()[-300:]}")
        shutil.copyfile(printed, output)
