"""The JSON of a page."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from citeworthy.sources.services.cache import Page

_HALF = re.compile(rb"\\u[dD][89a-fA-F]")  # of a surrogate pair


def json_of(page: Page) -> Any:
    """What the body says; raises ValueError where it is no JSON. Halves of surrogate pairs, which cannot be stored, are
    question marks.
    """
    try:
        value = json.loads(page.body)
        if _HALF.search(page.body):
            value = json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
    except RecursionError as error:
        raise ValueError("JSON nested too deeply") from error
    return value


def a_mapping(value: Any) -> Mapping[str, Any]:
    """The value; raises ValueError where it is no JSON object."""
    if not isinstance(value, Mapping):
        raise ValueError("no JSON object")
    return value


def a_list(value: Any) -> list[Any]:
    """The value; raises ValueError where it is no JSON array."""
    if not isinstance(value, list):
        raise ValueError("no JSON array")
    return value


def a_count(value: Any) -> int:
    """The value; raises ValueError where it is no number of results."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError("no number of results")
    return value
