"""What all drawings are made of: escaped text, its width, marks of clusters, the frame with its colours.

Colours are Paul Tol's "bright" scheme (2021), which the colour-blind can tell apart, darkened and lightened to stand
out on white and on black. Beyond six of them the shape changes too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from citeworthy.records import Paper

LIGHT = ("#3f72a8", "#d6455d", "#228833", "#947600", "#1a86a8", "#a8327a")
DARK = ("#7fb2e5", "#ff8a96", "#5cc46f", "#e3ce55", "#6fd6f5", "#e383bb")
FONT = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_THIN, _BROAD = frozenset("iIjlt.,;:'|!()[] f-r"), frozenset("mwMW@%&")
_EM = {"narrow": 0.33, "wide": 0.9, "capital": 0.68, "full": 1.0, "other": 0.56}  # widths of letters
_BOLD = 1.2  # times as wide, of the widest usual font
_NARROWEST = 40.0  # pixels of a line
_STYLE = """
.cw-drawing{--ink:#1c1c1f;--quiet:#5c5c66;--ground:#fff;--line:#dcdce2;%(light)s;font-family:%(font)s}
@media(prefers-color-scheme:dark){.cw-drawing{%(dark)s}}
.dark .cw-drawing{%(dark)s}
.cw-drawing text{fill:var(--ink)}
.cw-drawing .ground{fill:var(--ground)}
.cw-drawing .quiet{fill:var(--quiet)}
.cw-drawing .line{stroke:var(--line);fill:none}
.cw-drawing .guide{stroke:var(--line);stroke-dasharray:1 4;fill:none}
.cw-drawing .name{font-weight:600;paint-order:stroke;stroke:var(--ground);stroke-width:4px;stroke-linejoin:round}
.cw-drawing .mark{stroke:var(--ground);stroke-width:.8}
.cw-drawing a:hover .mark,.cw-drawing a:focus .mark{stroke:var(--ink);stroke-width:2}
%(fills)s
"""
_DARK = "--ink:#ececf1;--quiet:#a8a8b3;--ground:#17171a;--line:#3a3a42"


def text_of(value: str) -> str:
    """Escaped for XML; characters that XML does not have are left out, white space is one space."""
    return escape(" ".join(_NOT_XML.sub("", value).split()))


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Pixels that a text takes, rather too many than too few: fonts differ."""
    return sum(_EM[_kind(c)] for c in text) * size * (_BOLD if bold else 1.08)


def _kind(character: str) -> str:
    if ord(character) > 0x2E7F:
        return "full"
    if character in _THIN:
        return "narrow"
    if character in _BROAD:
        return "wide"
    return "capital" if character.isupper() else "other"


def wrapped(text: str, size: float, most: float, *, bold: bool = False) -> list[str]:
    """As few lines of at most so many pixels as can be, as even as can be; a longer word stands alone, cut."""
    words = [shortened(word, size, most, bold=bold) for word in text.split()] or [""]
    lines = _filled(words, size, most, bold)
    while most > _NARROWEST and len(evener := _filled(words, size, most := most * 0.95, bold)) == len(lines):
        if max(text_width(line, size, bold=bold) for line in evener) > most:
            break
        lines = evener
    return lines


def _filled(words: Sequence[str], size: float, most: float, bold: bool) -> list[str]:
    lines: list[str] = []
    for word in words:
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(joined, size, bold=bold) <= most:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def shortened(text: str, size: float, most: float, *, bold: bool = False) -> str:
    """With an ellipsis where it is wider than that."""
    if text_width(text, size, bold=bold) <= most:
        return text
    while text and text_width(text + "…", size, bold=bold) > most:
        text = text[:-1]
    return text.rstrip() + "…"


def mark(number: int, x: float, y: float, radius: float, inside: str = "") -> str:
    """The mark of a cluster: a disc, from the seventh on a diamond."""
    name = f'class="mark c{number % len(LIGHT)}"'
    if number // len(LIGHT) % 2 == 0:
        return f'<circle {name} cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}">{inside}</circle>'
    r = radius * 1.25
    return f'<path {name} d="M{x:.1f} {y - r:.1f}l{r:.2f} {r:.2f}l{-r:.2f} {r:.2f}l{-r:.2f} {-r:.2f}z">{inside}</path>'


def paper_mark(paper: Paper, number: int, x: float, y: float, radius: float) -> str:
    """A paper as a mark that says what it is and leads to it."""
    drawn = mark(number, x, y, radius, f"<title>{label_of(paper)}</title>")
    link = secure_link(paper)
    if link is None:
        return f'<g class="paper">{drawn}</g>'
    return f'<a class="paper" href="{text_of(link)}" target="_blank" rel="noopener noreferrer">{drawn}</a>'


def label_of(paper: Paper) -> str:
    """Title and byline, escaped."""
    title = text_of(paper.title) or text_of(paper.key) or "Untitled"
    return f"{title}\n{text_of(paper.byline)}".strip()


def secure_link(paper: Paper) -> str | None:
    """Where a paper is found, by https only."""
    link = (paper.link or "").strip()
    return link if link.lower().startswith("https://") else None


def framed(width: float, height: float, title: str, description: str, parts: Iterable[str]) -> str:
    """A whole SVG with its colours, by itself or within a page, light or dark."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="cw-drawing" role="img" aria-label="{text_of(title)}" '
        f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" '
        f'style="max-width:100%;height:auto"><title>{text_of(title)}</title><desc>{text_of(description)}</desc>'
        f'<style>{style()}</style><rect class="ground" width="{width:g}" height="{height:g}" rx="8"/>'
        f"{''.join(parts)}</svg>"
    )


def style() -> str:
    """CSS of all drawings."""
    fills = "".join(
        f".cw-drawing .c{n}{{fill:var(--c{n})}}.cw-drawing .t{n}{{fill:color-mix(in srgb,var(--c{n}) 60%,var(--ink))}}"
        for n in range(len(LIGHT))
    )
    return _STYLE % {
        "light": colours(LIGHT),
        "dark": f"{_DARK};{colours(DARK)}",
        "font": FONT,
        "fills": fills,
    }


def colours(palette: Sequence[str]) -> str:
    """As CSS variables."""
    return ";".join(f"--c{n}:{colour}" for n, colour in enumerate(palette))
