"""Invented areas of the real countries, and the file in which `tracker ingest ocha_pcodes` reads them.

python -m benchmarks.places AREAS PLACES    turns any table of country, admin1 and admin2 into that file
"""

import csv
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

COUNTRIES = Path(__file__).resolve().parent.parent / "tracker" / "seed" / "countries.csv"
HEADER = ("Location", "Admin Level", "P-Code", "Name", "Parent P-Code", "Valid from date")


@dataclass(frozen=True, slots=True)
class Areas:
    """Countries, the largest caseload first, with their areas of the first and second level.

    Attributes:
        admin1: P-codes; those of country `c` are ``admin1[first1[c] : first1[c + 1]]``.
        admin2: P-codes; those of area `a` are ``admin2[first2[a] : first2[a + 1]]``.
    """

    countries: list[str]
    admin1: list[str]
    first1: NDArray[np.int64]
    admin2: list[str]
    first2: NDArray[np.int64]

    def rows(self) -> Iterable[tuple[str, str, str]]:
        """Country, admin1 and admin2 of every area of the second level; every admin1 has one."""
        for country, code in enumerate(self.countries):
            for area in range(self.first1[country], self.first1[country + 1]):
                for child in range(self.first2[area], self.first2[area + 1]):
                    yield code, self.admin1[area], self.admin2[child]


def invent(rng: np.random.Generator) -> Areas:
    """About 4,000 areas of the first level and 35,000 of the second; which country comes first is drawn, too."""
    with COUNTRIES.open(encoding="utf-8", newline="") as lines:
        countries = [str(code) for code in rng.permutation([row["iso3"] for row in csv.DictReader(lines)])]
    admin1, first1 = _children(countries, 3 + rng.poisson(13, len(countries)), "{}{:02d}")
    admin2, first2 = _children(admin1, 1 + rng.poisson(8, len(admin1)), "{}{:03d}")
    return Areas(countries, admin1, first1, admin2, first2)


def _children(parents: list[str], counts: NDArray[np.int64], form: str) -> tuple[list[str], NDArray[np.int64]]:
    """Codes of every parent's children, and where each parent's begin (one more than there are parents)."""
    codes = [form.format(code, n + 1) for code, count in zip(parents, counts, strict=True) for n in range(count)]
    return codes, np.concatenate([[0], np.cumsum(counts)])


def write_places(path: Path, areas: Iterable[tuple[str, str, str]]) -> None:
    """Write areas, given as country, admin1 and admin2, as OCHA's global list of p-codes has them."""
    parents: dict[tuple[int, str], tuple[str, str]] = {}
    for country, admin1, admin2 in areas:
        parents[1, admin1] = country, country
        parents[2, admin2] = country, admin1
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        for (level, code), (country, parent) in sorted(parents.items()):
            writer.writerow((country, level, code, f"Area {code}", parent, ""))


if __name__ == "__main__":
    with Path(sys.argv[1]).open(encoding="utf-8", newline="") as table:
        write_places(
            Path(sys.argv[2]), ((row["country"], row["admin1"], row["admin2"]) for row in csv.DictReader(table))
        )
