"""Figures of topics and citing sentences are computed as they say, over question sets that fit the sample."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from citeworthy.assistant import Assistant
from citeworthy.errors import EvaluationError
from citeworthy.evaluation.texts import as_markdown, measure_citing, measure_topics
from citeworthy.shipped import shipped_folder
from citeworthy.surfaces.cli.main import app
from citeworthy.synthesis.check.report import CitationVerdict


def rows(name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (shipped_folder("questions") / f"{name}.jsonl").open(encoding="utf-8")]


@pytest.mark.parametrize("split", ["dev", "test"])
def test_the_sets_are_about_papers_of_the_sample_and_the_two_halves_share_none(sample: Assistant, split: str) -> None:
    keys = {paper.key for paper in sample.library.papers()}
    for topic in rows(f"topics_{split}"):
        assert set(topic["papers"]) | set(topic["borderline"]) <= keys  # type: ignore[arg-type, call-overload]
        assert not set(topic["papers"]) & set(topic["borderline"])  # type: ignore[call-overload]
    citing = rows(f"citing_{split}")
    assert len(citing) == {"dev": 438, "test": 150}[split]
    for row in citing:
        assert (set(row["keys"]) <= keys) == (row["kind"] != "unknown_key")  # type: ignore[call-overload]
    cited = [{key for row in rows(f"citing_{one}") for key in row["keys"]} for one in ("dev", "test")]  # type: ignore[attr-defined]
    assert not cited[0] & cited[1]


def test_perfect_choices_give_perfect_figures_and_none_the_worst(sample: Assistant) -> None:
    papers = {paper.key: paper for paper in sample.library.papers()}
    gold = {row["topic"]: [papers[key] for key in row["papers"]] for row in rows("topics_dev")}  # type: ignore[attr-defined]
    perfect = measure_topics(lambda topic: gold[topic], papers, "dev")
    assert {one.value for one in perfect.figures.values()} == {1.0}
    nothing = measure_topics(lambda _: [], papers, "dev")
    empty = sum(not row["papers"] for row in rows("topics_dev"))
    assert nothing.figures["Recall"].value == pytest.approx(empty / nothing.cases)
    assert "preference optimisation" in as_markdown(perfect)


def test_accusing_everything_finds_all_wrong_sentences_and_wrongs_all_true_ones(sample: Assistant) -> None:
    papers = {paper.key: paper for paper in sample.library.papers()}
    found = measure_citing(lambda pairs: [(CitationVerdict.NOT_IN_ABSTRACT, 0.1) for _ in pairs], papers, "dev")
    assert found.figures["Wrong sentences accused"].value == 1.0
    assert found.figures["True sentences accused"].value == 1.0
    assert found.figures["Called supported rightly"].value is None
    assert sum(sum(counts.values()) for counts in found.by_kind.values()) == found.cases
    json.dumps(found.to_dict())


def test_a_library_without_the_sample_is_refused(assistant: Assistant) -> None:
    with pytest.raises(EvaluationError, match="sample"):
        measure_topics(lambda _: [], [paper.key for paper in assistant.library.papers()], "dev")
    with pytest.raises(EvaluationError, match="split"):
        measure_topics(lambda _: [], [], "nowhere")


def test_the_command_writes_a_report(sample: Assistant, tmp_path: Path) -> None:
    report = tmp_path / "topics.md"
    shutil.copytree(sample.library.home, tmp_path / "evaluation" / "sample")  # where the command would build it
    arguments = ["eval", "topics", "--split", "dev", "--report", str(report)]
    result = CliRunner().invoke(app, ["--home", str(tmp_path), *arguments])
    assert result.exit_code == 0, result.output
    assert "| Precision |" in report.read_text("utf-8")
