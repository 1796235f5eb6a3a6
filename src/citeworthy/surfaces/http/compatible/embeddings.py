"""/v1/embeddings: the library's own encoder."""

from __future__ import annotations

import asyncio
import base64
from typing import Annotated, Any, Literal

import numpy as np
from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, StringConstraints

from citeworthy.surfaces.http.service import Served, in_time
from citeworthy.surfaces.serving.doorkeeper import Refused

router = APIRouter()
_Text = Annotated[str, StringConstraints(min_length=1, max_length=32_000)]


class EmbeddingRequest(BaseModel):
    """As OpenAI's clients send it; fields that are not here are without effect."""

    input: _Text | Annotated[list[_Text], Field(min_length=1, max_length=256)]
    model: Annotated[str, StringConstraints(max_length=300)]
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: int | None = None


@router.post("/embeddings")
async def embed(wanted: EmbeddingRequest, request: Request, service: Served) -> dict[str, Any]:
    """Unit vectors of texts, each as a whole."""
    embedder = service.assistant.index.embedder
    if wanted.model not in (embedder.name, "citeworthy"):
        raise Refused(404, f"the model {wanted.model[:100]!r} does not embed here; {embedder.name} does")
    if wanted.dimensions not in (None, embedder.dimension):
        raise Refused(400, f"{embedder.name} has {embedder.dimension} dimensions; leave `dimensions` out")
    texts = [wanted.input] if isinstance(wanted.input, str) else wanted.input
    vectors = await in_time(request, asyncio.to_thread(embedder.embed, texts))
    data = [
        {"object": "embedding", "index": index, "embedding": _encoded(vector.whole, wanted.encoding_format)}
        for index, vector in enumerate(vectors)
    ]
    return {"object": "list", "data": data, "model": embedder.name, "usage": {"prompt_tokens": 0, "total_tokens": 0}}


def _encoded(vector: Any, encoding: str) -> list[float] | str:
    if encoding == "float":
        return [float(value) for value in vector]
    return base64.b64encode(np.asarray(vector, "<f4").tobytes()).decode()
