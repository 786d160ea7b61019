"""Figure: one number's whole life, from the source's words to its vintages; where every "trace" link leads."""

from typing import Any

from dash import html

from dashboards.parts import empty, figure_address, table
from dashboards.reader import Reader
from tracker.errors import UsageError
from tracker.trace import Trace, row_title, trace

PATH, TITLE, ORDER = "/figure/<observation_id>", "Figure", 0
HIDDEN = frozenset({"id", "key", "series_id", "source_id", "publication_id", "payload_id", "run_id", "location_id"})


def layout(reader: Reader, /, observation_id: str = "", **_query: str) -> Any:
    """The page of one observation."""
    with reader.store.connect() as connection:
        try:
            found = trace(connection, reader.archive, observation_id)
        except UsageError as error:
            return html.Div([html.H1("No such figure"), empty(str(error), "Follow a “trace” link, or search the CSV.")])
    return html.Div(
        [
            html.H1(f"Figure {found.observation_id}"),
            html.P(f"Asserted by {found.source['name']}. {_read_in(found)}", className="lead"),
            *([html.Blockquote(found.figure["excerpt"])] if found.figure["excerpt"] else []),
            _relay(found),
            html.H2(row_title(found).capitalize()),
            html.Pre(found.payload_row, tabIndex="0"),
            html.H2("What the store holds"),
            _facts("Columns of this figure", found.figure),
            html.H2("Vintages"),
            _vintages(found),
            html.H2("How it got here"),
            _facts(
                "Payload and run",
                {f"payload {k}": v for k, v in found.payload.items()} | {f"run {k}": v for k, v in found.run.items()},
            ),
            _facts("Source and licence", found.source),
        ]
    )


def _read_in(found: Trace) -> Any:
    if not found.publication:
        return "Read from the source's own data."
    return f"Read in: {found.publication['publisher']}, {found.publication['title']} {found.publication['url']}"


def _relay(found: Trace) -> Any:
    if not found.relays:
        return html.P("")
    return html.P(["This figure relays another one: ", html.A(found.relays, href=figure_address(found.relays))])


def _facts(caption: str, columns: dict[str, Any]) -> Any:
    rows = [(k.replace("_", " "), str(v)) for k, v in columns.items() if v not in (None, "") and k not in HIDDEN]
    return table(caption, ("Column", "Value"), rows)


def _vintages(found: Trace) -> Any:
    return table(
        "Every version of this figure, oldest first",
        ("Vintage", "Value", "Recorded", "Why it replaced the one before", "State"),
        (
            (
                v["vintage"],
                str(v.get("value") if "value" in v else v.get("status")),
                f"{v['recorded_at']:%Y-%m-%d %H:%M} UTC",
                v["revision_reason"] or "first",
                "superseded" if v["superseded_run_id"] else "open",
            )
            for v in found.vintages
        ),
    )
