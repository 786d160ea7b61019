"""The dashboard's application: finds the pages, frames them, serves CSV, and never leaves this host."""

from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import dash
from dash import Dash, html
from flask import Flask, Response, g, request
from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError

from dashboards.boundaries import Boundaries, shipped
from dashboards.chart_library import serve_small_library
from dashboards.compression import compress
from dashboards.downloads import add_downloads
from dashboards.frame import NAME, Frame, find_pages, title_of
from dashboards.index import Application, index_string
from dashboards.lite import add_lite
from dashboards.reader import Reader

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})


def create_app(store: Engine, archive: Path, host: str = "127.0.0.1", boundaries: Boundaries | None = None) -> Dash:
    """An application that reads this store, served under ``host``.

    The map has the outlines that come with the program, unless it is given an operator's own.
    Every page and asset comes from this host; the content security policy lets the browser ask nobody else.
    """
    server: Any = Flask("dashboards")
    app = Application(
        "dashboards",
        server=server,
        use_pages=True,
        pages_folder="",
        title=NAME,
        update_title="",
        # No page has callbacks; without this Dash sends every page's layout along with each one, to check them.
        suppress_callback_exceptions=True,
        index_string=index_string(server),
        include_assets_files=False,
        include_pages_meta=False,
    )
    reader = Reader(store, archive, boundaries or shipped())
    app.frame = Frame(reader, find_pages())
    for page in app.frame.found:
        _register(page, partial(app.frame.page, page))
    app.layout = html.Div(dash.page_container)
    serve_small_library(server)
    add_downloads(server, reader)
    add_lite(server, reader)
    _count_unknown_as_missing(server, app.frame)
    _answer_for_the_store(server, store)
    _secure(app, server)
    if host in LOOPBACK:
        _answer_only_to(LOOPBACK, server)
    compress(server)
    # Dash finishes its set-up in the first request and answers 500 to others that arrive meanwhile.
    server.test_client().get("/")
    return app


def _register(page: ModuleType, layout: Any) -> None:
    address = {"path_template": page.PATH} if "<" in page.PATH else {"path": page.PATH}
    register: Any = dash.register_page

    def title(**_named: str) -> str:
        return title_of(page)

    register(page.__name__, title=title, name=page.TITLE, layout=layout, **address)


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


def _count_unknown_as_missing(server: Flask, frame: Frame) -> None:
    """Dash answers every address with its index and 200; what no page has, or no region or figure, is 404."""

    @server.after_request
    def count(response: Response) -> Response:
        unknown = request.endpoint == "/<path:path>" and frame.at(request.path) is None
        # The application asks for the same page by POST, and takes anything but 200 for a fault of the server.
        if unknown or (request.method != "POST" and g.get("missing")):
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
