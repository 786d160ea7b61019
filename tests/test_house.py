"""The house itself: what is locked, and what ends up in a wheel."""

import json
import re
import subprocess
import sys
import zipfile
from itertools import pairwise
from pathlib import Path

import plotly.offline
import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-test.lock", "requirements-bench.lock")


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_host_and_no_folder(lock: str) -> None:
    """A lock made by another recipe names the package host and the folders of whoever made it."""
    text = (ROOT / lock).read_text()
    assert re.findall(r"\S*/\S*|\\\S+", text) == []


@pytest.mark.parametrize(("lock", "larger"), list(pairwise(LOCKS)))
def test_each_lock_contains_the_one_before(lock: str, larger: str) -> None:
    """After `./run test`, `./run` takes the environment as it is; other versions there would go unnoticed."""
    inner, outer = (
        {line for line in (ROOT / name).read_text().splitlines() if "==" in line} for name in (lock, larger)
    )
    assert inner - outer == set()


def test_the_small_chart_library_is_of_plotlys_own_release() -> None:
    """Of any other release it would not be served, and pages with charts would weigh a megabyte more."""
    locked = json.loads((ROOT / "dashboards" / "package-lock.json").read_text())["packages"]
    (library,) = [told for name, told in locked.items() if name]
    assert library["version"] == plotly.offline.get_plotlyjs_version()
    assert sorted(library) == ["integrity", "license", "version"]  # and no package host


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_wheel_claims_three_names(wheel_names: list[str]) -> None:
    """A wheel that also brings `tests` or `migrations` overwrites, in silence, another distribution's."""
    names = {name.partition("/")[0] for name in wheel_names}
    assert {name for name in names if not name.endswith(".dist-info")} == {"tracker", "ingest", "dashboards"}
    assert len(names) == 4


def test_wheel_carries_migrations_and_seed(wheel_names: list[str]) -> None:
    """Without these files an installed tracker cannot make its store, or shows an empty one."""
    seeds = [f"tracker/seed/{path.name}" for path in (ROOT / "tracker" / "seed").glob("*.csv")]
    assert seeds
    assert {"tracker/_migrations/env.py", *seeds} - set(wheel_names) == set()
