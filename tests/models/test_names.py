"""What a model's name means, and that a key goes nowhere it does not belong."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from citeworthy.errors import UserError
from citeworthy.models.choose import for_model
from citeworthy.models.names import read_model_name
from citeworthy.models.openai_chat import parameters_of
from citeworthy.settings import ChatSettings

KEY = "sk-very-secret"


@pytest.mark.parametrize(
    ("model", "runner", "name", "url"),
    [
        ("gpt-4o-mini", "endpoint", "gpt-4o-mini", None),
        ("o3-mini", "endpoint", "o3-mini", None),
        ("openai:any-name", "endpoint", "any-name", None),
        ("ollama:qwen2.5:1.5b", "endpoint", "qwen2.5:1.5b", "http://127.0.0.1:11434/v1"),
        ("llamacpp:", "endpoint", "default", "http://127.0.0.1:8080/v1"),
        ("openrouter:a/b", "endpoint", "a/b", "https://openrouter.ai/api/v1"),
        ("http://127.0.0.1:9/v1#m", "endpoint", "m", "http://127.0.0.1:9/v1"),
        ("http://127.0.0.1:9/v1", "endpoint", "default", "http://127.0.0.1:9/v1"),
        ("hf:org/name", "transformers", "org/name", None),
        ("gguf:/m/x.bin", "gguf", "/m/x.bin", None),
        ("/m/x.gguf", "gguf", "/m/x.gguf", None),
    ],
)
def test_names(model: str, runner: str, name: str, url: str | None, tmp_path: Path) -> None:
    read = read_model_name(ChatSettings(model=model), tmp_path)
    assert read is not None
    assert (read.runner, read.model, read.url) == (runner, name, url)


@pytest.mark.parametrize("model", ["", "none", "extractive", " None "])
def test_no_model(model: str, tmp_path: Path) -> None:
    assert read_model_name(ChatSettings(model=model), tmp_path) is None


def test_a_bare_name_is_at_the_configured_address_or_a_fetched_file(tmp_path: Path) -> None:
    at = read_model_name(ChatSettings(model="m", url="http://127.0.0.1:9/v1/"), tmp_path)
    assert at is not None
    assert at.url == "http://127.0.0.1:9/v1"
    (tmp_path / "m.gguf").write_bytes(b"x")
    fetched = read_model_name(ChatSettings(model="m"), tmp_path)
    assert fetched is not None
    assert fetched.model == str(tmp_path / "m.gguf")


@pytest.mark.parametrize(
    ("model", "says"),
    [
        ("smolm2", "citeworthy models get smolm2"),
        ("http://", "not the address"),
        ("http://host:99999/v1", "not the address"),
        (f"http://me:{KEY}@host/v1#m", "CITEWORTHY_CHAT__API_KEY"),
    ],
)
def test_names_that_make_no_sense(model: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=says) as raised:
        read_model_name(ChatSettings(model=model), tmp_path)
    assert KEY not in str(raised.value)


def test_openais_key_is_sent_to_openai_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)

    def key(model: str) -> str | None:
        name = read_model_name(ChatSettings(model=model), tmp_path)
        assert name is not None
        assert KEY not in repr(name)
        return name.key

    assert key("gpt-4o") == KEY
    assert key("https://api.openai.com/v1#m") == KEY
    assert key("https://eu.api.openai.com/v1#m") == KEY
    for elsewhere in ("http://127.0.0.1:1/v1#m", "https://evil-openai.com.example/v1#m", "ollama:m", "openrouter:m"):
        assert key(elsewhere) is None


def test_another_model_takes_nothing_of_the_configured_one_along() -> None:
    configured = ChatSettings(
        model="m", url="http://127.0.0.1:9/v1", api_key=SecretStr(KEY), parameters=7, price_prompt=1, timeout_s=5
    )
    other = for_model(configured, "openai:gpt-4o")
    assert (other.url, other.api_key, other.parameters, other.price_prompt) == (None, None, None, None)
    assert other.timeout_s == 5
    beside = for_model(configured, "m2")
    assert (beside.url, beside.api_key) == (configured.url, configured.api_key)
    assert KEY not in configured.model_dump_json()
    assert KEY not in repr(configured)


def test_size_from_the_name() -> None:
    sizes = {"qwen2.5:1.5b": 1.5, "SmolLM2-135M-Instruct.Q4_1": 0.135, "Meta-Llama-3.1-8B": 8.0, "gpt-4o": None}
    assert {name: parameters_of(name) for name in sizes} == sizes
