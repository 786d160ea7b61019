"""The first answer of every page: a whole document, readable at once; the application takes over when it has loaded."""

import hashlib
import json
from base64 import b64encode
from html import escape
from pathlib import Path
from typing import Any

from dash import Dash, html
from flask import Flask, Response, request
from plotly.utils import PlotlyJSONEncoder

from dashboards.frame import MISSING, Frame, asked_language, title_of
from dashboards.language import say, speaking
from dashboards.markup import markup
from dashboards.theme import css_variables

ASSETS = Path(__file__).parent / "assets"
ENTRY, PANEL, TOLD = "%FIRST%", "%PANEL%", "%TOLD%"


class Application(Dash):
    """Dash, whose first answer has the page in it, in the language that is asked for."""

    frame: Frame

    def interpolate_index(self, **parts: Any) -> str:  # type: ignore[override]
        """The document of the address that is asked for, with the page in it as the application will show it."""
        page, told = self.frame.at(request.path) or (_missing(self.frame), {})
        parts["title"] = escape(title_of(page))
        # Of a choice that an address makes twice, the last one counts.
        asked = {name: values[-1] for name, values in request.args.lists()}
        content = self.frame.page(page, **(asked | told))
        # What a source says may look like a placeholder, so that the content comes last.
        index: Any = super().interpolate_index(**parts)  # type: ignore[no-untyped-call]
        with speaking(asked_language()) as language:
            index = index.replace("%LANG%", language.code, 1).replace("%DIR%", language.direction, 1)
            index = index.replace(PANEL, markup(_panel()), 1)
        before, _, rest = index.partition(ENTRY)
        between, _, after = rest.partition(TOLD)
        return f"{before}{markup(content)}{between}{_told(content, title_of(page))}{after}"


def index_string(server: Flask) -> str:
    """The document's frame, for Dash; what it needs besides is served under addresses that change with it."""
    icon = b64encode((ASSETS / "icon.svg").read_bytes()).decode()
    style = _serve(server, "style", "css", css_variables() + (ASSETS / "style.css").read_text())
    script = _serve(server, "page", "javascript", (ASSETS / "page.js").read_text())
    return f"""<!DOCTYPE html>
<html lang="%LANG%" dir="%DIR%">
<head>
{{%metas%}}
<title>{{%title%}}</title>
<link rel="icon" type="image/svg+xml" href="data:image/svg+xml;base64,{icon}">
<link rel="stylesheet" href="{style}">
{{%css%}}
<script src="{script}"></script>
</head>
<body>
<div id="first">{ENTRY}</div>
{PANEL}
<script type="application/json" id="told">{TOLD}</script>
{{%app_entry%}}
{{%config%}}
{{%scripts%}}
{{%renderer%}}
</body>
</html>"""


def _told(content: Any, title: str) -> str:
    """What the application is about to ask for, as it would be answered: it need not ask (see ``page.js``).

    Beside the page's own text it costs little, since it says the same; a request of its own would cost a slow line
    a second.
    """
    answer = {"_pages_content": {"children": content}, "_pages_store": {"data": {"title": title}}}
    told = json.dumps({"multi": True, "response": answer}, cls=PlotlyJSONEncoder, separators=(",", ":"))
    return told.replace("<", "\\u003c")


def _panel() -> Any:
    """Where a figure's page is shown over the page that leads to it; empty and closed until a script opens it."""
    close = html.Button(say("Close"), type="submit", className="tool")
    bar = html.Form(close, method="dialog")
    panel = html.Dialog([bar, html.Div()], id="evidence")
    setattr(panel, "aria-label", say("Where this figure comes from"))
    return panel


def _missing(frame: Frame) -> Any:
    return next(page for page in frame.found if page.__name__ == MISSING)


def _serve(server: Flask, name: str, kind: str, text: str) -> str:
    """Serve a text under an address that changes with it, so that a browser may keep it for a year."""
    address = f"/{name}-{hashlib.sha256(text.encode()).hexdigest()[:12]}.{'css' if kind == 'css' else 'js'}"

    def answer() -> Response:
        kept = {"Cache-Control": "public, max-age=31536000, immutable"}
        return Response(text, mimetype=f"text/{kind}", headers=kept)

    server.add_url_rule(address, name, answer)
    return address
