"""What the tools accept, with its limits, in words for a language model that has to fill it in."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from citeworthy.surfaces.pasted_draft import DraftKind

LONGEST_DRAFT = 200_000  # characters: a long article
LONGEST_BIBLIOGRAPHY = 1_000_000
_WORDS = r"\S"  # something that is not white space


def _listed(value: Any) -> Any:
    """A single name where a list of names is wanted."""
    return [value] if isinstance(value, str) else value


Name = Annotated[str, Field(min_length=1, max_length=300)]
_Names = Annotated[list[Name], Field(max_length=50)]
_Keys = Annotated[list[Name], Field(max_length=200)]
_FewKeys = Annotated[list[Name], Field(max_length=20)]
_One = BeforeValidator(_listed)

Question = Annotated[
    str,
    Field(
        max_length=4_000,
        pattern=_WORDS,
        description="One complete question that makes sense without the conversation: say what “it” or “they” means.",
    ),
]
Query = Annotated[
    str, Field(max_length=4_000, pattern=_WORDS, description="What to look for, in words or as a question.")
]
Topic = Annotated[
    str,
    Field(max_length=1_000, pattern=_WORDS, description="What the section is about, as a phrase: “offline RL”."),
]
Statement = Annotated[
    str,
    Field(
        max_length=2_000,
        pattern=_WORDS,
        description="One sentence that states one thing, as it is to be written. Not a question, not a paragraph.",
    ),
]
Key = Annotated[
    str, Field(min_length=1, max_length=300, description="The paper's citation key, such as sheng2024hybridflow.")
]
Most = Annotated[int, Field(ge=1, le=50, description="How many papers at most.")]
_Year = Annotated[int, Field(ge=1000, le=9999)]
YearFrom = Annotated[_Year | None, Field(description="Only papers of this year or later.")]
YearTo = Annotated[_Year | None, Field(description="Only papers of this year or earlier.")]
Authors = Annotated[
    _Names | None, _One, Field(description="Only papers by one of these authors; a family name is enough.")
]
Venues = Annotated[_Names | None, _One, Field(description="Only papers of one of these journals or conferences.")]
Keys = Annotated[_Keys | None, _One, Field(description="Only the papers with these citation keys.")]
Sources = Annotated[_Names | None, _One, Field(description="Only papers added from these files; seldom needed.")]
ClaimKeys = Annotated[
    _FewKeys | None,
    _One,
    Field(description="Citation keys of the papers that the claim is to cite. Without them the best papers are found."),
]
DraftText = Annotated[
    str,
    Field(
        max_length=LONGEST_DRAFT,
        pattern=_WORDS,
        description="The text itself, with its citations as they stand there. Not the name of a file.",
    ),
]
Kind = Annotated[
    DraftKind,
    Field(description="How it cites: markdown [@key], latex \\cite{key}, plain (Author, Year) or [n]; auto finds out."),
]
BibliographyText = Annotated[
    Annotated[str, Field(max_length=LONGEST_BIBLIOGRAPHY)] | None,
    Field(
        description="Text of the bibliography that belongs to the draft (BibTeX, RIS, CSL-JSON, ...), if there is one; "
        "its abstracts are used for papers that the library does not have.",
    ),
]
