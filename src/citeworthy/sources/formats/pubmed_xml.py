"""PubMed XML: articles and books as PubMed and its E-utilities give them.

https://dtd.nlm.nih.gov/ncbi/pubmed/doc/out/250101/index.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO
from xml.etree.ElementTree import Element

from citeworthy.sources.dates import iso_date
from citeworthy.sources.entries import Entry, Record, Skipped, make_entry
from citeworthy.sources.values import full_name
from citeworthy.sources.xml_elements import elements, line_of, root_name, text_of

NAME = "PubMed XML"
_RECORDS = ("PubmedArticle", "PubmedBookArticle", "MedlineCitation")
_ROOTS = (*_RECORDS, "PubmedArticleSet", "PubmedBookArticleSet", "MedlineCitationSet")
_IGNORED = (
    "AffiliationInfo", "Affiliation", "ChemicalList", "DataBankList", "GrantList", "History", "InvestigatorList",
    "PersonalNameSubjectList", "ReferenceList", "Sections", "{http://www.w3.org/1998/Math/MathML}annotation",
)  # fmt: skip
_NO_TITLE = "not available"
_NO_LABEL = ("", "UNLABELLED", "UNASSIGNED")
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
    citation = element if element.tag == "MedlineCitation" else _child(element, "MedlineCitation")
    article = _child(citation, "Article")
    journal, issue = _child(article, "Journal"), _child(article, "Journal/JournalIssue")
    year, date = _date(_child(issue, "PubDate"))
    if not year:
        year, date = _date(_child(article, "ArticleDate"))
    return Record(
        title=_title(article),
        abstract=_abstract(article.find("Abstract")) or _other_abstract(citation),
        authors=_names(article.iterfind("AuthorList/Author")),
        year=year,
        venue=line_of(journal.find("Title")) or line_of(citation.find("MedlineJournalInfo/MedlineTA")),
        doi=_doi(element, article),
        pmid=line_of(citation.find("PMID")),
        details={
            "type": "article",
            "volume": line_of(issue.find("Volume")),
            "number": line_of(issue.find("Issue")),
            "pages": _pages(article),
            "date": date,
            "issn": line_of(journal.find("ISSN")),
            "abbreviation": line_of(journal.find("ISOAbbreviation")),
            "language": _joined(article.iterfind("Language")),
            "keywords": _keywords(citation),
            "pmcid": _identifier(element.iterfind("PubmedData/ArticleIdList/ArticleId"), "IdType", "pmc"),
            "copyright": line_of(article.find("Abstract/CopyrightInformation")),
            "note": _joined(citation.iterfind("GeneralNote")),
            "pubtype": _joined(article.iterfind("PublicationTypeList/PublicationType")),
            "retraction": _retraction(citation, article),
        },
    )


def _book(element: Element) -> Record:
    """A whole book, or a chapter where it has a title of its own."""
    document = _child(element, "BookDocument")
    book = _child(document, "Book")
    book_title, chapter = line_of(book.find("BookTitle")), text_of(document.find("ArticleTitle"))
    year, date = _date(_child(book, "PubDate"))
    lists = [*document.iterfind("AuthorList"), *book.iterfind("AuthorList")]
    writers = [part for part in lists if part.get("Type") != "editors"]
    editors = [part for part in lists if part.get("Type") == "editors"]
    return Record(
        title=chapter or book_title,
        abstract=_abstract(document.find("Abstract")),
        authors=_names(writers[0].iterfind("Author")) if writers else [],
        year=year or _date(_child(document, "ContributionDate"))[0],
        venue=book_title if chapter else "",
        doi=_identifier(document.iterfind("ArticleIdList/ArticleId"), "IdType", "doi"),
        pmid=line_of(document.find("PMID")),
        details={
            "type": "incollection" if chapter else "book",
            "editor": " and ".join(name for part in editors[:1] for name in _names(part.iterfind("Author"))),
            "publisher": line_of(book.find("Publisher/PublisherName")),
            "address": line_of(book.find("Publisher/PublisherLocation")),
            "series": line_of(book.find("CollectionTitle")),
            "edition": line_of(book.find("Edition")),
            "volume": line_of(book.find("Volume")),
            "pages": _pages(document),
            "isbn": _joined(book.iterfind("Isbn")),
            "date": date,
            "language": _joined(document.iterfind("Language")),
            "keywords": _keywords(document),
            "copyright": line_of(document.find("Abstract/CopyrightInformation")),
            "pubtype": _joined(document.iterfind("PublicationType")),
        },
    )


def _child(element: Element, path: str) -> Element:
    found = element.find(path)
    return Element(path) if found is None else found


def _joined(found: Iterable[Element]) -> str:
    return "; ".join(dict.fromkeys(text for element in found if (text := line_of(element))))


def _title(article: Element) -> str:
    title = text_of(article.find("ArticleTitle"))
    missing = title.strip("[]. ").casefold() in ("", _NO_TITLE)
    return text_of(article.find("VernacularTitle")) if missing else title


def _abstract(abstract: Element | None) -> str:
    """Its parts with their labels, or as paragraphs where no part has one."""
    if abstract is None:
        return ""
    parts = [(part.get("Label", "").strip(), text_of(part)) for part in abstract.iterfind("AbstractText")]
    labelled = [(label if label.upper() not in _NO_LABEL else "", text) for label, text in parts if text]
    between = " " if any(label for label, _ in labelled) else "\n\n"
    return between.join(f"{label.rstrip(':')}: {text}" if label else text for label, text in labelled)


def _other_abstract(citation: Element) -> str:
    """The abstract in another place or language; English where there is a choice."""
    found = sorted(citation.iterfind("OtherAbstract"), key=lambda other: other.get("Language", "eng") != "eng")
    return next((text for other in found if (text := _abstract(other))), "")


def _names(authors: Iterable[Element]) -> list[str]:
    """Names that are valid: a misspelt one stands beside its correction."""
    found = list(authors)
    valid = [author for author in found if author.get("ValidYN") != "N"] or found
    return [name for author in valid if (name := _name(author))]


def _name(author: Element) -> str:
    given = line_of(author.find("ForeName")) or line_of(author.find("Initials"))
    name = full_name(line_of(author.find("LastName")), given, line_of(author.find("Suffix")))
    return name or line_of(author.find("CollectiveName"))


def _date(date: Element) -> tuple[str, str]:
    """(what has the year in it, the ISO date where there is more than a year)."""
    year, month, day = (line_of(date.find(part)) for part in ("Year", "Month", "Day"))
    return year or line_of(date.find("MedlineDate")), iso_date(year, month, day)


def _pages(element: Element) -> str:
    start, end = line_of(element.find("Pagination/StartPage")), line_of(element.find("Pagination/EndPage"))
    return line_of(element.find("Pagination/MedlinePgn")) or "-".join(page for page in (start, end) if page)


def _identifier(found: Iterable[Element], attribute: str, kind: str) -> str:
    texts = (line_of(e) for e in found if e.get(attribute) == kind and e.get("ValidYN") != "N")
    return next((text for text in texts if text), "")


def _doi(element: Element, article: Element) -> str:
    located = _identifier(article.iterfind("ELocationID"), "EIdType", "doi")
    return located or _identifier(element.iterfind("PubmedData/ArticleIdList/ArticleId"), "IdType", "doi")


def _keywords(element: Element) -> str:
    """The authors' keywords, then MeSH headings as PubMed writes them: "Malaria/drug therapy"."""
    headings = ["/".join(line_of(part) for part in e) for e in element.iterfind("MeshHeadingList/MeshHeading")]
    keywords = [line_of(keyword) for keyword in element.iterfind("KeywordList/Keyword")]
    return "; ".join(dict.fromkeys(word for word in (*keywords, *headings) if word))


def _retraction(citation: Element, article: Element) -> str:
    """Where the paper was retracted; "Retracted" where PubMed says no more."""
    for correction in citation.iterfind("CommentsCorrectionsList/CommentsCorrections"):
        if how := _RETRACTED.get(correction.get("RefType", "")):
            pmid = line_of(correction.find("PMID"))
            where = f"{line_of(correction.find('RefSource'))}{f' (PMID {pmid})' if pmid else ''}".strip()
            return f"{how} {where}" if where else how.removesuffix(" in")
    kinds = [line_of(kind) for kind in article.iterfind("PublicationTypeList/PublicationType")]
    return "Retracted" if "Retracted Publication" in kinds else ""
