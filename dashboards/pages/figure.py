"""Figure: one number's whole life, from the source's words to its vintages; where every "trace" link leads."""

from typing import Any

from dash import html
from sqlalchemy import Connection

from dashboards.carried import figure_address, present_address
from dashboards.charts import access, crossings
from dashboards.language import say
from dashboards.parts import banner, figures_table, table
from dashboards.reader import Reader
from dashboards.wording import as_of, counted, day, subject, who
from tracker.asof import AsOf
from tracker.asof import as_of as as_of_moment
from tracker.rivals import rivals
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
        row = _row(connection, found, moment)
        others = rivals(connection, row, moment) if row and row["observation_id"][0] == "D" else []
    sentence = _sentence(found, row)
    return html.Div(
        [
            html.H1(sentence),
            *banner(moment, present_address(observation_id)),
            html.P(say("Figure {figure}.", figure=found.observation_id) + f" {_read_in(found)}", className="lead"),
            *([html.Blockquote(found.figure["excerpt"], dir="auto")] if found.figure["excerpt"] else []),
            _relay(found),
            _citation(sentence, found),
            _permanent(found),
            *_rivals(others),
            html.H2(say(row_title(found)), className="sentence"),
            html.Pre(found.payload_row, tabIndex="0", dir="auto"),
            html.H2(say("What the store holds")),
            _facts(say("Columns of this figure"), found.figure),
            html.H2(say("Vintages")),
            _vintages(found),
            html.H2(say("How it got here")),
            _facts(
                say("Payload and run"),
                {f"payload {k}": v for k, v in found.payload.items()} | {f"run {k}": v for k, v in found.run.items()},
            ),
            _facts(say("Source and licence"), found.source),
        ]
    )


def _row(connection: Connection, found: Trace, moment: AsOf) -> dict[str, Any] | None:
    """The figure as all pages read it; null where it is not, or no longer, what is shown."""
    kind = {"D": "displacement", "B": "border-status", "A": "aid-access"}[found.observation_id[0]]
    shown = KINDS[kind](connection, Window(observations=[int(found.observation_id[1:])], as_of=moment))
    return None if shown.empty else rows_of(shown)[0]


def _sentence(found: Trace, row: dict[str, Any] | None) -> str:
    """The figure with all that belongs to it: number, unit, what, where, when, who."""
    if row is None:
        return say("Figure {figure}: replaced by a later vintage, or withdrawn", figure=found.observation_id)
    if found.observation_id[0] == "B":
        return f"{crossings.row_name(row)}: {crossings.report_words(row)}"
    if found.observation_id[0] == "A":
        return access.words(row)
    told = {"subject": subject(row), "amount": counted(row), "period": as_of(row), "source": who(row)}
    return say("{subject}: {amount}, {period}; {source}", **told)


def _citation(sentence: str, found: Trace) -> Any:
    """A sentence to be pasted into a report: the figure, where it was read, and how it is found again."""
    read = f" {_read_in(found)}." if found.publication else ""
    told = say(
        "{program}, figure {figure}, recorded {day}.",
        program=say("Displacement Tracker"),
        figure=found.observation_id,
        day=day(found.run["recorded_at"].date()),
    )
    text = html.Span(f"{sentence}.{read} {told}", id="citation")
    button = html.Button(say("Copy citation"), type="button", className="tool")
    setattr(button, "data-copies", "citation")
    return html.P([text, " ", button], className="citation")


def _permanent(found: Trace) -> Any:
    """Where the figure stays, in the language and as of the moment in which it is read."""
    link = html.A(found.observation_id, href=figure_address(found.observation_id), className="permanent")
    return html.P([say("Permanent link to this figure:"), " ", link], className="source")


def _rivals(others: list[dict[str, Any]]) -> list[Any]:
    if not others:
        return []
    return [
        html.H2(say("What others say")),
        figures_table(say("The same people by other bodies, at about the same date"), others),
    ]


def _read_in(found: Trace) -> Any:
    if not found.publication:
        return say("Read from the source's own data.")
    told = " ".join(str(found.publication[name]) for name in ("title", "url") if found.publication[name])
    return say("Read in: {publisher}, {title}", publisher=found.publication["publisher"], title=told)


def _relay(found: Trace) -> Any:
    if not found.relays:
        return html.P("")
    return html.P(
        [say("This figure relays another one:"), " ", html.A(found.relays, href=figure_address(found.relays))]
    )


def _facts(caption: str, columns: dict[str, Any]) -> Any:
    rows = [(k.replace("_", " "), str(v)) for k, v in columns.items() if v not in (None, "") and k not in HIDDEN]
    return table(caption, (say("Column"), say("Value")), rows)


def _vintages(found: Trace) -> Any:
    return table(
        say("Every version of this figure, oldest first"),
        (say("Vintage"), say("Value"), say("Recorded"), say("Why it replaced the one before"), say("State")),
        (
            (
                v["vintage"],
                str(v.get("value") if "value" in v else v.get("status")),
                f"{v['recorded_at']:%Y-%m-%d %H:%M} UTC",
                v["revision_reason"] or say("first"),
                say("the last word") if v["is_last_word"] else say("history"),
            )
            for v in found.vintages
        ),
    )
