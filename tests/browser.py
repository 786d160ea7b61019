"""A real browser for the tests: the Chromium of this machine, driven by Playwright.

Every page is audited: a request that leaves the machine, or an error on the console, fails the test.
"""

import os
import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tracker.cli.report import BROWSERS

LOOPBACK = ("127.0.0.1", "localhost", "::1")
FLAGS = (
    # Chromium's own calls home, none of them the page's.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    # What the page asks of the outside fails here as it would without a network; the audit then names it.
    "--host-resolver-rules=MAP * ~NOTFOUND, " + ", ".join(f"EXCLUDE {host}" for host in LOOPBACK),
)


def find_browser() -> str | None:
    """Return the program to drive: BROWSER_PATH if it is set, else the first of the usual names on PATH."""
    if named := os.environ.get("BROWSER_PATH"):
        return shutil.which(named)
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def missing_browser() -> str | None:
    """Return what to do if there is no browser to test with."""
    if find_browser():
        return None
    packages = "chromium-headless-shell libatomic1 fonts-noto-core"
    return f"no browser: apt-get install {packages}, or set BROWSER_PATH"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The session's browser; tests ask for `page`."""
    with sync_playwright() as playwright:
        # Playwright leaves the sandbox out unless told: neither root nor most containers can have it.
        chromium = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page_problems() -> list[str]:
    """What the audit found so far; a test that provokes an error on purpose reads it and clears it."""
    return []


@pytest.fixture
def page(browser: Browser, page_problems: list[str]) -> Iterator[Page]:
    """An empty page without history or cookies, audited until the test ends."""

    def note_request(url: str) -> None:
        if is_outside(url):
            page_problems.append(f"asked the outside for {url}")

    def note_console(message: ConsoleMessage) -> None:
        # What an unknown address is answered with is a page, with the status of a missing one.
        is_page = "." not in urlsplit(message.location["url"]).path
        is_missing = "status of 404" in message.text and is_page
        if message.type == "error" and not is_missing:
            page_problems.append(f"console error: {message.text} ({message.location['url']})")

    context = browser.new_context()
    context.on("request", lambda request: note_request(request.url))
    context.on("console", note_console)
    context.on("weberror", lambda error: page_problems.append(f"uncaught error: {error.error}"))
    page = context.new_page()
    page.on("websocket", lambda socket: note_request(socket.url))
    yield page
    context.close()
    if page_problems:
        pytest.fail("the page:\n  " + "\n  ".join(page_problems), pytrace=False)


def is_outside(url: str) -> bool:
    """Tell whether reading this URL leaves the machine."""
    parts = urlsplit(url)
    return parts.scheme in ("http", "https", "ws", "wss", "ftp") and parts.hostname not in LOOPBACK
