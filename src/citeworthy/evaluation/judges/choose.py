"""Judges by name."""

from __future__ import annotations

from collections.abc import Sequence

from citeworthy.errors import EvaluationError
from citeworthy.evaluation.judges.judging import Judge, QuoteJudge, VerifierJudge
from citeworthy.evaluation.judges.models import ChatJudge, LlamaIndexJudge, LlamaIndexRelevancy
from citeworthy.models.calling import Caller
from citeworthy.models.choose import make_cross_encoder
from citeworthy.settings import AnswerSettings

NAMES = ("quote", "verifier", "chat", "llamaindex")
DEFAULT = ("quote", "verifier")


def make_judges(names: Sequence[str], chat: Caller | None) -> tuple[list[Judge], LlamaIndexRelevancy | None]:
    """The judges of these names, and LlamaIndex's judge of whole answers where its name is among them.

    Raises EvaluationError for a name there is none of, and where one needs a language model and none is configured.
    """
    judges: list[Judge] = []
    for name in dict.fromkeys(names):
        if name not in NAMES:
            raise EvaluationError(f"no judge {name!r}; there are {', '.join(NAMES)}")
        if name in DEFAULT:
            judges.append(QuoteJudge() if name == "quote" else VerifierJudge(make_cross_encoder(AnswerSettings())))
        elif chat is None:
            raise EvaluationError(
                f"the judge {name!r} asks a language model: set CITEWORTHY_CHAT__MODEL (and __URL, __API_KEY)"
            )
        else:
            judges.append(ChatJudge(chat) if name == "chat" else LlamaIndexJudge(chat))
    return judges, LlamaIndexRelevancy(chat) if chat is not None and "llamaindex" in names else None
