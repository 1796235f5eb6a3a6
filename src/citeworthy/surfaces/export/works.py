"""What kind of work a paper is, and when it came out: what every export format wants to know."""

from __future__ import annotations

import re

from citeworthy.records import Paper

_PROCEEDINGS = re.compile(
    r"\b(proceedings|proc\.|conference|workshop|symposium|congress|advances in neural information processing)"
    r"|^(?:AAAI|ACL|CHI|CIKM|COLING|COLT|CVPR|ECCV|EMNLP|EuroSys|ICCV|ICLR|ICML|ICRA|ICSE|IJCAI|INTERSPEECH|ISCA|KDD|"
    r"NAACL|NeurIPS|NIPS|NSDI|OSDI|SIGIR|SIGMOD|SOSP|UAI|VLDB|WSDM|WWW)$",
    re.IGNORECASE,
)
_ACRONYM_AND_YEAR = re.compile(r"(?=\w*[A-Z]\w*[A-Z])[\w&/+-]+,? ?['’]?\d{2,4}\b")  # "ICLR 2022"
_JOURNAL_PROCEEDINGS = re.compile(
    r"\b(national academy|natl\.? acad|royal society|london mathematical|vldb endowment|of the acm on|of the ieee$)",
    re.IGNORECASE,
)
_SERVER = re.compile(
    r"^(?P<name>arxiv|biorxiv|medrxiv|chemrxiv|psyarxiv|socarxiv|techrxiv|eartharxiv|edarxiv|osf preprints|ssrn"
    r"|research square|preprints\.org|corr)\b",
    re.IGNORECASE,
)
_SERVER_NAMES = {
    "arxiv": "arXiv", "biorxiv": "bioRxiv", "medrxiv": "medRxiv", "chemrxiv": "ChemRxiv", "psyarxiv": "PsyArXiv",
    "socarxiv": "SocArXiv", "techrxiv": "TechRxiv", "eartharxiv": "EarthArXiv", "edarxiv": "EdArXiv",
    "osf preprints": "OSF Preprints", "ssrn": "SSRN", "research square": "Research Square", "corr": "arXiv",
}  # fmt: skip
_KINDS = {
    **dict.fromkeys(("article", "periodical", "suppperiodical"), "article"),
    **dict.fromkeys(("inproceedings", "conference"), "inproceedings"),
    **dict.fromkeys(
        ("book", "mvbook", "collection", "mvcollection", "proceedings", "mvproceedings", "booklet"), "book"
    ),
    **dict.fromkeys(("reference", "mvreference", "manual"), "book"),
    **dict.fromkeys(("incollection", "inbook", "bookinbook", "suppbook", "suppcollection", "inreference"), "chapter"),
    **dict.fromkeys(("phdthesis", "mastersthesis", "thesis"), "thesis"),
    **dict.fromkeys(("techreport", "report"), "report"),
    **dict.fromkeys(("online", "electronic", "www", "webpage"), "web"),
}
_GENRES = {  # BibLaTeX's words
    "phdthesis": "PhD thesis", "mathesis": "Master’s thesis", "mastersthesis": "Master’s thesis",
    "bathesis": "Bachelor’s thesis", "candthesis": "Candidate thesis", "techreport": "Technical report",
    "resreport": "Research report",
}  # fmt: skip
_DATE = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?(?![\d])")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def entry_type(paper: Paper) -> str:
    """The BibTeX entry type: the one the record came with, else guessed from the venue."""
    if known := paper.detail("type"):
        return known
    if paper.venue and not preprint_server(paper):
        return "inproceedings" if _is_proceedings(paper) else "article"
    return "misc"


def kind(paper: Paper) -> str:
    """What styles tell apart: article, inproceedings, book, chapter, preprint, thesis, report, web, other."""
    known = _KINDS.get(entry_type(paper).casefold(), "other")
    if preprint_server(paper) and known in ("article", "web", "other"):
        return "preprint"
    is_page = entry_type(paper) == "misc" and paper.url and not paper.detail("publisher")
    return "web" if is_page else known


def genre(paper: Paper) -> str:
    """What kind of thesis, report or other work it is, in words, where that is known."""
    said = paper.detail("genre") or (entry_type(paper) if kind(paper) == "thesis" else "")
    return _GENRES.get(said.casefold(), said if said != "thesis" else "")


def preprint_server(paper: Paper) -> str:
    """The server a preprint is on ("arXiv"); "" for what was published elsewhere."""
    if match := _SERVER.match(paper.venue or paper.detail("publisher")):
        return _SERVER_NAMES.get(match["name"].casefold(), match["name"])
    return "arXiv" if paper.arxiv_id and not paper.venue else ""


def issued(paper: Paper) -> tuple[int, ...]:
    """Year, month and day, as far as they are known.

    >>> issued(Paper("k", "T", "", year=2024, details=(("date", "2024-09-28"),)))
    (2024, 9, 28)
    """
    date = parse_date(paper.detail("date"))
    if date and paper.year in (None, date[0]):
        return date
    if paper.year is None:
        return ()
    month = _month(paper.detail("month"))
    return (paper.year, month) if month else (paper.year,)


def parse_date(text: str) -> tuple[int, ...]:
    """The numbers of an ISO date that make sense, from the year on; none where there is no date."""
    match = _DATE.match(text.strip())
    if match is None:
        return ()
    year, month, day = (int(part or 0) for part in match.groups())
    if not 1 <= month <= len(_MONTHS):
        return (year,)
    return (year, month, day) if 1 <= day <= 31 else (year, month)


def _month(text: str) -> int:
    text = text.strip().casefold()
    if text.isdigit():
        return int(text) if 1 <= int(text) <= len(_MONTHS) else 0
    return _MONTHS.index(text[:3]) + 1 if text[:3] in _MONTHS and text.rstrip(".").isalpha() else 0


def _is_proceedings(paper: Paper) -> bool:
    venue = paper.venue or ""
    if _JOURNAL_PROCEEDINGS.search(venue):
        return False
    return bool(_PROCEEDINGS.search(venue) or _ACRONYM_AND_YEAR.match(venue))
