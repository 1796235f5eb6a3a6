"""Word manuscripts (.docx): Zotero's, Mendeley's and EndNote's citations, or typed ones with a reference list.

A place's line is the number of the paragraph in the body (tables left out); what is in a footnote stands where its
number does.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from citeworthy.errors import SourceError
from citeworthy.synthesis.drafts.docx_fields import CitedItems
from citeworthy.synthesis.drafts.docx_text import FieldReader, Text, raised_numbers, w
from citeworthy.synthesis.drafts.draft import Draft
from citeworthy.synthesis.drafts.files import read_bytes
from citeworthy.synthesis.drafts.marks import Mark, Mention
from citeworthy.synthesis.drafts.names import names_of
from citeworthy.synthesis.drafts.places import Sources
from citeworthy.synthesis.drafts.prose import Paragraph, sentences
from citeworthy.synthesis.drafts.reference_list import ListEntry, find_list
from citeworthy.synthesis.drafts.typed import References, mark_typed

_MOST_UNPACKED = 200_000_000  # bytes
_HEADINGS = re.compile(r"heading \d|title|subtitle|toc heading", re.IGNORECASE)
_NO_PROSE = re.compile(r"toc \d|header|footer|bibliography|endnote bibliography|code|macro", re.IGNORECASE)
_RAISED = re.compile(r"\d{1,3}(?:[,–-]\s?\d{1,3}){0,30}")
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def read(path: Path) -> Draft:
    """The Draft. Raises SourceError for what is no Word document that can be read."""
    document = _opened(path)
    manuscript = _Manuscript(path, document)
    return manuscript.draft()


def _opened(path: Path) -> Any:
    data = read_bytes(path)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise SourceError(f"{path} is an old Word file (.doc) or has a password: save it as .docx without one")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > _MOST_UNPACKED:
                raise SourceError(
                    f"{path} unpacks to more than {_MOST_UNPACKED // 1_000_000} MB, so it is no manuscript"
                )
            if any(part.flag_bits & 1 for part in archive.infolist()):
                raise SourceError(f"{path} has a password: save it without one")
            if "word/document.xml" not in archive.namelist():
                raise SourceError(f"{path} is no Word document: give the manuscript as .tex, .md, .docx or .txt")
        import docx
        from docx.opc.exceptions import OpcError

        try:
            return docx.Document(io.BytesIO(data))
        except OpcError as error:
            raise SourceError(f"{path} is damaged: open it in Word and save it anew ({error})") from error
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, SyntaxError, EOFError, AttributeError) as error:
        # SyntaxError: what lxml raises for broken XML
        raise SourceError(f"{path} is damaged: open it in Word and save it anew ({error})") from error


class _Manuscript:
    def __init__(self, path: Path, document: Any) -> None:
        self.items = CitedItems()
        reader = FieldReader(self.items)
        self._styles = {style.style_id: style.name or "" for style in document.styles}
        self._numbered = {s.style_id for s in document.styles if s.element.find(f"{w('pPr')}/{w('numPr')}") is not None}
        self._elements = [p for p in document.element.body.iter(w("p")) if not _in_table(p)]
        self._texts = [reader.read(element) for element in self._elements]
        self._notes = {kind: _notes(document, kind) for kind in ("footnotes", "endnotes")}
        self.sources = Sources()
        self.base = self.sources.add(str(path), "\n".join(text.text for text in self._texts))

    def draft(self) -> Draft:
        """All of it."""
        listed, entries = self._list()
        references = References(entries)
        paragraphs = list(self._paragraphs(listed))
        mark_typed(paragraphs, references)
        for paragraph in paragraphs:
            paragraph.marks.sort(key=lambda mark: mark.start)
        papers = references.papers | self.items.papers
        bylines = names_of(papers, (), paragraphs)
        self._mark_raised(paragraphs, references)
        return Draft(tuple(s for p in paragraphs for s in sentences(p, self.sources, bylines)), papers)

    def _list(self) -> tuple[range, tuple[ListEntry, ...]]:
        """Which paragraphs are the reference list, and what is in it."""
        lines = [
            f"# {t.text}" if self._is_heading(e) else t.text for e, t in zip(self._elements, self._texts, strict=True)
        ]
        found = find_list("\n\n".join(lines))
        position, inside = 0, []
        for number, line in enumerate(lines):
            if found.start <= position < found.end and found.entries:
                inside.append(number)
            position += len(line) + 2
        listed = range(inside[0], inside[-1] + 1) if inside else range(0)
        entries = found.entries
        counted = [self._is_numbered(self._elements[n]) for n in listed if lines[n].strip()][1:]
        if counted and all(counted) and len(counted) == len(entries) and not any(e.number for e in entries):
            entries = tuple(ListEntry(e.text, str(n)) for n, e in enumerate(entries, 1))  # Word counts them
        return listed, entries

    def _paragraphs(self, listed: Sequence[int]) -> Iterator[Paragraph]:
        section, offset = "", self.base
        for number, (element, text) in enumerate(zip(self._elements, self._texts, strict=True)):
            style = self._style(element)
            if self._is_heading(element) and number not in listed:
                section = text.text.strip() or section
            elif text.text.strip() and number not in listed and not _NO_PROSE.match(style):
                paragraph = _paragraph(text, range(offset, offset + len(text.text) + 1), section)
                if paragraph.marks or style.casefold() != "caption":
                    yield paragraph
                yield from self._notes_of(text, offset, section)
            offset += len(text.text) + 1

    def _notes_of(self, text: Text, offset: int, section: str) -> Iterator[Paragraph]:
        for at, name in text.notes:
            kind, _, number = name.partition(" ")
            for element in self._notes[kind].get(number, ()):
                note = FieldReader(self.items).read(element)
                place = offset + max(0, min(at, len(text.text) - 1))
                yield _paragraph(note, [place] * (len(note.text) + 1), section)

    def _mark_raised(self, paragraphs: Sequence[Paragraph], references: References) -> None:
        """Superscript numbers, where the reference list has them."""
        raised: dict[int, list[tuple[int, int]]] = {}
        offset = self.base
        for text in self._texts:
            raised[offset] = text.raised
            offset += len(text.text) + 1
        for paragraph in paragraphs:
            if len(paragraph.offsets) > 1 and paragraph.offsets[0] == paragraph.offsets[1]:
                continue  # a footnote
            for start, end in raised.get(paragraph.offsets[0], []):
                taken = any(mark.start < end and start < mark.end for mark in paragraph.marks)
                if not taken and _RAISED.fullmatch(paragraph.text[start:end].strip(" ,")):
                    numbers = raised_numbers(paragraph.text[start:end], start)
                    if all(f"[{number}]" in references.papers for number, _ in numbers):
                        found = tuple(Mention(f"[{number}]", paragraph.offsets[at]) for number, at in numbers)
                        paragraph.marks.append(Mark(start, end, found))

    def _is_numbered(self, element: Any) -> bool:
        style = element.find(f"{w('pPr')}/{w('pStyle')}")
        own = element.find(f"{w('pPr')}/{w('numPr')}") is not None
        return own or (style is not None and style.get(w("val")) in self._numbered)

    def _style(self, element: Any) -> str:
        style = element.find(f"{w('pPr')}/{w('pStyle')}")
        return self._styles.get(style.get(w("val")), "") if style is not None else ""

    def _is_heading(self, element: Any) -> bool:
        return bool(_HEADINGS.match(self._style(element))) or element.find(f"{w('pPr')}/{w('outlineLvl')}") is not None


def _paragraph(text: Text, offsets: Sequence[int], section: str) -> Paragraph:
    marks = [
        Mark(start, max(end, start), tuple(Mention(key, offsets[start]) for key in keys))
        for start, end, keys in text.citations
        if start < end
    ]
    return Paragraph(text.text, offsets, marks, section)


def _in_table(element: Any) -> bool:
    return any(above.tag in (w("tbl"), w("txbxContent")) for above in element.iterancestors())


def _notes(document: Any, kind: str) -> dict[str, list[Any]]:
    """Paragraphs of footnotes or endnotes by their number."""
    from docx.oxml import parse_xml

    for relation in document.part.rels.values():
        if relation.reltype == f"{_RELATIONS}{kind}" and not relation.is_external:
            try:
                root = parse_xml(relation.target_part.blob)
            except (SyntaxError, ValueError):
                return {}
            return {str(note.get(w("id"))): list(note.iter(w("p"))) for note in root.iter(w(kind.removesuffix("s")))}
    return {}
