"""`tracker ingest`: fetch sources, or load files somebody saved."""

import json
import mimetypes
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import click

from ingest.columns import is_by_columns
from ingest.contract import SourceModule, choose, is_sheet, runs_of
from ingest.report import RunReport
from ingest.schedule import due, next_due, run_due, run_live, run_one
from ingest.secrets import is_clean, scrubbed
from tracker.cli.workplace import Workplace, progress, say
from tracker.errors import UsageError
from tracker.records import Payload, SavedFile
from tracker.vocabulary import Trigger

BIG = 1 << 24
"""Bytes from which on a file is rather read in blocks of so many than held."""

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
@click.option(
    "--mapping",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="With --from and one of the sheets: how the file's columns become ours (TOML, see docs/sheets.md).",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a run, on standard output.")
def ingest(
    sources: tuple[str, ...], only_due: bool, paths: tuple[Path, ...], mapping: Path | None, as_json: bool
) -> None:
    """Fetch live, or read files; one report a run."""
    workplace = Workplace.open()
    if paths:
        if not sources:
            raise UsageError("--from needs one SOURCE: which source are these files from?")
        told = _read_mapping(mapping, sources[0]) if mapping else ""
        reports = _from_files(workplace, sources[0], [*paths, *(Path(text) for text in sources[1:])], told)
    elif mapping:
        raise UsageError("--mapping needs --from: which file is to be read so?")
    else:
        store, settings, modules = workplace.store, workplace.settings, list(choose(sources).values())
        if only_due and not due(store, modules, datetime.now(UTC)):
            found = next_due(store, modules)
            say("nothing is due" + (f"; next is {found[1]}, at {found[0]:%Y-%m-%d %H:%M} UTC" if found else ""))
            return
        reports = (
            run_due(store, settings.archive, modules, progress, settings.credentials)
            if only_due
            else run_live(store, settings.archive, modules, Trigger.MANUAL, progress, settings.credentials)
        )
    sys.exit(_report(reports, as_json))


def _read_mapping(path: Path, code: str) -> str:
    if not is_sheet(choose((code,))[code]):
        raise UsageError(f"{code} reads its provider's own files, without a mapping; the sheets take one")
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"the mapping {path} is not UTF-8 text") from error


def _from_files(workplace: Workplace, code: str, paths: list[Path], mapping: str) -> Iterable[RunReport]:
    """One run a file: a broken file is its own failure, and the rest is kept.

    Files of a source that can tell when it has said everything are one run: each of them alone is a part, and of a
    part nobody can tell what the source no longer says.
    """
    module = choose((code,))[code]
    for path in paths:
        if not path.exists():
            raise UsageError(f"there is no file {path}")
    files = [f for path in paths for f in (sorted(path.iterdir()) if path.is_dir() else [path]) if f.is_file()]
    if not files:
        raise UsageError(f"there is no file in {', '.join(str(path) for path in paths)}")
    for batch in runs_of(module, [_payload(module, file, mapping) for file in files]):
        yield run_one(workplace.store, workplace.settings.archive, module, batch, Trigger.FILE, progress)


def _payload(module: SourceModule, file: Path, mapping: str) -> Payload:
    progress(f"{module.SOURCE.code}: reading {file}")
    saved = SavedFile(file)
    in_blocks = is_by_columns(module) and file.stat().st_size > BIG and is_clean(saved.blocks(BIG))
    return Payload(
        body=saved if in_blocks else scrubbed(file.read_bytes()),
        url=file.name,
        media_type=mimetypes.guess_type(file.name)[0] or "application/octet-stream",
        # When the file was saved is as near as anyone can tell to when the provider said it.
        retrieved_at=datetime.fromtimestamp(file.stat().st_mtime, UTC),
        mapping=mapping,
    )


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
