"""The documentation that is made from the code, and what a reader of it types: it works, and it is up to date."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from ingest.contract import SourceModule, discover, is_sheet
from ingest.run import run_source
from ingest.sheet_docs import COMMAND, sheets_page
from ingest.source_docs import sources_page
from tests.command import Said
from tests.recordings import held
from tests.samples import payload
from tracker.records import Credential
from tracker.vocabulary import Trigger

DOCS = Path(__file__).resolve().parent.parent / "docs"
SHEETS = {code: module for code, module in discover().items() if is_sheet(module)}


def test_page_of_the_sheets_is_up_to_date() -> None:
    """A column under another name than the page says is not read, and its numbers are missing."""
    written = (DOCS / "sheets.md").read_text(encoding="utf-8")
    assert written == sheets_page(discover()), f"docs/sheets.md is out of date; renew it: {COMMAND}"


def test_page_is_what_the_command_prints(tracker: Callable[..., Said]) -> None:
    """The command that renews the page is the one the page, and the test above, name.

    Of all sources it is renewed here, so that a new one stays one file and one sample.
    """
    assert COMMAND == "./run sources --markdown sheets > docs/sheets.md"
    said = tracker("sources", "--markdown", "sheets")
    assert (said.code, said.out, said.err) == (0, sheets_page(discover()), "")
    said = tracker("sources", "--markdown", "sources")
    assert (said.code, said.out, said.err) == (0, sources_page(discover()), "")
    (DOCS / "sources.md").write_text(said.out, encoding="utf-8")


@pytest.mark.parametrize(("code", "module"), SHEETS.items(), ids=list(SHEETS))
def test_template_loads_whole(store_with_places: Engine, tmp_path: Path, code: str, module: Any) -> None:
    """Who fills in a template that is itself set aside gives up, and the figures stay in a drawer."""
    content = (DOCS / "templates" / f"{code}.csv").read_bytes()
    rows = content.count(b"\n") - 1
    assert content.decode().splitlines()[0].split(",") == list(module.COLUMNS)
    saved = payload(content, f"{code}.csv")
    report = run_source(store_with_places, tmp_path, module, [saved], Trigger.FILE, lambda _: None)
    assert (report.error, report.tally.warnings) == (None, [])
    assert (report.tally.rows_read, report.tally.new, report.tally.set_aside) == (rows, rows, 0)


def test_worked_example_of_a_mapping_is_what_the_page_says(store_with_places: Engine, tmp_path: Path) -> None:
    """An example that gives other figures than its text teaches everybody to write wrong ones."""
    page = (DOCS / "sheets.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"```csv\n(.*?)```", page, re.DOTALL)
    (mapping,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    saved = replace(payload(table, "theirs.csv"), mapping=mapping)
    module = SHEETS["displacement_sheet"]
    report = run_source(store_with_places, tmp_path, module, [saved], Trigger.FILE, lambda _: None)
    assert (report.error, report.tally.new, report.tally.set_aside) == (None, 2, 1)
    assert {
        (f.place, f.value, f.qualifier, str(f.reference_period_end), f.variant) for f in held(store_with_places)
    } == {
        ("SY07", 41_200, "exact", "2024-11-30", "Example Agency"),
        ("SY02", 18_000, "approx", "2024-11-30", "Example Agency"),
    }


@pytest.mark.parametrize("module", discover().values(), ids=list(discover()))
def test_page_of_all_sources_tells_what_a_user_must_know(module: SourceModule) -> None:
    """A licence, a trap or a key that is not told is broken, stepped into, or never asked for."""
    source = module.SOURCE
    section = sources_page({source.code: module}).partition("\n## ")[2]
    for words in (source.measures, source.grain, source.licence, source.credit_line, source.traps, source.homepage):
        assert words in section
    for wanted in source.credentials:
        assert f"`{wanted.variable}`: {wanted.how}" in section
    passed_on = {"no": "no: its figures are shown, and left out of every export", "attribution": "yes, with the credit"}
    assert passed_on.get(source.redistribute.value, "for non-commercial use") in section


def listed(said: Said) -> dict[str, dict[str, Any]]:
    """What `tracker sources --json` tells, by source."""
    return {entry["source"]: entry for entry in json.loads(said.out)}


def test_credentials_are_told_and_never_shown(tracker: Callable[..., Said]) -> None:
    """Without the name of the variable a source stays silent for ever; with its value, everybody has the key."""
    (wanted,) = discover()["iom_dtm"].SOURCE.credentials
    assert isinstance(wanted, Credential)
    for environment, is_set in (({}, False), ({wanted.variable: ""}, False), ({wanted.variable: "s3cret"}, True)):
        as_json, as_text = (tracker("sources", *option, **environment) for option in (["--json"], []))
        assert listed(as_json)["iom_dtm"]["credentials"] == [
            {"variable": wanted.variable, "how": wanted.how, "is_set": is_set}
        ]
        assert f"{wanted.variable} ({'set' if is_set else 'not set'}): {wanted.how}" in as_text.out
        assert "s3cret" not in as_json.out + as_text.out + as_json.err + as_text.err
    assert listed(tracker("sources", "--json"))["unhcr_population"]["credentials"] == []


def test_licence_and_what_it_allows_are_told(tracker: Callable[..., Said]) -> None:
    """IOM's rows passed on by mistake cost the agreement with IOM."""
    told = {
        code: (entry["licence"], entry["redistribute"]) for code, entry in listed(tracker("sources", "--json")).items()
    }
    assert told == {
        code: (module.SOURCE.licence, module.SOURCE.redistribute.value) for code, module in discover().items()
    }
    assert told["iom_dtm"][1] == "no"
    assert "redistribute       no" in tracker("sources").out
