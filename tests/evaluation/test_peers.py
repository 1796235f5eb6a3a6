"""The peers answer as their kind does, over a small library."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from citeworthy.errors import EvaluationError
from citeworthy.evaluation.responses import parse_response
from citeworthy.evaluation.suites.suite import Suite
from citeworthy.evaluation.systems.contestants import NAMES, Arena
from citeworthy.evaluation.systems.peers import PEERS, PlainSystem
from citeworthy.evaluation.systems.protocol import CallableSystem, System, make_request
from citeworthy.models.calling import Caller
from citeworthy.models.chat import FakeChat
from citeworthy.models.embedder import FakeEmbedder


def _fake(function: Callable[[str], str]) -> Caller:
    return Caller(FakeChat(function))


def own(home: Path) -> System:
    return CallableSystem("citeworthy", lambda _: {"outcome": "no_match", "text": str(home)})


@pytest.fixture
def arena(suite: Suite, tmp_path: Path) -> Arena:
    return Arena(suite, FakeEmbedder(), tmp_path, own)


def test_every_system_enters_with_its_peers(arena: Arena) -> None:
    assert [c.system.name for c in arena.enter("citeworthy", with_peers=True)] == list(NAMES)
    assert [c.system.name for c in arena.enter("dense", with_peers=True)] == [
        "dense",
        *(n for n in NAMES if n != "dense"),
    ]
    assert [c.system.name for c in arena.enter("rrf", with_peers=False)] == ["rrf"]
    assert arena.enter("command:cat -", with_peers=False)[0].system.name == "cat"
    with pytest.raises(EvaluationError, match="command:"):
        arena.enter("google", with_peers=False)


@pytest.mark.parametrize("name", [*PEERS, "llamaindex"])
def test_peers_quote_and_rank(arena: Arena, suite: Suite, name: str) -> None:
    (entered,) = arena.enter(name, with_peers=False)
    papers = {paper.key: paper for paper in suite.papers}
    request = {"id": "x", "question": "Vitamin D lowered IL-6", "turns": ["Vitamin D lowered IL-6"]}
    found = parse_response(entered.system.respond(request))
    assert found.answered
    assert found.ranked[0] == "il6"
    assert found.statements
    assert found.confidence is not None
    assert any("Vitamin D lowered IL-6" in statement.text for statement in found.statements)
    for statement in found.statements:
        for cited in statement.citations:
            assert cited.key in papers
            if cited.quote:
                assert papers[cited.key].abstract[cited.start : cited.end] == cited.quote
    ranking = parse_response(entered.system.respond(request | {"task": "search", "k": 4}))
    assert ranking.ranked[0] == "il6"
    assert len(ranking.ranked) <= 4


def test_llamaindex_writes_with_the_configured_model(suite: Suite, tmp_path: Path) -> None:
    prompts: list[str] = []

    def reply(prompt: str) -> str:
        prompts.append(prompt)
        return "It fell by 30% [1]. More [9]."

    arena = Arena(suite, FakeEmbedder(), tmp_path, own, _fake(reply))
    (entered,) = arena.enter("llamaindex", with_peers=False)
    found = parse_response(entered.system.respond(make_request(suite.questions[1])))
    assert "Source 1:" in prompts[0]
    assert [[c.key for c in s.citations] for s in found.statements][1] == [""]  # there is no source 9


def test_an_index_is_made_once(arena: Arena, suite: Suite) -> None:
    embedder = arena.embedder
    assert isinstance(embedder, FakeEmbedder)
    arena.enter("dense", with_peers=False)
    before = embedder.texts_embedded
    arena.enter("dense", with_peers=False)
    assert embedder.texts_embedded == before


def test_a_peer_without_anything_to_say(arena: Arena) -> None:
    (entered,) = arena.enter("bm25", with_peers=False)
    assert isinstance(entered.system, PlainSystem)
    found = parse_response(entered.system.respond({"question": "zebra", "id": "z", "turns": ["zebra"]}))
    assert not found.answered
