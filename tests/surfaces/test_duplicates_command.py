"""`citeworthy duplicates`: what is offered and told, done and undone, as text and as JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from typer.testing import CliRunner

from citeworthy.assistant import Assistant
from citeworthy.records import Paper
from citeworthy.surfaces.cli.main import app


@pytest.fixture(autouse=True)
def pair(assistant: Assistant, papers: list[Paper], monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Keys of a paper and of its second edition."""
    with assistant.library.writing():
        for _ in assistant.library.add([replace(papers[3], key="second", year=2009)], "b"):
            pass
        assistant.index.sync()
    monkeypatch.setenv("CITEWORTHY_EMBEDDING__PROVIDER", "fake")
    monkeypatch.setenv("CITEWORTHY_HOME", str(assistant.settings.home))
    return "gu2022s4", "second"


def run(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["duplicates", *arguments])
    assert done.exit_code == 0, done.exception
    return done.stdout


def told(*arguments: str) -> Any:
    return json.loads(run(*arguments, "--json"))


def test_offered_merged_told_and_split(pair: tuple[str, str]) -> None:
    assert told() == [{"keys": list(pair), "reason": "same title, years 2022 and 2009"}]
    assert told("merge", *pair)["key"] == pair[0]
    assert told() == []
    (merged,) = told("merged")
    assert (merged["key"], [record["record"]["year"] for record in merged["records"]]) == (pair[0], [2022, 2009])
    assert [paper["year"] for paper in told("split", pair[0])] == [2022, 2009]
    assert told("merged") == []


def test_kept_apart_and_not_offered_again(pair: tuple[str, str]) -> None:
    assert told("apart", *pair) == {"apart": list(pair)}
    assert told() == []


def test_as_text(pair: tuple[str, str]) -> None:
    assert run().startswith("same title, years 2022 and 2009:\n  ")
    assert run("merge", *pair).startswith("merged: ")
    assert "\n  1. a program: S4: structured state spaces (first record)\n  2. b: S4" in run("merged")
    assert run("split", pair[0]).startswith("two papers:\n  ")
    assert run("apart", *pair) == f"{pair[0]} and {pair[1]} are kept apart\n"
