"""`citeworthy compare`: a topic where keys are expected."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from citeworthy.assistant import Assistant
from citeworthy.errors import UnknownPaperError
from citeworthy.surfaces.cli.main import app


@pytest.mark.parametrize(
    ("given", "hint"), [("sleeping bears", "--topic 'sleeping bears'"), ("nobody2020", "`citeworthy papers`")]
)
def test_an_unknown_key_is_told_and_words_are_told_from_it(
    given: str, hint: str, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITEWORTHY_EMBEDDING__PROVIDER", "fake")
    monkeypatch.setenv("CITEWORTHY_HOME", str(assistant.settings.home))
    error = CliRunner().invoke(app, ["compare", given]).exception
    assert isinstance(error, UnknownPaperError)
    assert hint in str(error)
    assert ("--topic" in str(error)) == (" " in given)
