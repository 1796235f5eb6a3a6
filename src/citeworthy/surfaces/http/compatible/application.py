"""The application below /v1, and its errors as OpenAI's clients read them."""

from __future__ import annotations

import re
from typing import Any

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from citeworthy.errors import CiteworthyError
from citeworthy.surfaces.http.compatible import chat, embeddings, models
from citeworthy.surfaces.http.guard import Kinds
from citeworthy.surfaces.http.problems import GONE_WRONG, retry_after, status_of
from citeworthy.surfaces.http.service import Service, needs
from citeworthy.surfaces.serving.doorkeeper import Refused
from citeworthy.surfaces.serving.tokens import Scope
from citeworthy.text.normalise import printable

KINDS = Kinds(is_open=re.compile(r"(?!)"), is_light=re.compile(r"/models.*"), takes_files=re.compile(r"(?!)"))
_TYPES = {401: "authentication_error", 403: "permission_error", 404: "not_found_error", 429: "rate_limit_error"}


def make_compatible(service: Service) -> FastAPI:
    """The application, to be mounted behind a Guard."""
    app = FastAPI(
        title="citeworthy", docs_url=None, redoc_url=None, openapi_url=None, strict_content_type=False,
        dependencies=[Depends(needs(Scope.READ))],
    )  # fmt: skip
    app.state.service = service
    for module in (chat, embeddings, models):
        app.include_router(module.router)
    app.add_exception_handler(CiteworthyError, _ours)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(HTTPException, _routing)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _unexpected)
    return app


def error(status: int, message: str, headers: dict[str, str] | None = None, param: str | None = None) -> JSONResponse:
    """One error in OpenAI's shape."""
    kind = _TYPES.get(status, "invalid_request_error" if status < 500 else "server_error")
    content = {"error": {"message": printable(message), "type": kind, "param": param, "code": None}}
    return JSONResponse(content, status, headers)


def refusal(refused: Refused) -> Response:
    """A request that was turned away."""
    return error(refused.status, refused.reason, retry_after(refused))


async def _ours(_: Request, raised: Any) -> Response:
    return error(status_of(raised), str(raised), retry_after(raised))


async def _refused(_: Request, raised: Any) -> Response:
    return refusal(raised)


async def _routing(_: Request, raised: Any) -> Response:
    return error(raised.status_code, str(raised.detail))


async def _invalid(_: Request, raised: RequestValidationError | Any) -> Response:
    first = raised.errors()[0]
    field = ".".join(str(part) for part in first["loc"][1:])
    return error(400, f"{field}: {first['msg']}" if field else first["msg"], param=field or None)


async def _unexpected(_: Request, __: Exception) -> Response:
    return error(500, GONE_WRONG)
