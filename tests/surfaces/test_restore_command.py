"""`citeworthy restore`: what `remove` took away is back, in the library and in what is searched."""

from __future__ import annotations

import json

import pytest
from click.testing import Result
from typer.testing import CliRunner

from citeworthy.assistant import Assistant
from citeworthy.errors import UnknownPaperError, UserError
from citeworthy.surfaces.cli.main import app


@pytest.fixture(autouse=True)
def home(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEWORTHY_EMBEDDING__PROVIDER", "fake")
    monkeypatch.setenv("CITEWORTHY_HOME", str(assistant.settings.home))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_removed_and_restored() -> None:
    assert json.loads(run("remove", "gu2022s4", "--json").stdout) == {"removed": ["gu2022s4"]}
    assert "gu2022s4" not in run("search", "structured state spaces", "--json").stdout
    assert run("restore", "gu2022s4").stdout == "restored gu2022s4: S4: structured state spaces\n"
    (first, *_) = json.loads(run("search", "structured state spaces", "--json").stdout)["hits"]
    assert first["key"] == "gu2022s4"
    assert json.loads(run("index", "check", "--json").stdout)["sound"] is True


def test_the_last_papers_are_restored_too(assistant: Assistant) -> None:
    keys = [paper.key for paper in assistant.library.papers()]
    run("remove", *keys)
    assert json.loads(run("restore", *keys, "--json").stdout) == {"restored": keys}
    assert [paper.key for paper in assistant.library.papers()] == keys


def test_what_cannot_be_restored(assistant: Assistant) -> None:
    unknown = run("restore", "nobody")
    assert isinstance(unknown.exception, UnknownPaperError)
    run("remove", "gu2022s4")
    run("restore", "gu2022s4")
    again = run("restore", "gu2022s4").exception
    assert isinstance(again, UserError)
    assert "is in the library already" in str(again)
    assert run("restore").exit_code == 2
    assert len(assistant.library) == 4
