"""Proper names and acronyms as scientific prose writes them: DPO, HybridFlow, GPT-4, IL-6."""

from __future__ import annotations

import re

_NAME = re.compile(r"(?<![\w-])(?=[\w*+^.-]*[A-Z0-9*+])(?!\d+[.,]?\d*\b)[A-Za-z][\w*+^]*(?:[-.+/][\w*+^]+)*")
_QUESTION_WORDS = frozenset(
    "What Which How Why Who When Where Whose Does Do Did Is Are Was Were Can Could Has Have In On By For Of And The "
    "A An At To From With If Under I Tell Give Name List Explain Describe Compare Summarise Summarize Please Any "
    "Between".split()
)
_MADE_OF = re.compile(r"(?:-[a-z]{4,})+$")  # "HiPPO-based", "GPT-3.5-class"
_JOINT = re.compile(r"[-_ .+/]+|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])|(?<=[a-z])(?=[A-Z])")
_SHORT = 3  # letters of a name that has to have a capital in the text too, so that US is not "us"
_CLAUSE_END = re.compile(r"[.,:;!?()]")
_SMALL_WORDS = frozenset("of the for and in on with to by a an via".split())


def names_in(text: str) -> list[str]:
    """Names in order, each once; a merely capitalised word that opens a sentence is none."""
    return list(dict.fromkeys(match[0] for match in _NAME.finditer(text) if _is_name(match)))


def distinctive_names(text: str) -> list[str]:
    """Those that cannot be ordinary words."""
    return [name for name in names_in(text) if is_distinctive(name)]


def is_distinctive(name: str) -> bool:
    """An acronym, a CamelCase or numbered name (DPO, HybridFlow, GPT-4), not a merely capitalised word."""
    return sum(c.isupper() for c in name) > 1 or any(c.isdigit() or c in "*+" for c in name)


def is_abbreviation(name: str, text: str) -> bool:
    """Whether the letters of an acronym are the initials of consecutive words of the text ("RL", "reinforcement
    learning"); small words may be skipped.
    """
    letters = [c.lower() for c in name.rstrip("s") if c.isalpha()]
    if len(letters) < 2 or not name[0].isupper():
        return False
    wanted = "".join(letters)
    return any(wanted in initials for initials in map(_initials, _CLAUSE_END.split(text.lower())))


def _initials(clause: str) -> str:
    return "".join(word[0] for word in re.findall(r"[a-z]+", clause) if word not in _SMALL_WORDS)


def is_named(name: str, text: str) -> bool:
    """Whether the text has a name, however its pieces are joined, or the words that it stands for. Of "HiPPO-based"
    only HiPPO has to be there, and the names of "HMM-SNN" may stand apart.

    >>> [is_named(name, "GPT4 and reinforcement learning solve problems.") for name in ("GPT-4", "RL-based", "LEM")]
    [True, True, False]
    """
    name = _MADE_OF.sub("", name)
    name = name[:-1] if name.endswith("s") else name
    pieces = [re.escape(piece) for piece in _JOINT.split(name) if piece] or [re.escape(name)]
    written = re.finditer(rf"(?<!\w){'[-_ .+/]?'.join(pieces)}s?(?!\w)", text, re.IGNORECASE)
    is_word = len(name) <= _SHORT and name.isalpha()
    if any(not (is_word and match[0].islower()) for match in written) or is_abbreviation(name, text):
        return True
    pieces = re.split("[-/]", name)
    return len(pieces) > 1 and all(piece.islower() or is_named(piece, text) for piece in pieces)


def _is_name(match: re.Match[str]) -> bool:
    name = match[0]
    if len(name) < 2 or name in _QUESTION_WORDS or (not name.isupper() and name.capitalize() in _QUESTION_WORDS):
        return False
    before = match.string[: match.start()].rstrip("\"'“‘( ")
    opens_sentence = not before.rstrip() or before.rstrip()[-1] in ".?!"
    return is_distinctive(name) or not opens_sentence
