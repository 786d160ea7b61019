"""Other languages: every word is there, every number the same, and nothing changes places where text runs leftwards."""

import ast
import io
import re
from datetime import date
from importlib import resources
from typing import Any

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import Page, expect

from dashboards.language import LEFTWARDS, RIGHTWARDS, TO, apart, languages, number, plural, say, speaking
from dashboards.retold import SENTENCES, retold
from dashboards.wording import amount, counted, day, subject
from tests.dashboard import Served, served
from tools.catalogues import words

__all__ = ["served"]

OTHERS = [code for code in languages() if code != "en"]
PAGES = (
    "/", "/region", "/map", "/borders", "/access", "/compare", "/changes?since=2020-01-01",
    "/signals?published_by=2024-12-14", "/data", "/data-health", "/methods", "/figure/D1",
)  # fmt: skip


def texts(of: Any) -> list[str]:
    return [of] if isinstance(of, str) else list(of)


def blanks(text: str) -> set[str]:
    return set(re.findall(r"{\w+}", text))


@pytest.mark.parametrize("code", OTHERS)
def test_a_catalogue_has_every_word_and_no_other(code: str) -> None:
    """A page half in another language; a number that falls out of its sentence."""
    file = resources.files("dashboards") / "translations" / f"{code}.po"
    catalogue = read_po(io.BytesIO(file.read_bytes()))
    said = {tuple(texts(one.id)): texts(one.string) for one in catalogue if one.id}
    assert set(said) == {tuple(texts(one.id)) for one in words() if one.id}
    for wanted, found in said.items():
        assert all(found), wanted
        for form in found:
            assert blanks(form) == blanks(wanted[-1]), (wanted, form)


def test_numbers_and_days_are_written_as_the_reader_writes_them() -> None:
    """In French 370,000 is three hundred and seventy, to three decimals."""
    row = {"qualifier": "more_than", "value": 370_000, "value_text": None, "value_low": 370_000, "value_high": None}
    told = {}
    for code in ("en", "fr", "ar"):
        with speaking(code):
            told[code] = (number(370_000), number(1234.5), day(date(2024, 12, 6)), amount(row))
    assert told["en"] == ("370,000", "1,234.5", "6 Dec 2024", "more than 370,000")
    assert told["fr"] == ("370\u202f000", "1\u202f234,5", "6 déc. 2024", "plus de 370\u202f000")
    assert told["ar"] == ("370,000", "1,234.5", "6 كانون الأول 2024", f"أكثر من {RIGHTWARDS}370,000{TO}")


def test_of_a_few_and_of_many_arabic_has_its_own_words() -> None:
    """Three "days" in the singular read as a misprint, and a misprint as an error."""
    with speaking("ar"):
        said = [plural(count, "{count} day old", "{count} days old") for count in (2, 5, 11, 100)]
    assert [re.sub("[\u2066-\u2069]", "", text) for text in said] == [
        "بعمر يومين (2)", "بعمر 5 أيام", "بعمر 11 يوماً", "بعمر 100 يوم",
    ]  # fmt: skip


def test_a_sum_of_areas_is_of_the_whole_in_every_language() -> None:
    """The sum over Syria told as that of Damascus, its first area, in Arabic alone."""
    row = {
        "indicator": "population", "population_group": "IDP", "location_kind": "country", "location_name": "Syria",
        "location_name_ar": "سوريا", "origin_name": None, "variant": "",
    }  # fmt: skip
    with speaking("ar"):
        assert re.sub("[\u2066-\u2069]", "", subject(row)) == "النازحون داخلياً في سوريا"


def test_an_amount_stands_before_its_unit_however_deep_it_lies() -> None:
    """ "Persons more than 370,000", since a text of marked parts alone has no direction of its own."""
    with speaking("ar"):
        amount_and_unit = say("{amount} {unit}", amount=f"أكثر من {apart('370,000')}", unit="شخص")
        assert apart(amount_and_unit).startswith(LEFTWARDS)
        assert apart(apart(amount_and_unit)).startswith(LEFTWARDS)
        assert apart(">370,000 OCHA").startswith(RIGHTWARDS)
        assert apart("370,000") == f"{RIGHTWARDS}370,000{TO}"


def test_what_is_not_translated_is_said_in_english() -> None:
    """An empty heading over a number."""
    with speaking("ar"):
        assert say("a text nobody has translated") == "a text nobody has translated"
    with speaking("xx") as language:
        assert language.code == "en"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_in_arabic_runs_leftwards_and_has_no_english_of_ours(page: Page, served: Served, path: str) -> None:
    """A table whose numbers stand under another column's head, or a page that falls back to English unnoticed."""
    page.goto(f"{served.address}{path}{'&' if '?' in path else '?'}lang=ar")
    expect(page.locator("#first")).to_have_count(0)
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["ar", "rtl"]
    assert page.title().endswith("متتبّع النزوح")
    heads = page.locator("main th, main h2, main h3, main label, main caption, header a, footer p").all_inner_texts()
    allowed = {"English", "Français", "CSV", "UNHCR Refugee Population Statistics Database"}
    ours = [text for text in heads if re.search(r"[a-z]{4}", text) and not re.search(r"[\u0600-\u06ff]", text)]
    assert [text for text in ours if text not in allowed] == []


def test_the_language_goes_along(page: Page, served: Served) -> None:
    """A reader who is thrown back to English at each click."""
    page.goto(f"{served.address}/?region=SYR&lang=ar")
    expect(page.locator("#first")).to_have_count(0)
    page.locator("section.key-figure p.value a").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    page.goto(f"{served.address}/region?region=SYR&lang=ar")
    page.locator("header nav a").nth(3).click()
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    expect(page).to_have_url(re.compile("region=SYR"))
    page.locator("form.filters button").click()
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    page.get_by_role("link", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page).to_have_url(re.compile("region=SYR"))


def sentences_of(module: str) -> set[str]:
    """Texts of a module of the library, with ``{}`` for each blank."""
    tree = ast.parse((resources.files("tracker") / f"{module}.py").read_text(encoding="utf-8"))
    composed = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    found = {"".join(getattr(part, "value", "") if isinstance(part, ast.Constant) else "{}" for part in one.values)
             for one in composed}  # fmt: skip
    return found | {str(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant)}


def test_what_is_retold_is_what_the_library_says() -> None:
    """A doubt that was reworded, and is told in English alone from that day on."""
    listed = {re.sub(r"{\w+}", "{}", sentence) for sentence in SENTENCES}
    said = [sentences_of(module) for module in ("plausibility", "asof", "regions", "trace", "windows")]
    assert listed - set().union(*said) == set()
    doubts = {text for text in said[0] if "{}" in text}
    assert len(doubts) >= 9
    assert doubts - listed == set()


def test_a_doubt_is_told_in_the_readers_language_with_its_numbers() -> None:
    """An officer who reads no English, and quotes the figure that the store doubts."""
    doubt = "13,077.2 times less than the 248,466 of the nearest period of the same series"
    told = {}
    for code in ("en", "fr", "ar"):
        with speaking(code):
            told[code] = re.sub("[\u2066-\u2069]", "", retold(doubt))
            assert retold("what nobody has foreseen") == apart("what nobody has foreseen")
    assert told == {
        "en": doubt,
        "fr": "13\u202f077,2 fois moins que les 248\u202f466 de la période la plus proche de la même série",
        "ar": "أقل بـ13,077.2 مرة من الرقم 248,466 في أقرب فترة من السلسلة نفسها",
    }


def test_a_unit_agrees_with_its_number() -> None:
    """ "5 person", as if a program had written it."""
    row = {"unit": "persons", "qualifier": "exact", "value_text": None, "value_low": None, "value_high": None}
    told = {}
    for code in ("en", "fr", "ar"):
        with speaking(code):
            told[code] = [re.sub("[\u2066-\u2069]", "", counted(row | {"value": value})) for value in (1, 5, 11, 100)]
    assert told == {
        "en": ["1 person", "5 persons", "11 persons", "100 persons"],
        "fr": ["1 personne", "5 personnes", "11 personnes", "100 personnes"],
        "ar": ["1 شخص", "5 أشخاص", "11 شخصاً", "100 شخص"],
    }
    crowd = {**row, "qualifier": "range", "value": None, "value_low": 3, "value_high": 1_000_000}
    with speaking("ar"):
        assert re.sub("[\u2066-\u2069]", "", counted(crowd)) == "3 إلى 1,000,000 شخص"
