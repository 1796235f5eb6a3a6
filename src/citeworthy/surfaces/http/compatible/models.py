"""Which models there are: the library itself, written by the configured model, by none, or by another."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter

from citeworthy.surfaces.http.service import Served, Service
from citeworthy.surfaces.serving.doorkeeper import Refused

router = APIRouter()
LIBRARY = "citeworthy"  # answers as the settings say
_BY = f"{LIBRARY}/"  # before the name of a language model, or "none": quotations


def writer_of(name: str, known: frozenset[str]) -> str | None:
    """The language model that a model's name stands for; None for the configured one. Raises Refused."""
    if name == LIBRARY:
        return None
    if name.startswith(_BY) and name.removeprefix(_BY) in known:
        return name.removeprefix(_BY)
    raise Refused(404, f"the model {name[:100]!r} does not exist; there are {', '.join(_names(known))}")


@router.get("/models")
async def models(service: Served) -> dict[str, Any]:
    """All of them, the embedding model too."""
    known = await asyncio.to_thread(service.models)
    return {"object": "list", "data": [_model(name) for name in (*_names(known), _embedder(service))]}


@router.get("/models/{name:path}")
async def model(service: Served, name: str) -> dict[str, Any]:
    """One of them."""
    if name != _embedder(service):
        writer_of(name, await asyncio.to_thread(service.models))
    return _model(name)


def _names(known: frozenset[str]) -> list[str]:
    return [LIBRARY, *(f"{_BY}{name}" for name in sorted(known))]


def _embedder(service: Service) -> str:
    return service.assistant.index.embedder.name


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": LIBRARY}
