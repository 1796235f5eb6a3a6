"""Search tokens: what the lexical index stores and what a query is turned into.

Names that differ by one character must stay apart (`IL-6` / `IL-2`, `S4` / `S5`, `Q*` / `Q`, `TD3+BC` / `TD3`,
`vitamin D` / `vitamin C`), while spelling variants must meet (`multi-agent` / `multi agent`, `ε` / `epsilon`,
`naïve` / `naive`, `models` / `model`, `modelling` / `modeling`). So a compound that carries a digit, a symbol or a
very short part is kept whole beside its longer parts; other compounds become their parts.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import Stemmer

from citeworthy.text.variants import one_spelling

VERSION = 2  # of what comes out: an index made by another one is made anew
STOP_WORDS = frozenset(
    "a about above after again all also am among an and any are as at be because been before being below between "
    "both but by can cannot could did do does doing done down during each etc few for from further had has have "
    "having he her here hers him his how i if in into is it its itself just me more most my no nor not of off on "
    "once only or other our ours out over own per s same she should so some such t than that the their theirs them "
    "then there these they this those through thus to too under until up upon us very via was we were what when "
    "where whether which while who whom whose why will with within without would you your yours".split()
)
_TOKEN = re.compile(r"[^\W_]+(?:[-+.^'’][^\W_]+)*(?:\^?[*+]+(?!\w))?", re.UNICODE)
_SEPARATOR = re.compile(r"[-+.^'’]")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_POSSESSIVE = re.compile(r"['’]s$")
_GREEK = {
    letter: unicodedata.name(letter).rsplit(" ", 1)[-1].lower() for letter in "αβγδεζηθικλμνξοπρστυφχψωΓΔΘΛΞΠΣΦΨΩ"
} | {"ϵ": "epsilon", "ε": "epsilon", "µ": "mu"}
_stemmer = Stemmer.Stemmer("english")


def search_tokens(text: str) -> list[str]:
    """Stemmed tokens of `text` in order, stop words left out.

    >>> search_tokens("TD3+BC lowers IL-6 and vitamin D in multi-agent settings")
    ['td3+bc', 'td3', 'lower', 'il-6', 'vitamin', 'd', 'multi', 'agent', 'set']
    """
    tokens: list[str] = []
    for match in _TOKEN.finditer(_fold(text)):
        tokens.extend(_expand(match.group()))
    return tokens


def content_words(text: str) -> list[str]:
    """`search_tokens` without bare numbers and single letters: the words that carry the topic."""
    return [token for token in search_tokens(text) if len(token) > 1 and not token[0].isdigit()]


@lru_cache(maxsize=100_000)
def _expand(token: str) -> tuple[str, ...]:
    token = _POSSESSIVE.sub("", token)
    lowered = token.lower()
    if lowered in STOP_WORDS and not (len(token) == 1 and token.isupper() and token not in "AI"):
        return ()
    parts = _SEPARATOR.split(lowered)
    if len(parts) == 1:
        return (_stem(lowered),)
    named = lowered[-1] in "*+" or any(
        len(part) <= 2 or part in STOP_WORDS or any(c.isdigit() for c in part) for part in parts
    )
    if not named:
        return tuple(_stem(part) for part in parts if part not in STOP_WORDS)
    whole = lowered.replace("^", "")
    longer = tuple(_stem(part) for part in parts if len(part) > 2 and part not in STOP_WORDS and not part.isdigit())
    return (whole, *longer)


def _stem(word: str) -> str:
    if not word.isascii() or any(c.isdigit() for c in word) or len(word) < 3:
        return word
    return str(_stemmer.stemWord(one_spelling(word)))


def _fold(text: str) -> str:
    """Accents off, Greek letters spelt out, digit groups joined; case is still needed by the caller."""
    if not text.isascii():
        text = "".join(_GREEK.get(c, c) for c in text)
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _THOUSANDS.sub("", text)
