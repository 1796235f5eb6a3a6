"""Sync, rebuild and check; the approximate index against the exact scan."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from citeworthy.assistant import Assistant
from citeworthy.errors import ModelError, ModelMismatchError
from citeworthy.index.check import check_index
from citeworthy.index.chroma import ChromaIndex
from citeworthy.index.dense import ExactIndex, ReducedIndex
from citeworthy.index.lexical import LexicalIndex
from citeworthy.index.places import Embedded
from citeworthy.index.sync import Index, SyncReport
from citeworthy.library.store import Library
from citeworthy.models.embedder import FakeEmbedder, TextVectors, unit
from citeworthy.records import Paper
from citeworthy.text.tokens import search_tokens


def add(assistant: Assistant, *papers: Paper) -> SyncReport:
    with assistant.library.writing():
        for _ in assistant.library.add(papers):
            pass
        return assistant.index.sync()


def test_a_second_sync_does_nothing(assistant: Assistant) -> None:
    assert assistant.index.sync() == SyncReport(0, 0, 0, 0)
    assert check_index(assistant.index).sound


def test_a_changed_abstract_is_embedded_alone(assistant: Assistant, papers: list[Paper]) -> None:
    report = add(assistant, replace(papers[3], abstract="Entirely new words about quokkas. They hop."))
    assert report == SyncReport(indexed=1, embedded=1, upserted=1, removed=0)
    assert assistant.index.lexical.search(search_tokens("quokkas"), 5)
    assert not assistant.index.lexical.search(search_tokens("attention"), 5)
    assert check_index(assistant.index).sound


def test_a_changed_year_is_not_embedded_again(assistant: Assistant, papers: list[Paper]) -> None:
    assert add(assistant, replace(papers[2], venue="A venue")).embedded == 0


def test_a_removed_paper_leaves_no_trace(assistant: Assistant) -> None:
    assistant.remove(["gu2022s4"])
    assert not assistant.index.lexical.search(search_tokens("S4 state space"), 5)
    report = check_index(assistant.index)
    assert (report.papers, report.lexical, report.embedded, report.chroma) == (3, 3, 3, 3)
    assert report.sound


@pytest.mark.parametrize("synced", [True, False])  # whether the indexes followed the removal before it was undone
@pytest.mark.parametrize("key", ["gu2022s4", "lovelace2020il"])  # the newest, and one amid others
def test_a_restored_paper_is_indexed_again(assistant: Assistant, key: str, synced: bool) -> None:
    reader = Assistant(assistant.settings, assistant.library.home)
    before = reader.index.exact
    with assistant.library.writing():
        assistant.library.remove([key])
        if synced:
            assistant.index.sync()
            assert len(reader.index.exact) == 3
    assistant.restore([key])
    assert assistant.index.pending() == 0
    assert assistant.index.sync() == SyncReport(0, 0, 0, 0)
    report = check_index(assistant.index)
    assert (report.papers, report.lexical, report.embedded, report.chroma) == (4, 4, 4, 4)
    assert report.sound
    assert np.array_equal(reader.index.exact.ids, before.ids)
    assert np.array_equal(reader.index.exact.vectors, before.vectors)


@pytest.mark.parametrize("directory", ["chroma", "lexical"])
def test_a_deleted_index_is_rebuilt_from_the_truth_without_embedding(assistant: Assistant, directory: str) -> None:
    home, settings = assistant.library.home, assistant.settings
    shutil.rmtree(home / directory)
    again = Assistant.open(home, settings)
    assert again.index.embedded_total == 0
    assert again.index.pending() == 0
    assert check_index(again.index).sound


def test_an_index_of_other_tokens_is_rebuilt_without_embedding(assistant: Assistant) -> None:
    home, settings = assistant.library.home, assistant.settings
    (home / "lexical" / "tokens-version").write_text("1")
    assert assistant.index.pending() == 4
    again = Assistant.open(home, settings)
    assert not again.index.lexical.is_outdated
    assert again.index.embedded_total == 0
    assert again.index.pending() == 0
    assert check_index(again.index).sound


def test_another_model_is_refused_and_rebuild_accepts_it(assistant: Assistant) -> None:
    other = FakeEmbedder(dimension=32, name="another-model")
    with pytest.raises(ModelMismatchError, match="citeworthy index rebuild"):
        Index(assistant.library, other)
    (assistant.library.home / "manifest.json").unlink()
    index = Index(assistant.library, other)
    with assistant.library.writing():
        index.rebuild()
        assert index.sync().embedded == 4
    assert index.exact.vectors.shape == (4, 32)


class FailingEmbedder(FakeEmbedder):
    """Fails for good after a number of batches."""

    def __init__(self, batches: int) -> None:
        super().__init__()
        self.left = batches

    def embed(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]] | None = None
    ) -> list[TextVectors]:
        self.left -= 1
        if self.left < 0:
            raise ModelError("the server went away", retryable=True)
        return super().embed(texts, spans)


def test_an_interrupted_sync_is_finished_by_the_next(tmp_path: Path) -> None:
    library = Library(tmp_path)
    many = [
        Paper("", f"Title number {n} of many", f"We look at item {n} here. It is number {n * 7}.") for n in range(200)
    ]
    broken = Index(library, FailingEmbedder(batches=2))
    with library.writing():
        for _ in library.add(many):
            pass
        with pytest.raises(ModelError):
            broken.sync()
    index = Index(library, FakeEmbedder())
    with library.writing():
        report = index.sync()
    assert (report.indexed, report.embedded, report.upserted) == (0, 200 - 2 * 64, 200)
    assert check_index(index).sound


def test_two_handles_see_each_other(assistant: Assistant) -> None:
    other = Assistant(assistant.settings, assistant.library.home)
    assert len(other.index.exact) == 4
    add(assistant, Paper("", "A fifth paper on quokkas", "Quokkas smile at cameras. They are marsupials."))
    assert other.search("quokkas", 1).hits[0].paper.title == "A fifth paper on quokkas"
    assert len(other.index.exact) == 5


def clustered(rows: int, dimension: int, clusters: int) -> np.ndarray:
    random = np.random.default_rng(3)
    centres = random.normal(size=(clusters, dimension))
    return unit(centres[random.integers(clusters, size=rows)] + 0.7 * random.normal(size=(rows, dimension)))


def make_chroma(path: Path, dimension: int) -> ChromaIndex:
    chroma = ChromaIndex(Embedded(path), "test", dimension)
    chroma.create("a session")
    return chroma


def test_approximate_search_agrees_with_the_exact_scan(tmp_path: Path) -> None:
    vectors = clustered(3_000, 64, 40)
    ids = np.arange(10, 3_010)
    exact = ExactIndex(ids, vectors)
    chroma = make_chroma(tmp_path / "chroma", 64)
    chroma.upsert(ids.tolist(), vectors, [{"paper": int(i)} for i in ids])
    queries = clustered(50, 64, 40)
    recalls = [len(set(exact.search(q, 10)) & set(chroma.search(q, 10))) / 10 for q in queries]
    assert np.mean(recalls) >= 0.97
    cosines = exact.search(queries[0], 1)
    assert chroma.search(queries[0], 1) == pytest.approx(cosines, abs=1e-4)


def test_approximate_search_on_the_sample_agrees_too(sample: Assistant) -> None:
    exact, chroma = sample.index.exact, sample.index.chroma
    recalls = [len(set(exact.search(v, 10)) & set(chroma.search(v, 10))) / 10 for v in exact.vectors]
    assert np.mean(recalls) >= 0.99


def test_exact_search_respects_the_allowed_ids() -> None:
    vectors = clustered(100, 16, 5)
    exact = ExactIndex(np.arange(100), vectors)
    allowed = [3, 50, 97, 1_000]
    assert set(exact.search(vectors[0], 10, allowed)) == {3, 50, 97}
    assert exact.search(vectors[0], 10, []) == {}
    assert ExactIndex(np.zeros(0, np.int64), np.zeros((0, 16), np.float32)).search(vectors[0], 3) == {}


def test_chroma_filters_by_id(tmp_path: Path) -> None:
    chroma = make_chroma(tmp_path, 8)
    vectors = clustered(20, 8, 3)
    chroma.upsert(list(range(20)), vectors, [{"paper": i} for i in range(20)])
    chroma.upsert([4], vectors[4:5], [{"paper": 4}])
    assert len(chroma) == 20
    assert set(chroma.search(vectors[0], 5, [4, 7])) == {4, 7}


def test_lexical_search_keeps_names_apart_and_restricts(tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path)
    index.update(
        [(1, "IL-6 in sepsis", "vitamin D"), (2, "IL-2 in sepsis", "vitamin C"), (3, "Other", "nothing shared")]
    )
    assert list(index.search(search_tokens("IL-6"), 5)) == [1]
    assert next(iter(index.search(search_tokens("vitamin C"), 5))) == 2
    assert set(index.search(search_tokens("sepsis"), 5, allowed=[2, 3])) == {2}
    assert index.search([], 5) == {}
    assert index.search(search_tokens("unheard"), 5) == {}
    index.update([], removed=[1])
    assert len(index) == 2
    assert index.search(search_tokens("IL-6"), 5) == {}


@pytest.mark.parametrize("k", [50, 200])  # others passed over; those allowed named
def test_lexical_search_among_many_allowed_papers(tmp_path: Path, k: int) -> None:
    index = LexicalIndex(tmp_path / "lexical")
    words = "ant bee cat dog eel fox gnu hen".split()
    index.update((n, "", " ".join(words[n % 8 : n % 8 + n % 5 + 1]) + f" w{n}") for n in range(1, 500))
    allowed = [n for n in range(1, 500) if n % 3]
    for query in (["cat"], ["dog", "eel", "w7"], ["hen", "nowhere"]):
        found = index.search(query, k, np.array(allowed))
        everywhere = index.search(query, 500)
        expected = [score for paper_id, score in everywhere.items() if paper_id in allowed][:k]
        assert found.keys() <= set(allowed)
        assert list(found.values()) == pytest.approx(expected)


def test_a_reader_takes_up_what_another_handle_embeds(assistant: Assistant, papers: list[Paper]) -> None:
    reader = Assistant(assistant.settings, assistant.library.home)
    assert len(reader.index.exact) == 4
    added = Paper("", "Quokkas hop about an island", "They hop about the island.")
    add(assistant, added)
    assert len(reader.index.exact) == 5  # appended
    changed = replace(added, abstract="They swim, in truth, around the island.")
    with assistant.library.writing():
        list(assistant.library.add([changed]))
        assert len(reader.index.exact) == 4  # until it is embedded again
        assistant.index.sync()
    vector = reader.index.exact.vectors[-1]
    assert len(reader.index.exact) == 5
    assert np.array_equal(vector, assistant.index.exact.vectors[-1])
    assert np.array_equal(reader.index.exact.ids, assistant.index.exact.ids)


def test_the_reduced_scan_finds_what_the_exact_one_finds() -> None:
    chance = np.random.default_rng(3)
    topics = chance.standard_normal((40, 384))
    mixed = topics[chance.integers(0, 40, 6_000)] + 0.5 * chance.standard_normal((6_000, 40)) @ topics / 6
    vectors = unit((mixed + 0.3 * chance.standard_normal((6_000, 384))).astype(np.float32))
    exact = ExactIndex(np.arange(1, 6_001) * 2, vectors)
    reduced = ReducedIndex(exact)
    allowed = exact.ids[chance.random(6_000) < 0.6]
    for query in vectors[:20] + 0.02 * chance.standard_normal((20, 384)).astype(np.float32):
        for ids in (None, allowed):
            wanted, found = exact.search(query, 50, ids), reduced.search(query, 50, ids)
            assert len(wanted.keys() & found.keys()) >= 48
            assert ids is None or set(found) <= set(ids.tolist())
            assert all(found[i] == pytest.approx(wanted[i], abs=1e-5) for i in wanted.keys() & found.keys())
    assert reduced.search(vectors[0], 50, exact.ids[:30]) == exact.search(vectors[0], 50, exact.ids[:30])
