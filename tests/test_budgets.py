"""What a page weighs on its way to a slow line; the table goes to ``reports/weights.md``."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.dashboard import Served, served

__all__ = ["served"]

REPORT = Path(__file__).resolve().parent.parent / "reports" / "weights.md"
BARS = {
    # page: bytes at the first visit, and at the next
    "/": (265_000, 10_000),
    "/map": (275_000, 10_000),
    "/compare": (265_000, 10_000),
    "/signals": (265_000, 10_000),
    "/data": (270_000, 10_000),
    "/methods": (265_000, 10_000),
    "/region": (630_000, 10_000),
    "/borders": (630_000, 10_000),
    "/lite?region=SYR": (8_000, 1_000),
}
"""Pages with a Plotly chart carry the part of Plotly that they use, once; their text is there before it."""


@pytest.fixture(scope="module")
def weights() -> Iterator[dict[str, tuple[int, int]]]:
    found: dict[str, tuple[int, int]] = {}
    yield found
    REPORT.parent.mkdir(exist_ok=True)
    # Several processes may weigh some pages each.
    known = re.findall(r"^\| `(.*)` \| ([\d,]+) \| ([\d,]+) \|$", REPORT.read_text() if REPORT.exists() else "", re.M)
    earlier = {path: (int(first.replace(",", "")), int(again.replace(",", ""))) for path, first, again in known}
    found = {path: {**earlier, **found}[path] for path in BARS if path in {**earlier, **found}}
    rows = [f"| `{path}` | {first:,} | {again:,} |" for path, (first, again) in found.items()]
    REPORT.write_text(
        "\n".join(["| page | bytes, first visit | bytes, again |", "| --- | ---: | ---: |", *rows]) + "\n"
    )


@pytest.mark.parametrize("path", list(BARS))
def test_a_page_keeps_its_weight(
    browser: Browser, served: Served, weights: dict[str, tuple[int, int]], path: str
) -> None:
    """An officer with 50 kB/s gives up on a page of megabytes before its number is there."""
    context = browser.new_context()
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    sent: list[float] = []
    session.on("Network.loadingFinished", lambda event: sent.append(event["encodedDataLength"]))
    weighed = []
    for _ in range(2):
        sent.clear()
        page.goto(served.address + path)
        expect(page.locator("#first")).to_have_count(0)
        if path in ("/region", "/borders"):
            page.wait_for_selector(".js-plotly-plot .main-svg")
        page.wait_for_load_state("networkidle")
        weighed.append(int(sum(sent)))
        page.goto("about:blank")
    context.close()
    weights[path] = (weighed[0], weighed[1])
    assert weighed[0] <= BARS[path][0]
    assert weighed[1] <= BARS[path][1]
