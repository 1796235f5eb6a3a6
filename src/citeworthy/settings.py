"""Settings as data: from arguments, `CITEWORTHY_*` environment variables, then the defaults here.

Nested fields use two underscores: `CITEWORTHY_EMBEDDING__PROVIDER=openai`. No live objects, no heavy imports.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class EmbeddingSettings(BaseModel):
    """Which model turns text into vectors. A library keeps to one; see `citeworthy index rebuild`."""

    model_config = ConfigDict(extra="forbid")

    provider: Literal["bundled", "openai", "sentence-transformers", "fake"] = Field(
        "bundled", description="bundled: MiniLM in the package; openai: any OpenAI-compatible endpoint"
    )
    model: str = Field("", description="model name (openai) or name or path (sentence-transformers)")
    url: str | None = Field(None, description="base URL of the endpoint, e.g. http://127.0.0.1:11434/v1")
    api_key: SecretStr | None = Field(None, description="key of the endpoint; OPENAI_API_KEY when unset")
    query_prefix: str = Field("", description="put before questions by models that want it ('query: ')")
    passage_prefix: str = Field("", description="put before abstracts by models that want it ('passage: ')")
    timeout_s: float = Field(60, gt=0, description="seconds to wait for the endpoint")
    ray_workers: int = Field(
        0, ge=0, description="processes of Ray that embed many papers (citeworthy[ray]); 0: this process does"
    )


class ChromaSettings(BaseModel):
    """A Chroma server for the vectors of papers, in place of the library's own directory; see docs/growing.md."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field("", pattern=r"^(https?://\S+)?$", description="address of the server, e.g. http://127.0.0.1:8000")
    api_key: SecretStr | None = Field(None, description="key of Chroma Cloud, which needs no address")
    tenant: str | None = Field(None, description="tenant, where it is not the default or the key's own")
    database: str | None = Field(None, description="database, where it is not the default or the key's own")
    timeout_s: float = Field(3, gt=0, description="seconds to wait for a search; then library.db is searched instead")

    @property
    def is_server(self) -> bool:
        """Whether there is a server to use."""
        return bool(self.url or self.api_key)


class ChatSettings(BaseModel):
    """The language model that writes answers; without one they are quotations. The evaluation's judges use it too."""

    model_config = ConfigDict(extra="forbid")

    model: str = Field(
        "",
        description="openai:NAME, ollama:NAME, openrouter:NAME, http://HOST:PORT/v1#NAME, gguf:FILE, hf:NAME_OR_PATH, "
        "or a model fetched by `citeworthy models get`",
    )
    url: str | None = Field(None, description="base URL of an OpenAI-compatible endpoint, where `model` is a bare name")
    api_key: SecretStr | None = Field(None, description="key of the endpoint; OPENAI_API_KEY when unset")
    timeout_s: float = Field(120, gt=0, description="most seconds for one reply, retries included")
    context_tokens: int | None = Field(None, ge=512, description="the model's window, where it cannot be asked")
    parameters: float | None = Field(
        None, gt=0, description="billions of parameters, where they cannot be asked; small models get smaller tasks"
    )
    price_prompt: float | None = Field(None, ge=0, description="US dollars for a million tokens read")
    price_completion: float | None = Field(None, ge=0, description="US dollars for a million tokens written")
    cache: bool = Field(True, description="keep replies in the library, and use them when the same is asked again")
    cache_mb: float = Field(50, gt=0, description="size of that cache; what was used longest ago goes first")


class AnswerSettings(BaseModel):
    """How answers are composed and when they are declined."""

    model_config = ConfigDict(extra="forbid")

    papers: int = Field(8, ge=1, le=50, description="papers looked at for one answer")
    sentences: int = Field(3, ge=1, le=20, description="most sentences quoted in one answer")
    cross_encoder: Literal["none", "minilm", "fake"] = Field(
        "minilm", description="judge with the bundled model, or none: by explicit features alone"
    )


class ServiceSettings(BaseModel):
    """Services that papers are fetched from: arXiv, Crossref, OpenAlex, Semantic Scholar, PubMed, Zotero."""

    model_config = ConfigDict(extra="forbid")

    contact: str = Field(
        "", description="your e-mail address, sent along so that a service can write to you; Crossref is faster with it"
    )
    s2_api_key: SecretStr | None = Field(None, description="key of Semantic Scholar; without one it often refuses")
    ncbi_api_key: SecretStr | None = Field(None, description="key of NCBI (PubMed): 10 calls a second in place of 3")
    openalex_api_key: SecretStr | None = Field(None, description="key of OpenAlex; few calls a day are free without")
    zotero_api_key: SecretStr | None = Field(None, description="key of the Zotero web API, for libraries not public")
    urls: dict[str, str] = Field(
        default_factory=dict,
        description="base URLs in place of the usual ones, by service (arxiv, crossref, openalex, s2, pubmed, zotero, "
        "zotero-local), as JSON",
    )
    timeout_s: float = Field(30, gt=0, description="seconds to wait for a service to go on with its response")
    retries: int = Field(4, ge=0, le=10, description="how often a call is repeated that failed for the moment")
    max_mb: float = Field(50, gt=0, description="largest response that is read")
    max_age_days: float = Field(7, ge=0, description="how long the results of a search are kept; 0: ask again")
    max_age_works_days: float = Field(30, ge=0, description="how long single works asked for by identifier are kept")


class ServerSettings(BaseModel):
    """How much `citeworthy serve` takes on for programs."""

    model_config = ConfigDict(extra="forbid")

    rate_per_minute: int = Field(600, ge=0, description="calls that one token may make in a minute; 0: any number")
    at_once: int = Field(4, ge=1, le=30, description="requests that are worked on at once")
    waiting: int = Field(60, ge=0, description="requests that may wait for that; whoever comes then is told to wait")
    timeout_s: float = Field(150, gt=0, description="most seconds for one request")
    upload_mb: int = Field(100, ge=1, description="largest upload")


class Settings(BaseSettings):
    """All of it."""

    model_config = SettingsConfigDict(env_prefix="CITEWORTHY_", env_nested_delimiter="__", extra="forbid")

    home: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("citeworthy")), description="the library's directory"
    )
    embedding: EmbeddingSettings = EmbeddingSettings()
    chroma: ChromaSettings = ChromaSettings()
    chat: ChatSettings = ChatSettings()
    answer: AnswerSettings = AnswerSettings()
    services: ServiceSettings = ServiceSettings()
    models: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("citeworthy")) / "models",
        description="where fetched language models are kept",
    )
    server: ServerSettings = ServerSettings()
    users: dict[str, str] = Field(
        default_factory=dict,
        description="who may open the page, as JSON: names and what `citeworthy password` prints; empty: everyone",
    )
    log: Literal["off", "text", "json"] = Field(
        "text", description="logs on standard error, a line each; see `logs.py`"
    )
    log_level: Literal["debug", "info", "warning", "error"] | None = Field(
        None, description="what is logged from; unset: warning for commands, info (a line a request) for the server"
    )
    tracing: Literal["off", "on", "content"] = Field("off", description="OpenTelemetry spans; see `tracing.py`")
