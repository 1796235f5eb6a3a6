"""Who did what to whom, and which number belongs to what: what a bag of words cannot tell.

"A outperforms B" and "B outperforms A" have the same words, and so have "X gains 30%, Y 5%" and "X gains 5%". Both
checks compare the neighbourhood of a word or number in the claim with its neighbourhood in the quotation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from citeworthy.text.numbers import Quantity, quantities
from citeworthy.verify.wording import alike, content, is_frame

_REACH = 7  # words on either side of a number that may say what it counts
_NEIGHBOURS = 5  # content words apart at most
_TOUCHES = 2  # content words on each side of a restriction that a claim repeats
_RESTRICTION = re.compile(
    r"\b(?:only|unless|except(?: for)?|provided that|as long as|at most|up to|may|might|could|can fail|hardly|rarely|"
    r"sometimes|partly|in part|almost|nearly|potentially|possibly|seems?|appears?|suggests?)\b",
    re.IGNORECASE,
)
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
                    crossed = bool(said[1] & read[2]) and bool(said[2] & read[1])
                    verdicts.append(crossed and not said[1] & read[1])
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


def recombined(claim: str, quotes: Sequence[str]) -> float:
    """Share of the neighbouring content words of a claim that are neighbours in none of the quotations: high where a
    claim is put together from pieces that had nothing to do with one another. 0 for a claim of fewer than three words.
    """
    places: list[dict[str, list[int]]] = []
    for quote in quotes:
        where: dict[str, list[int]] = {}
        for position, word in enumerate(content(quote)):
            where.setdefault(word, []).append(position)
        places.append(where)
    words = [word for word in content(claim) if any(word in where for where in places)]
    pairs = [(a, b) for a, b in pairwise(words) if a != b]
    if len(pairs) < 2:
        return 0.0
    apart = sum(
        not any(abs(i - j) <= _NEIGHBOURS for where in places for i in where.get(a, ()) for j in where.get(b, ()))
        for a, b in pairs
    )
    return apart / len(pairs)


def restriction_left_out(claim: str, quotes: Sequence[str]) -> str | None:
    """A word that restricts what a quotation says, within the part that the claim repeats, and that the claim lacks."""
    said = claim.casefold()
    words = set(content(claim))
    for quote in quotes:
        for match in _RESTRICTION.finditer(quote):
            if match[0].casefold() in said:
                continue
            after = content(quote[match.end() :])[:_NEIGHBOURS]
            before = content(quote[: match.start()])[-_NEIGHBOURS:]
            if sum(w in words for w in after) >= _TOUCHES and sum(w in words for w in before) >= _TOUCHES:
                return match[0]
    return None


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
