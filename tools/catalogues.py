"""Bring the catalogues of ``dashboards/translations`` up to date with the words the dashboard says.

    python tools/catalogues.py          # after a text was added or changed; then translate what is empty

What is new is added empty, what is said no more is dropped, and what was translated stays.
"""

import ast
import csv
import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from tracker.headline import QUESTIONS
from tracker.regions import FOLLOWED, GROUPS, OTHERS
from tracker.rule import RULE
from tracker.vocabulary import (
    ACCESS_LABELS,
    CONSTRAINT_LABELS,
    GROUP_LABELS,
    INDICATORS,
    RELIABILITY_LABELS,
    SOURCE_KIND_LABELS,
)

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "dashboards" / "translations"
SEED = ROOT / "tracker" / "seed"
FUNCTIONS = ("say", "term", "plural", "forms")


def words() -> Catalog:
    """Every text the dashboard says in the reader's language, in the order of the files."""
    found = Catalog(charset="utf-8")
    for file in sorted((ROOT / "dashboards").rglob("*.py")):
        for text in _in_code(ast.parse(file.read_text(encoding="utf-8"))):
            found.add(text)
    for text in ("English", *_of_the_library(), *_of_the_seed(), *_places()):
        found.add(text)
    return found


def _in_code(tree: ast.AST) -> Iterator[str | tuple[str, str]]:
    """The texts that calls name, as they stand; what is looked up in a table is marked there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
            told = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
            if node.func.id in ("plural", "forms"):
                # Forms that are looked up in a table are marked there.
                yield from [(str(told[-2]), str(told[-1]))] if told else []
            else:
                yield from map(str, told)
                either = [argument for argument in node.args if isinstance(argument, ast.IfExp)]
                sides = [side for one in either for side in (one.body, one.orelse)]
                yield from (str(side.value) for side in sides if isinstance(side, ast.Constant))


def _of_the_library() -> Iterator[str]:
    """What is written in the library and said by the dashboard."""
    yield from (question.title for question in QUESTIONS)
    yield from (text for spec in INDICATORS.values() for text in (spec.label, spec.definition))
    for labels in (GROUP_LABELS, ACCESS_LABELS, CONSTRAINT_LABELS, RELIABILITY_LABELS, SOURCE_KIND_LABELS):
        yield from labels.values()
    yield from (GROUPS, FOLLOWED, OTHERS)
    yield from (told["why"] for told in RULE.questions.values())
    yield from ("our transcription, as archived", "the source's row, as archived")


def _of_the_seed() -> Iterator[str]:
    """What the seed says in words; what other sources say stays in their own."""
    rows = _rows("displacement.csv")
    yield from sorted({row[name] for row in rows for name in ("variant", "value_text") if row[name]})


def _places() -> Iterator[str]:
    """The groups, the countries that are followed, the areas of Syria, and the names of crossings on either side."""
    groups = _rows("regions.csv")
    yield from (row["name_en"] for row in groups)
    followed = {code for row in groups for code in row["members"].split("|")}
    for row in _rows("locations.csv"):
        if row["code"] in followed or (row["kind"], row["parent"]) == ("adm1", "SYR"):
            yield row["name_en"]
    for row in _rows("points_of_entry.csv"):
        yield from [] if row["name_ar"] else [row["name_en"]]
        yield from [row["name_other_side"]] if row["name_other_side"] else []


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((SEED / name).read_text(encoding="utf-8").splitlines()))


def main() -> None:
    """Update every catalogue in place."""
    template = words()
    for file in sorted(TRANSLATIONS.glob("*.po")):
        # The header is a person's; Babel's own would fill it with names of nobody.
        header = file.read_bytes().partition(b"\n\n")[0].strip()
        catalogue = read_po(io.BytesIO(file.read_bytes()))
        catalogue.update(template, no_fuzzy_matching=True)
        written = io.BytesIO()
        write_po(written, catalogue, width=120, no_location=True, omit_header=True, ignore_obsolete=True)
        file.write_bytes(header + b"\n\n" + written.getvalue().strip() + b"\n")


if __name__ == "__main__":
    main()
