"""`citeworthy backup`: out of one library, into another, and what is said on the way."""

from __future__ import annotations

import gc
import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from citeworthy.assistant import Assistant
from citeworthy.errors import BackupError, ModelMismatchError
from citeworthy.surfaces.cli.main import app


@pytest.fixture(autouse=True)
def home(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEWORTHY_EMBEDDING__PROVIDER", "fake")
    monkeypatch.setenv("CITEWORTHY_HOME", str(assistant.settings.home))


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(app, arguments)
    gc.collect()  # a process of its own closes its library at the end
    return result


def test_made_checked_and_restored(tmp_path: Path) -> None:
    file, new = str(tmp_path / "b.zip"), str(tmp_path / "new")
    assert f"{file}: 4 papers, 0 conversations, 0 tags; " in run("backup", "make", file).stdout
    assert f"{file} is whole: 4 papers, 0 conversations, 0 tags; made " in run("backup", "check", file).stdout
    assert run("--home", new, "backup", "restore", file).stdout == (
        f"{new} now holds 4 papers, 0 conversations, 0 tags\n"
    )
    assert json.loads(run("--home", new, "index", "check", "--json").stdout)["sound"] is True
    answer = json.loads(run("--home", new, "ask", "--json", "By how much did vitamin D lower IL-6?").stdout)
    (citation,) = answer["claims"][0]["citations"]
    papers = {paper["key"]: paper for paper in json.loads(run("papers", "--json").stdout)}
    assert papers[citation["key"]]["abstract"][citation["start"] : citation["end"]] == citation["quote"]


def test_what_is_there_is_replaced_when_that_is_said(tmp_path: Path) -> None:
    file, new = str(tmp_path / "b.zip"), str(tmp_path / "new")
    assert json.loads(run("backup", "make", file, "--json").stdout)["counts"]["papers"] == 4
    assert isinstance(run("backup", "make", file).exception, BackupError)
    assert run("backup", "make", file, "--force").exit_code == 0
    assert json.loads(run("--home", new, "backup", "restore", file, "--json").stdout)["set_aside"] is None
    run("--home", new, "remove", "gu2022s4")
    refused = run("--home", new, "backup", "restore", file).exception
    assert isinstance(refused, BackupError)
    assert "holds 3 papers" in str(refused)
    aside = json.loads(run("--home", new, "backup", "restore", file, "--force", "--json").stdout)["set_aside"]
    assert len(json.loads(run("--home", new, "papers", "--json").stdout)) == 4
    assert len(json.loads(run("--home", aside, "papers", "--json").stdout)) == 3
    # Indexes of the one that was there are not taken for those of this one.
    assert json.loads(run("--home", new, "index", "check", "--json").stdout)["sound"] is True


def test_another_model_than_the_backups_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("backup", "make", str(tmp_path / "b.zip"))
    monkeypatch.setenv("CITEWORTHY_EMBEDDING__PROVIDER", "bundled")
    restored = run("--home", str(tmp_path / "new"), "backup", "restore", str(tmp_path / "b.zip"))
    assert "now holds 4 papers" in restored.stdout
    assert isinstance(restored.exception, ModelMismatchError)


def test_no_backup(tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_text("not one")
    assert isinstance(run("backup", "check", str(tmp_path / "b.zip")).exception, BackupError)
    assert run("backup", "make").exit_code == 2
    assert "library.db" in run("backup", "make", "--help").stdout
