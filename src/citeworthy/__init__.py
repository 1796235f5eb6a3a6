"""citeworthy: ask your papers; every sentence shows the words that support it.

from citeworthy import Assistant
answer = Assistant.open("my-library").ask("What lowers IL-6?")
print(answer.text)
"""

from __future__ import annotations

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
