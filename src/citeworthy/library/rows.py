"""Papers as rows of library.db, and records as they were received."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Sequence
from dataclasses import replace

from citeworthy.library.identity import clean_ids
from citeworthy.records import Paper, is_group
from citeworthy.text.normalise import normalise, one_line, tidy, title_fingerprint
from citeworthy.text.people import fold, fold_name, surname

COLUMNS = "key, title, abstract, authors, year, venue, doi, arxiv_id, pmid, url, source, is_digest, details"


def to_row(paper: Paper) -> dict[str, object]:
    """Values by column of `papers`."""
    return {
        "key": paper.key,
        "title": paper.title,
        "abstract": paper.abstract,
        "authors": json.dumps(paper.authors, ensure_ascii=False),
        "year": paper.year,
        "venue": paper.venue,
        "doi": paper.doi,
        "arxiv_id": paper.arxiv_id,
        "pmid": paper.pmid,
        "url": paper.url,
        "source": paper.source,
        "is_digest": int(paper.is_digest),
        "details": json.dumps(dict(paper.details), ensure_ascii=False),
        "title_fingerprint": title_fingerprint(paper.title),
        "content_hash": content_hash(paper),
        **folded_names(paper.authors, paper.venue),
    }


def folded_names(authors: Sequence[str], venue: str | None) -> dict[str, str | None]:
    """The columns by which listings are searched and sorted; None where nothing is known."""
    names = "; ".join(folded for name in authors if (folded := _family_first(name)))
    return {"authors_folded": names or None, "venue_folded": fold(venue or "") or None}


def _family_first(name: str) -> str:
    """As names are sorted: "sheng guangming"; a group by its whole name."""
    family, whole = surname(name), fold_name(name)
    return fold(name) if is_group(name) else f"{family} {whole.removesuffix(family)}".strip()


def to_paper(row: sqlite3.Row) -> Paper:
    """The paper of a row that has `COLUMNS`."""
    return Paper(
        key=row["key"],
        title=row["title"],
        abstract=row["abstract"],
        authors=tuple(json.loads(row["authors"])),
        year=row["year"],
        venue=row["venue"],
        doi=row["doi"],
        arxiv_id=row["arxiv_id"],
        pmid=row["pmid"],
        url=row["url"],
        source=row["source"],
        is_digest=bool(row["is_digest"]),
        details=tuple(json.loads(row["details"]).items()),
    )


def content_hash(paper: Paper) -> str:
    """Identity of what is embedded and indexed: title and abstract."""
    return hashlib.sha256(f"{paper.title}\0{paper.abstract}".encode()).hexdigest()[:32]


def normalised(paper: Paper) -> Paper:
    """The paper as it is stored: texts and identifiers in their one form."""
    names = tuple(name for name in map(normalise, paper.authors) if name)
    venue = normalise(paper.venue) if paper.venue else None
    details = tuple((name, text) for name, value in paper.details if (text := tidy(value)))
    title, abstract = normalise(paper.title), normalise(paper.abstract)
    doi, url = (one_line(link or "") or None for link in (paper.doi, paper.url))
    known = replace(
        paper, title=title, abstract=abstract, authors=names, venue=venue, doi=doi, url=url, details=details
    )
    return clean_ids(known)


def pack(paper: Paper) -> bytes:
    """A record as received, as text that is the same whenever the record is."""
    values = ((name, getattr(paper, name)) for name in Paper.__dataclass_fields__)
    fields = {name: value for name, value in values if value not in ("", None, (), False)}
    return json.dumps(fields, ensure_ascii=False).encode("utf-8", "surrogatepass")


def compressed(content: bytes) -> bytes:
    """What is stored of it."""
    return zlib.compress(content, 6)


def unpack(stored: bytes) -> Paper:
    """The record again."""
    fields = json.loads(zlib.decompress(stored).decode("utf-8", "surrogatepass"))
    fields["authors"] = tuple(fields.get("authors", ()))
    fields["details"] = tuple((name, value) for name, value in fields.get("details", ()))
    return Paper(**{"key": "", "title": "", "abstract": ""} | fields)


def digest(content: bytes) -> bytes:
    """By which a record is known again."""
    return hashlib.sha256(content).digest()[:16]
