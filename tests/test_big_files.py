"""A big saved file is never in memory as a whole, and for all that it is what is archived and what is read."""

import gzip
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from ingest import columns, lines
from ingest.contract import discover
from ingest.lines import rows_at
from ingest.run import run_source
from ingest.secrets import is_clean
from tests.command import Said
from tests.samples import payload
from tracker.archive import path_of
from tracker.cli import ingest as command
from tracker.records import Payload, SavedFile
from tracker.tables import Displacement
from tracker.vocabulary import Trigger

HEADER = "indicator,measure,population_group,location_code,value,reference_period_end,published_on,asserted_by\n"
ROWS = "".join(f"population,stock,IDP,SYR,{1000 + n},2024-01-{n + 1:02},2024-02-20,An Office\n" for n in range(30))


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short files are treated as big ones are."""
    monkeypatch.setattr(command, "BIG", 1_000)
    monkeypatch.setattr(columns, "FEWEST", 5)
    monkeypatch.setattr(lines, "BLOCK", 1_000)


def saved(folder: Path, text: str = HEADER + ROWS) -> Payload:
    path = folder / "figures.csv"
    path.write_text(text)
    return Payload(body=SavedFile(path), url=path.name, media_type="text/csv", retrieved_at=datetime.now(UTC))


def test_big_file_is_loaded_and_archived_as_it_is(tracker: Callable[..., Said], tmp_path: Path, home: Path) -> None:
    """A sum that lacks what stood at the end of a block, or evidence that is not what was read."""
    file = saved(tmp_path).body
    assert isinstance(file, SavedFile)
    (report,) = tracker("ingest", "displacement_sheet", "--from", file.path, "--json").reports
    assert (report["rows_read"], report["new"], report["set_aside"]) == (30, 30, 0)
    content = file.path.read_bytes()
    assert gzip.decompress(path_of(home / "archive", sha256(content).hexdigest()).read_bytes()) == content
    (again,) = tracker("ingest", "displacement_sheet", "--from", file.path, "--json").reports
    assert (again["new"], again["unchanged"]) == (0, 30)


def test_credential_is_hidden_in_a_big_file_too(tracker: Callable[..., Said], tmp_path: Path, home: Path) -> None:
    """The archive is passed on with every question."""
    file = saved(tmp_path, HEADER + ROWS + ROWS.splitlines()[0].replace("An Office", "https://a.org/?api_key=THEIRS\n"))
    assert isinstance(file.body, SavedFile)
    assert not tracker("ingest", "displacement_sheet", "--from", file.body.path).err.count("failed")
    kept = [gzip.decompress(path.read_bytes()) for path in (home / "archive").rglob("*.gz")]
    assert any(b"api_key=***" in content for content in kept)
    assert not any(b"THEIRS" in content for content in kept)


@pytest.mark.parametrize("cut", range(1, 40))
def test_credential_is_found_across_blocks(cut: int) -> None:
    """A key that is archived because a block ended in it."""
    content = b"name,page\na,https://a.org/?api_key=THEIRS&x=1\n"
    assert not is_clean([content[:cut], content[cut:]])
    harmless = content.replace(b"api_key", b"page")
    assert is_clean([harmless[:cut], harmless[cut:]])


@pytest.mark.parametrize("when", ["while it is archived", "after it was archived"])
def test_file_that_changes_meanwhile_is_not_loaded(
    store_with_places: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """A number whose evidence is another one."""
    file = saved(tmp_path)
    path = tmp_path / "figures.csv"
    left = 1 if when == "while it is archived" else 2
    blocks = SavedFile.blocks

    def changing(self: SavedFile, size: int) -> Iterator[bytes]:
        nonlocal left
        left -= 1
        if left == -1:
            path.write_text((HEADER + ROWS).replace(",1007,", ",1008,"))
        return blocks(self, size)

    monkeypatch.setattr(SavedFile, "blocks", changing)
    module = discover()["displacement_sheet"]
    report = run_source(store_with_places, tmp_path / "archive", module, [file], Trigger.FILE, lambda _: None)
    assert report.error == "figures.csv was changed while it was read; load it again"
    with store_with_places.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(Displacement)) == 0
    assert len(list((tmp_path / "archive").rglob("*.*"))) == (0 if when == "while it is archived" else 1)


def test_rows_are_found_again_in_every_block() -> None:
    """A conflict that is shown with the row of another line."""
    file = payload(HEADER + ROWS, "figures.csv")
    found = rows_at(file, range(2, 32))
    assert {line: row.cells()["value"] for line, row in found.items()} == {n + 2: str(1000 + n) for n in range(30)}
