"""Errors as RFC 9457 has them: `application/problem+json` with type, title, status, detail."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.responses import JSONResponse

from citeworthy.errors import (
    BusyError,
    CiteworthyError,
    LibraryError,
    LibraryFullError,
    LibraryLockedError,
    MissingExtraError,
    ModelError,
    ServiceError,
    UnknownJobError,
    UnknownPaperError,
    UnknownSessionError,
    UnknownTokenError,
    UserError,
)
from citeworthy.surfaces.serving.doorkeeper import Refused
from citeworthy.text.normalise import printable

_STATUS: tuple[tuple[type[CiteworthyError], int], ...] = (  # the first that fits
    (UnknownPaperError, 404),
    (UnknownSessionError, 404),
    (UnknownJobError, 404),
    (UnknownTokenError, 404),
    (MissingExtraError, 501),
    (BusyError, 409),
    (UserError, 400),
    (LibraryLockedError, 409),
    (LibraryFullError, 507),
    (LibraryError, 503),
    (ModelError, 502),
    (ServiceError, 502),
    (CiteworthyError, 500),
)
_RETRY_AFTER_S = 5  # where nobody said how long it takes
GONE_WRONG = "something went wrong that should not have; the server's log says more under this request's id"


class ProblemResponse(JSONResponse):
    """A JSONResponse under the media type of problems."""

    media_type = "application/problem+json"


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None, **more: Any) -> ProblemResponse:
    """One problem. The type is "about:blank": the status says what kind of problem it is, the detail which."""
    title = HTTPStatus(status).phrase
    content = {"type": "about:blank", "title": title, "status": status, "detail": printable(detail), **more}
    return ProblemResponse(content, status, headers)


def status_of(error: CiteworthyError) -> int:
    """The HTTP status for one of our errors."""
    return next(status for kind, status in _STATUS if isinstance(error, kind))


def retry_after(error: CiteworthyError | Refused) -> dict[str, str]:
    """The header that says when to try again, where that can help."""
    seconds = getattr(error, "retry_after_s", None)
    if seconds is None and getattr(error, "retryable", False):
        seconds = _RETRY_AFTER_S
    return {"retry-after": str(max(1, round(seconds)))} if seconds is not None else {}


def of_error(error: CiteworthyError) -> ProblemResponse:
    """One of our errors as a problem."""
    return problem(status_of(error), str(error), retry_after(error))


def of_refusal(refused: Refused) -> ProblemResponse:
    """A request that was turned away."""
    headers = retry_after(refused)
    if refused.status == 401:
        headers["www-authenticate"] = "Bearer"
    if refused.status == 408:
        headers["connection"] = "close"  # the rest of the body is not waited for
    return problem(refused.status, refused.reason, headers)
