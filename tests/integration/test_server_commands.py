"""The commands over a Chroma server, while it is there, while it is away, and when it is back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.chroma_server import ChromaServer
from tests.integration.conftest import Call

pytestmark = pytest.mark.integration


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ChromaServer]:
    made = ChromaServer(tmp_path / "chroma")
    monkeypatch.setenv("CITEWORTHY_EMBEDDING__PROVIDER", "fake")
    monkeypatch.setenv("CITEWORTHY_CHROMA__URL", made.url)
    yield made
    made.kill()


def write(path: Path, *words: str) -> str:
    records = [{"title": f"Of {word} alone", "abstract": f"The {word} is studied. It hops."} for word in words]
    path.write_text("\n".join(json.dumps(record) for record in records))
    return str(path)


def test_commands_with_a_server(server: ChromaServer, tmp_path: Path, call: Call) -> None:
    home = tmp_path / "home"
    added = call(home, "add", write(tmp_path / "a.jsonl", "quokka", "wombat"))
    assert (added.returncode, added.stderr) == (0, "")
    assert not (home / "chroma").exists()
    assert "sound" in call(home, "index", "check").stdout
    rebuilt = call(home, "index", "rebuild", "--json")
    assert json.loads(rebuilt.stdout) == {"indexed": 2, "embedded": 2, "vectors": 2}
    findings = {one["subject"]: one for one in json.loads(call(home, "doctor", "--json").stdout)}
    assert findings["Chroma server"]["level"] == findings["indexes"]["level"] == "ok"

    server.kill()
    added = call(home, "add", write(tmp_path / "b.jsonl", "numbat"))
    assert added.returncode == 0
    assert "1 of their vectors are not on the server yet" in added.stderr
    assert "The library holds 3 papers" in added.stdout
    found = call(home, "search", "numbat")
    assert found.returncode == 0
    assert "Of numbat alone" in found.stdout
    checked = call(home, "index", "check")
    assert (checked.returncode, checked.stdout) == (1, "")
    assert f"the Chroma server at {server.url} cannot be used" in checked.stderr
    away = {one["subject"]: one for one in json.loads(call(home, "doctor", "--json").stdout)}
    assert away["Chroma server"]["level"] == "problem"
    assert away["library"]["level"] == "ok"

    server.start()
    assert call(home, "search", "numbat").returncode == 0  # opening the library puts there what is missing
    checked = call(home, "index", "check")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "3 in Chroma (0 missing, 0 left over)" in checked.stdout


def test_a_wrong_address_is_told_with_its_name(tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEWORTHY_CHROMA__URL", "localhost:8000")
    wrong = call(tmp_path / "home", "search", "quokka")
    assert wrong.returncode == 1
    assert "chroma.url" in wrong.stderr
