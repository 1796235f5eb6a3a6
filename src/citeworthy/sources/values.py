"""Values as records carry them, in every shape met in exports: names, dates, identifiers, placeholders."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

_NOTHING = frozenset(("", "na", "n/a", "nan", "none", "null", "nil", "-", "--", ".", "?", "undefined", "unknown"))
_NO_ABSTRACT = re.compile(
    r"\W*(no abstract( available)?|abstract (is )?not available|not available|see full text)\W*", re.IGNORECASE
)
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d|2100)(?!\d)")
_COMPACT_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)")  # 20240301
_DOI = re.compile(r"(?<![\w.])10\.\d{4,9}/[^\s\"<>{}\\^`|]+")
_DOI_END = re.compile(r"[.,;:)\]]+$")
_ARXIV = re.compile(
    r"(?:^|arxiv[:./\s]*(?:abs/|pdf/)?|arxiv\.org/(?:abs|pdf|html)/)\s*"
    r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(v\d+)?(?=$|[\s\[\],;)/?#]|\.pdf)",
    re.IGNORECASE,
)
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(\d{4}\.\d{4,5}|[a-z-]+/\d{7})", re.IGNORECASE)
_PMID = re.compile(r"(?:^|pmid[:\s]*|pubmed[^\d\s]{0,40}/)(\d{1,9})(?!\d)", re.IGNORECASE)
_PMCID = re.compile(r"(?:^(?:.*/)?|\bPMC)(\d{3,9})(?![\w.])", re.IGNORECASE)

_AND_OR_COMMA = re.compile(r",?\s+(?:and|&)\s+|,")
_LONGEST_ID = 2_000  # characters, with all that may stand before it; a link is shorter
_INITIALS = re.compile(r"(?:[^\W\d_]\.?[ -]?){1,4}")
_NAMESAKE = re.compile(r" \d{4}$")  # DBLP's number of one of several of that name
_NUMBER = re.compile(r"\s*\(\d{6,}\)")  # "Lee, Ann (57193852372)": Scopus's number of an author


def or_nothing(value: object) -> str:
    """The text without white space around it; "" where it only says that there is none."""
    text = str(value).strip() if isinstance(value, str | int | float) else ""
    return "" if text.casefold() in _NOTHING else text


def an_abstract(value: object) -> str:
    """The same for an abstract, where "[No abstract available]" is nothing either."""
    text = or_nothing(value)
    return "" if _NO_ABSTRACT.fullmatch(text) else text


def find_year(value: Any) -> int | None:
    """The first plausible year in 2024, "2024-03-01", "Mar 2024", "20240301", {"date-parts": [[2024]]}."""
    match = (_YEAR.search(str(value)) or _COMPACT_DATE.search(str(value))) if value is not None else None
    return int(match[1]) if match else None


def find_doi(text: str, *, links_only: bool = False) -> str:
    """The DOI in "10.1000/x", "doi:10.1000/x", a doi.org link or "10.1000/x [doi]"; "" if there is none.

    With `links_only` in doi.org links alone: a publisher's page may go on after the DOI ("/doi/10.1002/x/full").
    """
    if links_only and "doi.org/" not in str(text or "")[:_LONGEST_ID].casefold():
        return ""
    match = _DOI.search(str(text or "")[:_LONGEST_ID].replace("%2F", "/").replace("\\_", "_").replace("&amp;", "&"))
    if match is None:
        return ""
    doi = match[0]
    while (end := _DOI_END.search(doi)) and not (end[0].startswith(")") and doi.count("(") >= doi.count(")")):
        doi = doi[: end.start()]
    return doi


def find_arxiv_id(text: str, *, links_only: bool = False) -> str:
    """The arXiv identifier, with its version if it has one; "" if there is none."""
    text = str(text or "")[:_LONGEST_ID].strip()
    if match := _ARXIV_DOI.search(text):
        return match[1]
    if links_only and "arxiv" not in text.casefold():
        return ""
    match = _ARXIV.search(text)
    return f"{match[1]}{match[2] or ''}" if match else ""


def find_pmid(text: str, *, links_only: bool = False) -> str:
    """The PubMed number in "123456", "PMID: 123456", "123456 [pmid]" or a link; "" if there is none."""
    text = str(text or "")[:_LONGEST_ID].strip()
    if links_only and "pubmed" not in text.casefold():
        return ""
    match = _PMID.search(text)
    return match[1] if match else ""


def find_pmcid(text: str) -> str:
    """ "PMC123" of "123", of "PMC123" and of a link; "" if there is none."""
    match = _PMCID.search(str(text or "").strip())
    return f"PMC{match[1]}" if match else ""


def split_authors(value: Any) -> tuple[str, ...]:
    """Names from a list of names, a list of {given, family} or {name} records, or one string."""
    if value is None:
        return ()
    if isinstance(value, str):
        line = " ".join(value.split())
        names = [name for piece in _split_names(_NUMBER.sub("", line)) if (name := or_nothing(piece.strip(" ,")))]
        return tuple(_family_first(names))
    if isinstance(value, Mapping):  # DBLP puts the list, or the only one, under a name of its own
        inner = value.get("author", value)
        value = inner if isinstance(inner, list) else [inner]
    if not isinstance(value, Iterable):
        return ()
    return tuple(name for item in value if (name := or_nothing(_one_name(item))))


def full_name(family: str, given: str = "", suffix: str = "") -> str:
    """ "Family, Given" or "Family, Jr., Given"; the family name alone where that is all."""
    return ", ".join(part for part in (family.strip(), suffix.strip(), given.strip()) if part)


def _split_names(value: str) -> list[str]:
    for mark in ";|":
        if mark in value:
            return value.split(mark)
    pieces = [piece.strip() for piece in _AND_OR_COMMA.split(value) if piece.strip()]
    if len(pieces) > 1 and len(pieces) % 2 == 0 and all(map(_are_initials, pieces[1::2])):
        return [full_name(*pair) for pair in zip(pieces[::2], pieces[1::2], strict=True)]  # "Lee, A., Chen, B."
    if " and " not in value:
        # "Sheng, Guangming" is one author; "Guangming Sheng, Chi Zhang" are two.
        return (
            [value]
            if value.count(",") == 1 and " " not in value.split(",", maxsplit=1)[0].strip()
            else value.split(",")
        )
    if all(" " in piece for piece in pieces):
        return pieces  # "Ann Lee, Bo Chen and Cy Diaz"
    return value.split(" and ")


def _family_first(names: list[str]) -> list[str]:
    """ "Lee A" and "Lee A." as "Lee, A", where all are written so, as PubMed and Scopus do."""
    split = [name.rpartition(" ") for name in names]
    if not split or not all(family and "," not in family and _are_initials(last) for family, _, last in split):
        return names
    if all(len(last) == 2 and last.isalpha() for _, _, last in split):
        return names  # "Jing LI, Wei WU"
    dotted = sum(last.endswith(".") for _, _, last in split) > 1 or "." in split[0][2]
    return [full_name(family, last if dotted else last.rstrip(".")) for family, _, last in split]


def _are_initials(text: str) -> bool:
    return _INITIALS.fullmatch(text) is not None and text.isupper()


def _one_name(item: Any) -> Any:
    if not isinstance(item, Mapping):
        return item
    for name in ("name", "literal", "display_name", "fullName"):
        if isinstance(item.get(name), str) and item[name].strip():
            return item[name]
    if isinstance(item.get("text"), str):
        return _NAMESAKE.sub("", item["text"])
    family = _parts(item, "non-dropping-particle", "family", "lastName", "last_name")
    given = _parts(item, "given", "firstName", "first_name", "dropping-particle")
    return full_name(family, given, _parts(item, "suffix"))


def _parts(item: Mapping[str, Any], *names: str) -> str:
    """Parts of a name. "nan" and "N/A" are none; "Nan", "Null" and "NA" are somebody's name or initials."""
    parts = [str(item[name]).strip() for name in names if isinstance(item.get(name), str)]
    return " ".join(part for part in parts if or_nothing(part) or (part != part.lower() and part != "N/A")).strip()
