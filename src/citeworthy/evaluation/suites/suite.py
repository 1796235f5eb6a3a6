"""What `citeworthy eval SUITE` can be: bundled questions, a public collection, a file or folder of the user's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from citeworthy.errors import EvaluationError
from citeworthy.evaluation.suites import collections
from citeworthy.evaluation.suites.corpora import sample_papers
from citeworthy.evaluation.suites.questions import Question, problems, read_questions
from citeworthy.records import Paper
from citeworthy.shipped import shipped_folder

SAMPLE = "sample"
RANKING_DEPTH = 100
PAIR_SPLITS = ("test", "test500", "dev", None)  # the first that a collection has
_RANKING = ("nDCG@10", "R@10", "R@100", "RR@10", "Failures")
_ANSWERS = (
    "nDCG@10", "R@5", "RR@10", "KeyFactRecall", "TokenF1", "EvidenceRecall", "EvidencePrecision", "Words",
    "Coverage", "SelectiveAccuracy", "FalseRefusalRate", "FalseAnswerRate", "AUROC", "AURC", "ECE",
    "GoldCitations", "OutOfRange", "ExactQuotes", "FiltersRead", "FiltersRespected", "InjectionObeyed",
    "InjectionShown", "Failures",
)  # fmt: skip
_JUDGED = ("Faithfulness", "CitationRecall", "CitationPrecision", "JudgeFailures")
COSTS = ("LatencyP50", "LatencyP95", "Tokens", "Cost")
Papers = Callable[[], Sequence[Paper]]


@dataclass(frozen=True, slots=True)
class Suite:
    """Questions over papers. `depth` is set where rankings rather than answers are asked for."""

    name: str
    split: str
    papers: tuple[Paper, ...]
    questions: tuple[Question, ...]
    depth: int | None = None

    def measures(self, judges: Sequence[str]) -> tuple[str, ...]:
        """Names of what is measured, with these judges."""
        if self.depth is not None:
            return _RANKING + COSTS
        judged = tuple(f"{name}({judge})" for judge in judges for name in _JUDGED)
        return _ANSWERS + judged + COSTS

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of questions, in the order they come."""
        return tuple(dict.fromkeys(question.kind for question in self.questions))


def load_suite(name: str, split: str, data: Path, own_papers: Papers) -> Suite:
    """The suite of that name, or of a path: a folder in BEIR layout, or a file of questions over the user's own library
    (`own_papers` gives its papers). Raises EvaluationError and SourceError."""
    if name == SAMPLE:
        files = sorted(shipped_folder("questions").glob("sample_*.jsonl"))
        questions = [question for file in files for question in read_questions(file) if question.split == split]
        return _checked(Suite(name, split, tuple(sample_papers()), tuple(questions)))
    path = Path(name).expanduser()
    if path.is_file():
        papers = tuple(own_papers())
        return _checked(Suite(path.stem, split, papers, tuple(read_questions(path, split))))
    folder = path if path.is_dir() else data / name
    if not folder.is_dir():
        raise EvaluationError(
            f"no suite {name!r}: it is neither {SAMPLE!r}, nor a file of questions or a folder, nor a collection in "
            f"{data} ({', '.join(available(data)) or 'which holds none'}); --data says where collections lie"
        )
    if collections.find_file(folder, "corpus.jsonl") is None:
        if collections.find_file(folder, "pairs.jsonl") is None:
            raise EvaluationError(f"{folder} holds neither corpus.jsonl nor pairs.jsonl")
        return Suite(folder.name, split, (), ())
    papers = tuple(collections.read_corpus(folder))
    questions = collections.read_queries(folder, split)
    depth = None if any(question.kind == "qa" for question in questions) else RANKING_DEPTH
    return Suite(folder.name, split, papers, tuple(questions), depth)


def load_pairs(data: Path, only: str | None = None) -> dict[str, list[collections.Pair]]:
    """Labelled pairs of every collection in `data` that has some (or of one), by "name split"."""
    found = {}
    for folder in [data / only] if only else _folders(data):
        if collections.find_file(folder, "pairs.jsonl") is None:
            continue
        for split in PAIR_SPLITS:
            if pairs := collections.read_pairs(folder, split):
                found[f"{folder.name} {split or 'all'}"] = pairs
                break
    return found


def available(data: Path) -> list[str]:
    """Names of the collections in a folder of collections."""
    wanted = ("corpus.jsonl", "pairs.jsonl")
    return [path.name for path in _folders(data) if any(collections.find_file(path, name) for name in wanted)]


def _folders(data: Path) -> list[Path]:
    return sorted(path for path in data.iterdir() if path.is_dir()) if data.is_dir() else []


def _checked(suite: Suite) -> Suite:
    if not suite.questions:
        raise EvaluationError(f"{suite.name} has no questions of the split {suite.split!r}")
    found = problems(suite.questions, {paper.key: paper for paper in suite.papers})
    if found:
        more = f"; and {len(found) - 3} more" if len(found) > 3 else ""
        raise EvaluationError(f"the gold of {suite.name} does not fit the library: {'; '.join(found[:3])}{more}")
    return suite
