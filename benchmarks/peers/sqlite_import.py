"""The `sqlite3` program's `.import`: every cell as text, no key, no check. Duplicates and bad rows go in as well."""

import os
import sys


def main(observations: str, _places: str, target: str) -> None:
    """Become the program."""
    os.execlp("sqlite3", "sqlite3", target, f".import --csv {observations} observations")


if __name__ == "__main__":
    main(*sys.argv[1:])
