"""How the service is, and who may use it."""

from __future__ import annotations

from importlib.metadata import version as installed_version
from typing import Annotated

from fastapi import APIRouter, Path, Response

from citeworthy.surfaces.http import inputs, outputs
from citeworthy.surfaces.http.metrics import CONTENT_TYPE
from citeworthy.surfaces.http.service import Admin, Reader, Served
from citeworthy.surfaces.serving.tokens import Token

router = APIRouter(tags=["service"])
TokenId = Annotated[str, Path(min_length=1, max_length=40, pattern=r"^[a-f0-9]+$")]


@router.get("/health", summary="Does it run?")
def health() -> outputs.Health:
    """Asks nothing of the library: a busy service is not a dead one."""
    return outputs.Health(status="ok")


@router.get("/ready", summary="Can it answer?")
def ready(service: Served) -> outputs.Health:
    """503 while the library cannot be read."""
    len(service.assistant.library)
    return outputs.Health(status="ok")


@router.get("/version", summary="Which version, of what")
def version() -> outputs.Version:
    return outputs.Version(name="citeworthy", version=installed_version("citeworthy"), api="v1")


@router.get(
    "/metrics",
    summary="Counts and times for Prometheus",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}, "description": "Prometheus' text format"}},
)
def metrics(service: Served, caller: Reader) -> Response:
    text = service.guards.metrics.text(len(service.assistant.library))
    return Response(text, media_type=CONTENT_TYPE)


@router.get("/tokens", summary="All tokens, the oldest first")
def tokens(service: Served, caller: Admin) -> outputs.Tokens:
    known = service.guards.doorkeeper.tokens.all()
    return outputs.Tokens(items=[_shown(token) for token in known])


@router.post("/tokens", summary="A new token", status_code=201)
def create(wanted: inputs.NewToken, service: Served, caller: Admin) -> outputs.NewToken:
    """Its secret is shown this once. Once there is any token, every call needs one."""
    token, secret = service.guards.doorkeeper.tokens.create(wanted.name, wanted.scope, wanted.days)
    return outputs.NewToken(**_shown(token).model_dump(), token=secret)


@router.delete("/tokens/{token}", summary="Revoke a token", status_code=204)
def revoke(service: Served, caller: Admin, token: TokenId) -> None:
    """Whoever uses it is turned away from now on, in the middle of a stream too."""
    service.guards.doorkeeper.tokens.revoke(token)


def _shown(token: Token) -> outputs.Token:
    return outputs.Token.model_validate(token, from_attributes=True)
