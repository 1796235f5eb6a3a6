"""Collections: a small one made here, broken ones, and the public ones where they lie beside the project."""

from __future__ import annotations

import gzip
import json
import lzma
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import SHARED, shared

from citeworthy.errors import EvaluationError, SourceError
from citeworthy.evaluation.suites.collections import read_corpus, read_pairs, read_queries
from citeworthy.evaluation.suites.suite import available, load_pairs, load_suite


def lines(rows: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "toy"
    home.mkdir()
    corpus = [{"_id": str(i), "title": "Same title", "text": f"Abstract number {i} says something."} for i in range(3)]
    with lzma.open(home / "corpus.jsonl.xz", "wt") as stream:
        stream.write(lines(corpus))
    queries = [{"_id": "q1", "text": "which?"}, {"_id": "q2", "text": "when?"}, {"_id": "q3", "text": "unjudged"}]
    (home / "queries.jsonl").write_text(lines(queries))
    (home / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\t0\t2\nq1\t2\t1\n")
    (home / "qrels_train.tsv").write_text("q2\t1\t1\n")
    pair = {"id": "1", "claim": "a", "evidence": "b", "split": "dev"}
    with gzip.open(home / "pairs.jsonl.gz", "wt") as stream:
        stream.write(lines([pair | {"label": "supported"}, pair | {"label": "not_enough_info", "split": "train"}]))
    return home


def test_beir_layout(folder: Path) -> None:
    papers = read_corpus(folder)
    assert [paper.key for paper in papers] == ["0", "1", "2"]
    assert len({paper.pmid for paper in papers}) == 3  # equal titles stay apart
    (question,) = read_queries(folder)
    assert question.relevant == {"0": 2, "2": 1}
    assert question.split == "test"
    (train,) = read_queries(folder, "train")
    assert train.id == "q2"
    with pytest.raises(EvaluationError, match="no split 'dev'"):
        read_queries(folder, "dev")


def test_pairs_and_their_split(folder: Path) -> None:
    assert [pair.supported for pair in read_pairs(folder)] == [True, False]
    assert list(load_pairs(folder.parent)) == ["toy dev"]
    assert load_pairs(folder.parent / "nowhere") == {}


def test_a_folder_by_path_or_by_name(folder: Path) -> None:
    assert load_suite(str(folder), "test", Path("nowhere"), list).depth == 100
    assert load_suite("toy", "test", folder.parent, list).name == "toy"
    assert available(folder.parent) == ["toy"]
    with pytest.raises(EvaluationError, match="toy"):
        load_suite("tyo", "test", folder.parent, list)


@pytest.mark.parametrize(
    ("name", "text"),
    [("queries.jsonl", "{}\n"), ("queries.jsonl", "no json\n"), ("qrels.tsv", "q1 0 1\n"), ("qrels.tsv", "q9\t0\t1\n"),
     ("pairs.jsonl", '{"label": "sort of", "claim": "", "evidence": ""}\n')],
)  # fmt: skip
def test_broken_files_are_named(folder: Path, name: str, text: str) -> None:
    for old in folder.glob(f"{name}*"):
        old.unlink()
    (folder / name).write_text(text)
    with pytest.raises(SourceError, match=name.split(".", maxsplit=1)[0]):
        read_pairs(folder) if name.startswith("pairs") else read_queries(folder)


def test_a_folder_of_something_else(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="holds neither"):
        load_suite(str(tmp_path), "test", tmp_path, list)


@pytest.mark.parametrize(
    ("name", "papers", "test", "kind"),
    [("scifact", 5183, 300, "retrieval"), ("cranfield", 1400, 225, "retrieval"), ("medline", 1033, 30, "retrieval"),
     ("adi", 82, 35, "retrieval"), ("pubmedqa", 1000, 500, "qa")],
)  # fmt: skip
def test_public_collections(name: str, papers: int, test: int, kind: str) -> None:
    folder = shared(f"data/{name}")
    assert len(read_corpus(folder)) == papers
    questions = read_queries(folder)
    assert len(questions) == test
    assert {question.kind for question in questions} == {kind}
    if name == "scifact":
        assert len(read_queries(folder, "train")) == 809
        assert not {q.id for q in questions} & {q.id for q in read_queries(folder, "train")}


def test_public_pairs() -> None:
    shared("data/healthver")
    sizes = {name: len(pairs) for name, pairs in load_pairs(SHARED / "data").items()}
    assert sizes == {"attributionbench test500": 500, "covidfact all": 4086, "healthver dev": 1917, "scifact dev": 340}
