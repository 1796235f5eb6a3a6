r"""BibTeX and BibLaTeX, as Zotero, Better BibTeX, JabRef, Mendeley, Citavi and publishers write them.

bibtexparser splits a file into entries and recovers after a broken one; values, LaTeX and inheritance (`crossref`,
`xdata`) are read here. Every field is kept: those without a place in a Paper are details under their own name.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from citeworthy.sources.entries import Entry, Record, Skipped, make_entry
from citeworthy.sources.formats.bibtex_values import evaluate, names, plain, split_fields, verbatim
from citeworthy.sources.syntax.lines import MAX_LINE, numbered_lines
from citeworthy.sources.values import find_arxiv_id, find_year

NAME = "BibTeX"
_ENTRY = re.compile(r"^[ \t]*@([A-Za-z]+)[ \t]*[{(][ \t]*+[^\s,{}()=\"]*+[ \t]*+(?:,|=|$)", re.MULTILINE)
_DEFINITIONS = ("string", "preamble", "comment")
_BEGINS = re.compile(r"[ \t]*@[A-Za-z]+[ \t]*[{(]")
_CHUNK = 1_000_000  # characters handed to the parser at once
_UNCLOSED = 2_000_000  # the same where an entry is not closed at the end of its last line
_ENTRY_LIMIT = 5_000_000
_PARENT_LIMIT = 20_000  # characters in all fields; a parent's are read again for each of its children
_MOST_PARENTS = 20
_PARENTS = frozenset(
    "book mvbook inbook collection mvcollection proceedings mvproceedings conference reference mvreference xdata set "
    "periodical misc manual techreport report online".split()
)
_PUBMED = ("pubmed", "pmid", "medline")
_CONTAINERS = ("journal", "journaltitle", "booktitle")
_VERBATIM = frozenset(("url", "doi", "file", "eprint", "groups", "pmid", "pmcid", "eid", "localfile", "owner"))
_IDENTIFIERS = ("doi", "pmid", "url", "abstract", "title", "subtitle", "author")
# What a child does not take from its parent (BibLaTeX manual, appendix B), and what changes its name on the way.
_OWN = frozenset(("crossref", "xref", "xdata", "entryset", "ids", "keywords", "abstract", "label", "type", "file"))
_FIELD_NAMES = {"type": "genre"}  # the detail `type` is that of the entry
_RENAMED = {"title": "booktitle", "subtitle": "booksubtitle", "titleaddon": "booktitleaddon"}


@dataclass(slots=True)
class _Raw:
    """An entry's fields, names in lower case and values as the file has them."""

    kind: str
    key: str
    line: int
    fields: dict[str, str]


@dataclass(slots=True)
class _Context:
    """What entries of one file may refer to."""

    source: str
    strings: dict[str, str] = field(default_factory=dict)
    parents: dict[str, _Raw] = field(default_factory=dict)
    children: list[_Raw] = field(default_factory=list)  # until their parents, which come later, are known


def recognises(head: str) -> bool:
    """A line that opens an entry: `@article{key,`; of definitions alone only where the file begins with one."""
    openings = (match[1].casefold() for match in _ENTRY.finditer(head))
    return any(name not in _DEFINITIONS for name in openings) or bool(_ENTRY.match(head.lstrip("\ufeff \t\r\n")))


def read(stream: IO[str], source: str) -> Iterator[Entry | Skipped]:
    """Entries in file order, those that inherit from another entry last."""
    context = _Context(source)
    for text, first_line, left_out in _chunks(stream):
        for block in _blocks(text):
            found = _read_block(block, first_line, context)
            if found is not None:
                yield found
        yield from left_out
    for raw in context.children:
        yield _entry(_inherited(raw, context), context)


def _chunks(stream: IO[str]) -> Iterator[tuple[str, int, list[Skipped]]]:
    """(text, number of its first line, what is left out of it): pieces that begin at an entry, never in the middle of
    one.
    """
    lines, left_out = list[str](), list[Skipped]()
    size, first, closed = 0, 1, True
    for number, line in numbered_lines(stream):
        text = line or ""
        if size > (_CHUNK if closed else _UNCLOSED) and _BEGINS.match(text):
            yield "\n".join(lines), first, left_out
            lines, left_out, size, first = [], [], 0, number
        if line is None:
            left_out.append(Skipped(number, f"a line of more than {MAX_LINE:,} characters is left out"))
        if size <= _UNCLOSED + _ENTRY_LIMIT < size + len(text):
            left_out.append(Skipped(number, f"an entry goes on after {_ENTRY_LIMIT:,} characters; is a brace missing?"))
        size += len(text) + 1
        if size <= _UNCLOSED + _ENTRY_LIMIT:
            lines.append(text)
        if text.strip():
            closed = text.rstrip().endswith(("}", ")"))
    if lines:
        yield "\n".join(lines), first, left_out


def _blocks(text: str) -> list[Any]:
    from bibtexparser.entrypoint import parse_string

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what failed is reported entry by entry
    return list(parse_string(text, parse_stack=[]).blocks)


def _read_block(block: Any, first_line: int, context: _Context) -> Entry | Skipped | None:
    """An entry, why it is none, or None for what is no entry or waits for its parent."""
    from bibtexparser import model

    line = first_line + (block.start_line or 0)
    if isinstance(block, model.String):
        context.strings[block.key.casefold()] = evaluate(block.value, context.strings)
        return None
    inner = getattr(block, "ignore_error_block", None)  # a key or field that occurs twice is no reason to lose it
    entry = inner if isinstance(inner, model.Entry) else block
    if isinstance(entry, model.ParsingFailedBlock):
        return Skipped(line, f"a broken entry ({_why(entry)}): {' '.join(str(entry.raw or '').split())[:60]!r}")
    if not isinstance(entry, model.Entry):
        return None
    raw = _Raw(entry.entry_type.casefold(), entry.key.strip(), line, _fields(entry))
    if raw.kind in _PARENTS and sum(map(len, raw.fields.values())) <= _PARENT_LIMIT:
        context.parents[raw.key] = raw
    if "crossref" in raw.fields or "xdata" in raw.fields:
        context.children.append(raw)
        return None
    return _entry(raw, context)


def _fields(entry: Any) -> dict[str, str]:
    """The first of several fields of one name counts, as in BibTeX."""
    fields: dict[str, str] = {}
    for one in entry.fields:
        for name, value in split_fields(one.key, str(one.value)):
            fields.setdefault(name.strip().casefold(), value)
    return fields


def _why(block: Any) -> str:
    text = " ".join(str(getattr(block, "error", "") or "cannot be parsed").split())
    return text.partition("syntactical error in bibtex: ")[2] or text[:100]


def _inherited(raw: _Raw, context: _Context) -> _Raw:
    """The entry with what its parents know and it does not; parents of parents too, and no circle."""
    fields, waiting, seen = dict(raw.fields), [raw], {raw.key}
    while waiting:
        child = waiting.pop(0)
        for name in ("xdata", "crossref"):
            for key in evaluate(child.fields.get(name, ""), context.strings).split(","):
                parent = context.parents.get(key.strip())
                if parent is None or parent.key in seen or len(seen) > _MOST_PARENTS:
                    continue
                seen.add(parent.key)
                waiting.append(parent)
                for field_name, value in parent.fields.items():
                    renamed = _RENAMED.get(field_name, field_name) if name == "crossref" else field_name
                    if field_name not in _OWN and not (name == "crossref" and field_name in ("doi", "url", "author")):
                        fields.setdefault(renamed, value)
    return _Raw(raw.kind, raw.key, raw.line, fields)


def _entry(raw: _Raw, context: _Context) -> Entry | Skipped:
    values, size = dict[str, str](), 0
    for name, value in raw.fields.items():
        values[name] = evaluate(value, context.strings)
        size += len(values[name])
        if size > _ENTRY_LIMIT:
            return Skipped(raw.line, f"more than {_ENTRY_LIMIT:,} characters with its abbreviations written out")
    text = {name: verbatim(v) if name in _VERBATIM else plain(v) for name, v in values.items()}
    container = next((name for name in _CONTAINERS if text.get(name)), "")
    year = text.get("year") or text.get("date")
    record = Record(
        title=_title(text),
        abstract=text.get("abstract", ""),
        authors=names(values.get("author", "")) or names(values.get("editor", "")) * (raw.kind in _PARENTS),
        year=year,
        venue=text.get(container, ""),
        doi=text.get("doi", ""),
        arxiv_id=_arxiv_id(text),
        pmid=text.get("pmid", "") or (text.get("eprint", "") if _archive(text) in _PUBMED else ""),
        url=text.get("url", "") or _link(values.get("howpublished", "")),
        key=raw.key,
        details=_details(raw.kind, text, values, container),
    )
    return make_entry(record, raw.line, context.source)


def _title(text: Mapping[str, str]) -> str:
    title, subtitle = text.get("title", ""), text.get("subtitle", "")
    return f"{title}: {subtitle}" if title and subtitle else title or text.get("booktitle", "")


def _archive(text: Mapping[str, str]) -> str:
    return (text.get("archiveprefix") or text.get("eprinttype") or "").casefold()


def _arxiv_id(text: Mapping[str, str]) -> str:
    if _archive(text) in ("arxiv", "") and (found := find_arxiv_id(text.get("eprint", ""))):
        return found
    places = (text.get(name, "") for name in ("journal", "journaltitle", "howpublished", "note", "number", "doi"))
    return next((found for place in places if (found := find_arxiv_id(place, links_only=True))), "")


def _link(howpublished: str) -> str:
    match = re.search(r"https?://[^\s{}]+", howpublished)
    return match[0] if match else ""


def _details(kind: str, text: Mapping[str, str], values: Mapping[str, str], container: str) -> dict[str, str]:
    """All other fields, `type` ("Working paper", "mathesis") as `genre`, beside the entry type as `type`; and under
    `venuefield` the name of the field that the venue stood in.
    """
    used = {*_IDENTIFIERS, container}
    if find_year(text.get("year") or text.get("date")):
        used.add("year")
    if find_year(text.get("date")) and len(text["date"]) <= len("2024"):
        used.add("date")
    if _archive(text) in _PUBMED or (_arxiv_id(text) and find_arxiv_id(text.get("eprint", ""))):
        used |= {"eprint", "archiveprefix", "eprinttype"}
    details = {"type": kind}
    details |= {_FIELD_NAMES.get(name, name): value for name, value in text.items() if name not in used and value}
    for name in ("editor", "translator"):
        if values.get(name):
            details[name] = " and ".join(names(values[name]))
    return details | ({"venuefield": container} if container else {})
