"""What every reader of drafts gives: the sentences of a manuscript, and what each of them cites.

Only running prose is read: no headings, tables, displayed formulas, code, comments or reference lists. The text of a
sentence is what a reader sees (markup resolved, citation marks taken out), so that it can be held against an abstract;
places say where it stands in the file, so that an editor can go there.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from citeworthy.records import Paper


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands. Lines and columns count from 1, columns in code points; in a Word file `line` is the
    number of the paragraph."""

    file: str  # as given, or relative to the draft where it was included from there
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class DraftCitation:
    """One paper cited at one place; `\\cite{a,b}` is two of them."""

    key: str  # "sheng2024hybridflow", "[12]" or "Sheng et al., 2024", as the draft identifies the paper
    place: Place  # of the key itself
    scope: tuple[int, int]  # the part of the sentence's text that it vouches for: `text[scope[0]:scope[1]]`
    carried: bool = False  # cited in a sentence before, about which this one goes on ("They also ..."); place is there


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """One sentence of prose."""

    text: str
    place: Place  # of its first character
    end: Place  # behind its last
    citations: tuple[DraftCitation, ...] = ()
    section: str = ""  # heading it stands under


@dataclass(frozen=True, slots=True)
class Draft:
    """A manuscript as read."""

    sentences: tuple[DraftSentence, ...]
    references: dict[str, Paper]  # what the draft itself says of the papers it cites, by key; often without abstract
    bibliographies: tuple[Path, ...] = ()  # files that it names (`\\bibliography`, front matter) and that exist
    problems: tuple[str, ...] = ()  # what could not be read, in words: "line 12: \\input{missing.tex} is not there"
