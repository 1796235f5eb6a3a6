"""The application below /api/v1: routes, and every error as a problem (RFC 9457)."""

from __future__ import annotations

import errno
import re
from collections.abc import Sequence
from functools import partial
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from citeworthy.errors import CiteworthyError, LibraryFullError
from citeworthy.surfaces.http.description import described
from citeworthy.surfaces.http.guard import Kinds
from citeworthy.surfaces.http.outputs import Problem
from citeworthy.surfaces.http.problems import GONE_WRONG, of_error, of_refusal, problem
from citeworthy.surfaces.http.routes import asking, papers, running, sessions, texts, work
from citeworthy.surfaces.http.service import Service
from citeworthy.surfaces.serving.doorkeeper import Refused

KINDS = Kinds(
    is_open=re.compile(r"/(?:health|ready|version|openapi\.json)"),
    is_light=re.compile(r"/(?:metrics|jobs.*|tokens.*|papers(?:/upload)?|paper(?:/tags)?|sessions.*)"),
    takes_files=re.compile(r"/papers/upload"),
)
_ROUTERS = tuple(module.router for module in (asking, papers, texts, sessions, work, running))
_ABOUT = """Ask your papers. Every sentence shows the words that support it.

Quotes are exact: `abstract[start:end] == quote`, in Unicode code points, in every reply.
Errors are problems (RFC 9457), and every reply has an `X-Request-ID`.
Send the token as `Authorization: Bearer cw_…`; on a machine of one's own no token is needed until one is made.
Give writes an `Idempotency-Key`, and repeating one after a broken connection does nothing twice."""
_PROBLEMS: dict[int, str] = {
    400: "What was asked makes no sense; the detail says what to change",
    401: "No token, or one that is unknown or has expired",
    403: "The token may not do this",
    404: "There is no such thing",
    408: "The body of the request did not come in time",
    409: "Something else is under way; try again when it is done",
    411: "The length of the body is not said",
    413: "Too much at once",
    422: "A field is missing or makes no sense",
    429: "Too many requests; Retry-After says when to come again",
    500: "A mistake of the service; its log says more under the X-Request-ID",
    502: "A language model or a service that papers come from has failed",
    503: "The library cannot be read now, or the service has no room or is about to stop",
    504: "Not done in time",
    507: "The disk is full",
}


def make_api(service: Service) -> FastAPI:
    """The application, to be mounted behind a Guard."""
    app = FastAPI(
        title="citeworthy",
        version=version("citeworthy"),
        description=_ABOUT,
        docs_url=None,  # its pages would load scripts from elsewhere
        redoc_url=None,
        responses={status: {"model": Problem, "description": text} for status, text in _PROBLEMS.items()},
        root_path_in_servers=True,
        strict_content_type=False,
    )
    app.state.service = service
    for router in _ROUTERS:
        app.include_router(router)
    app.add_exception_handler(CiteworthyError, _ours)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(HTTPException, _routing)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _unexpected)
    app.openapi = partial(described, app, KINDS)  # type: ignore[method-assign]  # FastAPI's way to amend it
    return app


async def _ours(_: Request, error: Any) -> Response:
    return of_error(error)


async def _refused(_: Request, error: Any) -> Response:
    return of_refusal(error)


async def _routing(request: Request, error: Any) -> Response:
    reason = error.__cause__  # why a body could not be read
    if isinstance(reason, Refused):
        return of_refusal(reason)
    if isinstance(reason, OSError) and reason.errno == errno.ENOSPC:
        return of_error(LibraryFullError("no room left on the disk for what was sent; try again when there is"))
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(sorted(_methods(request)))
    return problem(error.status_code, str(error.detail), headers)


async def _invalid(_: Request, error: Any) -> Response:
    errors = [{"field": _path(one["loc"]), "reason": one["msg"]} for one in error.errors()]
    told = "; ".join(f"{one['field']}: {one['reason']}" for one in errors[:5])
    return problem(422, told or "the request makes no sense", errors=jsonable_encoder(errors))


async def _unexpected(_: Request, __: Exception) -> Response:
    return problem(500, GONE_WRONG)


def _methods(request: Request) -> set[str]:
    """Of all routes with this path; Starlette names those of the first (RFC 9110, 15.5.6 wants all)."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    routes = [route for router in _ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    return {method for route in routes if route.path_regex.match(path) for method in route.methods or ()}


def _path(location: Sequence[int | str]) -> str:
    """ "filters.year_from" of ("body", "filters", "year_from")."""
    return ".".join(map(str, location[1:] if len(location) > 1 else location))
