"""What every source promises, held against each of them without naming one."""

import csv
import inspect
import io
import json
import re
from contextlib import suppress
from typing import Any

import pytest

from ingest.contract import Scope, SourceModule, choose, discover
from ingest.http import Client
from tests.samples import OWN, faults, figures, own, parsed, payload
from tracker.errors import SourceChanged, UsageError
from tracker.records import Payload, Source
from tracker.trace import _csv_row, _walk
from tracker.vocabulary import Redistribution

SOURCES = discover()
HEADS = ("What is published:", "Grain:", "Key:", "Revisions and cadence:", "Known traps:")

each_source = pytest.mark.parametrize("module", SOURCES.values(), ids=list(SOURCES))
each_sample = pytest.mark.parametrize(
    ("module", "sample"),
    [pytest.param(m, s, id=f"{c}-{s.url}") for c, m in SOURCES.items() if (OWN / c).is_dir() for s in own(c)],
)


@each_source
def test_module_offers_the_contract(module: SourceModule) -> None:
    """A source that cannot be run, shown or credited would be loaded in part, or without its licence."""
    assert isinstance(module.SOURCE, Source)
    if hasattr(module, "fetch"):
        assert list(inspect.signature(module.fetch).parameters) == ["client", "scope"]
    assert list(inspect.signature(module.parse).parameters) == ["payload"]
    source = module.SOURCE
    assert re.fullmatch(r"[a-z][a-z0-9_]+", source.code)
    assert bool(source.cadence_days) == hasattr(module, "fetch")
    assert all((source.name, source.licence, source.credit_line, source.measures, source.grain, source.traps))
    assert source.homepage.startswith("https://") or not source.cadence_days
    assert isinstance(source.redistribute, Redistribution)


@each_source
def test_docstring_is_a_dossier(module: SourceModule) -> None:
    """Who does not know the provider's traps adds up what must not be added."""
    lines = (inspect.getdoc(module) or "").splitlines()
    assert [line.partition(":")[0] + ":" for line in lines if line.startswith(HEADS)] == list(HEADS)


@each_source
def test_samples_are_there_and_small(module: SourceModule) -> None:
    """A source without a sample is tested by nothing below."""
    files = [path for path in (OWN / module.SOURCE.code).rglob("*") if path.is_file()]
    assert own(module.SOURCE.code)
    assert all(file.stat().st_size <= 3072 for file in files)


@each_sample
def test_sample_gives_figures_of_the_source(module: SourceModule, sample: Payload) -> None:
    """A figure under another source's name would be credited, ranked and exported as that one's."""
    found = figures(module, sample)
    assert found
    assert {figure.source for figure in found} == {module.SOURCE.code}
    assert faults(module, sample) == []


@each_sample
def test_fields_of_the_sample_are_known(module: SourceModule, sample: Payload) -> None:
    """A new column is the first sign of a changed format; a source that knows too few would cry every day."""
    fields = {name for row in parsed(module, sample) if isinstance(row.raw, dict) for name in row.raw}
    assert not module.SOURCE.fields or fields <= module.SOURCE.fields


@each_sample
def test_parse_is_pure(module: SourceModule, sample: Payload) -> None:
    """A clock or a memory inside `parse` would give another number when the archived payload is read again."""
    assert parsed(module, sample) == parsed(module, sample)


@each_sample
def test_every_figure_can_be_found_in_its_payload(module: SourceModule, sample: Payload) -> None:
    """`tracker trace` would show the wrong row as the evidence of a number."""
    rows = parsed(module, sample)
    assert len({figure.locator for row in rows for figure in row.figures}) == sum(len(row.figures) for row in rows)
    text = sample.content.decode("utf-8-sig")
    for row in rows:
        for figure in row.figures:
            line = re.fullmatch(r"(?:.+\.)?csv:(\d+)(?: \(.*\))?", figure.locator.partition("/")[0])
            if line:
                assert _csv_row(text, int(line[1])) == {name: cell for name, cell in row.raw.items() if cell}
            else:
                assert _walk(json.loads(text), figure.locator.partition("/")[0]) == row.raw


def _keys(found: Any) -> set[str]:
    if isinstance(found, dict):
        return set(found) | {key for value in found.values() for key in _keys(value)}
    return {key for value in found for key in _keys(value)} if isinstance(found, list) else set()


def _without(found: Any, key: str) -> Any:
    if isinstance(found, dict):
        return {k: _without(v, key) for k, v in found.items() if k != key}
    return [_without(value, key) for value in found] if isinstance(found, list) else found


def _damaged(sample: Payload) -> dict[str, Payload]:
    """The sample without one of its fields, by the name of the field."""
    text = sample.content.decode("utf-8-sig")
    if sample.url.endswith(".csv"):
        header, *rows = list(csv.reader(io.StringIO(text)))
        result = {}
        for index, name in enumerate(header):
            kept = io.StringIO()
            csv.writer(kept, lineterminator="\n").writerows([r[:index] + r[index + 1 :] for r in (header, *rows)])
            result[name] = payload(kept.getvalue(), sample.url)
        return result
    read = json.loads(text)
    return {key: payload(json.dumps(_without(read, key)), sample.url) for key in sorted(_keys(read))}


@each_sample
def test_missing_field_is_named_or_makes_no_difference(module: SourceModule, sample: Payload) -> None:
    """A provider renames a column, and its people quietly become nobody, or another country's."""
    whole, named = figures(module, sample), 0
    # What a person need not fill in may be left out by name, too.
    optional = module.SOURCE.fields.difference(getattr(module, "REQUIRED", module.SOURCE.fields))
    for field, damaged in _damaged(sample).items():
        if field in optional:
            continue
        with suppress(SourceChanged):
            assert figures(module, damaged) == whole, field
            assert faults(module, damaged) == [], field
            continue
        named += 1
        with pytest.raises(SourceChanged, match=re.escape(field)):
            parsed(module, damaged)
    assert named >= (2 if optional else 4)


@each_sample
def test_cut_off_payload_is_refused(module: SourceModule, sample: Payload) -> None:
    """Half a payload holds half the people, or half a number."""
    content, whole = sample.content.rstrip(), figures(module, sample)
    for end in range(1, len(content), 53):
        try:
            kept = figures(module, payload(content[:end], sample.url))
        except SourceChanged:
            continue
        # A CSV cut between two rows is a whole one to any reader; it must at least say nothing wrong.
        assert sample.url.endswith(".csv")
        assert [figure for figure in kept if figure not in whole] == []


@each_source
@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
        ("", "empty"),
        ('{"isSuccess": false}', "missing at|expected"),
        ("null", "missing at|expected"),
        ('[{"a": NaN}]', "NaN"),
        ("Année;Réfugiés\n2020;5\n".encode("latin-1"), "UTF-8"),
        ('{"items": [], "features": []}'.encode("utf-16"), "UTF-8"),
        (b"PK\x03\x04 no zip", "no XLSX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 locked", "Excel|UTF-8"),
    ],
    ids=["html", "empty", "refusal", "null", "NaN", "latin-1", "utf-16", "broken zip", "locked"],
)
def test_what_is_no_answer_of_the_source_is_refused(module: SourceModule, content: bytes | str, said: str) -> None:
    """An error page that parses to nothing would pass for "no displaced people"."""
    if said == "no XLSX" and "is_workbook" not in vars(module):
        said = "not JSON"
    with pytest.raises(SourceChanged, match=f"{said}|is JSON, not CSV|cut off"):
        parsed(module, payload(content))


def test_unknown_source_is_named_with_those_that_exist() -> None:
    """A misspelt source must not be taken for one that had nothing to say."""
    assert list(choose(())) == sorted(SOURCES)
    with pytest.raises(UsageError, match="there is no source 'unhcr'; there are: .*unhcr_population"):
        choose(("unhcr",))


def test_contract_types_are_what_fetch_gets() -> None:
    """`fetch` asks for the countries of the store's regions; an invented default would fetch the whole world."""
    assert list(inspect.signature(Scope).parameters) == ["countries", "today"]
    assert list(inspect.signature(Client.get).parameters) == ["self", "url", "params", "headers"]
