"""What the commands that read share: the moment they are asked of, and the CSV they write."""

import functools
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from tracker.asof import AsOf
from tracker.asof import as_of as moment_of
from tracker.cli.workplace import progress, say
from tracker.errors import UsageError
from tracker.export import csv_parts
from tracker.queries import Rows


def at_a_moment(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command that reads be asked as of a past day; it is handed an `AsOf` as ``moment``."""

    @click.option("--as-of", "as_of", metavar="T", help="What this store knew on a day, or at a moment (UTC).")
    @click.option("--published-by", metavar="DATE", help="What the world had said by the end of a day.")
    @functools.wraps(command)
    def asked(*args: Any, as_of: str | None, published_by: str | None, **others: Any) -> None:
        command(*args, moment=moment_of(as_of, published_by), **others)

    return asked


def write_csv(parts: Iterable[Rows], moment: AsOf, output: Path | None) -> None:
    """Write a CSV to a file, which appears when it is whole, or to standard output.

    Raises:
        UsageError: The file cannot be written.
    """
    if output is None or str(output) == "-":
        for part in csv_parts(parts, moment):
            click.echo(part, nl=False)
        return
    rows = 0

    def counted() -> Iterator[Rows]:
        nonlocal rows
        for part in parts:
            rows += len(part.rows)
            progress(f"{rows:,} rows")
            yield part

    unfinished = output.with_name(f"{output.name}.part")
    try:
        with unfinished.open("wb") as file:
            file.writelines(csv_parts(counted(), moment))
        unfinished.replace(output)
    except OSError as error:
        raise UsageError(f"cannot write {output}: {error.strerror}") from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
    say(f"{rows:,} rows written to {output}")
