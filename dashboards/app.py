"""The dashboard's application: finds the pages, frames them, serves CSV, and never leaves this host."""

import hashlib
import importlib
import pkgutil
from base64 import b64encode
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import dash
from dash import Dash, html
from flask import Flask, Response, request
from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError
from werkzeug.routing import Map, Rule

from dashboards import pages
from dashboards.compression import compress
from dashboards.downloads import add_downloads
from dashboards.filters import Filters
from dashboards.kept_pages import KeptPages
from dashboards.parts import empty, named
from dashboards.reader import Reader
from dashboards.theme import css_variables
from tracker.errors import UsageError

NAME = "Displacement Tracker"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})
KEPT = frozenset({"region", "as_of", "published_by"})
"""Choices that go along from page to page."""
FOOTER = (
    "Each number belongs to the source named with it. A stock counts people at a date; a flow or cumulative figure "
    "counts movements, and one person may move more than once. No report is not zero, and not “open”.",
    "Borders and names shown imply no opinion on the legal status of any place.",
)


def create_app(store: Engine, archive: Path, host: str = "127.0.0.1") -> Dash:
    """An application that reads this store, served under ``host``.

    Every page and asset comes from this host; the content security policy lets the browser ask nobody else.
    """
    server: Any = Flask("dashboards")
    app = Dash(
        "dashboards",
        server=server,
        use_pages=True,
        pages_folder="",
        title=NAME,
        update_title="",
        # No page has callbacks; without this Dash sends every page's layout along with each one, to check them.
        suppress_callback_exceptions=True,
        index_string=_index(_add_style(server)),
        include_assets_files=False,
    )
    reader, kept = Reader(store, archive), KeptPages()
    found = sorted((_load(name) for name in _names()), key=lambda page: page.ORDER)
    listed = [page for page in found if page.ORDER]
    for page in found:
        _register(page, partial(_framed, page, listed, reader, kept))
    app.layout = html.Div(dash.page_container)
    add_downloads(server, reader)
    _count_unknown_as_missing(server, found)
    _answer_for_the_store(server, store)
    _secure(app, server)
    if host in LOOPBACK:
        _answer_only_to(LOOPBACK, server)
    compress(server)
    # Dash finishes its set-up in the first request and answers 500 to others that arrive meanwhile.
    server.test_client().get("/")
    return app


def _names() -> list[str]:
    return [module.name for module in pkgutil.iter_modules(pages.__path__)]


def _load(name: str) -> ModuleType:
    return importlib.import_module(f"{pages.__name__}.{name}")


def _register(page: ModuleType, layout: Any) -> None:
    address = {"path_template": page.PATH} if "<" in page.PATH else {"path": page.PATH}
    register: Any = dash.register_page
    register(page.__name__, title=f"{page.TITLE} · {NAME}", name=page.TITLE, layout=layout, **address)


def _framed(page: ModuleType, listed: list[ModuleType], reader: Reader, kept: KeptPages, /, **query: str) -> Any:
    """A page between header and footer; an address may name any choice, so no name of ours may be in its way."""
    # Of a choice that an address makes twice, the last one counts.
    chosen = {name: value[-1] if isinstance(value, list) else value for name, value in query.items()}
    try:
        key = (page.PATH, *sorted(chosen.items()), reader.state())
        content = kept.page(key, lambda: page.layout(reader, **chosen))
    except UsageError as error:
        content = html.Div([html.H1("Not found"), empty(str(error), "Choose a page above.")])
        chosen = {}
    links = _links(page, listed, Filters.read(chosen).query() if KEPT & set(chosen) else "")
    return html.Div(
        [
            html.A("Skip to the content", href="#content", className="skip"),
            html.Header([html.A(NAME, href="/", className="brand"), named(html.Nav(links), "Pages")]),
            html.Main(content, id="content", tabIndex="-1"),
            html.Footer([html.P(text) for text in FOOTER]),
        ]
    )


def _links(current: ModuleType, listed: list[ModuleType], choices: str) -> list[Any]:
    """The pages; the reader's choices go along."""
    links = []
    for page in listed:
        link = html.A(page.TITLE, href=page.PATH + choices)
        if page is current:
            setattr(link, "aria-current", "page")
        links.append(link)
    return links


def _add_style(server: Flask) -> str:
    """Serve the stylesheet under an address that changes with it, so that a browser may keep it for a year."""
    style = css_variables() + (Path(__file__).parent / "assets" / "style.css").read_text()
    address = f"/style-{hashlib.sha256(style.encode()).hexdigest()[:12]}.css"

    def answer() -> Response:
        kept = {"Cache-Control": "public, max-age=31536000, immutable"}
        return Response(style, mimetype="text/css", headers=kept)

    server.add_url_rule(address, "style", answer)
    return address


def _index(style: str) -> str:
    icon = b64encode((Path(__file__).parent / "assets" / "icon.svg").read_bytes()).decode()
    return f"""<!DOCTYPE html>
<html lang="en" dir="ltr">
<head>
{{%metas%}}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{%title%}}</title>
<link rel="icon" type="image/svg+xml" href="data:image/svg+xml;base64,{icon}">
<link rel="stylesheet" href="{style}">
{{%css%}}
</head>
<body>
<noscript>This dashboard needs JavaScript. The same figures without it:
<a href="/csv/displacement?region=SYR">CSV</a>.</noscript>
{{%app_entry%}}
{{%config%}}
{{%scripts%}}
{{%renderer%}}
</body>
</html>"""


def _secure(app: Dash, server: Flask) -> None:
    """Headers of every answer; scripts run only if they are ours, by file or by hash."""

    @server.after_request
    def headers(response: Response) -> Response:
        hashes = " ".join(f"'{value}'" if not value.startswith("'") else value for value in app.csp_hashes())
        response.headers["Content-Security-Policy"] = (
            f"default-src 'self'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; "
            "img-src 'self' data: blob:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response


def _answer_for_the_store(server: Flask, store: Engine) -> None:
    """``/health`` asks the store; a store that does not answer is said in words, wherever it is missed."""

    @server.get("/health")
    def health() -> Response:
        with store.connect() as connection:
            connection.execute(select(1))
        return Response("ok\n", mimetype="text/plain")

    @server.errorhandler(DBAPIError)
    def unanswered(_error: DBAPIError) -> Response:
        return Response("The store does not answer; try again in a minute.\n", status=503, mimetype="text/plain")


def _count_unknown_as_missing(server: Flask, found: list[ModuleType]) -> None:
    """Dash answers every address with its index and 200; what no page has is 404, for scripts and link checkers."""
    known = Map([Rule(page.PATH) for page in found if page.__name__ != f"{pages.__name__}.not_found_404"]).bind("")

    @server.after_request
    def count(response: Response) -> Response:
        if request.endpoint == "/<path:path>" and not known.test(request.path.rstrip("/")):
            response.status_code = 404
        return response


def _answer_only_to(names: frozenset[str], server: Flask) -> None:
    """Refuse other names: a page elsewhere could give its own name this address and read the dashboard through it."""

    @server.before_request
    def refuse() -> Response | None:
        asked = request.host.rpartition(":")[0] or request.host
        if asked in names:
            return None
        return Response("This dashboard answers to its own name only.\n", status=421, mimetype="text/plain")
