"""Plain text (.txt, or whatever else is text): paragraphs, headings, typed citations, a reference list at the end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from citeworthy.synthesis.drafts.draft import Draft
from citeworthy.synthesis.drafts.files import read_text
from citeworthy.synthesis.drafts.names import names_of
from citeworthy.synthesis.drafts.places import Sources
from citeworthy.synthesis.drafts.prose import Paragraph, sentences
from citeworthy.synthesis.drafts.reference_list import find_list
from citeworthy.synthesis.drafts.typed import References, mark_typed

_BLOCK = re.compile(r"[^\n]*\S[^\n]*(?:\n[^\n]*\S[^\n]*)*")
_HEADING = re.compile(r"(?:(?:\d{1,2}(?:\.\d{1,2}){0,3}|[IVX]{1,4})\.?\s+)?[A-Z][^.!?;\n]{2,80}|[A-Z][A-Z :,&-]{3,80}")
_ABSTRACT = re.compile(r"(?:Abstract|Summary|ABSTRACT|SUMMARY)[.:—–-]\s+")
_HYPHENATED = re.compile(r"(?<=[a-z])-\n(?=[a-z])")
_LONGEST_HEADING = 12  # words


def read(path: Path) -> Draft:
    """The Draft. Raises SourceError where there is no text to read."""
    text = read_text(path)
    sources = Sources()
    base = sources.add(str(path), text)
    listed = find_list(text)
    references = References(listed.entries)
    paragraphs = [*_paragraphs(text, 0, listed.start, base), *_paragraphs(text, listed.end, len(text), base)]
    mark_typed(paragraphs, references)
    bylines = names_of(references.papers, (), paragraphs)
    return Draft(
        tuple(s for paragraph in paragraphs for s in sentences(paragraph, sources, bylines)), references.papers
    )


def _paragraphs(text: str, start: int, end: int, base: int) -> Iterator[Paragraph]:
    section = ""
    for block in _BLOCK.finditer(text, start, end):
        first, last = block.span()
        line_end = text.find("\n", first, last)
        if line_end >= 0 and _is_heading(text[first:line_end]) and len(text[line_end:last].split()) > _LONGEST_HEADING:
            section, first = _title(text[first:line_end]), line_end + 1  # no blank line below the heading
        elif _is_heading(block[0]):
            section = _title(block[0])
            continue
        if label := _ABSTRACT.match(text, first, last):
            section, first = "Abstract", label.end()
        yield _joined(text, first, last, base, section)


def _joined(text: str, start: int, end: int, base: int, section: str) -> Paragraph:
    """Lines as one; a word that was hyphenated at a line's end is whole again."""
    pieces: list[str] = []
    offsets: list[int] = []
    for match in _HYPHENATED.finditer(text, start, end):
        pieces.append(text[start : match.start()])
        offsets += range(base + start, base + match.start())
        start = match.end()
    return Paragraph("".join([*pieces, text[start:end]]), [*offsets, *range(base + start, base + end)], [], section)


def _is_heading(block: str) -> bool:
    line = block.strip()
    return "\n" not in line and len(line.split()) <= _LONGEST_HEADING and _HEADING.fullmatch(line) is not None


def _title(line: str) -> str:
    return re.sub(r"^(?:\d{1,2}(?:\.\d{1,2}){0,3}|[IVX]{1,4})\.?\s+", "", line.strip()).rstrip(":")
