"""The models that the settings name. Nothing is loaded or contacted yet; that happens at the first text."""

from __future__ import annotations

from pathlib import Path

from citeworthy.models.calling import CallCache, Caller, Price
from citeworthy.models.chat import ChatModel
from citeworthy.models.cross_encoder import CrossEncoder, FakeCrossEncoder
from citeworthy.models.embedder import Embedder, FakeEmbedder, InThisProcess, ManyEmbedder
from citeworthy.models.names import ModelName, read_model_name
from citeworthy.settings import AnswerSettings, ChatSettings, EmbeddingSettings


def make_embedder(settings: EmbeddingSettings, threads: int | None = None) -> Embedder:
    """The Embedder that the settings name. `threads` is how many the bundled one uses: as many as there are cores."""
    if settings.provider == "fake":
        return FakeEmbedder()
    if settings.provider == "openai":
        from citeworthy.models.openai_embedder import OpenAIEmbedder

        key = settings.api_key.get_secret_value() if settings.api_key else None
        prefixes = (settings.query_prefix, settings.passage_prefix)
        return OpenAIEmbedder(settings.model, settings.url, key, *prefixes, settings.timeout_s)
    if settings.provider == "sentence-transformers":
        from citeworthy.models.sentence_transformers_embedder import SentenceTransformersEmbedder

        return SentenceTransformersEmbedder(settings.model, settings.query_prefix, settings.passage_prefix)
    from citeworthy.models.onnx_embedder import MiniLMEmbedder

    return MiniLMEmbedder(workers=threads)


def make_many_embedder(settings: EmbeddingSettings, embedder: Embedder) -> ManyEmbedder:
    """What embeds whole libraries, as the settings say: the embedder in this process, or workers of Ray."""
    if not settings.ray_workers:
        return InThisProcess(embedder)
    from citeworthy.models.ray_embedder import RayEmbedder

    return RayEmbedder(settings, embedder)


def make_cross_encoder(settings: AnswerSettings) -> CrossEncoder | None:
    """The judging model that the settings name; None where explicit features judge alone."""
    if settings.cross_encoder == "none":
        return None
    if settings.cross_encoder == "fake":
        return FakeCrossEncoder()
    from citeworthy.models.minilm_judge import MiniLMJudge

    return MiniLMJudge()


def make_abstract_reader(settings: AnswerSettings) -> CrossEncoder:
    """The model that holds sentences against whole abstracts; word overlap where none is wanted."""
    if settings.cross_encoder != "minilm":
        return FakeCrossEncoder()
    from citeworthy.models.minilm_judge import ABSTRACT_READER, MiniLMJudge

    return MiniLMJudge(ABSTRACT_READER)


def make_caller(settings: ChatSettings, folder: Path, cache: CallCache | None = None) -> Caller | None:
    """The language model that the settings name, ready to be called; None when they name none. Raises UserError."""
    name = read_model_name(settings, folder)
    return None if name is None else call_model(_make_chat(name, settings), settings, cache)


def for_model(settings: ChatSettings, model: str) -> ChatSettings:
    """The settings with another model. A bare name stays at the configured address; what the settings say of the
    configured model itself (window, size, price) is not true of another, and its key is sent nowhere else.
    """
    same_place = ":" not in model and not model.endswith(".gguf")
    kept = {"timeout_s", "cache", "cache_mb", *({"url", "api_key"} if same_place else ())}
    return ChatSettings(model=model, **{name: getattr(settings, name) for name in kept})


def call_model(model: ChatModel, settings: ChatSettings, cache: CallCache | None = None) -> Caller:
    """Any ChatModel with the settings' limits, prices and cache."""
    price = None
    if settings.price_prompt is not None or settings.price_completion is not None:
        price = Price(settings.price_prompt or 0.0, settings.price_completion or 0.0)
    told = {"context_tokens": settings.context_tokens, "parameters": settings.parameters}
    known = {name: value for name, value in told.items() if value is not None}
    return Caller(model, settings.timeout_s, cache if settings.cache else None, price, known)


def _make_chat(name: ModelName, settings: ChatSettings) -> ChatModel:
    if name.runner == "gguf":
        from citeworthy.models.gguf_chat import GgufChat

        return GgufChat(Path(name.model), settings.context_tokens, settings.timeout_s)
    if name.runner == "transformers":
        from citeworthy.models.transformers_chat import TransformersChat

        return TransformersChat(name.model, settings.context_tokens)
    from citeworthy.models.openai_chat import OpenAIChat

    return OpenAIChat(name.model, name.url, name.key, settings.timeout_s)
