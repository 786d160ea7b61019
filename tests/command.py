"""Running the command `tracker` inside a test, on a data folder of the test's own."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from tests.stores import Templates
from tracker.cli import main, workplace
from tracker.database import open_store


@dataclass(frozen=True)
class Said:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def reports(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def home(tmp_path: Path, templates: Templates) -> Path:
    """A data folder with the seed."""
    folder = tmp_path / "home"
    folder.mkdir()
    templates.copy_sqlite("seeded", folder / "tracker.sqlite")
    copytree(templates.archive, folder / "archive")
    return folder


@pytest.fixture
def tracker(monkeypatch: pytest.MonkeyPatch, home: Path) -> Iterator[Callable[..., Said]]:
    """Runs the command in this process, which is faster; anything but a clean exit fails the test."""
    opened: list[Engine] = []

    def opening(url: str) -> Engine:
        opened.append(open_store(url))
        return opened[-1]

    def run(*arguments: object, **environment: str) -> Said:
        result = CliRunner(env={"TRACKER_HOME": str(home), **environment}).invoke(main, [str(a) for a in arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Said(result.exit_code, result.stdout_bytes.decode(), result.stderr)

    monkeypatch.setattr(workplace, "open_store", opening)
    yield run
    for engine in opened:
        engine.dispose()
