"""What models write, read character by character: markers, markdown, JSON, and what is cut off."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citeworthy.answer.reading import ReplyReader, Written
from citeworthy.records import DraftText

KNOWN = ("1.1", "1.2", "2.1", "2.4")


def read(pieces: list[str], *, cut: bool = False) -> tuple[list[Written], str]:
    reader = ReplyReader(KNOWN)
    events = [event for piece in pieces for event in reader.feed(piece)]
    events += reader.cut() if cut else reader.end()
    drafts = "".join(event.text for event in events if isinstance(event, DraftText))
    return [event for event in events if isinstance(event, Written)], drafts


CASES = [
    ("It rises [1.3]. It mixes. [1.2][1.4]", [("It rises.", "1.3"), ("It mixes.", "1.2 1.4")]),
    ("[1.6] It rises by 46%. [1.7] It helps too.", [("It rises by 46%.", "1.6"), ("It helps too.", "1.7")]),
    ("One holds. Two holds. [2.1]", [("One holds.", ""), ("Two holds.", "2.1")]),
    ("**Answer:** The `L*` search is **fast** [2.4, 2.6-2.8].", [("The L* search is fast.", "2.4 2.6 2.7 2.8")]),
    (
        "## Findings\n- First [1.1]\n* Second (1.2)\n1. Third [3]",
        [("First", "1.1"), ("Second", "1.2"), ("Third", "3")],
    ),
    ("**Bold begins** it [1.1].", [("Bold begins it.", "1.1")]),
    ("```\nIn a fence [1.2]\n```", [("In a fence", "1.2")]),
    (
        "As Smith et al. [1.2] found, it holds by 1.5 (0.85) [1.3].",
        [("As Smith et al. found, it holds by 1.5 (0.85).", "1.2 1.3")],
    ),
    ("The [CLS] token and A* matter [1.1].", [("The [CLS] token and A* matter.", "1.1")]),
    (
        "Yes, it does【2.4】. And [[1.2]]. See [sources: 1.1 and 2.1].",
        [("Yes, it does.", "2.4"), ("And.", "1.2"), ("See.", "1.1 2.1")],
    ),
    ("2024 was good [1.2]. 3D works [1.1].", [("2024 was good.", "1.2"), ("3D works.", "1.1")]),
    ("This is e.g. the U.S. case, i.e. one. [1.1]", [("This is e.g. the U.S. case, i.e. one.", "1.1")]),
    (
        "The gain is 1.53x to 20.57x [1.2] It also helps [9.9]",
        [("The gain is 1.53x to 20.57x", "1.2"), ("It also helps", "9.9")],
    ),
    (
        '{"sentences": [{"text": "A \\"x\\" [1.2].", "sources": ["1.1"]}, {"text": "Be. And see.", "sources": "2.1"}]}',
        [('A "x".', "1.2 1.1"), ("Be.", "2.1"), ("And see.", "2.1")],
    ),
    ('```json\n{"sentences": [{"text": "A holds.", "sources": "1.1"}]}\n```', [("A holds.", "1.1")]),
    ('{"sentences": [{"text": "é \\u00e9 \\n ok.", "sources": []}]}', [("é é ok.", "")]),
    ('{"sentences": [{"text": "A\nholds.", "sources": ["1.1"]}]}', [("A holds.", "1.1")]),
    ('{"sentences": [{"text": "A holds.", "sources": ["1.1"]}, oops', [("A holds.", "1.1")]),
    ("{not JSON [1.1]", [("{not JSON", "1.1")]),
    ('{"answer": 3}', []),
    ("", []),
    ("[1.1]", []),
]


@pytest.mark.parametrize(("reply", "expected"), CASES)
def test_sentences_and_their_ids(reply: str, expected: list[tuple[str, str]]) -> None:
    whole, drafts = read([reply])
    assert [(w.text, " ".join(w.ids)) for w in whole] == expected
    assert drafts == "".join(w.text for w in whole)  # nothing given out was taken back


@pytest.mark.parametrize("reply", [reply for reply, _ in CASES])
def test_one_character_at_a_time_is_the_same(reply: str) -> None:
    assert read(list(reply)) == read([reply])


PARTS = [
    "It holds", ". ", " [1.2]", "[2.", "4]", "(1.1)", "**", "*", "\n", "- ", "`", "A", "b ", "[", "]", "1.5%", '"', "{",
    "}", "e.g. ", "【", "[x]", "[1, 2]", "#", "``", "(", ")", '{"sentences": [{"text": "', '", "sources": ["1.1"]}]}',
]  # fmt: skip


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PARTS), max_size=25), st.integers(0, 2**16))
def test_any_text_is_read_the_same_however_it_is_cut(parts: list[str], seed: int) -> None:
    text = "".join(parts)
    cuts = sorted(random.Random(seed).choices(range(len(text) + 1), k=4))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    whole = read([text])
    assert read(pieces) == whole == read(list(text))
    assert not any("[1.2]" in written.text for written in whole[0])


def test_a_partial_marker_is_held_back() -> None:
    reader = ReplyReader(KNOWN)
    shown = "".join(e.text for e in reader.feed("It holds [1.") if isinstance(e, DraftText))
    assert shown == "It holds"
    assert [e for e in reader.feed("2]") if isinstance(e, DraftText)] == []
    assert list(reader.end()) == [Written("It holds", ("1.2",))]


@pytest.mark.parametrize(
    ("reply", "kept"),
    [
        ("It holds. [1.1] But the oth", ["It holds."]),
        ("It holds. [1.1] But the other does not.", ["It holds.", "But the other does not."]),
        ("It holds [1.", []),
        ('{"sentences": [{"text": "A holds.", "sources": ["1.1"]}, {"text": "B is cut o', ["A holds."]),
    ],
)
def test_of_a_reply_that_was_cut_off_whole_sentences_stay(reply: str, kept: list[str]) -> None:
    assert [w.text for w in read([reply], cut=True)[0]] == kept
