"""Questions read, sentences chosen, follow-ups made standalone."""

from __future__ import annotations

import pytest

from citeworthy.answer.conversation import Turn, standalone
from citeworthy.answer.focus import Kind, analyse
from citeworthy.answer.lead_in import lead_in, short_name
from citeworthy.assistant import Assistant
from citeworthy.records import Outcome, Paper


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many agents were trained?", Kind.QUANTITY),
        ("By what factor does it speed up?", Kind.QUANTITY),
        ("Which benchmark is used?", Kind.DATA),
        ("Why does it collapse?", Kind.REASON),
        ("What is the main drawback of it?", Kind.LIMITATION),
        ("How do A2C and PPO differ?", Kind.COMPARISON),
        ("How are rewards learned?", Kind.METHOD),
        ("Is it stable?", Kind.YES_NO),
    ],
)
def test_kinds(question: str, kind: Kind) -> None:
    assert analyse(question).kind is kind


def test_names_parts_counts_and_details() -> None:
    focus = analyse("How many A100 GPUs did HybridFlow use, and what learning rate was it? Thanks")
    assert focus.names == ("A100", "GPUs", "HybridFlow")
    assert focus.counted == ("gpus",) or focus.counted == ("gpu",)
    assert len(focus.parts) >= 2
    assert "learning rate" in focus.details


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Size of the small model, and how is it trained?", 2),
        ("How fast is it and on which games?", 2),
        ("Does it use tokens? I am after the argument of Lee.", 1),
        ("Is it stable? Does it scale?", 2),
        ("How do A and B differ?", 1),
    ],
)
def test_sub_questions(question: str, parts: int) -> None:
    assert len(analyse(question).parts) == parts


@pytest.mark.parametrize(
    ("paper", "lead"),
    [
        (
            Paper("k", "HybridFlow: A Framework", "x", authors=("G Sheng", "C Z", "D"), year=2024),
            "HybridFlow (Sheng et al., 2024):",
        ),
        (Paper("k", "On things", "x", authors=("Lee, Ann", "Bo Chen"), year=2020), "Lee and Chen, 2020:"),
        (Paper("k", "On things and other matters", "x"), "“On things and other matters”:"),
        (Paper("k", "S4: a model", "x"), "S4:"),
        (Paper("k", "Tree automata", "x", authors=("Gerco van Heerdt",), year=2020), "van Heerdt, 2020:"),
    ],
)
def test_lead_ins_name_the_paper_and_claim_nothing(paper: Paper, lead: str) -> None:
    assert lead_in(paper) == lead


def test_a_long_first_part_of_a_title_is_no_name() -> None:
    assert short_name(Paper("k", "A very long beginning of a title: and more", "x")) is None


@pytest.mark.parametrize("kind", ["Short report", "Review", "Original Research Article", "Retracted"])
def test_a_kind_of_article_is_no_name(kind: str) -> None:
    assert short_name(Paper("k", f"{kind}: gulls in winter", "x")) is None


def test_a_number_is_answered_with_the_sentence_that_states_it(sample: Assistant) -> None:
    answer = sample.ask("By what factor does HybridFlow raise RLHF throughput?")
    assert answer.outcome is Outcome.ANSWERED
    assert "1.53x to 20.57x" in answer.claims[0].text
    assert len(answer.numbers) == 1


def test_a_comparison_takes_from_each_paper(sample: Assistant) -> None:
    answer = sample.ask("How do HybridFlow and ReaLHF differ in organising RLHF training?")
    assert {"sheng2024hybridflow", "mei2024realhf"} <= set(answer.numbers)


@pytest.mark.parametrize("asked", ["How do Mamba models compare with", "Are Mamba models better than"])
def test_a_comparison_that_is_announced_is_answered_with_what_was_found(sample: Assistant, asked: str) -> None:
    answer = sample.ask(f"{asked} Transformers at in-context learning?")
    assert "on a par in standard regression" in answer.text
    assert "explored far less" not in answer.text


def test_not_reported_shows_the_closest_as_such(sample: Assistant) -> None:
    answer = sample.ask("How many GPUs did HybridFlow use?")
    assert answer.outcome is Outcome.NOT_REPORTED
    assert answer.claims == ()
    assert answer.closest[0].citations[0].paper.key == "sheng2024hybridflow"
    assert "do not report" in answer.message


def test_an_empty_filter_names_the_filter(sample: Assistant) -> None:
    answer = sample.ask("What about RLHF since 2040?")
    assert (answer.outcome, answer.papers) == (Outcome.NO_MATCH, ())
    assert "2040" in answer.message


@pytest.mark.parametrize("remark", ["thanks", "Thanks, that was helpful!", "Hello!", "ok, great"])
def test_courtesies_are_no_questions(sample: Assistant, remark: str) -> None:
    assert sample.ask(remark).outcome is Outcome.NO_MATCH


@pytest.mark.parametrize("question", ["best pizza in Naples?", "cheap flights to Rome"])
def test_where_no_paper_has_a_word_of_the_question_none_is_about_it(sample: Assistant, question: str) -> None:
    assert sample.ask(question).outcome is Outcome.NO_MATCH


def test_follow_ups(sample: Assistant) -> None:
    question = "By what factor does HybridFlow raise RLHF throughput?"
    history = [Turn(question, sample.ask(question))]
    assert standalone("does it need one controller?", history) == "does HybridFlow need one controller?"
    assert standalone("what are its main parts?", history) == "what are HybridFlow's main parts?"
    assert standalone("and the memory?", history) == "and the memory (HybridFlow)?"
    to_make = "can I train the model to do it?"
    assert standalone(to_make, history) == "can I train the model to do HybridFlow?"
    full = "How does sparse attention reduce the cost of long sequences?"
    assert standalone(full, history) == full
    assert standalone("does it work?", []) == "does it work?"


def test_a_paper_is_called_by_the_name_it_was_asked_by_where_its_title_has_none(sample: Assistant) -> None:
    question = "What does SWATS switch between?"
    history = [Turn(question, sample.ask(question))]
    assert standalone("and when does it switch?", history) == "and when does SWATS switch?"


def test_a_paper_without_an_abstract_is_found_and_never_quoted(assistant: Assistant) -> None:
    bare = Paper("bare", "Zyxel training of robots", "", year=2022)
    with assistant.library.writing():
        for _ in assistant.library.add([bare]):
            pass
        assistant.index.sync()
    assert assistant.search("Zyxel training").hits[0].paper.key == "bare"
    answer = assistant.ask("What does Zyxel training of robots do?")
    assert all(citation.paper.key != "bare" for claim in answer.claims for citation in claim.citations)
    assert answer.outcome in (Outcome.NOT_REPORTED, Outcome.NO_MATCH)
