"""EndNote's reference types, as its XML and its tagged text name them, under BibTeX's names."""

from __future__ import annotations

from citeworthy.sources.kinds import bibtex_type

_TYPES = {  # number and name of the reference types; a record may have only one of them right
    "article": ("17 journal article", "43 electronic article", "19 magazine article", "23 newspaper article"),
    "inproceedings": ("10 conference proceedings", "47 conference paper"),
    "book": ("6 book", "28 edited book", "44 electronic book"),
    "incollection": ("5 book section", "60 electronic book section", "53 encyclopedia", "52 dictionary"),
    "phdthesis": ("32 thesis",),
    "techreport": ("27 report", "46 government document", "58 standard"),
    "online": ("12 web page", "56 blog", "45 online database", "48 online multimedia"),
    "unpublished": ("34 unpublished work", "36 manuscript"),
    "dataset": ("59 dataset",),
    "software": ("9 computer program",),
}
_KIND_OF = {known: kind for kind, types in _TYPES.items() for one in types for known in one.split(" ", maxsplit=1)}
IN_SOMETHING = ("article", "inproceedings", "incollection")


def endnote_kind(names: tuple[str, ...], work_type: str) -> str:
    """The BibTeX type of a reference type by number or name; what kind of thesis the type of work says."""
    kind = next((known for name in names if (known := _KIND_OF.get(name.strip().casefold()))), "misc")
    return bibtex_type("thesis", work_type) if kind == "phdthesis" else kind
