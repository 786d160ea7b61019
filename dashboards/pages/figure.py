"""Figure: one number's whole life, from the source's words to its vintages; where every "trace" link leads."""

from typing import Any

from dash import html
from sqlalchemy import Connection

from dashboards.charts import access, crossings
from dashboards.parts import banner, figure_address, table
from dashboards.reader import Reader
from dashboards.wording import as_of, counted, subject, who
from tracker.asof import AsOf
from tracker.asof import as_of as as_of_moment
from tracker.series import KINDS, rows_of
from tracker.trace import Trace, row_title, trace
from tracker.windows import Window

PATH, TITLE, ORDER = "/figure/<observation_id>", "Figure", 0
HIDDEN = frozenset({"id", "key", "series_id", "source_id", "publication_id", "payload_id", "run_id", "location_id"})


def layout(reader: Reader, /, observation_id: str = "", **query: str) -> Any:
    """The page of one observation."""
    moment = as_of_moment(query.get("as_of") or None, query.get("published_by") or None)
    with reader.store.connect() as connection:
        found = trace(connection, reader.archive, observation_id, moment)
        sentence = _sentence(connection, found, moment)
    return html.Div(
        [
            html.H1(sentence),
            *banner(moment, figure_address(observation_id)),
            html.P(f"Figure {found.observation_id}. {_read_in(found)}", className="lead"),
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


def _sentence(connection: Connection, found: Trace, moment: AsOf) -> str:
    """The figure with all that belongs to it: number, unit, what, where, when, who."""
    kind = {"D": "displacement", "B": "border-status", "A": "aid-access"}[found.observation_id[0]]
    shown = KINDS[kind](connection, Window(observations=[int(found.observation_id[1:])], as_of=moment))
    if shown.empty:
        return f"Figure {found.observation_id}: replaced by a later vintage, or withdrawn"
    row = rows_of(shown)[0]
    if kind == "border-status":
        return f"{crossings.row_name(row)}: {crossings.report_words(row)}"
    if kind == "aid-access":
        return access.words(row)
    return f"{subject(row)}: {counted(row)}, {as_of(row)}; {who(row)}"


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
                "the last word" if v["is_last_word"] else "history",
            )
            for v in found.vintages
        ),
    )
