"""citeworthy: ask your papers; every sentence shows the words that support it.

>>> from citeworthy import Assistant, Filters, Outcome, Turn, Verdict
>>> assistant = Assistant.open("my-library")
>>> question = "By what factor does HybridFlow raise RLHF throughput?"
>>> answer = assistant.ask(question)                     # an Answer: its Outcome, its Claims, their Citations
>>> answer.outcome is Outcome.ANSWERED, [claim.verdict is Verdict.SUPPORTED for claim in answer.claims]
(True, [True])
>>> citation = answer.claims[0].citations[0]             # words of a Paper
>>> citation.paper.abstract[citation.start : citation.end] == citation.quote
True
>>> assistant.ask("And how does it do that?", history=[Turn(question, answer)]).standalone_question
'And how does HybridFlow do that?'
>>> found = assistant.search("state space models", k=3, filters=Filters(year_from=2023))
>>> all(hit.paper.year >= 2023 for hit in found.hits)    # each a Hit: a Paper and its scores
True

Settings come from the environment or from you, errors are CiteworthyErrors with a message to act on:

>>> from citeworthy import CiteworthyError, Settings
>>> try:
...     Assistant.open("my-library", Settings(answer={"sentences": 1})).compare(["nobody2020"])
... except CiteworthyError as error:
...     print(error)
no paper with the key 'nobody2020'; `citeworthy papers` lists the keys

Programs that await have the same methods in AsyncAssistant:

>>> import asyncio
>>> from citeworthy import AsyncAssistant
>>> asyncio.run(AsyncAssistant(assistant).ask(question)).text == answer.text
True
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from citeworthy.errors import CiteworthyError
from citeworthy.records import Answer, Citation, Claim, Filters, Hit, Outcome, Paper, Verdict

if TYPE_CHECKING:
    from citeworthy.assistant import Assistant, Turn
    from citeworthy.asynchronous import AsyncAssistant
    from citeworthy.settings import Settings

__all__ = [
    "Answer",
    "Assistant",
    "AsyncAssistant",
    "Citation",
    "CiteworthyError",
    "Claim",
    "Filters",
    "Hit",
    "Outcome",
    "Paper",
    "Settings",
    "Turn",
    "Verdict",
]

logging.getLogger(__name__).addHandler(logging.NullHandler())  # the application decides what is logged; see logs.py

_LAZY = {
    "Assistant": "citeworthy.assistant",
    "AsyncAssistant": "citeworthy.asynchronous",
    "Settings": "citeworthy.settings",
    "Turn": "citeworthy.assistant",
}


def __getattr__(name: str) -> Any:
    """Heavy parts are imported when first asked for, so that `citeworthy --help` is immediate."""
    if name in _LAZY:
        from importlib import import_module

        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module 'citeworthy' has no attribute {name!r}")
