"""Markdown manuscripts (.md, .qmd, .Rmd): pandoc's citations, or typed ones with a reference list at the end."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

from citeworthy.synthesis.drafts.draft import Draft
from citeworthy.synthesis.drafts.files import read_text
from citeworthy.synthesis.drafts.latex_paragraphs import Paragraphs
from citeworthy.synthesis.drafts.markdown_blocks import blocks, masked
from citeworthy.synthesis.drafts.markdown_inline import read_inline
from citeworthy.synthesis.drafts.names import names_of
from citeworthy.synthesis.drafts.places import Sources
from citeworthy.synthesis.drafts.prose import sentences
from citeworthy.synthesis.drafts.reference_list import find_list
from citeworthy.synthesis.drafts.typed import References, mark_typed

_FRONT = re.compile(r"\s*---[ \t]*\n(?P<yaml>.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_ABSTRACT = re.compile(r"^abstract:[ \t]*(?:[|>][-+0-9]*[ \t]*\n)?", re.MULTILINE)
_NEXT_FIELD = re.compile(r"^[A-Za-z][\w-]*:", re.MULTILINE)
_MARKUP = re.compile(r"[*_`]")
_LONGEST_FRONT = 50_000


class _Manuscript:
    def __init__(self, path: Path, within: Path | None) -> None:
        self.path = path
        self.within = within.resolve() if within else None
        self.text = read_text(path)
        self.shown = masked(self.text)
        self.sources = Sources()
        self.base = self.sources.add(str(path), self.text)
        self.paragraphs = Paragraphs()
        self.bibliographies: list[Path] = []
        self.problems: list[str] = []

    def prose(self, start: int, end: int) -> None:
        """Read what is in that stretch."""
        for block in blocks(self.shown, start, end):
            if block.heading:
                self.paragraphs.section = _MARKUP.sub("", block.heading).strip()
            else:
                self._paragraph(block.pieces)

    def front_matter(self) -> int:
        """Read the YAML block at the top; returns where it ends."""
        front = _FRONT.match(self.text[:_LONGEST_FRONT])
        if front is None:
            return 0
        try:
            fields = yaml.safe_load(front["yaml"])
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            self.problems.append(f"line 1: the front matter is not YAML ({str(error).splitlines()[0]})")
            fields = None
        if isinstance(fields, dict):
            self._name_bibliographies(fields.get("bibliography"))
        if abstract := _ABSTRACT.search(self.text, front.start("yaml"), front.end("yaml")):
            end = _NEXT_FIELD.search(self.text, abstract.end(), front.end("yaml"))
            self.paragraphs.section = "Abstract"
            lines = re.compile(r"[^\n]*\S[^\n]*(?:\n[^\n]*\S[^\n]*)*")
            for paragraph in lines.finditer(self.text, abstract.end(), end.start() if end else front.end("yaml")):
                self._paragraph([paragraph.span()])
            self.paragraphs.section = ""
        return front.end()

    def _name_bibliographies(self, named: Any) -> None:
        for name in named if isinstance(named, list) else [named]:
            if not isinstance(name, str) or not name.strip():
                continue
            try:
                path = (self.path.parent / name).resolve()
                there = (self.within is None or path.is_relative_to(self.within)) and path.is_file()
            except (OSError, ValueError):
                there = False
            if there:
                self.bibliographies.append(path)
            else:
                self.problems.append(f"line 1: the bibliography {name} is not there")

    def _paragraph(self, pieces: Iterable[tuple[int, int]]) -> None:
        texts: list[str] = []
        offsets = array("q")
        for start, end in pieces:
            texts.append(f"{self.shown[start:end]} ")
            offsets.extend(range(self.base + start, self.base + end + 1))
        read_inline("".join(texts), offsets, self.paragraphs, self._note)
        self.paragraphs.finish()

    def _note(self, text: str, offsets: Sequence[int]) -> None:
        self.paragraphs.interrupt()
        read_inline(text, offsets, self.paragraphs, lambda *_: None)
        self.paragraphs.resume()


def read(path: Path, within: Path | None = None) -> Draft:
    """The Draft; bibliographies are of the folder `within` alone. Raises SourceError where there is no text."""
    manuscript = _Manuscript(path, within)
    begins = manuscript.front_matter()
    listed = find_list(manuscript.shown)
    references = References(listed.entries)
    manuscript.prose(begins, max(begins, listed.start))
    manuscript.prose(listed.end, len(manuscript.text))
    paragraphs = manuscript.paragraphs.done
    if references.papers or not any(paragraph.marks for paragraph in paragraphs):
        mark_typed(paragraphs, references)
    bylines = names_of(references.papers, manuscript.bibliographies, paragraphs)
    return Draft(
        tuple(s for paragraph in paragraphs for s in sentences(paragraph, manuscript.sources, bylines)),
        references.papers,
        tuple(manuscript.bibliographies),
        tuple(manuscript.problems),
    )
