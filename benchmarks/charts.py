"""From the choice of a region to its drawn panels: the tracker's overview against an app made with `make_subplots`.

    python -m benchmarks.charts

The store is made for it: countries of 14 areas, each counted monthly by three bodies for 94 months. Each dashboard is
served by a process of its own; one real browser asks both in turns for the same countries, each of them once: nothing
that either keeps can help it.
"""

import csv
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.places import write_places
from benchmarks.product import TRACKER
from benchmarks.report import table, write
from dashboards.pages.overview import MOST_PANELS
from tracker.cli.report import BROWSERS

COUNTRIES = ("SYR", "SDN", "YEM", "UKR", "COD", "MLI", "NER", "SSD", "AFG", "MMR")
AREAS, MONTHS, BODIES = 14, 94, ("Body A", "Body B", "Body C")
HEADER = (
    "indicator", "measure", "population_group", "iso3", "admin1_code", "value", "reference_period_end", "published_on",
    "asserted_by",
)  # fmt: skip
CHOICES = {
    "tracker": """(region) => {
        document.getElementById("choose-region").value = region;
        document.querySelector("form.filters").requestSubmit();
    }""",
    "make_subplots": """(region) => dash_clientside.set_props("region", { value: region })""",
}
"""What a reader's choice comes to in the page."""
DRAWN = {
    "tracker": """(before) => document.querySelector("h1").textContent !== before
        && document.querySelector(".multiples svg")""",
    "make_subplots": """(before, region) => document.querySelector(".gtitle")?.textContent === region""",
}
"""Whether the panels of a region are there."""
WATCH = """async (region) => {
    const choose = %s, isDrawn = %s;
    const before = document.querySelector("h1")?.textContent;
    const began = performance.now();
    choose(region);
    while (!isDrawn(before, region)) {
        if (performance.now() - began > 30000) throw new Error("not drawn in half a minute: " + region);
        await new Promise(requestAnimationFrame);
    }
    await new Promise(requestAnimationFrame);  // painted
    return performance.now() - began;
}"""


def main() -> None:
    """Measure, and write the table."""
    found: dict[str, list[float]] = {name: [] for name in CHOICES}
    with tempfile.TemporaryDirectory(prefix="tracker-charts-") as folder, sync_playwright() as playwright:
        home = Path(folder)
        _make(home)
        with _served(home) as addresses:
            browser = playwright.chromium.launch(executable_path=next(filter(None, map(shutil.which, BROWSERS))))
            pages = {name: _opened(browser, address, name) for name, address in addresses.items()}
            for country in COUNTRIES[1:]:
                for name, page in pages.items():
                    found[name].append(page.evaluate(WATCH % (CHOICES[name], DRAWN[name]), country))
            browser.close()
    peer = median(found["make_subplots"])
    rows = [
        (name, f"{median(taken):,.0f}", f"{min(taken):,.0f} to {max(taken):,.0f}", f"{median(taken) / peer:.2f}")
        for name, taken in found.items()
    ]
    said = (
        f"Milliseconds from a choice to {MOST_PANELS} painted panels, {len(COUNTRIES) - 1} countries, each asked once."
    )
    page_of = table(("dashboard", "median", "from, to", "of the peer's"), rows)
    write("charts", "charts.md", "From a choice to its charts", [said, "", *page_of])


def _make(home: Path) -> None:
    """A store of made figures, loaded as a user would load them."""
    areas = [(country, f"{country}{number:02d}") for country in COUNTRIES for number in range(1, AREAS + 1)]
    write_places(home / "places.csv", ((country, area, f"{area}1") for country, area in areas))
    rng = random.Random(1)
    with (home / "counts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for country, area in areas:
            for body in BODIES:
                people = rng.randrange(10_000, 500_000)
                for month in range(MONTHS):
                    people += rng.randrange(-people // 20, people // 20)
                    day = date(2017 + month // 12, month % 12 + 1, 28)
                    writer.writerow(("population", "stock", "IDP", country, area, people, day, day, body))
    told = {**os.environ, "TRACKER_HOME": str(home)}
    for words in (
        ["db", "upgrade"],
        ["db", "seed"],
        ["ingest", "ocha_pcodes", "--from", home / "places.csv"],
        ["ingest", "displacement_sheet", "--from", home / "counts.csv"],
    ):
        subprocess.run([*TRACKER, *words], check=True, env=told, stdout=subprocess.DEVNULL)


@contextmanager
def _served(home: Path) -> Iterator[dict[str, str]]:
    """Both dashboards, until the end; their addresses by name."""
    ports = {name: _free_port() for name in CHOICES}
    told = {"TRACKER_HOME": str(home), "TRACKER_PORT": str(ports["tracker"])}
    url = f"sqlite:///{home / 'tracker.sqlite'}"
    peer = [sys.executable, "-m", "benchmarks.peers.subplots_app", url, str(ports["make_subplots"])]
    started = [
        subprocess.Popen(command, env={**os.environ, **told}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for command in ([*TRACKER, "serve"], peer)
    ]
    addresses = {name: f"http://127.0.0.1:{port}/" for name, port in ports.items()}
    try:
        for address in addresses.values():
            _wait_for(address)
        yield addresses
    finally:
        for process in started:
            process.terminate()
            process.wait()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_for(address: str) -> None:
    for _ in range(150):
        try:
            urlopen(address).close()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"nothing answers at {address}")


def _opened(browser: Browser, address: str, name: str) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{address}?region={COUNTRIES[0]}")
    if name == "tracker":
        page.wait_for_selector("#first", state="detached")
    else:
        page.wait_for_selector(".js-plotly-plot .main-svg")
    page.wait_for_load_state("networkidle")
    return page


if __name__ == "__main__":
    main()
