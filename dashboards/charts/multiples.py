"""Small multiples drawn on the server: readable before any chart library has loaded, and in print.

Each panel has its own scale from zero and the common time axis. A gap longer than the series' usual step breaks the
line; a lone point stays visible as a dot.
"""

from datetime import date
from typing import Any

import dash_svg as svg
from dash import html

from dashboards.carried import figure_address
from dashboards.charts.marks import runs
from dashboards.language import say
from dashboards.wording import amount, as_of, number, who

SIZE = (250, 96)
LEFT, RIGHT, TOP, BOTTOM = 4, 4, 8, 16


def panel(
    title: str,
    href: str | None,
    lines: list[list[dict[str, Any]]],
    first: date,
    last: date,
    colours: dict[str, str],
    size: tuple[int, int] = SIZE,
) -> Any:
    """One place's stock over time.

    Args:
        title: What and where.
        href: The page that tells more; null where it is this one.
        lines: One list of rows a source, oldest first, in the order of preference.
        first: Left end of the time axis.
        last: Right end.
        colours: The colour of each source.
        size: Width and height; the larger they are, the smaller the words beside the drawing.
    """
    width, height = size
    newest = lines[0][-1]
    top = max((row["value"] for line in lines for row in line if row["value"] is not None), default=0) or 1
    drawing = [
        svg.Line(x1=LEFT, x2=width - RIGHT, y1=height - BOTTOM, y2=height - BOTTOM, className="axis"),
        svg.Text(str(first.year), x=LEFT, y=height - 3, className="tick"),
        svg.Text(str(last.year), x=width - RIGHT, y=height - 3, className="tick tick-end"),
    ]
    for line in lines:
        colour = colours[line[0]["source"]]
        points = [
            (_x(row["reference_period_end"], first, last, width), _y(row["value"], top, height), row) for row in line
        ]
        known = [point for point in points if point[2]["value"] is not None]
        # One element for all strokes of a line and one for its dots: the application takes a millisecond for each.
        strokes = runs(known, lambda point: point[2]["reference_period_end"])
        course = "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y, _ in run) for run in strokes)
        dots = "".join(f"M{x:.1f} {y:.1f}h0" for x, y, _ in known)
        drawing += [svg.Path(d=path, stroke=colour, className=of) for path, of in ((course, "line"), (dots, "dots"))]
    return html.Figure(
        [
            html.Figcaption(
                [
                    html.A(title, href=href) if href else title,
                    html.A(amount(newest), href=figure_address(newest["observation_id"]), className="figure-value"),
                ]
            ),
            svg.Svg(drawing, viewBox=f"0 0 {width} {height}", role="presentation", className="panel"),
            html.P(
                say(
                    "{period}; {source}; top of scale {number}",
                    period=as_of(newest),
                    source=who(newest),
                    number=number(top),
                ),
                className="source",
            ),
        ],
        className="multiple",
    )


def _x(day: date, first: date, last: date, width: int) -> float:
    share = (day - first).days / max((last - first).days, 1)
    return LEFT + share * (width - LEFT - RIGHT)


def _y(value: int | None, top: int, height: int) -> float:
    return height - BOTTOM - (value or 0) / top * (height - TOP - BOTTOM)
