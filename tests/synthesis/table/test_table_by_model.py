"""A language model fills the table; what it writes is checked, and the abstract's own words stand in for what fails."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from citeworthy.errors import ModelError
from citeworthy.models.calling import Caller
from citeworthy.models.chat import FakeChat, Traits
from citeworthy.models.cross_encoder import FakeCrossEncoder
from citeworthy.records import Citation, Paper, Verdict
from citeworthy.synthesis.table.build import Readers, build_table
from citeworthy.synthesis.table.by_model import Filling
from citeworthy.synthesis.table.cells import read_paper
from citeworthy.synthesis.table.values import AT_LENGTH, Cell, Column, ComparisonTable
from citeworthy.verify.verifier import Verifier

ABSTRACT = (
    "Offline reinforcement learning is costly. We propose HUBL, a method that blends heuristics into "
    "bootstrapping. On three "
    "D4RL benchmarks it outperforms earlier methods by 9%."
)
PAPERS = [Paper("a1", "HUBL", ABSTRACT), Paper("b2", "Another </paper> one", ABSTRACT.replace("9%", "12%"))]


def fill(
    function: Callable[[str], str], columns: list[str] | None = None, context_tokens: int = 8_192
) -> ComparisonTable:
    caller = Caller(FakeChat(function, traits=Traits(context_tokens, local=True)))
    return build_table(PAPERS, columns, Readers(FakeCrossEncoder()), Verifier(), caller)


def test_a_supported_cell_stands_with_the_sentence_it_named() -> None:
    made = fill(lambda _: "1: [3] outperforms earlier methods by 9% on three D4RL benchmarks", ["result"])
    cell = made.rows[0].cells[0]
    assert cell.text == "outperforms earlier methods by 9% on three D4RL benchmarks"
    assert cell.citation is not None
    assert cell.citation.quote.startswith("On three D4RL")
    assert made.provenance.writer == "fake"
    assert set(made.provenance.prompts) == {"table_cells"}


def test_a_cell_that_its_sentence_does_not_support_is_left_out_and_the_own_words_stand_in() -> None:
    made = fill(lambda _: "1: [3] outperforms earlier methods by 90%", ["result"])
    assert [(c.key, c.column, c.verdict) for c in made.left_out] == [
        ("a1", "result", Verdict.NOT_SUPPORTED), ("b2", "result", Verdict.NOT_SUPPORTED)
    ]  # fmt: skip
    assert all("90%" not in row.cells[0].text for row in made.rows)
    assert made.provenance.writing["unsupported"] == 2


def test_unknown_sentences_are_dropped_and_counted() -> None:
    made = fill(lambda _: "1: [17] outperforms earlier methods", ["optimizer"])
    assert made.provenance.writing["unknown_ids"] == 2
    assert not any(row.cells[0].reported for row in made.rows)


def test_too_long_a_cell_fails() -> None:
    made = fill(lambda _: f"1: [2] {'blends heuristics into bootstrapping ' * 4}", ["method"])
    assert made.provenance.writing["too_long"] == 2
    assert all(len(row.cells[0].text.split()) <= 13 for row in made.rows)


def test_not_reported_is_believed_of_own_columns() -> None:
    made = fill(lambda _: "1: not reported", ["optimizer"])
    assert [row.cells[0].text for row in made.rows] == ["not reported"] * 2


@pytest.mark.parametrize(
    ("facet", "text", "parameters", "shown"),
    [
        (
            "data",
            AT_LENGTH,
            70.0,
            "not reported",
        ),  # a large model that finds nothing in such a sentence is mostly right
        ("problem", AT_LENGTH, 70.0, AT_LENGTH),  # but nearly every abstract states a problem
        ("data", AT_LENGTH, 1.5, AT_LENGTH),
        ("data", "three D4RL benchmarks", 70.0, "three D4RL benchmarks"),
    ],
)
def test_of_known_columns_it_is_believed_where_the_own_words_are_vague(
    facet: str, text: str, parameters: float, shown: str
) -> None:
    read = read_paper(PAPERS[0])
    sentence = read.sentences[2]
    own = replace(Cell.at_length(Citation(read.paper, sentence.start, sentence.end), "long"), text=text)
    traits = Traits(parameters=parameters, local=True)
    filling = Filling(Caller(FakeChat(lambda _: "1: not reported", traits=traits)), Verifier())
    assert [cell.text for cell in filling.fill(read, [Column(facet, "?", facet)], [own])] == [shown]


def test_columns_are_proposed_by_the_model_and_known_ones_recognised() -> None:
    def reply(prompt: str) -> str:
        return "1. Method\n2. Dataset\n- heuristic\nMethod" if "at most 5 columns" in prompt else "nothing of use"

    made = fill(reply)
    assert [(c.name, c.facet) for c in made.columns] == [("Method", "method"), ("Dataset", "data"), ("heuristic", None)]
    assert made.rows[0].cells[1].text == "three D4RL benchmarks"


def test_proposals_that_name_nothing_leave_the_standard_columns() -> None:
    made = fill(lambda _: "")
    assert made.columns
    assert all(column.facet for column in made.columns)


def test_one_paper_a_request_fenced_and_within_a_small_window() -> None:
    seen: list[str] = []

    def reply(prompt: str) -> str:
        seen.append(prompt)
        return "1: not reported"

    fill(reply, ["optimizer"], 520)
    assert len(seen) == 2
    assert all(prompt.count("</paper>") == 2 for prompt in seen)  # the fence, and where the task speaks of it
    assert all(len(prompt) // 4 < 520 for prompt in seen)
    assert not re.search(r"Another </paper>", seen[1])


def test_a_model_that_fails_leaves_the_own_words_and_a_note() -> None:
    def fail(_: str) -> str:
        raise ModelError("the server is down")

    made = fill(fail, ["data"])
    assert [row.cells[0].text for row in made.rows] == ["three D4RL benchmarks"] * 2
    assert any("the server is down" in note for note in made.notes)


def test_a_grammar_holds_a_model_to_the_form() -> None:
    grammars: list[str | None] = []

    class Recording(FakeChat):
        def generate(self, request, stop):  # type: ignore[no-untyped-def]
            grammars.append(request.grammar)
            return super().generate(request, stop)

    chat = Recording(lambda _: "1: not reported", traits=Traits(constraint="grammar", local=True))
    build_table(PAPERS[:1], ["optimizer"], Readers(FakeCrossEncoder()), Verifier(), Caller(chat))
    assert grammars[0] is not None
    assert '"[" id "] "' in grammars[0]
