"""BibTeX, in UTF-8, that BibTeX, biber and the usual programs read.

Keys, entry types and every further detail stay as they are; LaTeX's special characters are escaped, links and
identifiers are not. The text that stands in for an abstract (a digest) goes to `annotation`, not to `abstract`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import tee

from anyascii import anyascii

from citeworthy.records import Paper
from citeworthy.surfaces.export.latex import clean, escape, escape_title, verbatim
from citeworthy.surfaces.export.names import is_whole
from citeworthy.surfaces.export.works import entry_type

_VENUE_FIELDS = {
    **dict.fromkeys(("article", "periodical", "suppperiodical"), "journal"),
    **dict.fromkeys(("inproceedings", "conference", "incollection", "inbook", "inreference"), "booktitle"),
}
_RESERVED_TYPES = ("comment", "preamble", "string")
_VERBATIM = re.compile(r"(?:.*url.*|.*file|doi|eprint|pmid|pmcid|isbn|issn|bdsk.*)", re.IGNORECASE)
_NOT_FIELDS = ("type", "venuefield")  # say how the entry and its venue are written
_RENAMED = {"genre": "type"}  # the detail `type` is that of the entry
_FIRST = "author editor title journal journaltitle booktitle year date month volume number pages publisher".split()
_LAST = "doi url eprint archiveprefix primaryclass pmid keywords abstract annotation".split()


def write(papers: Iterable[Paper], *, ascii_only: bool = False) -> Iterator[str]:
    """One entry a piece; with `ascii_only` accents and signs are LaTeX commands, as far as there are any."""
    for_citing, for_writing = tee(papers)
    for paper, key in zip(for_writing, citation_keys(for_citing, ascii_only=ascii_only), strict=True):
        yield _entry(paper, key, ascii_only)


def citation_keys(papers: Iterable[Paper], *, ascii_only: bool = False) -> Iterator[str]:
    r"""The key each paper's entry gets, for `\cite`: the paper's own as far as BibTeX takes it, and no two alike.

    BibTeX holds keys that differ in capitals alone for one. With `ascii_only` a key has nothing that pdflatex stops at.
    """
    taken: set[str] = set()
    for paper in papers:
        yield _unused(_key(paper.key, ascii_only), taken)


def _entry(paper: Paper, key: str, ascii_only: bool) -> str:
    kind = re.sub(r"[^A-Za-z]", "", entry_type(paper)) or "misc"
    if kind.lower() in _RESERVED_TYPES:
        kind = "misc"
    fields: dict[str, str] = {}
    for name, value in _fields(paper, kind.lower(), ascii_only):
        if value.strip() and name not in fields:
            fields[name] = value
    lines = [f"  {name} = {{{fields[name]}}},\n" for name in sorted(fields, key=_rank)]
    return f"@{kind}{{{key},\n{''.join(lines)}}}\n\n"


def _fields(paper: Paper, kind: str, ascii_only: bool) -> Iterator[tuple[str, str]]:
    escaped = partial(escape, ascii_only=ascii_only)
    yield "author", " and ".join(_author(name, escaped) for name in paper.authors if clean(name))
    yield "title", escape_title(paper.title, ascii_only)
    venue_field = _field_name(paper.detail("venuefield")) or _VENUE_FIELDS.get(kind, "howpublished")
    yield venue_field, escaped(paper.venue or "")
    yield "year", str(paper.year or "")
    yield "doi", verbatim(paper.doi or "")
    yield "url", verbatim(paper.url or "")
    if paper.arxiv_id:
        yield "eprint", verbatim(paper.arxiv_id)
        yield "archiveprefix", "arXiv"
    yield "pmid", verbatim(paper.pmid or "")
    yield "annotation" if paper.is_digest else "abstract", escaped(paper.abstract)
    for name, value in paper.details:
        if name not in _NOT_FIELDS and (field := _field_name(_RENAMED.get(name, name))):
            yield field, _detail(field, value, escaped)


def _detail(field: str, value: str, escaped: Callable[[str], str]) -> str:
    if _VERBATIM.fullmatch(field):
        return verbatim(value)
    if field == "pages":
        return "--".join(escaped(part) for part in re.split(r"(?<=\w)\s*[-–—]+\s*(?=\w)", value))
    if field == "keywords" and "," not in value:
        value = re.sub(r"\s*;\s*", ", ", value)
    return escaped(value)


def _author(name: str, escaped: Callable[[str], str]) -> str:
    """A group, or a name that BibTeX would take apart wrongly, is wrapped in braces."""
    name = clean(name)
    if name.casefold().rstrip(".") in ("others", "et al"):
        return "others"
    whole = is_whole(name) or name.count(",") > 2 or re.search(r"\band\b", name, re.IGNORECASE)
    return f"{{{escaped(name)}}}" if whole else escaped(name)


def _key(key: str, ascii_only: bool) -> str:
    key = clean(key)
    if ascii_only:
        key = re.sub(r"[^A-Za-z0-9_:./+-]+", "", anyascii(key))
    return re.sub(r"[\s,{}()\"'#%\\~=@]+", "", key) or "untitled"


def _unused(name: str, taken: set[str]) -> str:
    unused, number = name, 2
    while unused.casefold() in taken:
        unused, number = f"{name}-{number}", number + 1
    taken.add(unused.casefold())
    return unused


def _field_name(name: str) -> str:
    """A name BibTeX takes for a field: ASCII, lower case, no digit first; "" where nothing of it remains."""
    return re.sub(r"[^a-z0-9_.:+-]", "", name.lower()).lstrip("0123456789_.:+-")


def _rank(name: str) -> tuple[int, int]:
    if name in _FIRST:
        return 0, _FIRST.index(name)
    return (2, _LAST.index(name)) if name in _LAST else (1, 0)
