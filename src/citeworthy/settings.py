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


class ChatSettings(BaseModel):
    """A language model, where one is wanted; without a model name there is none. The evaluation's judges use it."""

    model_config = ConfigDict(extra="forbid")

    model: str = Field("", description="model name at the endpoint")
    url: str | None = Field(None, description="base URL of an OpenAI-compatible endpoint")
    api_key: SecretStr | None = Field(None, description="key of the endpoint; OPENAI_API_KEY when unset")
    timeout_s: float = Field(60, gt=0, description="seconds to wait for the endpoint")


class AnswerSettings(BaseModel):
    """How answers are composed and when they are declined."""

    model_config = ConfigDict(extra="forbid")

    papers: int = Field(8, ge=1, le=50, description="papers looked at for one answer")
    sentences: int = Field(3, ge=1, le=20, description="most sentences quoted in one answer")


class Settings(BaseSettings):
    """All of it."""

    model_config = SettingsConfigDict(env_prefix="CITEWORTHY_", env_nested_delimiter="__", extra="forbid")

    home: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("citeworthy")), description="the library's directory"
    )
    embedding: EmbeddingSettings = EmbeddingSettings()
    chat: ChatSettings = ChatSettings()
    answer: AnswerSettings = AnswerSettings()
