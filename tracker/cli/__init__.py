"""The command `tracker`: the one place where store, sources and dashboard meet.

Exit codes: 0 done; 1 a person must look; 2 the request or a setting is wrong; 75 try again later.
"""

import importlib
import logging
import sys

import click

from tracker.cli.workplace import OneLineErrors
from tracker.settings import VARIABLES

COMMANDS = {
    "up": "serve",
    "serve": "serve",
    "schedule": "serve",
    "ingest": "ingest",
    "sources": "read",
    "export": "export",
    "headline": "headline",
    "changes": "changes",
    "trace": "read",
    "status": "read",
    "runs": "runs",
    "release": "runs",
    "report": "report",
    "geo": "geo",
    "db": "store",
}
"""Which module holds which command; one is imported when it is called, so that `export` does not wait for Dash."""


class _Commands(OneLineErrors):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = getattr(importlib.import_module(f"tracker.cli.{COMMANDS[cmd_name]}"), cmd_name)
        assert isinstance(command, click.Command)
        return command


HELP = """Displacement, border closures and aid access by region, each number with its source.

\b
tracker up                                  everything: store, seed, what is due, dashboard
tracker ingest unhcr_population             fetch and load one source
tracker export displacement --region SYR    a CSV on standard output
tracker headline --region SYR               the figure to quote for each question, and who says otherwise
tracker trace D1                            where a number comes from
tracker changes --since 2024-12-08          what is new, revised or retracted since a day
"""


@click.group(
    cls=_Commands,
    help=HELP,
    epilog="\b\nSettings, by environment:\n" + "\n".join(f"  {k}  {v}" for k, v in VARIABLES.items()),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(package_name="displacement-tracker")
@click.option("-v", "--verbose", is_flag=True, help="Show what goes on inside, with tracebacks.")
def main(verbose: bool) -> None:
    """The command's root; each command is in a module of its own."""
    logging.basicConfig(level=logging.DEBUG if verbose else logging.WARNING, stream=sys.stderr)
