"""`citeworthy models`: what can be used, and what the others want."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.openai_server import serving

from citeworthy.settings import ChatSettings, Settings
from citeworthy.surfaces.models import Available, available_models


def found(settings: Settings) -> dict[str, Available]:
    return {one.name: one for one in available_models(settings)}


def settings(home: Path, **chat: object) -> Settings:
    return Settings(home=home, models=home / "models", chat=ChatSettings(**chat))  # type: ignore[arg-type]


def test_with_nothing_set_up_each_says_what_it_wants(tmp_path: Path) -> None:
    models = found(settings(tmp_path))
    assert "OPENAI_API_KEY" in models["openai:NAME"].advice
    assert "citeworthy models get smollm2" in models["smollm2"].advice
    assert not models["smollm2"].usable
    assert not any(one.chosen for one in models.values())


def test_a_fetched_file_and_a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "mine.gguf").write_bytes(b"x")
    models = found(settings(tmp_path, model="gpt-4o"))
    assert models["openai:NAME"].usable
    assert "mine" in models
    assert "sk-very-secret" not in repr(models)


def test_the_chosen_one_comes_first_and_is_looked_at(tmp_path: Path) -> None:
    with serving(lambda exchange: exchange.say("x")) as server:
        first = available_models(settings(tmp_path, model=f"{server.url}#m"))[0]
        assert (first.chosen, first.usable) == (True, True)
    first = available_models(settings(tmp_path, model=f"{server.url}#m"))[0]
    assert (first.chosen, first.usable) == (True, False)
    assert "cannot be reached" in first.text
    assert not available_models(settings(tmp_path, model="gpt-4o"))[0].usable
    assert not available_models(settings(tmp_path, model="nosuch"))[0].usable


def test_a_server_at_its_usual_port_lists_its_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from citeworthy.models.names import SERVICES, Service

    with serving(lambda exchange: exchange.say("x"), {"id": "llama3.2", "object": "model"}) as server:
        monkeypatch.setitem(SERVICES, "ollama", Service(server.url))
        assert found(settings(tmp_path))["ollama:llama3.2"].usable
