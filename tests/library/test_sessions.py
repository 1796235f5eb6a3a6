"""Conversations: kept whole, found again, and nobody else's."""

from __future__ import annotations

import json
import sqlite3
import threading
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citeworthy.assistant import Assistant
from citeworthy.errors import UnknownSessionError, UserError
from citeworthy.library.sessions import Sessions
from citeworthy.library.store import Library
from citeworthy.library.stored_answers import FORMAT, pack_answer, unpack_answer
from citeworthy.records import Answer, Citation, Claim, Consideration, Filters, Outcome, Paper, Provenance, Verdict

PAPER = Paper("lee2020", "On things", "Things fall. They fall quickly, by 30% in a year.", ("Ann Lee",), 2020)
CLAIM = Claim("They fall quickly.", (Citation(PAPER, 13, 49),), Verdict.SUPPORTED, 0.9)


def answer(question: str = "How do things fall?", text: str = "They fall quickly.") -> Answer:
    seen = (Consideration(PAPER, 0.5, used=True),)
    claims = (replace(CLAIM, text=text),)
    made_by = Provenance("quotations", "fake", "rules", timings_ms={"write": 1.5})
    return Answer(question, question, Outcome.ANSWERED, 0.8, "", claims, (), (), seen, Filters(), made_by)


@pytest.fixture
def sessions(tmp_path: Path) -> Iterator[Sessions]:
    made = Sessions(tmp_path / "home" / "library.db")
    yield made
    made.close()


words = st.text(max_size=12)
floats = st.floats(allow_nan=False)
tuples = st.lists(words, max_size=3).map(tuple)
years = st.none() | st.integers(-9999, 9999)
known = st.none() | words
details = st.lists(st.tuples(words, words), max_size=2).map(tuple)
abstracts = st.text(max_size=60)
papers = st.builds(
    Paper, words, words, abstracts, tuples, years, known, known, known, known, known, words, st.booleans(), details
)
few_papers = st.shared(st.lists(papers, min_size=1, max_size=3), key="papers").flatmap(st.sampled_from)
citations = st.builds(Citation, few_papers, st.integers(0, 60), st.integers(0, 60))
claims = st.lists(
    st.builds(
        Claim, words, st.lists(citations, max_size=2).map(tuple), st.sampled_from(Verdict), floats, tuples, words
    ),
    max_size=2,
).map(tuple)
seen = st.lists(st.builds(Consideration, few_papers, floats, st.booleans(), st.none() | words), max_size=3).map(tuple)
counts = st.dictionaries(words, st.integers(0, 2**40), max_size=2)
named = st.dictionaries(words, words, max_size=2)
timings = st.dictionaries(words, floats, max_size=2)
made = st.builds(Provenance, words, words, words, named, timings, counts, st.none() | floats, counts)
filters = st.builds(Filters, years, years, tuples, tuples, tuples, tuples)
answers = st.builds(
    Answer, words, words, st.sampled_from(Outcome), floats, words, claims, claims, claims, seen, filters, made, tuples
)


@given(one=answers)
def test_any_answer_comes_back_as_it_was(one: Answer) -> None:
    again = unpack_answer(pack_answer(one), FORMAT)
    assert again == one
    assert again is not None
    cited = [c for claim in (*again.claims, *again.left_out, *again.closest) for c in claim.citations]
    assert all(isinstance(c.paper, Paper) and c.paper.abstract[c.start : c.end] == c.quote for c in cited)


@pytest.mark.parametrize("question", ["Did vitamin D lower IL-6?", "What is the capital of France?"])
def test_a_real_answer_resumes_after_its_papers_have_gone(assistant: Assistant, question: str) -> None:
    real = assistant.ask(question)
    sessions = Sessions(assistant.library.path)
    session = sessions.create("me")
    sessions.append("me", session, question, real)
    assistant.remove([paper.key for paper in assistant.library.papers()])
    (turn,) = Sessions(assistant.library.path).turns("me", session)
    assert turn.answer == real
    assert turn.answer.to_dict() == real.to_dict()


def test_a_paper_is_kept_once_an_answer() -> None:
    noise = "".join(chr(0x4E00 + n * 7919 % 20_000) for n in range(40_000))  # more than the compressor looks back
    long = replace(PAPER, abstract=noise)
    once = replace(answer(), papers=(Consideration(long, 0.5, used=True),), claims=())
    often = replace(once, claims=(replace(CLAIM, citations=(Citation(long, 0, 9),) * 5),))
    assert len(pack_answer(often)) < 1.1 * len(pack_answer(once))


def test_half_a_character_does_no_harm(sessions: Sessions) -> None:
    session = sessions.create("me", "a \ud83d title")
    sessions.append("me", session, "what \ud83d?", answer("what \ud83d?", "odd \udc00 text"))
    (turn,) = sessions.turns("me", session)
    assert turn.question == turn.answer.question == "what ??"
    assert turn.answer.claims[0].citations == CLAIM.citations


@pytest.mark.parametrize(
    "harm", ["answer = x'00'", "format = 99", "answer = substr(answer, 1, length(answer) / 2)"]
)  # fmt: skip
def test_an_answer_that_cannot_be_read_leaves_the_rest(sessions: Sessions, tmp_path: Path, harm: str) -> None:
    session = sessions.create("me")
    for number in range(3):
        sessions.append("me", session, f"Question {number}?", answer())
    db = sqlite3.connect(tmp_path / "home" / "library.db")
    db.execute(f"UPDATE turns SET {harm} WHERE position = 1")
    db.commit()
    db.close()
    turns = sessions.turns("me", session)
    assert [turn.is_readable for turn in turns] == [True, False, True]
    assert turns[2].answer == answer()
    lost = turns[1].answer
    assert (lost.question, lost.claims, lost.papers) == ("Question 1?", (), ())
    assert "Ask again" in lost.text
    assert "They fall quickly." in lost.text


def test_fields_that_are_missing_make_no_answer() -> None:
    fields = json.loads(zlib.decompress(pack_answer(answer())))
    for broken in ({}, [], {"answer": {}, "papers": []}, {**fields, "papers": []}, {**fields, "answer": None}):
        assert unpack_answer(zlib.compress(json.dumps(broken).encode()), FORMAT) is None


def test_turns_are_added_cut_and_rated(sessions: Sessions) -> None:
    session = sessions.create("me")
    assert [sessions.append("me", session, f"Question {n}?", answer()) for n in range(3)] == [0, 1, 2]
    sessions.rate("me", session, 0, -1, " wrong paper " + "x" * 5_000)
    sessions.rate("me", session, 2, 1)
    sessions.cut("me", session, 1)
    sessions.append("me", session, "Another?", answer())
    turns = sessions.turns("me", session)
    assert [(turn.position, turn.question, turn.rating) for turn in turns] == [
        (0, "Question 0?", -1),
        (1, "Another?", 0),
    ]
    assert turns[0].comment.startswith("wrong paper xxx")
    assert len(turns[0].comment) == 2_000
    for fails in (lambda: sessions.rate("me", session, 0, 2), lambda: sessions.rate("me", session, 7, 1)):
        with pytest.raises(UserError, match=r"rating is|no turn 7"):
            fails()
    with pytest.raises(UserError, match="no turn -1"):
        sessions.cut("me", session, -1)
    assert len(sessions.turns("me", session)) == 2


def test_a_branch_has_copies_of_the_turns_before_and_leaves_the_conversation(sessions: Sessions) -> None:
    session = sessions.create("me")
    for question in ("One?", "Two?", "Three?"):
        sessions.append("me", session, question, answer(question))
    sessions.rate("me", session, 0, 1, "good")
    before = sessions.turns("me", session)
    branch = sessions.branch("me", session, 2, "Four?")
    assert sessions.turns("me", branch) == before[:2]
    assert sessions.get("me", branch).title == "Four? (branched from: One?)"
    sessions.append("me", branch, "Four?", answer("Four?"))
    sessions.cut("me", branch, 0)
    assert sessions.turns("me", session) == before
    first = sessions.branch("me", session, 0, "Five?")
    sessions.append("me", first, "Five?", answer("Five?"))
    assert (sessions.get("me", first).title, len(sessions.turns("me", first))) == ("Five?", 1)
    with pytest.raises(UserError, match="no turn 3"):
        sessions.branch("me", session, 3, "Six?")
    assert len(sessions.list("me")) == 3


def test_titles(sessions: Sessions) -> None:
    session = sessions.create("me")
    sessions.append("me", session, "How do\nthings fall, " + "and why " * 20, answer())
    title = sessions.get("me", session).title
    assert title.startswith("How do things fall, and why")
    assert title.endswith("why…")
    assert len(title) <= 80
    sessions.append("me", session, "Another question?", answer())
    assert sessions.get("me", session).title == title
    sessions.cut("me", session, 0)
    sessions.append("me", session, "x" * 100, answer())
    assert sessions.get("me", session).title == "x" * 79 + "…"
    sessions.rename("me", session, "  My\ttitle " + "y" * 300)
    assert sessions.get("me", session).title.startswith("My title y")
    assert len(sessions.get("me", session).title) == 200
    sessions.cut("me", session, 0)
    sessions.append("me", session, "Anew?", answer())
    assert sessions.get("me", session).title.startswith("My title")


def test_the_newest_come_first(sessions: Sessions) -> None:
    first, second, third = (sessions.create("me", name) for name in ("first", "second", "third"))
    sessions.append("me", second, "Question?", answer())
    assert [one.id for one in sessions.list("me")] == [second, third, first]
    assert [one.turns for one in sessions.list("me")] == [1, 0, 0]
    assert [one.id for one in sessions.list("me", limit=1)] == [second]
    sessions.delete("me", second)
    assert [one.title for one in sessions.list("me")] == ["third", "first"]


@pytest.mark.parametrize(
    ("searched", "found"),
    [
        ("ÉTUDE", True),  # in the title
        ("gulls NEST", True),  # in a question
        ("öfter", True),  # in an answer
        ("étude gulls 30%", True),  # each somewhere
        ("étude gulls quokka", False),
        ("_", False),
        ("%", True),
        ("3%", False),
        ("[1]", True),
        ("", True),
        ("a " * 1_000 + "quokka", True),  # only so many words are looked for
    ],
)
def test_searching(sessions: Sessions, searched: str, found: bool) -> None:
    session = sessions.create("me", "Étude")
    sessions.append("me", session, "Where do gulls nest?", answer(text="ÖFTER on cliffs, by 30% a year"))
    sessions.append("other", sessions.create("other", "Étude gulls quokka"), "Quokka?", answer(text="öfter 3% _ nest"))
    assert [one.id for one in sessions.list("me", searched)] == [session] * found


def test_another_owner_is_told_what_is_told_of_no_conversation(sessions: Sessions) -> None:
    mine = sessions.create("me")
    sessions.append("me", mine, "Question?", answer())
    told = set()
    for session in (mine, "no such id"):
        for call in (
            lambda one: sessions.get("you", one),
            lambda one: sessions.turns("you", one),
            lambda one: sessions.rename("you", one, "x"),
            lambda one: sessions.append("you", one, "Question?", answer()),
            lambda one: sessions.cut("you", one, 0),
            lambda one: sessions.branch("you", one, 0, "Mine?"),
            lambda one: sessions.rate("you", one, 0, 1),
            lambda one: sessions.delete("you", one),
        ):
            with pytest.raises(UnknownSessionError) as raised:
                call(session)
            told.add(str(raised.value))
    assert len(told) == 1
    assert sessions.list("you") == []
    (turn,) = sessions.turns("me", mine)
    assert (turn.rating, sessions.get("me", mine).title) == (0, "Question?")


def test_several_threads_and_a_writing_process_at_once(sessions: Sessions, tmp_path: Path) -> None:
    session = sessions.create("me")
    other = Sessions(tmp_path / "home" / "library.db")  # as of another process

    def add(to: Sessions) -> None:
        for _ in range(5):
            to.append("me", session, "Question?", answer())

    library = Library(tmp_path / "home")
    threads = [threading.Thread(target=add, args=(one,)) for one in (sessions, sessions, other)]
    with library.writing():
        for thread in threads:
            thread.start()
        list(library.add([PAPER]))
        for thread in threads:
            thread.join()
    assert [turn.position for turn in sessions.turns("me", session)] == list(range(15))
    other.close()
    library.close()
