"""The OpenAPI document: what FastAPI makes of the routes, and what it does not know: tokens, how errors look."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from citeworthy.surfaces.http.guard import Kinds
from citeworthy.surfaces.http.problems import ProblemResponse

_TOKEN = {"type": "http", "scheme": "bearer", "description": "A token of `citeworthy token create NAME`: cw_…"}


def described(app: FastAPI, kinds: Kinds) -> dict[str, Any]:
    """The document of `app`, made once. Errors are told as problems, and what is not open to all asks for a token."""
    if not app.openapi_schema:
        document = FastAPI.openapi(app)
        document["components"]["securitySchemes"] = {"token": _TOKEN}
        for path, operations in document["paths"].items():
            for operation in operations.values():
                operation["security"] = [] if kinds.is_open.fullmatch(path) else [{"token": []}]
                for status, response in operation["responses"].items():
                    if int(status) >= 400:
                        content = response["content"]
                        content[ProblemResponse.media_type] = content.pop("application/json")
    return app.openapi_schema or {}
