"""A comparison table laid out: in a narrow cell the first words of its sentence, in a wide one the sentence."""

from __future__ import annotations

from dataclasses import replace

from citeworthy.records import Citation, Paper, Provenance, Verdict
from citeworthy.surfaces.documents.comparison import document
from citeworthy.surfaces.documents.markdown import write as as_markdown
from citeworthy.surfaces.documents.text import write as as_text
from citeworthy.synthesis.table.values import Cell, Column, ComparisonTable, Row

PAPER = Paper(
    "p", "On parsing", "Parsing is slow whenever sentences are long. It is mended here.", ("A. Author",), 2020
)
SENTENCE = Citation(PAPER, 0, 44)
TABLE = ComparisonTable(
    (Column("problem", "?"), Column("method", "?"), Column("data", "?")),
    (
        Row(
            PAPER,
            (
                Cell.at_length(SENTENCE, "too long"),
                Cell("It is mended", Citation(PAPER, 45, 63), Verdict.SUPPORTED, 1.0, reported=True),
                Cell.missing("the abstract does not say"),
            ),
        ),
    ),
    (),
    (),
    Provenance("extractive", "", "checks"),
)


def test_where_there_is_room_what_is_stated_at_length_is_its_sentence() -> None:
    text = as_text(document(TABLE, is_wide=True))
    assert f"Problem  “{SENTENCE.quote}” [1]" in text
    assert text.count(SENTENCE.quote) == 1
    assert "stated at length" not in text
    assert "Data     not reported" in text


def test_elsewhere_it_is_the_first_words_with_the_sentence_as_its_quotation() -> None:
    long = "Parsing, of which much has been said, is slow in all languages, whenever sentences are long."
    cell = Cell.at_length(Citation(replace(PAPER, abstract=long), 0, len(long)), "too long")
    text = as_markdown(document(replace(TABLE, rows=(Row(PAPER, (cell, *TABLE.rows[0].cells[1:])),))))
    assert "“Parsing, of which much has been said, is slow in all languages …” " in text
    assert long in text
