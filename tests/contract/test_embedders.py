"""One contract for every Embedder: the fake, the bundled model, and an endpoint played by a local server."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from citeworthy.errors import MissingExtraError, ModelError, UserError
from citeworthy.models.choose import make_embedder
from citeworthy.models.embedder import Embedder, FakeEmbedder
from citeworthy.models.onnx_embedder import MiniLMEmbedder
from citeworthy.models.openai_embedder import OpenAIEmbedder
from citeworthy.settings import EmbeddingSettings

SECRET = "sk-very-secret"
TEXT = "Vitamin D lowers IL-6. Sparse attention is fast. " + "More words follow here. " * 3


class Endpoint(BaseHTTPRequestHandler):
    """An OpenAI-compatible embeddings endpoint over the fake embedder; `status` makes it fail."""

    status = 200

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        rows = [FakeEmbedder().embed_query(text).tolist() for text in request["input"]]
        data = [{"object": "embedding", "index": i, "embedding": row} for i, row in enumerate(rows)][::-1]
        body = json.dumps(
            {"object": "list", "data": data, "model": "m", "usage": {"prompt_tokens": 1, "total_tokens": 1}}
        )
        if self.status != 200:
            body = json.dumps({"error": {"message": f"no: {self.headers['Authorization']}"}})
        self.send_response(self.status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def endpoint() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=["fake", "bundled", "endpoint"])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    if request.param == "endpoint":
        return OpenAIEmbedder("m", request.getfixturevalue("endpoint"), SECRET)
    return FakeEmbedder() if request.param == "fake" else MiniLMEmbedder()


def test_vectors_are_unit_length_and_of_the_stated_shape(embedder: Embedder) -> None:
    spans = [(0, 22), (23, 48)]
    (vectors,) = embedder.embed([TEXT], [spans])
    assert vectors.whole.shape == (embedder.dimension,)
    assert vectors.parts.shape == (2, embedder.dimension)
    assert vectors.whole.dtype == np.float32
    assert np.linalg.norm(vectors.whole) == pytest.approx(1, abs=1e-4)
    assert np.linalg.norm(vectors.parts, axis=1) == pytest.approx([1, 1], abs=1e-4)


def test_a_text_has_one_vector_whatever_its_neighbours(embedder: Embedder) -> None:
    alone = embedder.embed([TEXT])[0].whole
    among = embedder.embed(["short", TEXT, "something else of another length"])[1].whole
    assert alone == pytest.approx(among, abs=1e-6)
    assert embedder.embed([TEXT])[0].parts.shape == (0, embedder.dimension)


def test_related_texts_are_nearer(embedder: Embedder) -> None:
    question = embedder.embed_query("does vitamin D lower IL-6")
    near, far = (v.whole for v in embedder.embed(["Vitamin D lowers IL-6 in patients", "Cellular automata on a torus"]))
    assert question @ near > question @ far


def test_odd_texts_do_no_harm(embedder: Embedder) -> None:
    long = "One sentence about topic number seven. " * 600
    for text in ("", " ", "…", "漢字", long):
        (vectors,) = embedder.embed([text], [[(0, len(text))]])
        assert np.isfinite(vectors.whole).all()
    assert embedder.embed([]) == []


def test_sentences_beyond_the_window_get_vectors() -> None:
    first, last = "Vitamin D lowers IL-6 in patients.", "Sparse attention speeds up transformers."
    middle = "Filler words stand here without any purpose at all. " * 120
    text = f"{first} {middle}{last}"
    spans = [(0, len(first)), (len(text) - len(last), len(text))]
    bundled = MiniLMEmbedder()
    parts = bundled.embed([text], [spans])[0].parts
    question = bundled.embed_query("what makes transformers faster?")
    assert parts[1] @ question > parts[0] @ question
    assert parts[1] @ question > 0.3


@pytest.mark.parametrize(("status", "retryable"), [(401, False), (400, False)])
def test_failures_of_an_endpoint_are_explained_without_the_key(endpoint: str, status: int, retryable: bool) -> None:
    Endpoint.status = status
    try:
        with pytest.raises(ModelError) as caught:
            OpenAIEmbedder("m", endpoint, SECRET).embed_query("x")
    finally:
        Endpoint.status = 200
    assert caught.value.retryable is retryable
    assert SECRET not in str(caught.value)


def test_an_endpoint_that_is_not_there() -> None:
    embedder = OpenAIEmbedder("m", "http://127.0.0.1:9/v1", SECRET)
    embedder._client.max_retries = 0
    with pytest.raises(ModelError, match="is it running") as caught:
        embedder.embed_query("x")
    assert caught.value.retryable


def test_missing_extra_model_and_key_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    wanted = make_embedder(EmbeddingSettings(provider="sentence-transformers", model="some/model"))
    with pytest.raises(MissingExtraError, match=r"pip install 'citeworthy\[hf\]'"):
        wanted.embed_query("x")
    with pytest.raises(UserError, match="CITEWORTHY_EMBEDDING__MODEL"):
        make_embedder(EmbeddingSettings(provider="openai"))
    with pytest.raises(UserError, match="OPENAI_API_KEY"):
        make_embedder(EmbeddingSettings(provider="openai", model="m")).embed_query("x")
