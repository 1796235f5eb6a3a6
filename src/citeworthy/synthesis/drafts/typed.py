"""Citations typed into the text and the entries of the reference list that they mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from citeworthy.records import Paper
from citeworthy.synthesis.drafts.entries import as_paper
from citeworthy.synthesis.drafts.marks import Mark, Mention
from citeworthy.synthesis.drafts.mentions import Named, Written, find_author_year, find_numeric
from citeworthy.synthesis.drafts.prose import Paragraph
from citeworthy.synthesis.drafts.reference_list import ListEntry
from citeworthy.text.people import fold, surname


class References:
    """The papers of a reference list by key: "[12]" in a numbered one, else "Sheng et al., 2024a"."""

    def __init__(self, entries: Sequence[ListEntry]) -> None:
        self.papers: dict[str, Paper] = {}
        self.are_numbered = bool(entries) and all(entry.number for entry in entries)
        self._by_name: dict[tuple[str, str], str] = {}  # (surname of the first author, year with its letter)
        self._namesakes: Counter[str] = Counter()
        for entry in entries:
            paper = as_paper(entry.text, f"[{entry.number}]" if entry.number else "")
            years = _years(entry.text, paper.year)
            key = paper.key or self._free(paper.byline.replace(str(paper.year), years[0]) if years else paper.byline)
            self.papers[key] = replace(paper, key=key)
            for year in years:
                for who in _first_names(paper):
                    self._by_name.setdefault((who, year), key)

    def key(self, named: Named) -> str:
        """The key of the entry that is meant; "" where there is none."""
        if not named.who:
            return f"[{named.year}]" if f"[{named.year}]" in self.papers else ""
        year = named.year
        who = fold(named.who)
        for asked in (year, year[:4] if year[:4].isdigit() else year, f"{year}a"):
            for name in (who, who.split()[-1] if who else ""):
                if found := self._by_name.get((name, asked)):
                    return found
        return ""

    def _free(self, key: str) -> str:
        """A key that no other entry has."""
        self._namesakes[key] += 1
        return f"{key} ({self._namesakes[key]})" if self._namesakes[key] > 1 else key


def mark_typed(paragraphs: Iterable[Paragraph], references: References) -> None:
    """Add the marks of typed citations to paragraphs, where a format's own have not taken the place."""
    for paragraph in paragraphs:
        taken = [(mark.start, mark.end) for mark in paragraph.marks]
        for written in (*find_author_year(paragraph.text), *find_numeric(paragraph.text)):
            if any(start < written.end and written.start < end for start, end in taken):
                continue
            mentions = _mentions(written, paragraph, references)
            if mentions:
                paragraph.marks.append(Mark(written.start, written.end, mentions, written.name))
                taken.append((written.start, written.end))


def _mentions(written: Written, paragraph: Paragraph, references: References) -> tuple[Mention, ...]:
    found = [(named, references.key(named)) for named in written.named]
    numeric = not written.named[0].who
    if numeric and references.papers and not references.are_numbered:
        return ()
    doubtful = [named for named, key in found if not key and not named.certain]
    if doubtful and (numeric or len(doubtful) == len(found)):
        return ()
    return tuple(
        Mention(
            key or (f"[{named.year}]" if numeric else f"{named.written}, {named.year}"), paragraph.offsets[named.start]
        )
        for named, key in found
        if key or named.certain
    )


def _years(text: str, year: int | None) -> list[str]:
    """The entry's year with its letter first, where it has one."""
    if year is None:
        return [word for word in ("in press", "forthcoming", "n.d.") if word in text.lower()]
    at = text.find(str(year))
    while at >= 0:
        letter = text[at + 4 : at + 5]
        if letter.islower() and not text[at + 5 : at + 6].isalnum():
            return [f"{year}{letter}", str(year)]
        at = text.find(str(year), at + 4)
    return [str(year)]


def _first_names(paper: Paper) -> set[str]:
    """What the first author may be called in the text; of an entry without authors its first words."""
    first = paper.authors[0] if paper.authors else paper.title.split(".")[0]
    family = first.partition(",")[0]
    return {surname(first), fold(family), fold(family).split(" ")[-1], fold(paper.byline.partition(",")[0])} - {""}
