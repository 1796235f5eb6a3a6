"""EndNote XML: <xml><records><record>, every text in <style> elements, one for each change of font.

There is no public specification; EndNote ships a DTD (RSXML) with its export styles.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import IO
from xml.etree.ElementTree import Element

from citeworthy.sources.dates import find_iso_date
from citeworthy.sources.entries import Entry, Record, Skipped, make_entry
from citeworthy.sources.formats.endnote_kinds import IN_SOMETHING, endnote_kind
from citeworthy.sources.syntax.xml_elements import elements, line_of, root_name, text_of
from citeworthy.sources.values import find_doi, find_pmid

NAME = "EndNote XML"
_IGNORED = ("auth-address", "database", "source-app", "foreign-keys", "pdf-urls", "image-urls", "caption")
_PMCID = re.compile(r"\bPMC\d{3,9}\b")
_PMID_NAMED = re.compile(r"\b(?:PMID|PUBMED)[:\s]+(\d{4,9})\b", re.IGNORECASE)
_ISSN = re.compile(r"(?<![\d-])\d{4}-?\d{3}[\dXx](?![\d-])")
_ENTRY_DATE = re.compile(r"\d{4}/\d\d/\d\d")  # PubMed's date of entry, which EndNote's filter files under edition


def recognises(head: str) -> bool:
    """A root element <xml> with <records> in it."""
    return root_name(head) == "xml" and "<records" in head


def read(stream: IO[str], source: str) -> Iterator[Entry | Skipped]:
    """Entries in file order, numbered by record: EndNote writes the whole file as one line."""
    for number, found in enumerate(elements(stream, ("record",), _IGNORED), 1):
        if isinstance(found, Skipped):
            yield found
        else:
            yield make_entry(_record(found.element), number, source, "record")


def _record(record: Element) -> Record:
    def line(path: str) -> str:
        return line_of(record.find(path))

    kind = _kind(record)
    venue, abbreviation, series = _containers(record, kind)
    year = line("dates/year")
    written = line("dates/pub-dates/date")
    urls = [text for url in record.iterfind(".//url") if (text := line_of(url)).startswith(("http:", "https:"))]
    label = line("label")
    return Record(
        title=line("titles/title"),
        abstract=_paragraphs(record.find("abstract")),
        authors=_names(record.iterfind("contributors/authors/author")),
        year=year or written,
        venue=venue,
        doi=line("electronic-resource-num") or next((url for url in urls if find_doi(url, links_only=True)), ""),
        pmid=_pmid(record),
        url=urls[0] if urls else "",
        key="" if " " in label else label,
        details={
            "type": kind,
            "volume": line("volume"),
            "number": line("number"),
            "pages": line("pages"),
            "editor": " and ".join(_names(record.iterfind("contributors/secondary-authors/author"))),
            "publisher": "" if kind.endswith("thesis") else line("publisher"),
            "school": line("publisher") if kind.endswith("thesis") else "",
            "address": line("pub-location"),
            "series": series,
            "edition": "" if _ENTRY_DATE.fullmatch(line("edition")) else line("edition"),
            "date": find_iso_date(written, year),
            "abbreviation": abbreviation,
            "language": line("language"),
            "keywords": "; ".join(_keywords(record)),
            "pmcid": _pmcid(record),
            "note": _paragraphs(record.find("notes")),
            "annote": _paragraphs(record.find("research-notes")),
            "shorttitle": line("titles/short-title"),
            **_book_numbers(line("isbn")),
        },
    )


def _kind(record: Element) -> str:
    reference = record.find("ref-type")
    name = "" if reference is None else reference.get("name", "")
    return endnote_kind((name, line_of(reference)), line_of(record.find("work-type")))


def _containers(record: Element, kind: str) -> tuple[str, str, str]:
    """(venue, its abbreviation, series): a second title is the series of what is a book itself."""
    second = line_of(record.find("titles/secondary-title"))
    journal = line_of(record.find("periodical/full-title"))
    third = line_of(record.find("titles/tertiary-title"))
    if kind not in IN_SOMETHING:
        return journal, "", second if second != journal else third
    venue, other = second or journal, line_of(record.find("titles/alt-title"))
    venue, other = (other, venue) if len(other) > len(venue) else (venue, other)
    abbreviation = line_of(record.find("periodical/abbr-1")) or other
    return venue, abbreviation if abbreviation != venue else "", third


def _names(authors: Iterable[Element]) -> list[str]:
    """EndNote marks a group's name with a comma at its end."""
    return [name for author in authors if (name := line_of(author).rstrip(", "))]


def _paragraphs(element: Element | None) -> str:
    return "\n".join(line for part in text_of(element).splitlines() if (line := " ".join(part.split())))


def _keywords(record: Element) -> list[str]:
    found = [text_of(keyword) for keyword in record.iterfind("keywords/keyword")]
    return list(dict.fromkeys(line.strip() for text in found for line in text.splitlines() if line.strip()))


def _custom(record: Element) -> str:
    return " ".join(line_of(field) for field in record if field.tag.startswith("custom"))


def _pmcid(record: Element) -> str:
    match = _PMCID.search(_custom(record))
    return match[0] if match else ""


def _pmid(record: Element) -> str:
    """The accession number where PubMed gave it, or what other databases' filters keep of it."""
    number = line_of(record.find("accession-num"))
    provider = " ".join(line_of(record.find(f"remote-database-{part}")) for part in ("provider", "name")).casefold()
    if any(name in provider for name in ("nlm", "pubmed", "medline")) and number.isdigit():
        return find_pmid(number)
    notes = f"{_custom(record)} {line_of(record.find('notes'))} {number}"
    if match := _PMID_NAMED.search(notes):
        return match[1]
    fifth = line_of(record.find("custom5"))  # Embase, of what is in Medline too
    return fifth if "medline" in provider and fifth.isdigit() and len(fifth) in (7, 8) else ""


def _book_numbers(text: str) -> dict[str, str]:
    """ISSNs and ISBNs have one field together."""
    issns = _ISSN.findall(text)
    return {"issn": ", ".join(dict.fromkeys(issns))} if issns else {"isbn": text}
