"""The commands that read: `tracker sources`, `export`, `trace` and `status`."""

import json
from dataclasses import asdict
from typing import Any

import click
from sqlalchemy import func, select

from ingest.contract import discover
from ingest.sheet_docs import sheets_page
from ingest.source_docs import sources_page
from tracker.asof import AsOf
from tracker.cli.tables import at_a_moment
from tracker.cli.workplace import Workplace
from tracker.errors import UsageError
from tracker.freshness import sources as read_sources
from tracker.tables import IngestRun, SetAside, Source
from tracker.trace import row_title
from tracker.trace import trace as follow

PAGES = {"sources": sources_page, "sheets": sheets_page}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As a JSON list.")
@click.option("--markdown", "page", type=click.Choice(list(PAGES)), help="Print a page of the documentation instead.")
def sources(as_json: bool, page: str | None) -> None:
    """List the sources: what each measures, how often, its licence and credentials, its traps, and how fresh it is."""
    if page:
        click.echo(PAGES[page](discover()), nl=False)
        return
    workplace = Workplace.open()
    is_set = workplace.settings.credentials
    with workplace.store.connect() as connection:
        freshness = read_sources(connection).set_index("code")
    listed: list[dict[str, Any]] = []
    for code, module in discover().items():
        source = module.SOURCE
        stored = freshness.loc[code].to_dict() if code in freshness.index else {}
        listed.append(
            {
                "source": code, "name": source.name, "measures": source.measures, "grain": source.grain,
                "cadence_days": source.cadence_days, "licence": source.licence,
                "redistribute": source.redistribute.value, "credit": source.credit_line,
                # Whether a credential is there, and never what it is.
                "credentials": [
                    {"variable": c.variable, "how": c.how, "is_set": bool(is_set.get(c.variable))}
                    for c in source.credentials
                ],
                "traps": source.traps, "homepage": source.homepage, "figures": int(stored.get("figures") or 0),
                "last_reference_on": _text(stored.get("last_reference_on")),
                "last_answered_at": _text(stored.get("last_answered_at")),
            }
        )  # fmt: skip
    if as_json:
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    for entry in listed:
        click.echo(click.style(str(entry.pop("source")), bold=True))
        wanted = [f"{c['variable']} ({'set' if c['is_set'] else 'not set'}): {c['how']}" for c in entry["credentials"]]
        said = {"credentials": "; ".join(wanted) or "none needed"}
        if not entry["cadence_days"]:
            said["cadence_days"] = "comes in files"
        for name, value in {**entry, **said}.items():
            click.echo(f"  {name.replace('_', ' '):18} {value if value is not None else 'never'}")


@click.command()
@click.argument("observation_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@at_a_moment
def trace(observation_id: str, as_json: bool, moment: AsOf) -> None:
    """Show where a number comes from: words or row, payload, run, vintages.

    ID is as in a CSV, such as D1; a key of the seed, such as D001, leads to its row too.
    """
    workplace = Workplace.open()
    with workplace.store.connect() as connection:
        found = follow(connection, workplace.settings.archive, observation_id, moment)
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=2, default=str))
        return
    for title, content in (
        ("figure", found.figure), ("asserted by", found.source), ("read in", found.publication),
        ("archived payload", found.payload), ("loaded by run", found.run),
    ):  # fmt: skip
        click.echo(click.style(f"{found.observation_id}: {title}", bold=True))
        for name, value in (content or {"": "the source's own data set"}).items():
            if value not in (None, ""):
                click.echo(f"  {name:24} {value}")
    click.echo(click.style(f"{found.observation_id}: {row_title(found)}", bold=True))
    click.echo("\n".join(f"  {line}" for line in found.payload_row.splitlines()))
    click.echo(click.style(f"{found.observation_id}: vintages", bold=True))
    for vintage in found.vintages:
        shown = vintage.get("value", vintage.get("status"))
        reason = f", {vintage['revision_reason']}" if vintage["revision_reason"] else ""
        state = ", the last word" if vintage["is_last_word"] else ""
        click.echo(
            f"  {vintage['vintage']}: {shown} recorded {vintage['recorded_at']:%Y-%m-%d %H:%M} UTC{reason}{state}"
        )
    if found.relays:
        click.echo(f"relays {found.relays}: see tracker trace {found.relays}")


@click.command()
@click.argument("source", required=False)
def status(source: str | None) -> None:
    """Show the latest runs and what was set aside, for all sources or one."""
    workplace = Workplace.open()
    with workplace.store.connect() as connection:
        runs = (
            select(IngestRun, Source.code)
            .outerjoin(Source, Source.id == IngestRun.source_id)
            .order_by(IngestRun.id.desc())
            .limit(20)
        )
        aside = select(SetAside, Source.code).outerjoin(Source, Source.id == SetAside.source_id).limit(50)
        if source:
            runs, aside = runs.where(Source.code == source), aside.where(Source.code == source)
        found = connection.execute(runs).mappings().all()
        if not found:
            raise UsageError(f"no run of {source!r} yet" if source else "nothing has run yet: tracker up")
        for row in found:
            click.echo(
                f"run {row['id']} {row['started_at']:%Y-%m-%d %H:%M} {row['code'] or 'seed'}: {row['status']}"
                + (f": {row['error']}" if row["error"] else f", {row['figures']:,} figures")
            )
        waiting = connection.execute(aside).mappings().all()
        total = connection.scalar(select(func.count()).select_from(aside.limit(None).subquery()))
        click.echo(f"{total} set aside" + (":" if waiting else ""))
        for row in waiting:
            click.echo(f"  {row['code']} {row['locator']}: {row['reason']}: {row['detail']}")


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
