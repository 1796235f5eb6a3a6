"""Who did what to whom, and which number belongs to what: what a bag of words cannot tell.

"A outperforms B" and "B outperforms A" have the same words, and so have "X gains 30%, Y 5%" and "X gains 5%". Both
checks compare the neighbourhood of a word or number in the claim with its neighbourhood in the quotation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from citeworthy.text.numbers import Quantity, quantities
from citeworthy.verify.wording import alike, content, is_frame

_REACH = 7  # words on either side of a number that may say what it counts
_CLAUSE = re.compile(r"[;:]|,?\s+\b(?:while|whereas|but|although|though)\b|[.?!]\s", re.IGNORECASE)
_RELATION = re.compile(
    r"\b(?P<passive>(?:is|are|was|were|be|been|being|gets?)\s+(?:\w+ly\s+)?)?"
    r"(?P<verb>outperform\w*|exceed\w*|surpass\w*|beat\w*|caus\w+|lower\w*|rais\w+|improv\w+|reduc\w+|increas\w+|decreas\w+|"
    r"replac\w+|preced\w+|impl(?:y|ies|ied)|dominat\w+|generali[sz]\w+|"
    r"(?:(?:more|less|better|worse|faster|slower|higher|larger|smaller|fewer|greater|cheaper|stronger|weaker)\b[^,;.]{0,40}?\bthan))\b",
    re.IGNORECASE,
)


def swapped(claim: str, quotes: Sequence[str]) -> str | None:
    """The relation whose two sides have changed places between the claim and the quotations, if there is one."""
    for said in _relations(claim):
        verdicts = []
        for quote in quotes:
            for read in _relations(quote):
                if alike(said[0]) == alike(read[0]) and (said[1] and said[2]):
                    straight = bool(said[1] & read[1]) or bool(said[2] & read[2])
                    crossed = bool(said[1] & read[2]) and bool(said[2] & read[1])
                    verdicts.append(crossed and not straight)
        if verdicts and all(verdicts):
            return f"in the quotation the two sides of “{said[0]}” are the other way round"
    return None


def _relations(text: str) -> list[tuple[str, frozenset[str], frozenset[str]]]:
    """(verb, words of the acting side, words of the other side) of each clause with a relation."""
    found = []
    for clause in _CLAUSE.split(text):
        match = _RELATION.search(clause)
        if match is None:
            continue
        left = _words(clause[: match.start()])
        right = _words(clause[match.end() :])
        passive = bool(match["passive"]) and re.match(r"\s+by\b", clause[match.end() :]) is not None
        verb = (content(match["verb"]) or [match["verb"].lower()])[0]
        found.append((verb, right, left) if passive else (verb, left, right))
    return found


def _words(text: str) -> frozenset[str]:
    return frozenset(t for t in content(text) if not is_frame(t) and not t[0].isdigit())


def misplaced(claim: str, quotes: Sequence[str]) -> str | None:
    """A number that the claim gives to one thing and the quotations give to another, if there is one."""
    for number in quantities(claim):
        said = _near(claim, number)
        if not said:
            continue
        own, others = 0, 0
        for quote in quotes:
            for read in quantities(quote, words=True):
                shared = len(said & _near(quote, read))
                if read.value == number.value:
                    own = max(own, shared)
                else:
                    others = max(others, shared)
        if own == 0 or others >= own + 2:
            return f"the quotation gives {number.text} to something else"
    return None


def _near(text: str, number: Quantity) -> frozenset[str]:
    """Content words around the number, no further than the clause it stands in."""
    for clause in re.split(r"[;,]\s|[.?!]\s|\b(?:and|while|whereas|but)\b", text):
        position = clause.find(number.text)
        if position >= 0:
            left = [t for t in content(clause[:position]) if not t[0].isdigit()][-_REACH:]
            right = [t for t in content(clause[position + len(number.text) :]) if not t[0].isdigit()][:_REACH]
            return frozenset(t for t in left + right if not is_frame(t))
    return frozenset()


def subject_words(question: str) -> frozenset[str]:
    """Content words of a question that say what it is about: not its relations, not its numbers."""
    relations = {word for match in _RELATION.finditer(question) for word in content(match[0])}
    return frozenset(w for w in content(question) if w not in relations and not w[0].isdigit())
