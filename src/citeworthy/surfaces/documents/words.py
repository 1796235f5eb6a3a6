"""What all formats share in how text and citations are laid out in a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from citeworthy.records import Verdict
from citeworthy.surfaces.documents.cited import authors_of, byline_of
from citeworthy.surfaces.documents.lines import one_line
from citeworthy.surfaces.documents.model import Cite, Run, Text

_STOP = re.compile(r"(?<!\.)(?<!\bal)(?<!\betc)(?P<stop>[.?!])\s*$")  # not an ellipsis, not an abbreviation
_GLUED = re.compile(r"^[^\W_]")


@dataclass(frozen=True, slots=True)
class Quotations:
    """Where the quotations of a Cite are attached: after the stop, as footnotes are."""

    cite: Cite
    quotations: tuple[Quotation, ...]  # without the words of those that the text itself has between quotation marks


@dataclass(frozen=True, slots=True)
class Quotation:
    """The exact words of a paper and where they stand."""

    quote: str
    source: str


def arranged(runs: Sequence[Run]) -> Iterator[Text | Cite | Quotations]:
    """The runs in the order they are set: words, citations, the stop of the words, footnotes.

    No space stands before a Cite; the writer sets the one its format wants.
    """
    position = 0
    while position < len(runs):
        first = runs[position]
        words = first if isinstance(first, Text) else None
        position += words is not None
        group = [run for run in takewhile(lambda run: isinstance(run, Cite), runs[position:]) if isinstance(run, Cite)]
        position += len(group)
        yield from _with_marks(words, group)
        after = runs[position] if position < len(runs) else None
        if group and isinstance(after, Text) and _is_glued(after):
            yield Text(" ")


def _with_marks(words: Text | None, group: Sequence[Cite]) -> Iterator[Text | Cite | Quotations]:
    """Words, then the citations that follow them."""
    stop = ""
    if words is not None:
        text = one_line(words.text)
        if group and not words.emphasis and (match := _STOP.search(text)):
            stop, text = match["stop"], text[: match.start()]
        if text := text.rstrip() if group else text:
            yield replace(words, text=text)
    yield from group
    if stop:
        yield Text(stop)
    shown = one_line(words.text).strip() if words is not None and words.emphasis == "quoted" else None
    for cite in group:
        found = quotations(cite)
        if found:
            yield Quotations(cite, tuple(replace(one, quote="") if one.quote == shown else one for one in found))


def _is_glued(text: Text) -> bool:
    return text.emphasis == "quoted" or _GLUED.match(one_line(text.text)) is not None


def footnote(said: Quotation) -> str:
    """A quotation as plain text."""
    return f"“{said.quote}” ({said.source})." if said.quote else f"{said.source}."


def doubt(verdict: Verdict) -> str:
    """A verdict in words; "" for support, which goes without saying."""
    return "" if verdict is Verdict.SUPPORTED else verdict.value.replace("_", " ")


def quotations(cite: Cite) -> list[Quotation]:
    """Each quotation once. A paper that is known by its title alone has none."""
    found = []
    for citation in dict.fromkeys(cite.citations):
        if quote := one_line(citation.quote).strip():
            paper = citation.paper
            what = "digest of the abstract" if paper.is_digest else "abstract"
            who = byline_of(paper) if paper.year else authors_of(paper)
            found.append(Quotation(quote, f"{who}, {what}, characters {citation.start}–{citation.end}"))
    return found
