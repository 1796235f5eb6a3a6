"""PubMed XML: articles and books as PubMed and its E-utilities give them.

https://dtd.nlm.nih.gov/ncbi/pubmed/doc/out/250101/index.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO
from xml.etree.ElementTree import Element

from citeworthy.sources.entries import Entry, Record, Skipped, make_entry
from citeworthy.sources.formats.pubmed_parts import (
    abstract_of,
    child,
    date_of,
    identifier,
    joined,
    keywords_of,
    names_of,
    pages_of,
)
from citeworthy.sources.syntax.xml_elements import elements, line_of, root_name, text_of

NAME = "PubMed XML"
_RECORDS = ("PubmedArticle", "PubmedBookArticle", "MedlineCitation")
_ROOTS = (*_RECORDS, "PubmedArticleSet", "PubmedBookArticleSet", "MedlineCitationSet")
_IGNORED = (
    "AffiliationInfo", "Affiliation", "ChemicalList", "DataBankList", "GrantList", "History", "InvestigatorList",
    "PersonalNameSubjectList", "ReferenceList", "Sections", "{http://www.w3.org/1998/Math/MathML}annotation",
)  # fmt: skip
_NO_TITLE = "not available"
_RETRACTED = {"RetractionIn": "Retracted in", "PartialRetractionIn": "Partly retracted in"}


def recognises(head: str) -> bool:
    """A root element of PubMed's."""
    return root_name(head) in _ROOTS


def read(stream: IO[str], source: str) -> Iterator[Entry | Skipped]:
    """Entries in file order."""
    for found in elements(stream, _RECORDS, _IGNORED):
        if isinstance(found, Skipped):
            yield found
        else:
            record = _book(found.element) if found.element.tag == "PubmedBookArticle" else _article(found.element)
            yield make_entry(record, found.line, source)


def _article(element: Element) -> Record:
    citation = element if element.tag == "MedlineCitation" else child(element, "MedlineCitation")
    article = child(citation, "Article")
    journal, issue = child(article, "Journal"), child(article, "Journal/JournalIssue")
    year, date = date_of(child(issue, "PubDate"))
    if not year:
        year, date = date_of(child(article, "ArticleDate"))
    return Record(
        title=_title(article),
        abstract=abstract_of(article.find("Abstract")) or _other_abstract(citation),
        authors=names_of(article.iterfind("AuthorList/Author")),
        year=year,
        venue=line_of(journal.find("Title")) or line_of(citation.find("MedlineJournalInfo/MedlineTA")),
        doi=_doi(element, article),
        pmid=line_of(citation.find("PMID")),
        details={
            "type": "article",
            "volume": line_of(issue.find("Volume")),
            "number": line_of(issue.find("Issue")),
            "pages": pages_of(article),
            "date": date,
            "issn": line_of(journal.find("ISSN")),
            "abbreviation": line_of(journal.find("ISOAbbreviation")),
            "language": joined(article.iterfind("Language")),
            "keywords": keywords_of(citation),
            "pmcid": identifier(element.iterfind("PubmedData/ArticleIdList/ArticleId"), "IdType", "pmc"),
            "copyright": line_of(article.find("Abstract/CopyrightInformation")),
            "note": joined(citation.iterfind("GeneralNote")),
            "pubtype": joined(article.iterfind("PublicationTypeList/PublicationType")),
            "retraction": _retraction(citation, article),
        },
    )


def _book(element: Element) -> Record:
    """A whole book, or a chapter where it has a title of its own."""
    document = child(element, "BookDocument")
    book = child(document, "Book")
    book_title, chapter = line_of(book.find("BookTitle")), text_of(document.find("ArticleTitle"))
    year, date = date_of(child(book, "PubDate"))
    lists = [*document.iterfind("AuthorList"), *book.iterfind("AuthorList")]
    writers = [part for part in lists if part.get("Type") != "editors"]
    editors = [part for part in lists if part.get("Type") == "editors"]
    return Record(
        title=chapter or book_title,
        abstract=abstract_of(document.find("Abstract")),
        authors=names_of(writers[0].iterfind("Author")) if writers else [],
        year=year or date_of(child(document, "ContributionDate"))[0],
        venue=book_title if chapter else "",
        doi=identifier(document.iterfind("ArticleIdList/ArticleId"), "IdType", "doi"),
        pmid=line_of(document.find("PMID")),
        details={
            "type": "incollection" if chapter else "book",
            "editor": " and ".join(name for part in editors[:1] for name in names_of(part.iterfind("Author"))),
            "publisher": line_of(book.find("Publisher/PublisherName")),
            "address": line_of(book.find("Publisher/PublisherLocation")),
            "series": line_of(book.find("CollectionTitle")),
            "edition": line_of(book.find("Edition")),
            "volume": line_of(book.find("Volume")),
            "pages": pages_of(document),
            "isbn": joined(book.iterfind("Isbn")),
            "date": date,
            "language": joined(document.iterfind("Language")),
            "keywords": keywords_of(document),
            "copyright": line_of(document.find("Abstract/CopyrightInformation")),
            "pubtype": joined(document.iterfind("PublicationType")),
        },
    )


def _title(article: Element) -> str:
    title = text_of(article.find("ArticleTitle"))
    missing = title.strip("[]. ").casefold() in ("", _NO_TITLE)
    return text_of(article.find("VernacularTitle")) if missing else title


def _other_abstract(citation: Element) -> str:
    """The abstract in another place or language; English where there is a choice."""
    found = sorted(citation.iterfind("OtherAbstract"), key=lambda other: other.get("Language", "eng") != "eng")
    return next((text for other in found if (text := abstract_of(other))), "")


def _doi(element: Element, article: Element) -> str:
    located = identifier(article.iterfind("ELocationID"), "EIdType", "doi")
    return located or identifier(element.iterfind("PubmedData/ArticleIdList/ArticleId"), "IdType", "doi")


def _retraction(citation: Element, article: Element) -> str:
    """Where the paper was retracted; "Retracted" where PubMed says no more."""
    for correction in citation.iterfind("CommentsCorrectionsList/CommentsCorrections"):
        if how := _RETRACTED.get(correction.get("RefType", "")):
            pmid = line_of(correction.find("PMID"))
            where = f"{line_of(correction.find('RefSource'))}{f' (PMID {pmid})' if pmid else ''}".strip()
            return f"{how} {where}" if where else how.removesuffix(" in")
    kinds = [line_of(kind) for kind in article.iterfind("PublicationTypeList/PublicationType")]
    return "Retracted" if "Retracted Publication" in kinds else ""
