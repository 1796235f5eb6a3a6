"""Workers of Ray give the vectors that this process would, batch by batch, and an interrupted run is taken up."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from citeworthy.errors import MissingExtraError, ModelError
from citeworthy.index.check import check_index
from citeworthy.index.sync import Index
from citeworthy.library.store import Library
from citeworthy.models.choose import make_embedder, make_many_embedder
from citeworthy.models.embedder import FakeEmbedder
from citeworthy.records import Paper
from citeworthy.settings import EmbeddingSettings

NEEDED = "needs Ray: pip install 'citeworthy[ray]' (410 MB)"
_PAPERS = 200
FAKE = EmbeddingSettings(provider="fake", ray_workers=2)


@pytest.fixture(scope="module")
def ray() -> Iterator[Any]:
    """Started once for all tests here, as a program may have started it."""
    ray = pytest.importorskip("ray", reason=NEEDED)
    from citeworthy.models.ray_embedder import _ray

    folder = tempfile.mkdtemp(prefix="ray", dir="/tmp")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_TMPDIR", folder)
        with _ray(2):
            yield ray
    shutil.rmtree(folder, ignore_errors=True)


def filled(home: Path) -> Library:
    library = Library(home)
    papers = [
        Paper("", f"Title number {n} of many", "We look here. " * (n % 5) + f"It is number {n * 7}.")
        for n in range(_PAPERS)
    ]
    with library.writing():
        for _ in library.add(papers):
            pass
    return library


def spread(library: Library) -> Index:
    from citeworthy.models.ray_embedder import RayEmbedder

    embedder = FakeEmbedder()
    return Index(library, embedder, many=RayEmbedder(FAKE, embedder, few=1))


def stored(library: Library) -> dict[str, tuple[bytes, bytes]]:
    rows = library.query("SELECT key, whole, sentences FROM vectors JOIN papers ON papers.id = paper_id")
    return {row["key"]: (row["whole"], row["sentences"]) for row in rows}


@pytest.mark.slow
def test_an_interrupted_run_is_taken_up_and_the_vectors_are_the_same(ray: Any, tmp_path: Path) -> None:
    alone, library = filled(tmp_path / "alone"), filled(tmp_path / "spread")
    with alone.writing():
        Index(alone, FakeEmbedder()).sync()

    def interrupt(step: str, done: int, total: int) -> None:
        if step == "meaning" and done >= 100:
            assert total == _PAPERS
            raise KeyboardInterrupt

    first = spread(library)
    with library.writing(), pytest.raises(KeyboardInterrupt):
        first.sync(interrupt)
    kept = stored(library)
    assert 100 <= len(kept) < _PAPERS
    index = spread(library)
    with library.writing():
        report = index.sync()
    assert (report.embedded, report.upserted) == (_PAPERS - len(kept), _PAPERS)
    assert first.embedder.texts_embedded == index.embedder.texts_embedded == 0  # type: ignore[attr-defined]
    assert stored(library) == stored(alone)
    assert check_index(index).sound
    assert ray.is_initialized()  # it was not ours to end


@pytest.mark.slow
def test_the_model_of_the_settings_fails_in_its_own_words(ray: Any) -> None:
    from citeworthy.models.ray_embedder import RayEmbedder

    nameless = EmbeddingSettings(provider="sentence-transformers", ray_workers=1)
    failing = RayEmbedder(nameless, FakeEmbedder(), few=1).embed_many([(["a text"], [[]])])
    with pytest.raises(ModelError, match="needs a model name or path") as caught:
        next(failing)
    assert not caught.value.retryable


def test_little_is_embedded_here(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ray", reason=NEEDED)
    from citeworthy.models import ray_embedder

    def started(_: int) -> None:
        raise AssertionError("Ray was started")

    monkeypatch.setattr(ray_embedder, "_ray", started)
    embedder = make_embedder(FAKE)
    many = make_many_embedder(FAKE, embedder)
    (vectors,) = many.embed_many([(["a text", "another"], [[(0, 1)], []])])
    assert [v.parts.shape for v in vectors] == [(1, 64), (0, 64)]
    assert embedder.texts_embedded == 3  # type: ignore[attr-defined]


def test_a_cluster_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    ray = pytest.importorskip("ray", reason=NEEDED)
    monkeypatch.setenv("RAY_ADDRESS", "127.0.0.1:9")
    monkeypatch.setattr(ray, "is_initialized", lambda: False)
    from citeworthy.models.ray_embedder import RayEmbedder

    with pytest.raises(ModelError, match=r"no Ray cluster answers at 127\.0\.0\.1:9") as caught:
        next(RayEmbedder(FAKE, FakeEmbedder(), few=1).embed_many([(["a text"], [[]])]))
    assert caught.value.retryable


def test_without_ray_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'citeworthy\[ray\]'"):
        make_many_embedder(FAKE, FakeEmbedder())
