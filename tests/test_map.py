"""The map: circles as large as their numbers, silence that is no zero, and outlines that may be swapped."""

import json
import re
from collections.abc import Callable
from math import pi
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dashboards.boundaries import OWN, boundaries_of, read, shipped
from dashboards.charts.map import Circle, Mark, drawing, round_numbers
from dashboards.markup import markup
from tests.command import Said, home, tracker
from tests.dashboard import Served, served
from tracker.errors import UsageError

__all__ = ["home", "served", "tracker"]


def square(code: str, west: float, south: float, level: str = "adm0") -> dict[str, Any]:
    ring = [[west, south], [west + 1, south], [west + 1, south + 1], [west, south + 1], [west, south]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"code": code, "level": level}, "geometry": geometry}


def outlines(*features: dict[str, Any]) -> str:
    return json.dumps({"type": "FeatureCollection", "source": "a test", "features": list(features)})


def circle(code: str, value: float, **changes: Any) -> Circle:
    told: dict[str, Any] = {
        "latitude": 35.5, "longitude": 38.5, "label": f"{code} {value}", "said": f"{code}: {value} persons",
        "href": "/figure/D1", "is_movement": False,
    }  # fmt: skip
    return Circle(code=code, value=value, **{**told, **changes})


def drawn(circles: list[Circle], marks: tuple[Mark, ...] = (), silent: tuple[str, ...] = ()) -> str:
    two = read(outlines(square("AAA", 38, 35), square("BBB", 39, 35)))
    return markup(drawing(two, (38, 35, 40, 36), {"AAA", "BBB"}, silent, circles, marks))


def test_a_circle_is_as_large_as_its_number() -> None:
    """Four times the people in a circle of four times the width look like sixteen times."""
    text = drawn([circle("AAA", 400_000), circle("BBB", 100_000)])
    radii = [float(r) for r in re.findall(r'class="count"[^>]* r="([\d.]+)"', text)]
    assert [round(pi * r * r / 1000, 1) for r in radii] == [5.0, 1.3]
    assert round_numbers(2_347_756) == [2_000_000, 1_000_000, 100_000]
    assert round_numbers(7) == [7, 1]


def test_what_nobody_reported_is_hatched_and_zero_is_not() -> None:
    """An empty area beside full ones reads as "nobody there"."""
    text = drawn([circle("AAA", 0)], silent=("BBB",))
    fills = re.findall(r'class="country asked" d="[^"]*"(?: fill="([^"]*)")?', text)
    assert fills == ["", "url(#silent)"]
    assert "AAA: 0 persons" in text


def test_movements_and_crossings_are_told_apart() -> None:
    """Movements drawn like people at a date; a crossing last heard of a year ago drawn as open."""
    text = drawn(
        [circle("AAA", 5, is_movement=True)], (Mark(35.5, 39.0, "closed", False, "Nasib: closed", "/figure/B1"),)
    )
    assert 'class="count movement"' in text
    assert 'class="mark closed unconfirmed"' in text
    assert "<title>Nasib: closed</title>" in text


def test_the_map_keeps_its_shape() -> None:
    """A country stretched to the width of the screen is taken for another."""
    text = drawn([])
    width, height = map(float, re.search(r'viewBox="0 0 (\d+) (\d+)"', text).groups())  # type: ignore[union-attr]
    corners = [
        tuple(map(int, point.split())) for point in re.findall(r"[ML](\d+ \d+)", text.partition('asked" d="')[2])[:4]
    ]
    wide, high = corners[1][0] - corners[0][0], corners[0][1] - corners[2][1]
    # A degree of longitude at 35.5 north is 0.814 of one of latitude.
    assert wide / high == pytest.approx(0.814, abs=0.01)
    assert min(x for x, _ in corners) >= 0
    assert max(y for _, y in corners) <= height < width


def test_syria_is_drawn_as_the_united_nations_draw_it() -> None:
    """FIPS codes look like p-codes: joined by them, Tartous would be in Quneitra's place, on 14 of 14 areas."""
    middle = {
        shape.code: ((shape.box[0] + shape.box[2]) / 2, (shape.box[1] + shape.box[3]) / 2)
        for shape in shipped().shapes
        if shape.is_area
    }
    assert sorted(middle) == [f"SY{number:02}" for number in range(1, 15)]
    assert middle["SY10"] == pytest.approx((36.1, 35.0), abs=0.2)
    assert middle["SY14"] == pytest.approx((35.8, 33.1), abs=0.2)
    assert middle["SY08"] == pytest.approx((40.9, 36.4), abs=0.2)
    golan = next(shape for shape in shipped().shapes if shape.code == "SY14").box
    assert golan[0] < 35.7


BROKEN = [
    ("{", "no GeoJSON"),
    ('{"features": []}', "no feature"),
    (
        outlines({"type": "Feature", "properties": {}, "geometry": square("X", 1, 1)["geometry"]}),
        "feature 1 is no polygon",
    ),
    (outlines(square("AAA", 38, 35), square("BBB", 400, 35)), "feature 2 .BBB. is not in degrees"),
]


@pytest.mark.parametrize(("text", "said"), BROKEN, ids=lambda text: str(text)[:20])
def test_outlines_that_cannot_be_drawn_are_refused(text: str, said: str) -> None:
    """A map in metres is an empty map."""
    with pytest.raises(UsageError, match=said):
        read(text)


def test_an_operator_swaps_the_outlines(tracker: Callable[..., Said], home: Path, tmp_path: Path) -> None:
    """Official boundaries that are taken, and not drawn."""
    file = tmp_path / "own.geojson"
    file.write_text(outlines(square("SYR", 38, 35), square("QQQ", 39, 35)))
    said = tracker("geo", "import", str(file))
    assert said.code == 0
    assert "2 outlines" in said.err
    assert "no place of the store: QQQ" in said.err
    assert [shape.code for shape in boundaries_of(home).shapes] == ["SYR", "QQQ"]
    file.write_text(outlines(square("QQQ", 38, 35)))
    assert tracker("geo", "import", str(file)).code == 2
    assert len(boundaries_of(home).shapes) == 2
    (home / OWN).unlink()
    assert boundaries_of(home) is shipped()


def test_every_circle_stands_in_the_table(page: Page, served: Served) -> None:
    """A number on the map that is not in its table cannot be copied, or heard."""
    page.goto(f"{served.address}/map?region=SYR&topic=refugees")
    expect(page.locator("#first")).to_have_count(0)
    labels = page.locator(".map text.name:not(.key-name)").all_text_contents()
    assert "Lebanon 532,357" in labels
    rows = {row.locator("td").nth(0).inner_text(): row.locator("td").nth(1).inner_text() for row in
            page.locator("main tbody tr").all()}  # fmt: skip
    assert sorted(labels) == sorted(
        f"{place} {figure.removesuffix(' persons')}" for place, figure in rows.items() if figure != "not reported"
    )
    assert rows["Syria"] == "not reported"


def test_as_of_the_fall_of_the_government_the_map_shows_that_day(page: Page, served: Served) -> None:
    """Crossings that closed a year later, shown as closed on the day."""
    page.goto(f"{served.address}/map?region=SYR&published_by=2024-12-14")
    expect(page.locator("#first")).to_have_count(0)
    expect(page.locator(".map text.name").first).to_have_text("Syria about 1,100,000")
    expect(page.locator(".map .mark.open:not(.unconfirmed)").first).to_be_attached()


def test_what_is_too_old_is_no_circle(page: Page, served: Served) -> None:
    """Last year's returns drawn as today's: a map has no small print."""
    page.goto(f"{served.address}/map?region=SYR&topic=returns")
    expect(page.locator("#first")).to_have_count(0)
    expect(page.locator(".map .count")).to_have_count(0)
    expect(page.locator(".map .area.asked[fill]")).to_have_count(14)
    row = page.locator("main tbody tr").filter(has_text="Syria")
    expect(row).to_contain_text("1,346,485 persons")
    expect(row).to_contain_text("no current figure; this was reported last")


def test_all_circles_answer_one_question(page: Page, served: Served) -> None:
    """People still displaced in one country beside movements in another, as if they could be compared."""
    page.goto(f"{served.address}/map?region=syria-region&published_by=2024-12-14")
    expect(page.locator("#first")).to_have_count(0)
    expect(page.locator(".lead")).to_contain_text("movements of newly displaced people")
    assert page.locator(".map .count").count() == page.locator(".map .count.movement").count() == 1
