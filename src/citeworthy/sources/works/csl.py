"""A CSL-JSON or CSL-YAML item, as Zotero, Mendeley, pandoc and doi.org write them.

https://docs.citationstyles.org/en/stable/specification.html#appendix-iv-variables
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from citeworthy.sources.entries import Record
from citeworthy.sources.extra import in_extra
from citeworthy.sources.kinds import bibtex_type
from citeworthy.sources.works.shapes import (
    and_list,
    filled,
    joined,
    mapping,
    mappings,
    people,
    precise,
    text,
    when,
)  # fmt: skip

# No other vocabulary has these; `title`, `author` and `type` all have.
_TELLING = frozenset(
    "container-title collection-title publisher-place citation-key number-of-pages event-title title-short "
    "container-title-short event-place original-date citation-label".split()
)
_TYPES = frozenset(
    "article article-journal article-magazine article-newspaper bill book broadcast chapter classic collection dataset "
    "document entry entry-dictionary entry-encyclopedia event figure graphic hearing interview legal_case legislation "
    "manuscript map motion_picture musical_score pamphlet paper-conference patent performance periodical "
    "personal_communication post post-weblog regulation report review review-book software song speech standard thesis "
    "treaty webpage".split()
)
_KINDS = {"article": "misc", "review": "article", "event": "misc"}  # CSL's "article" is a preprint, not in a journal


def is_work(work: Mapping[str, Any]) -> bool:
    """A title beside a variable or a type that is CSL's own."""
    if not isinstance(work.get("title"), str):
        return False
    if not _TELLING.isdisjoint(work) or "date-parts" in mapping(work.get("issued")):
        return True
    kind = work.get("type")
    return isinstance(kind, str) and kind in _TYPES and ("issued" in work or "accessed" in work or _has_names(work))


def to_record(work: Mapping[str, Any]) -> Record:
    """What the item says."""
    noted = in_extra(text(work.get("note")))
    issued = when(work.get("issued"))
    return Record(
        title=text(work.get("title")),
        abstract=text(work.get("abstract")),
        authors=people(work.get("author")) or people(work.get("director")),
        year=issued,
        venue=text(work.get("container-title")) or text(work.get("event-title")) or text(work.get("event")),
        doi=text(work.get("DOI")) or noted.get("doi", ""),
        arxiv_id=noted.get("arxiv", "") or _arxiv(work),
        pmid=text(work.get("PMID")) or noted.get("pmid", ""),
        url=text(work.get("URL")),
        key=text(work.get("citation-key")) or noted.get("citation key", "") or _key(text(work.get("id"))),
        details=_details(work, issued, noted),
    )


def _details(work: Mapping[str, Any], issued: str, noted: Mapping[str, str]) -> dict[str, str]:
    kind = text(work.get("type"))
    type_ = _KINDS.get(kind) or bibtex_type(kind, text(work.get("genre")))
    body = {"phdthesis": "school", "mastersthesis": "school", "techreport": "institution"}.get(type_, "publisher")
    details = filled(
        type=type_,
        volume=text(work.get("volume")),
        number=text(work.get("issue")) or text(work.get("number")),
        pages=text(work.get("page")) or text(work.get("page-first")),
        pagetotal=text(work.get("number-of-pages")),
        address=text(work.get("publisher-place")) or text(work.get("event-place")),
        editor=and_list(people(work.get("editor"))),
        translator=and_list(people(work.get("translator"))),
        series=text(work.get("collection-title")),
        edition=text(work.get("edition")),
        chapter=text(work.get("chapter-number")),
        date=precise(issued),
        isbn=text(work.get("ISBN")),
        issn=text(work.get("ISSN")),
        keywords=joined(work.get("keyword")) or joined(work.get("keywords")) or joined(work.get("categories")),
        note=text(work.get("note")),
        language=text(work.get("language")),
        pmcid=text(work.get("PMCID")) or noted.get("pmcid", ""),
        abbreviation=text(work.get("container-title-short")) or text(work.get("journalAbbreviation")),
        shorttitle=text(work.get("title-short")) or text(work.get("shortTitle")),
        genre=text(work.get("genre")),
        copyright=text(work.get("license")),
    )
    return details | filled(**{body: text(work.get("publisher"))})


def _has_names(work: Mapping[str, Any]) -> bool:
    return any("family" in one or "literal" in one for one in mappings(work.get("author")))


def _arxiv(work: Mapping[str, Any]) -> str:
    """Zotero keeps the number of a preprint as "arXiv:2409.19256" in `number`."""
    number = text(work.get("number"))
    return number if number.casefold().startswith("arxiv:") else ""


def _key(identifier: str) -> str:
    """The id where it is a citation key, not a link, a path or a bare number as Zotero has it."""
    return identifier if re.fullmatch(r"(?=.*[A-Za-z])[^\s/]{1,100}", identifier) and "://" not in identifier else ""
