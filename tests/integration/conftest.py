"""The dev questions, evaluated once for all tests of this folder; the command in this process."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.conftest import scrub
from typer.testing import CliRunner, Result

from citeworthy.assistant import Assistant
from citeworthy.records import Answer, Filters
from citeworthy.surfaces.cli.main import app, main

BASELINE = Path(__file__).parents[2] / "eval" / "baselines" / "sample-dev.jsonl.gz"


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer with the assistant that gave it: over the sample, or over the sample with hidden instructions."""

    assistant: Assistant
    answer: Answer


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What `citeworthy eval sample --split dev --compare BASELINE` did, and every answer on the way."""

    home: Path
    record: Path
    result: Result
    answers: dict[tuple[str, ...], Asked]  # by the turns of the question


@dataclass(frozen=True, slots=True)
class Done:
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


Call = Callable[..., Done]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """The entry point of the command in this process, for what needs no process of its own: starting one takes more
    than a second. What would end in a traceback raises here.
    """
    monkeypatch.setenv("ANONYMIZED_TELEMETRY", "False")  # the entry point sets it; taken back afterwards

    def run(home: Path, *arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["citeworthy", "--home", str(home), *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        code = ended.value.code
        assert code is None or isinstance(code, int)
        return Done(code or 0, *capsys.readouterr())

    return run


@pytest.fixture(scope="session")
def evaluated(tmp_path_factory: pytest.TempPathFactory) -> Evaluated:
    """The command itself, in this process, so that whole answers can be looked at and not only what is recorded."""
    home = tmp_path_factory.mktemp("evaluation")
    record = home / "dev.jsonl"
    answers: dict[tuple[str, ...], Asked] = {}
    converse = Assistant.converse

    def remember(self: Assistant, turns: Sequence[str], filters: Filters | None = None) -> Answer:
        answer = converse(self, turns, filters)
        answers[tuple(turns)] = Asked(self, answer)
        return answer

    arguments = ["sample", "--split", "dev", "--no-peers", "--no-times", "--out", str(record)]
    with pytest.MonkeyPatch.context() as patch:
        scrub(patch)
        patch.setattr(Assistant, "converse", remember)
        command = ["--home", str(home), "eval", *arguments, "--compare", str(BASELINE), "--data", str(home / "none")]
        result = CliRunner().invoke(app, command)
    return Evaluated(home, record, result, answers)
