"""Noun phrases that name things: data, baselines, participants. They are exact slices of a sentence."""

from __future__ import annotations

import re

from citeworthy.synthesis.table.clauses import Break, Clauses
from citeworthy.synthesis.table.grammar import calls_for_object, ends_open, is_finite, is_ing_noun, is_verb, plain
from citeworthy.synthesis.table.kinds import COUNTED, KINDS, KNOWN, MANY, SET_OF, Kind
from citeworthy.synthesis.table.slices import MOST_CHARACTERS, MOST_WORDS, Slice
from citeworthy.synthesis.table.starts import Opening
from citeworthy.text.names import names_in

_STOPS = frozenset(
    "in on for with by at under across via through over during into against among between within as but so yet that "
    "which who whose where when while whereas if because since although is are was were it its they we this these "
    "than to using without where thereby thus also both such whom only there here then hence show demonstrate "
    "indicate suggest confirm reveal how whether what why".split()
)
_BEFORE_DETERMINER = frozenset("and or of from all both as including".split())
_CUT_BEFORE = frozenset("of from including like and or".split())
_OBJECTS = frozenset("it them the our its their with to against how that a".split())
_DETERMINERS = frozenset("the a an its their our".split())
_MERELY_POSSIBLE = re.compile(r"\b(?:might|could|may|future|hope\w*)\b", re.IGNORECASE)
_TRIED = re.compile(  # a sentence that tells of trying something out
    r"\b(?:experiment\w*|evaluat\w+|tests?|tested|results?|outperform\w*|improv\w+|surpass\w*|perform\w*|achiev\w+|"
    r"show\w*|demonstrat\w+|compar\w+|beats?|score\w*|accura\w+|validat\w+|better|ahead|competitive|"
    r"state of the art|state-of-the-art|assess\w*|reach\w*|empirical\w*|trained|verif\w+|stud(?:y|ies)|applied)\b|%",
    re.IGNORECASE,
)
_TITLES = frozenset("Ms. Mr. Mrs. Dr. vs. St. No. Fig. al.".split())  # a full stop that ends no sentence
_MERELY_OF = frozenset("of with using from to".split())  # may well be what is built or used, unless it is named
_TESTED_ON = frozenset("on across over cover covers than outperforms outperform".split())


def phrases(sentence: str, kind: Kind, title: str) -> list[tuple[float, Slice]]:
    """Noun phrases of that kind with their worth, best first; 1 and more is worth showing."""
    clauses = Clauses(sentence)
    own = frozenset(names_in(f". {title}")) | frozenset(re.findall(r"^[^:]{2,30}(?=:)", title))
    tried = kind is not KINDS["data"] or _TRIED.search(sentence) is not None
    found = []
    for first in range(1, len(clauses.words)):
        possible = _MERELY_POSSIBLE.search(" ".join(clauses.words[max(first - 12, 0) : first]))
        slice_ = _walk(clauses, first) if not possible and kind.behind(clauses.words, first) else None
        named = slice_ is not None and any(p.search(slice_.text) for p in (COUNTED, KNOWN, SET_OF))
        if slice_ is None or not (tried or named):
            continue
        before = plain(clauses.words[first - 1])
        worth = kind.worth(slice_.text, own) + 0.4 * (before in _TESTED_ON)
        worth -= 1.2 * (kind is KINDS["data"] and before in _MERELY_OF and not named)
        worth += 0.02 * slice_.words - 0.02 * slice_.parts[0][0] / len(sentence)  # the longer, then the first
        found.append((worth, slice_))
    return sorted(found, key=lambda pair: (-pair[0], pair[1].parts))


def _walk(clauses: Clauses, first: int) -> Slice | None:
    """The noun phrase that begins here, whole; where that is too long, cut before "and" or a comma."""
    if plain(clauses.words[first]) in ("both", "either"):
        first += 1
    if first == len(clauses.words):
        return None  # "... works on both."
    last = _end(clauses, first)
    if last is None:
        return None
    words, end = clauses.words, Break.STOP
    while last - first >= MOST_WORDS or len(clauses.piece(first, last)) > MOST_CHARACTERS:
        end = Break.PHRASE
        cuts = [i for i in range(first, last) if words[i].endswith(",") or plain(words[i + 1]) in _CUT_BEFORE]
        if not cuts:
            return None
        last = max(cuts)
    text = re.sub(r"\s+", " ", clauses.piece(first, last)).rstrip(",.;: ")
    if text.startswith("(") and text.find(")") < len(text) - 1:
        return None  # the middle of a list: "(WMT'14), and speech recognition (TIMIT)"
    if text.count("(") != text.count(")") or not re.search(r"[^\W\d]", text):
        return None
    span = (clauses.spans[first][0], clauses.spans[last][1])
    return Slice((span,), text, last - first + 1, end, Opening.CLAUSE, clause=span)


def _end(clauses: Clauses, first: int) -> int | None:
    """The last word of the noun phrase that begins here."""
    words = clauses.words
    if "other" in (plain(words[first]), *map(plain, words[first + 1 : first + 2])) and words[first] in ("the", "other"):
        return None  # "the other three" are none that are named
    if plain(words[first]) in _STOPS or is_verb(words[first]) or not plain(words[first]):
        return None
    index, joined = first, False  # "and" has come: the list is complete
    while index + 1 < len(words):
        bare = plain(words[index + 1])
        if not clauses.inside[index + 1]:
            if _stops_at(words, index, joined):
                break
            joined = joined or bare in ("and", "or")
            index += bare == "such"  # and "as"
        index += 1
    index = min(index, len(words) - 1)
    while index > first and (ends_open(words[index]) or words[index].endswith("ly")):
        index -= 1
    return None if ends_open(words[index]) else index


def _stops_at(words: list[str], index: int, joined: bool) -> bool:
    """Whether the noun phrase ends behind this word."""
    word, following = words[index], words[index + 1]
    bare, rest = plain(following), words[index + 2 : index + 3]
    if plain(word) == "based" and bare in ("on", "upon"):
        return False
    if word in _TITLES:
        return False
    if word.endswith((".", ";", ":")) or (word.endswith(",") and (joined or not _list_goes_on(words, index + 1))):
        return True
    if word[:1].islower() and following[:1].isupper() and rest and is_verb(rest[0]):
        return True  # "on offline benchmarks MTM is competitive"
    if bare in ("and", "or"):
        return not _list_goes_on(words, index + 2)
    if bare == "such":
        return [plain(w) for w in rest] != ["as"]
    begins = bare in _DETERMINERS and plain(word) not in _BEFORE_DETERMINER
    return begins or bare in _STOPS or _is_predicate(word, following)


def _list_goes_on(words: list[str], start: int) -> bool:
    """Whether what stands behind a comma or "and" is another item: a name, a number of things, or a plain noun phrase
    with no verb.
    """
    item = []
    for word in words[start : start + 7]:
        item.append(word)
        if word.endswith((",", ".", ";", ":")):
            break
    if not item or plain(item[0]) in _STOPS - {"such"} or is_verb(item[0]) or "%" in item[0]:
        return False
    if item[1:] and is_finite(["it", plain(item[0])]) and plain(item[1]) in _OBJECTS:
        return False  # "a few data sets and compare it with BERT"
    if plain(item[0]) == "and":
        plain_noun = plain(item[1]) in _DETERMINERS and item[2:3] and item[2][0].islower() if item[1:] else True
        return not plain_noun and _list_goes_on(words, start + 1) and not is_finite(["it", *item[1:]])
    behind_comma = words[start - 1].endswith(",")
    named = any(c.isupper() or c.isdigit() for c in item[0]) or (
        item[0] == "the" and item[1:2] and item[1][0].isupper()
    )
    if behind_comma and not (named or MANY.match(item[0])):
        following = " ".join(map(plain, words[start + len(item) :][:1]))
        is_before_last = item[-1].endswith(",") and following in ("and", "or")
        return (
            (is_before_last or any(w in ("and", "or") for w in item[1:5]))
            and not is_finite(item)
            and not any(w in _STOPS for w in item[:4])
        )
    return not is_finite(["it", *item]) if behind_comma else not is_verb(item[0])


def _is_predicate(word: str, following: str) -> bool:
    """Whether a verb or a participle follows the noun: "tasks show", "a benchmark modelled on"."""
    bare = plain(following)
    if bare == "sets" and word.islower():
        return False  # "two data sets"
    if is_verb(following):
        return True
    closes = plain(word).endswith("s") or word[:1].isupper()
    if closes and calls_for_object(following) and following.islower():
        return True
    return following[:1].islower() and bare.endswith(("ing", "ed")) and not is_ing_noun(bare) and closes
