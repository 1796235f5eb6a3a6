"""Parts that articles and books of PubMed XML share."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element

from citeworthy.sources.dates import iso_date
from citeworthy.sources.pages import page_range
from citeworthy.sources.syntax.xml_elements import line_of, text_of
from citeworthy.sources.values import full_name

_NO_LABEL = ("", "UNLABELLED", "UNASSIGNED")


def child(element: Element, path: str) -> Element:
    """The first such descendant; an empty element where there is none."""
    found = element.find(path)
    return Element(path) if found is None else found


def joined(found: Iterable[Element]) -> str:
    """Their texts, each once."""
    return "; ".join(dict.fromkeys(text for element in found if (text := line_of(element))))


def abstract_of(abstract: Element | None) -> str:
    """Its parts with their labels, or as paragraphs where no part has one."""
    if abstract is None:
        return ""
    parts = [(part.get("Label", "").strip(), text_of(part)) for part in abstract.iterfind("AbstractText")]
    labelled = [(label if label.upper() not in _NO_LABEL else "", text) for label, text in parts if text]
    between = " " if any(label for label, _ in labelled) else "\n\n"
    return between.join(f"{label.rstrip(':')}: {text}" if label else text for label, text in labelled)


def names_of(authors: Iterable[Element]) -> list[str]:
    """Names that are valid: a misspelt one stands beside its correction."""
    found = list(authors)
    valid = [author for author in found if author.get("ValidYN") != "N"] or found
    return [name for author in valid if (name := _name(author))]


def _name(author: Element) -> str:
    given = line_of(author.find("ForeName")) or line_of(author.find("Initials"))
    name = full_name(line_of(author.find("LastName")), given, line_of(author.find("Suffix")))
    return name or line_of(author.find("CollectiveName"))


def date_of(date: Element) -> tuple[str, str]:
    """(what has the year in it, the ISO date where there is more than a year)."""
    year, month, day = (line_of(date.find(part)) for part in ("Year", "Month", "Day"))
    return year or line_of(date.find("MedlineDate")), iso_date(year, month, day)


def pages_of(element: Element) -> str:
    """Pages as PubMed writes them: "764-9"."""
    start, end = line_of(element.find("Pagination/StartPage")), line_of(element.find("Pagination/EndPage"))
    return line_of(element.find("Pagination/MedlinePgn")) or page_range(start, end)


def identifier(found: Iterable[Element], attribute: str, kind: str) -> str:
    """The first valid identifier whose attribute names its kind."""
    texts = (line_of(e) for e in found if e.get(attribute) == kind and e.get("ValidYN") != "N")
    return next((text for text in texts if text), "")


def keywords_of(element: Element) -> str:
    """The authors' keywords, then MeSH headings as PubMed writes them: "Malaria/drug therapy"."""
    headings = ["/".join(line_of(part) for part in e) for e in element.iterfind("MeshHeadingList/MeshHeading")]
    keywords = [line_of(keyword) for keyword in element.iterfind("KeywordList/Keyword")]
    return "; ".join(dict.fromkeys(word for word in (*keywords, *headings) if word))
