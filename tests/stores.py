"""Ready stores for the tests, of both kinds: each is made once a session and copied for every test.

``store`` has the tables and no row; ``store_with_places`` has the places, sources and crossings of the seed, and no
figure; ``seeded_store`` has the whole seed, its payloads in ``seeded_archive``.
"""

import csv
import io
import shutil
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url

from tests.postgres import PostgresServer
from tracker.database import open_store, upgrade, writing
from tracker.seed.load import FILES, seed
from tracker.seed.reference import write_reference

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgres_server"))]


def seed_tables() -> dict[str, list[dict[str, str]]]:
    """The rows of every seed file, by name of the file."""
    texts = {name: (resources.files("tracker.seed") / name).read_bytes().decode() for name in FILES}
    return {name: list(csv.DictReader(io.StringIO(text))) for name, text in texts.items()}


class Templates:
    """What is copied: a SQLite file and a PostgreSQL database for each level of readiness, made when first asked."""

    def __init__(self, folder: Path) -> None:
        self.archive = folder / "archive"
        self._folder = folder
        self._fill: dict[str, Callable[[Engine], object]] = {
            "empty": lambda engine: None,
            "places": _write_places,
            "seeded": lambda engine: seed(engine, self.archive),
        }
        self._made: dict[tuple[str, str], str] = {}

    def copy_sqlite(self, level: str, path: Path) -> str:
        made = self._once("sqlite", level, lambda: f"sqlite:///{self._folder / level}.sqlite")
        shutil.copyfile(str(make_url(made).database), path)
        return f"sqlite:///{path}"

    def copy_postgres(self, level: str, server: PostgresServer) -> str:
        made = self._once("postgresql", level, server.create_database)
        return server.create_database(str(make_url(made).database))

    def _once(self, kind: str, level: str, create: Callable[[], str]) -> str:
        if (kind, level) not in self._made:
            url = create()
            engine = open_store(url)
            upgrade(engine)
            self._fill[level](engine)
            engine.dispose()
            self._made[kind, level] = url
        return self._made[kind, level]


def _write_places(engine: Engine) -> None:
    with writing(engine) as connection:
        write_reference(connection, seed_tables())


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """The session's templates; tests ask for a store."""
    return Templates(tmp_path_factory.mktemp("templates"))


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path, templates: Templates) -> Iterator[Engine]:
    """Tables and no row; the test runs once on SQLite and once on PostgreSQL, as do those with the other two."""
    yield from _copy(request, tmp_path, templates, "empty")


@pytest.fixture(params=KINDS)
def store_with_places(request: pytest.FixtureRequest, tmp_path: Path, templates: Templates) -> Iterator[Engine]:
    """The seed's places, sources, crossings and events, and no figure."""
    yield from _copy(request, tmp_path, templates, "places")


@pytest.fixture(params=KINDS)
def seeded_store(request: pytest.FixtureRequest, tmp_path: Path, templates: Templates) -> Iterator[Engine]:
    """The whole seed."""
    yield from _copy(request, tmp_path, templates, "seeded")


@pytest.fixture
def seeded_archive(seeded_store: Engine, tmp_path: Path, templates: Templates) -> Path:
    """A copy of the seed's archived payloads; `seeded_store` indexes them."""
    return Path(shutil.copytree(templates.archive, tmp_path / "archive"))


def _copy(request: pytest.FixtureRequest, tmp_path: Path, templates: Templates, level: str) -> Iterator[Engine]:
    if request.param == "sqlite":
        engine = open_store(templates.copy_sqlite(level, tmp_path / "tracker.sqlite"))
        yield engine
        engine.dispose()
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = templates.copy_postgres(level, server)
    engine = open_store(url)
    yield engine
    engine.dispose()
    server.drop_database(url)
