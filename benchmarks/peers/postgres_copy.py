"""PostgreSQL's COPY through psycopg: every cell as text, no key, no check. Duplicates and bad rows go in as well."""

import sys
from pathlib import Path

import psycopg
from psycopg import sql

BLOCK = 1 << 18
"""Bytes sent at once."""


def main(observations: Path, _places: Path, target: str) -> None:
    """Load the feed into an empty PostgreSQL database."""
    with observations.open("rb") as feed, psycopg.connect(target.replace("+psycopg", "")) as connection:
        names = feed.readline().decode().strip().split(",")
        columns = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(name)) for name in names)
        connection.execute(sql.SQL("CREATE TABLE observations ({})").format(columns))
        with connection.cursor().copy("COPY observations FROM STDIN (FORMAT csv)") as copy:
            while block := feed.read(BLOCK):
                copy.write(block)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
