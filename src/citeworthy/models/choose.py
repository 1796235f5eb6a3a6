"""The Embedder that the settings name."""

from __future__ import annotations

from citeworthy.models.embedder import Embedder, FakeEmbedder
from citeworthy.settings import EmbeddingSettings


def make_embedder(settings: EmbeddingSettings) -> Embedder:
    """Nothing is loaded or contacted yet; that happens at the first text."""
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

    return MiniLMEmbedder()
