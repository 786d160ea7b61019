"""`tracker ingest`: fetch sources, or load files somebody saved."""

import json
import mimetypes
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import click

from ingest.contract import choose
from ingest.report import RunReport
from ingest.schedule import due, run_due, run_live, run_one
from tracker.cli.workplace import Workplace, progress, say
from tracker.errors import UsageError
from tracker.freshness import next_due
from tracker.records import Payload
from tracker.vocabulary import Trigger

HELP = """Fetch sources and load what they say (all of them, if none is named).

With --from, the first argument is the source and any further ones are more files:

\b
  tracker ingest unhcr_population --from page1.json page2.json
"""


@click.command(help=HELP)
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--due", "only_due", is_flag=True, help="Only sources whose cadence has passed; for cron.")
@click.option(
    "--from",
    "paths",
    multiple=True,
    metavar="PATH",
    type=click.Path(exists=True, path_type=Path),
    help="Load payload files a person saved, instead of fetching; a folder means every file in it. Repeatable.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a run, on standard output.")
def ingest(sources: tuple[str, ...], only_due: bool, paths: tuple[Path, ...], as_json: bool) -> None:
    """Fetch live, or read files; one report a run."""
    workplace = Workplace.open()
    if paths:
        if not sources:
            raise UsageError("--from needs one SOURCE: which source are these files from?")
        reports = _from_files(workplace, sources[0], [*paths, *(Path(text) for text in sources[1:])])
    else:
        store, archive, modules = workplace.store, workplace.settings.archive, list(choose(sources).values())
        if only_due and not due(store, modules, datetime.now(UTC)):
            say(f"nothing is due{_next(workplace, {module.SOURCE.code for module in modules})}")
            return
        reports = (
            run_due(store, archive, modules, progress)
            if only_due
            else run_live(store, archive, modules, Trigger.MANUAL, progress)
        )
    sys.exit(_report(reports, as_json))


def _next(workplace: Workplace, codes: set[str]) -> str:
    with workplace.store.connect() as connection:
        found = next_due(connection, codes)
    return f"; next is {found[1]}, at {found[0].astimezone(UTC):%Y-%m-%d %H:%M} UTC" if found else ""


def _from_files(workplace: Workplace, code: str, paths: list[Path]) -> Iterable[RunReport]:
    """One run a file: a broken file is its own failure, and the rest is kept."""
    module = choose((code,))[code]
    for path in paths:
        if not path.exists():
            raise UsageError(f"there is no file {path}")
    files = [f for path in paths for f in (sorted(path.iterdir()) if path.is_dir() else [path]) if f.is_file()]
    if not files:
        raise UsageError(f"there is no file in {', '.join(str(path) for path in paths)}")
    for file in files:
        progress(f"{code}: reading {file}")
        payload = Payload(
            content=file.read_bytes(),
            url=file.name,
            media_type=mimetypes.guess_type(file.name)[0] or "application/octet-stream",
            # When the file was saved is as near as anyone can tell to when the provider said it.
            retrieved_at=datetime.fromtimestamp(file.stat().st_mtime, UTC),
        )
        yield run_one(workplace.store, workplace.settings.archive, module, [payload], Trigger.FILE, progress)


def _report(reports: Iterable[RunReport], as_json: bool) -> int:
    """Print every run; returns the exit code: 1 if a person must look, else 75 if some should be tried again."""
    codes = {0}
    for report in reports:
        codes.add(report.exit_code)
        if as_json:
            click.echo(json.dumps(report.as_json()))
        else:
            click.echo(report.line(), err=bool(report.error))
        if report.tally.newly_set_aside:
            say(f"{report.source}: {report.tally.newly_set_aside} newly set aside; see tracker status {report.source}")
    return 1 if 1 in codes else max(codes)
