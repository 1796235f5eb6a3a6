"""Words of scientific prose that name no subject, as search tokens: "propose", "significant", "various".

They occur evenly across the fields of science, which is how they were found: `eval/training/general_words.py` made
`general_words.json` from the abstracts of twenty fields of arXiv.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files


def is_general(token: str) -> bool:
    """Whether a search token may stand in an abstract on anything."""
    return token in _words() or token[0].isdigit()


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    stored = json.loads(files("citeworthy.text").joinpath("general_words.json").read_text("utf-8"))
    return frozenset(stored["words"])
