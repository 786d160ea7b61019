"""Components as HTML text: a page can be read before any script has run, and where none runs at all."""

from html import escape
from typing import Any

from dash import dcc
from dash.development.base_component import Component

_NAMES = {"className": "class", "htmlFor": "for", "tabIndex": "tabindex", "hrefLang": "hreflang", "colSpan": "colspan"}
_VOID = frozenset({"input", "img", "br", "hr"})
_SVG = "dash_svg"
_AS_WRITTEN = frozenset({"viewBox", "patternUnits", "preserveAspectRatio"})


def markup(component: Any) -> str:
    """A component, a text, a number or a list of these as HTML; a chart becomes an empty place of its height."""
    if component is None or isinstance(component, bool):
        return ""
    if isinstance(component, list | tuple):
        return "".join(map(markup, component))
    if not isinstance(component, Component):
        return escape(str(component))
    told: Any = component.to_plotly_json()  # type: ignore[no-untyped-call]
    properties = dict(told["props"])
    children = properties.pop("children", None)
    if isinstance(component, dcc.Graph):
        properties, children = {"style": properties["style"]}, None
    tag = "div" if isinstance(component, dcc.Graph) else _tag(told)
    named = "".join(_attribute(name, value, told["namespace"] == _SVG) for name, value in properties.items())
    return f"<{tag}{named}>" if tag in _VOID else f"<{tag}{named}>{markup(children)}</{tag}>"


def _tag(told: dict[str, Any]) -> str:
    name = str(told["type"])
    return name[:1].lower() + name[1:] if told["namespace"] == _SVG else name.lower()


def _attribute(name: str, value: Any, is_drawing: bool) -> str:
    if value is None or value is False:
        return ""
    if name == "style":
        value = ";".join(f"{_dashed(key)}:{setting}" for key, setting in value.items())
    elif name in _NAMES:
        name = _NAMES[name]
    elif is_drawing and name not in _AS_WRITTEN:
        name = _dashed(name)
    elif not is_drawing:
        name = name.lower()
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'


def _dashed(name: str) -> str:
    """``strokeWidth`` as ``stroke-width``."""
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name)
