"""Columns: what a person asks for in their own words, and the question it stands for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from citeworthy.errors import UserError
from citeworthy.synthesis.table.facets import Facet, facet_named
from citeworthy.synthesis.table.values import Column

MOST_COLUMNS = 12
_LONGEST = 200  # characters
_QUESTION = re.compile(
    r"^(?:is|are|was|were|do|does|did|can|could|has|have|what|which|how|why|who|when|where|whether|in what|on what|"
    r"for what|to what)\b",
    re.IGNORECASE,
)


def read_columns(wanted: Sequence[str]) -> list[Column]:
    """The columns of a table in a person's words, each once. Raises UserError for what names none."""
    columns: list[Column] = []
    for words in wanted:
        column = own_column(words)
        if all(column.name.casefold() != known.name.casefold() for known in columns):
            columns.append(column)
    if len(columns) > MOST_COLUMNS:
        raise UserError(f"a table takes at most {MOST_COLUMNS} columns, not {len(columns)}")
    return columns


def own_column(words: str) -> Column:
    """The column that some words ask for: a standard one where they name it, else a question of its own.

    >>> own_column("sample size per group").question
    'What is the sample size per group?'
    """
    name = " ".join(words.split())
    if not re.search(r"[^\W\d_]", name):
        raise UserError(f"the column “{words}” has no words; name what it should tell, for example “sample size”")
    if len(name) > _LONGEST:
        raise UserError(f"a column's name has at most {_LONGEST} characters: “{name[:40]} …”")
    facet = facet_named(name)
    return Column(name, facet.question, facet.name) if facet else Column(name, _question(name))


def standard_column(facet: Facet) -> Column:
    """The column of a standard facet."""
    return Column(facet.name, facet.question, facet.name)


def _question(name: str) -> str:
    bare = name.rstrip(" ?.!:")
    if _QUESTION.match(bare) and " " in bare:
        return f"{bare[0].upper()}{bare[1:]}?"
    article = "" if re.match(r"(?:the|an?|any)\b", bare, re.IGNORECASE) else "the "
    last = bare.split()[-1].lower()
    plural = last.endswith("s") and not last.endswith(("ss", "us", "is"))
    return (
        f"Which {bare} are used?"
        if plural and not re.search(r"\b(?:of|for|per)\b", bare)
        else f"What is {article}{bare}?"
    )
