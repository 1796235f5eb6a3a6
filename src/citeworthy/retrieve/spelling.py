"""Misspelt words of a question, corrected to words that the library holds.

Only a word that occurs in no paper and is none that the bundled encoder's vocabulary has whole ("bread" is no misspelt
"broad") is touched, and only when a word one edit away (insertion, deletion,
substitution, transposition; Damerau 1964) occurs in some: names like IL-6 and short words never are, but for question
words where a question begins ("waht is", "hwo does"), and longer names only where two neighbours were swapped
("IMAPLA"): a name with another letter is another name. The corrected question is what is searched for, and it is shown
to the user.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache

from citeworthy.index.lexical import LexicalIndex
from citeworthy.library.store import Library
from citeworthy.models.onnx_session import TOKENIZER
from citeworthy.text.tokens import STOP_WORDS, search_tokens

_WORD = re.compile(r"(?<![\w-])[a-z]{5,}(?![\w-])")
_NAME = re.compile(r"(?<![\w-])(?=[a-z]*[A-Z])[A-Za-z]{5,}(?![\w-])")
_ANY_WORD = re.compile(r"(?<![\w-])[A-Za-z]{5,}(?![\w-])")
_PAPERS_LOOKED_AT = 20
_ASKING = tuple("how what which why who when where does did are can".split())  # the likelier first: "hwo" is "how"
_BEFORE = r"(?:and|but|so|or|then|by|in|on|for|at|from|to|of|with)"
_OPENS = re.compile(
    rf"(?:^|(?<=[.,;:!?(])|\b{_BEFORE})\s*\b(?!{_BEFORE}\s)(?P<word>[A-Za-z][a-z]{{2,5}})(?=\s+[\w(])", re.IGNORECASE
)
_WORDS_OF_THEIR_OWN = STOP_WORDS | {"dose", "odes", "hat", "hen"}
_FREQUENT = "much many with does between because about without through".split()  # of questions, the likelier first
# Words of asking for papers, which abstracts seldom hold: "newer" is no misspelt "fewer".
_OF_ASKING = frozenset(
    "newer newest older oldest later latest earlier earliest recent onwards prior until papers publication "
    "publications published authors authored written wrote colleagues abstracts proceedings conference journal".split()
)


def correct_spelling(question: str, lexical: LexicalIndex, library: Library) -> str:
    """The question with misspelt words replaced; unchanged when there are none."""
    question = _OPENS.sub(lambda match: _asking(match, lexical), question)
    words = [word for word in dict.fromkeys(_WORD.findall(question)) if word not in _OF_ASKING]
    tokens = {word: found[0] for word in words if (found := search_tokens(word))}
    unknown = {word: token for word, token in tokens.items() if not lexical.occurs(token) and not _is_word(word)}
    for word, token in unknown.items():
        correction = _correction(word, token, lexical, library)
        if correction:
            question = re.sub(rf"(?<![\w-]){word}(?![\w-])", correction, question)
    for name in dict.fromkeys(_NAME.findall(question)):
        found = search_tokens(name)
        if len(found) == 1 and not lexical.occurs(found[0]):
            question = re.sub(rf"(?<![\w-]){name}(?![\w-])", _name_meant(name, found[0], lexical, library), question)
    return question


@lru_cache(maxsize=1)
def _vocabulary() -> frozenset[str]:
    """The 30,000 pieces that BERT splits text into: every frequent English word, whole, and hardly a misspelt one."""
    return frozenset(json.loads(TOKENIZER.read_text("utf-8"))["model"]["vocab"])


def _is_word(word: str) -> bool:
    return word in _vocabulary() or word.removesuffix("s") in _vocabulary()  # "flips" are no misspelt "flops"


def _name_meant(name: str, token: str, lexical: LexicalIndex, library: Library) -> str:
    """The name as the library writes it, where two neighbouring letters of it were swapped; else as it is."""
    papers = library.by_ids(lexical.similar(token, _PAPERS_LOOKED_AT)).values()
    texts = (f"{paper.title} {paper.abstract}" for paper in papers)
    known = (other for text in texts for other in _ANY_WORD.findall(text))
    return next((other for other in known if _are_swapped(name.casefold(), other.casefold())), name)


def _are_swapped(typed: str, word: str) -> bool:
    return len(typed) == len(word) and sorted(typed) == sorted(word) and one_edit_apart(typed, word)


def _correction(word: str, token: str, lexical: LexicalIndex, library: Library) -> str | None:
    plain = [other for other in _FREQUENT if one_edit_apart(word, other)]
    if plain:  # "mutch" is "much", which is in no index, and not "match"
        return min(plain, key=lambda other: (abs(len(other) - len(word)), _FREQUENT.index(other)))
    papers = library.by_ids(lexical.similar(token, _PAPERS_LOOKED_AT)).values()
    candidates: dict[str, int] = {}
    for paper in papers:
        for other in _WORD.findall(f"{paper.title} {paper.abstract}".lower()):
            if one_edit_apart(word, other):
                candidates[other] = candidates.get(other, 0) + 1
    return min(candidates, key=lambda c: (abs(len(c) - len(word)), -candidates[c], c), default=None)


def _asking(match: re.Match[str], lexical: LexicalIndex) -> str:
    """The beginning of a question with its question word spelt right."""
    whole, word = match[0], match["word"]
    lowered = word.lower()
    if not word[1:].islower() or lowered in _WORDS_OF_THEIR_OWN or any(map(lexical.occurs, search_tokens(word))):
        return whole
    meant = next((one for one in _ASKING if _slipped(lowered, one)), None)
    if meant is None:
        return whole
    return whole.removesuffix(word) + (meant.capitalize() if word[0].isupper() else meant)


def _slipped(typed: str, word: str) -> bool:
    """Whether two neighbours of the word were swapped or, in a longer word, a letter left out or doubled. No letter is
    another one: "that" and "then" are no "what" and "when"."""
    if len(typed) == len(word):
        return _are_swapped(typed, word)
    if len(word) == 3 or not one_edit_apart(typed, word):
        return False
    return len(typed) < len(word) or any(typed == word[:at] + word[at - 1 :] for at in range(1, len(word) + 1))


def one_edit_apart(a: str, b: str) -> bool:
    """Whether one insertion, deletion, substitution or swap of neighbours turns `a` into `b`."""
    if a == b or abs(len(a) - len(b)) > 1:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    rest_a, rest_b = a[start:], b[start:]
    swapped = len(rest_a) > 1 and len(rest_b) > 1 and rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:]
    return swapped or rest_a[1:] == rest_b[1:] or rest_a[1:] == rest_b or rest_a == rest_b[1:]
