"""A work as OpenAlex gives it, through its API or in a snapshot: https://docs.openalex.org/api-entities/works/work-object"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from citeworthy.sources.entries import Record
from citeworthy.sources.kinds import bibtex_type
from citeworthy.sources.pages import page_range
from citeworthy.sources.values import find_arxiv_id, find_pmcid
from citeworthy.sources.works.shapes import filled, joined, mapping, mappings, precise, text, when

_MOST_WORDS = 100_000  # of an abstract
_KEYWORDS = 12


def is_work(work: Mapping[str, Any]) -> bool:
    """An OpenAlex identifier of a work, or one of the two fields that only OpenAlex has."""
    identifier = text(work.get("id"))
    return "openalex.org/W" in identifier or not {"abstract_inverted_index", "authorships"}.isdisjoint(work)


def to_record(work: Mapping[str, Any]) -> Record:
    """What the work says."""
    ids, source = mapping(work.get("ids")), _source(work)
    published = when(work.get("publication_date")) or when(work.get("publication_year"))
    landing = text(mapping(work.get("primary_location")).get("landing_page_url"))
    return Record(
        title=text(work.get("title")) or text(work.get("display_name")),
        abstract=from_inverted_index(work.get("abstract_inverted_index")) or text(work.get("abstract")),
        authors=tuple(_authors(work)),
        year=published,
        venue=text(source.get("display_name")),
        doi=text(work.get("doi")) or text(ids.get("doi")),
        arxiv_id=_arxiv_id(work),
        pmid=text(ids.get("pmid")),
        url=landing or text(source.get("url")) or text(work.get("id")),
        details=_details(work, source, published),
    )


def from_inverted_index(index: Any) -> str:
    """The abstract of {word: [positions]}; https://docs.openalex.org says why it is kept that way."""
    inverted = mapping(mapping(index).get("InvertedIndex") or index)
    placed: list[tuple[int, str]] = []
    for word, positions in inverted.items():
        if isinstance(positions, list):
            placed += [(place, str(word)) for place in positions[:_MOST_WORDS] if type(place) is int]
        if len(placed) > _MOST_WORDS:
            break
    return " ".join(word for _, word in sorted(placed))


def _authors(work: Mapping[str, Any]) -> Iterator[str]:
    for authorship in mappings(work.get("authorships")):
        name = text(mapping(authorship.get("author")).get("display_name")) or text(authorship.get("raw_author_name"))
        if name:
            yield name


def _source(work: Mapping[str, Any]) -> Mapping[str, Any]:
    """Where it appeared; `host_venue` before 2023."""
    return mapping(mapping(work.get("primary_location")).get("source")) or mapping(work.get("host_venue"))


def _arxiv_id(work: Mapping[str, Any]) -> str:
    links = [text(mapping(work.get("ids")).get("arxiv")), text(work.get("doi"))]
    links += [text(place.get("landing_page_url")) for place in mappings(work.get("locations"))]
    return next((found for link in links if (found := find_arxiv_id(link, links_only=True))), "")


def _details(work: Mapping[str, Any], source: Mapping[str, Any], published: str) -> dict[str, str]:
    biblio = mapping(work.get("biblio"))
    return filled(
        type=_type(work, source),
        volume=text(biblio.get("volume")),
        number=text(biblio.get("issue")),
        pages=page_range(text(biblio.get("first_page")), text(biblio.get("last_page"))),
        publisher=text(source.get("host_organization_name")) or text(source.get("publisher")),
        date=precise(published),
        issn=joined(source.get("issn")) or text(source.get("issn_l")),
        keywords=_keywords(work),
        language=text(work.get("language")),
        pmcid=find_pmcid(text(mapping(work.get("ids")).get("pmcid"))),
        copyright=text(mapping(work.get("primary_location")).get("license")),
        retraction="retracted (OpenAlex)" if work.get("is_retracted") is True else "",
    )


def _type(work: Mapping[str, Any], source: Mapping[str, Any]) -> str:
    """OpenAlex calls a paper at a conference an article too; its source tells."""
    kind = bibtex_type(text(work.get("type_crossref"))) or bibtex_type(text(work.get("type")))
    return "inproceedings" if kind == "article" and text(source.get("type")) == "conference" else kind


def _keywords(work: Mapping[str, Any]) -> str:
    """The keywords, else the topics, else the likelier concepts: they go from sure to guessed."""
    for name in ("keywords", "topics", "concepts"):
        if found := joined(mappings(work.get(name))[:_KEYWORDS], "display_name"):
            return found
    return joined(mappings(work.get("keywords"))[:_KEYWORDS], "keyword")
