"""`citeworthy export`: which papers, which format, and what becomes of the file."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from citeworthy.assistant import Assistant
from citeworthy.errors import CiteworthyError
from citeworthy.surfaces.cli import exporting
from citeworthy.surfaces.cli.main import app


@pytest.fixture(autouse=True)
def library(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    """The four papers of `assistant`, without their abstracts being embedded again."""
    monkeypatch.setenv("CITEWORTHY_EMBEDDING__PROVIDER", "fake")
    monkeypatch.setenv("CITEWORTHY_HOME", str(assistant.settings.home))


def export(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["export", *map(str, arguments)])


def refused(*arguments: object) -> str:
    done = export(*arguments)
    assert isinstance(done.exception, CiteworthyError)
    assert done.stdout == ""
    return str(done.exception)


def keys(done: Result) -> list[str]:
    assert done.exit_code == 0, done.exception
    return [item["id"] for item in json.loads(done.stdout)]


def test_bibtex_on_standard_output_and_the_count_beside_it() -> None:
    done = export()
    assert done.stdout.startswith("@inproceedings{sheng2024hybridflow,\n")
    assert done.stdout.count("\n@") == 3
    assert done.stderr == "4 papers\n"


def test_keys_in_their_order_and_filters() -> None:
    every = keys(export("--format", "csl-json"))
    assert keys(export("--format", "csl-json", every[2], every[0], every[2])) == [every[2], every[0]]
    assert keys(export("--format", "csl-json", "--from", 2022)) == [every[0], every[3]]
    assert keys(export("--format", "csl-json", "--source", "b", every[0], every[3])) == [every[3]]
    assert keys(export("--format", "csl-json", "--key", every[1])) == [every[1]]


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("a.bib", "@inproceedings{"),
        ("a.RIS", "TY  - CPAPER"),
        ("a.json", "[\n{"),
        ("a.jsonl", '{"key"'),
        ("a.csv", "\ufeffkey,type,title"),
        ("a.txt", "Gu, A. (2022)."),
        ("a.md", "Gu, A. (2022)."),
        ("a.html", "<!DOCTYPE html>"),
    ],
)
def test_the_ending_says_the_format(tmp_path: Path, name: str, start: str) -> None:
    path = tmp_path / name
    done = export("--output", path)
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", f"4 papers to {path}\n")
    assert path.read_text(encoding="utf-8").startswith(start)
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []
    assert stat.S_IMODE(path.stat().st_mode) & 0o600 == 0o600


def test_options_of_a_format(tmp_path: Path) -> None:
    assert export("--style", "nature").stdout.startswith("1. Sheng, G. & Zhang, C. HybridFlow")
    assert "<i>Journal of Sepsis</i>" in export("--markup", "html").stdout
    assert export("--style", "ieee", "-o", tmp_path / "x.md").exit_code == 0
    assert (tmp_path / "x.md").read_text().startswith("\\[1\\] ")
    assert export("--ascii").stdout.isascii()


def test_what_makes_no_sense_is_refused(tmp_path: Path) -> None:
    assert "no format 'word'; there are bibtex" in refused("--format", "word")
    assert "no format has the ending .docx" in refused("-o", tmp_path / "x.docx")
    assert "no citation style 'acm'" in refused("--style", "acm")
    assert "no markup 'rtf'" in refused("--markup", "rtf")
    assert "for a bibliography, not for ris" in refused("--format", "ris", "--style", "apa")
    assert "for bibtex, not for ris" in refused("--format", "ris", "--ascii")
    assert list(tmp_path.glob("x*")) == []


def test_an_unknown_key_stops_before_anything_is_written(tmp_path: Path) -> None:
    path = tmp_path / "x.bib"
    assert "no paper with the key 'nobody'" in refused("-o", path, "sheng2024hybridflow", "nobody")
    assert "no paper with the key 'nobody'" in refused("--key", "nobody")
    assert not path.exists()


def test_a_file_is_replaced_only_when_asked_and_only_by_a_complete_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.bib"
    path.write_text("mine")
    assert "--force replaces it" in refused("-o", path)
    assert path.read_text() == "mine"

    def fail(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(exporting.Path, "replace", fail)
        assert "cannot be written: No space left on device" in refused("-o", path, "--force")
    assert path.read_text() == "mine"
    assert [one.name for one in tmp_path.glob(".x*")] == []
    assert export("-o", path, "--force").exit_code == 0
    assert path.read_text().startswith("@inproceedings")
    assert "No such file" in refused("-o", tmp_path / "missing" / "x.bib")
