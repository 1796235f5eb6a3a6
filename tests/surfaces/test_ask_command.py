"""`citeworthy ask`: the answer on the terminal, or as a document in a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from citeworthy.assistant import Assistant
from citeworthy.errors import UserError
from citeworthy.surfaces.cli.main import app

QUESTION = "By how much does throughput rise with HybridFlow?"


@pytest.fixture(autouse=True)
def library(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    """The four papers of `assistant`, without their abstracts being embedded again."""
    monkeypatch.setenv("CITEWORTHY_EMBEDDING__PROVIDER", "fake")
    monkeypatch.setenv("CITEWORTHY_HOME", str(assistant.settings.home))


def ask(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["ask", *map(str, arguments)])


def test_the_terminal_has_the_answer_with_its_sources() -> None:
    done = ask(QUESTION)
    assert done.exit_code == 0
    assert "characters" in done.stdout
    assert "chance that these abstracts answer it" in done.stdout


def test_a_file_has_the_format_of_its_ending(tmp_path: Path) -> None:
    for ending in (".md", ".html", ".txt", ".docx"):
        output = tmp_path / f"answer{ending}"
        assert ask(QUESTION, "--output", output).exit_code == 0
        assert ending == ".docx" or QUESTION in output.read_text()


def test_latex_comes_with_its_bibliography(tmp_path: Path) -> None:
    done = ask(QUESTION, "-o", tmp_path / "answer.tex")
    assert done.exit_code == 0
    assert "\\cite{sheng2024hybridflow}" in (tmp_path / "answer.tex").read_text()
    assert "sheng2024hybridflow" in (tmp_path / "answer.bib").read_text()


def test_json_is_the_same_by_either_name(tmp_path: Path) -> None:
    output = tmp_path / "answer.json"
    assert ask(QUESTION, "--json", "-o", output).exit_code == 0
    for found in (json.loads(output.read_text()), json.loads(ask(QUESTION, "--format", "json").stdout)):
        assert found["claims"] == json.loads(ask(QUESTION, "--json").stdout)["claims"]


def test_a_file_is_not_replaced_unasked_and_no_question_is_asked_in_vain(tmp_path: Path) -> None:
    output = tmp_path / "answer.md"
    output.write_text("mine")
    assert isinstance(ask(QUESTION, "-o", output).exception, UserError)
    assert output.read_text() == "mine"
    assert isinstance(ask(QUESTION, "--format", "docx").exception, UserError)
    assert ask(QUESTION, "-o", output, "--force").exit_code == 0
    assert "HybridFlow" in output.read_text()


def test_a_batch_is_lines_of_json_and_nothing_else(tmp_path: Path) -> None:
    batch = tmp_path / "questions.jsonl"
    batch.write_text(json.dumps({"qid": "a", "question": QUESTION}))
    assert json.loads(ask("--batch", batch).stdout)["qid"] == "a"
    assert ask("--batch", batch, "--format", "md").exit_code == 2
    assert ask().exit_code == 2
