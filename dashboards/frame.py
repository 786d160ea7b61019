"""What stands around every page: header, languages and footer; and the pages themselves, found by their files."""

import importlib
import pkgutil
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import Any
from urllib.parse import urlencode

from dash import html
from flask import g, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, MapAdapter, Rule

from dashboards import pages
from dashboards.carried import carrying
from dashboards.filters import CHOICES, Filters
from dashboards.language import ENGLISH, languages, say, speaking, spoken, term
from dashboards.parts import empty, named
from dashboards.reader import Reader
from dashboards.retold import retold
from tracker.errors import UsageError

NAME = term("Displacement Tracker")
KEPT = ("region", "as_of", "published_by", "lang")
"""Choices that go along from page to page; each page opens on a period of its own."""
FOOTER = (
    term(
        "Each number belongs to the source named with it. A stock counts people at a date; a flow or cumulative figure "
        "counts movements, and one person may move more than once. No report is not zero, and not “open”."
    ),
    term("Borders and names shown imply no opinion on the legal status of any place."),
)
MISSING = f"{pages.__name__}.not_found_404"


def find_pages() -> list[ModuleType]:
    """Every page, in the order in which the header names them."""
    names = [module.name for module in pkgutil.iter_modules(pages.__path__)]
    return sorted((importlib.import_module(f"{pages.__name__}.{name}") for name in names), key=lambda page: page.ORDER)


def asked_language() -> str:
    """The language of the page that is being answered: Dash asks for the page's content by a request of its own."""
    return str(g.get("language") or request.args.get("lang", ENGLISH))


@dataclass(frozen=True)
class Frame:
    """The pages of a store, each as it is sent."""

    reader: Reader
    found: list[ModuleType]

    @cached_property
    def _addresses(self) -> MapAdapter:
        return Map([Rule(page.PATH, endpoint=page) for page in self.found if page.__name__ != MISSING]).bind("")

    def at(self, path: str) -> tuple[ModuleType, dict[str, str]] | None:
        """The page at an address, with what the address names in it; null where no page is."""
        try:
            page, told = self._addresses.match(path.rstrip("/") or "/")
        except HTTPException:
            return None
        return page, dict(told)

    def page(self, page: ModuleType, /, **query: str) -> Any:
        """A page between header and footer; an address may name any choice, so no name of ours may be in its way."""
        # Of a choice that an address makes twice, the last one counts.
        chosen = {name: value[-1] if isinstance(value, list) else value for name, value in query.items()}
        g.language = chosen.get("lang", ENGLISH)
        with speaking(g.language), carrying(chosen):
            try:
                key = (page.PATH, *sorted(chosen.items()), self.reader.state())
                content = self.reader.kept.page(key, lambda: page.layout(self.reader, **chosen))
            except UsageError as error:
                g.missing = True
                content = html.Div([html.H1(say("Not found")), empty(retold(str(error)), say("Choose a page above."))])
                chosen = {"lang": spoken().code}
            filters = Filters.read(chosen)
            kept = {name: getattr(filters, name) for name in KEPT if chosen.get(name)}
            links_of = f"?{urlencode(kept)}" if kept else ""
            links = self._links(page, links_of)
            home = "/" if filters.lang == ENGLISH else f"/?lang={filters.lang}"
            return html.Div(
                [
                    html.A(say("Skip to the content"), href="#content", className="skip"),
                    html.Header(
                        [
                            html.A(say(NAME), href=home, className="brand"),
                            named(html.Nav(links), say("Pages")),
                            _languages(page, chosen),
                        ]
                    ),
                    _main(content, page, chosen),
                    html.Footer(
                        [
                            *(html.P(say(text)) for text in FOOTER),
                            html.P(
                                [
                                    html.A(say("Methods"), href="/methods" + links_of),
                                    " · ",
                                    html.A(say("This region on one plain page"), href="/lite" + filters.query()),
                                ]
                            ),
                        ]
                    ),
                ]
            )

    def _links(self, current: ModuleType, choices: str) -> list[Any]:
        """The pages; the reader's choices go along."""
        links = []
        for page in self.found:
            if page.ORDER:
                link = html.A(say(page.TITLE), href=page.PATH + choices)
                if page is current:
                    setattr(link, "aria-current", "page")
                links.append(link)
        return links


def _main(content: Any, page: ModuleType, chosen: dict[str, str]) -> Any:
    """The page itself, with its address: what the server and the application show is the same, or it is not."""
    found = html.Main(content, id="content", tabIndex="-1")
    # An empty choice is none, and what is no choice of a page may be read in one way here and another there.
    asked = sorted((name, value) for name, value in chosen.items() if value and name in (*CHOICES, "observation_id"))
    setattr(found, "data-page", f"{page.PATH}?{urlencode(asked)}")
    return found


def title_of(page: ModuleType) -> str:
    """What the browser calls a page, in the language that is asked for."""
    with speaking(asked_language()):
        return f"{say(page.TITLE)} · {say(NAME)}"


def _languages(page: ModuleType, chosen: dict[str, str]) -> Any:
    """The same page in the other languages, each called by its own name."""
    path = page.PATH.replace("<observation_id>", chosen.get("observation_id", ""))
    asked = {name: value for name, value in sorted(chosen.items()) if name not in ("lang", "observation_id")}
    links = []
    for code, language in languages().items():
        query = urlencode(asked if code == ENGLISH else {**asked, "lang": code})
        link = html.A(language.name, href=path + (f"?{query}" if query else ""), lang=code, hrefLang=code)
        if language is spoken():
            setattr(link, "aria-current", "true")
        links.append(link)
    return named(html.Nav(links, className="languages"), say("Language"))
