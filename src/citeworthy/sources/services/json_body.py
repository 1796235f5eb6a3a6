"""The JSON of a page."""

from __future__ import annotations

import json
from typing import Any

from citeworthy.sources.services.cache import Page


def json_of(page: Page) -> Any:
    """What the body says; raises ValueError where it is no JSON (RecursionError is one for this purpose)."""
    try:
        return json.loads(page.body)
    except RecursionError as error:
        raise ValueError("JSON nested too deeply") from error
