"""The library as OpenAI's clients know a model: /v1/chat/completions, /v1/models, /v1/embeddings.

The shapes are those of OpenAI's API reference; what they have no place for is in the extra field `citeworthy`.
"""
