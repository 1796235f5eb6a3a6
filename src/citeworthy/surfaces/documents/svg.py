"""A drawing that may stand in a page: only shapes and text, nothing that runs, loads or leads elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

_ELEMENTS = frozenset(
    "svg g defs title desc text tspan path rect circle ellipse line polyline polygon marker a clipPath "
    "linearGradient radialGradient stop".split()
)
_NAMESPACE = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}"
_UNSAFE = ("url(", "javascript:", "expression(", "@import", "\\")


def safe_svg(svg: str) -> str:
    """The drawing with what is not a shape or text left out; "" for what is no SVG at all."""
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
    from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

    try:
        root = fromstring(svg)
    except (ParseError, DefusedXmlException, ValueError):
        return ""
    return "".join(_written(root)) if _name(root) == "svg" else ""


def _written(element: Any) -> Iterator[str]:
    name = _name(element)
    if name in _ELEMENTS:
        yield f"<{name}{''.join(_attributes(element))}>{escape(element.text or '', quote=False)}"
        for child in element:
            yield from _written(child)
            yield escape(child.tail or "", quote=False)
        yield f"</{name}>"


def _attributes(element: Any) -> Iterator[str]:
    for name, value in element.attrib.items():
        plain = name.removeprefix(_XLINK)
        folded = value.casefold().replace(" ", "")
        local = folded.startswith("url(#") and folded.count("url(") == 1 and plain != "style"
        if "{" in plain or plain.casefold().startswith("on") or not plain.replace("-", "").isalnum():
            continue
        if plain == "href" and not value.startswith("#"):
            continue
        if local or not any(sign in folded for sign in _UNSAFE):
            yield f' {plain}="{escape(value)}"'


def _name(element: Any) -> str:
    """The name without SVG's namespace; comments and elements of other namespaces have none."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    return tag.removeprefix(_NAMESPACE)
