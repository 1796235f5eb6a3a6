"""Noun phrases that name things: data, baselines, participants. They are exact slices of a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from citeworthy.synthesis.table.clauses import Break, Clauses
from citeworthy.synthesis.table.grammar import calls_for_object, ends_open, is_finite, is_ing_noun, is_verb, plain
from citeworthy.synthesis.table.slices import MOST_CHARACTERS, MOST_WORDS, Slice
from citeworthy.synthesis.table.starts import Opening
from citeworthy.text.names import names_in

_STOPS = frozenset(
    "in on for with by at under across via through over during into against among between within as but so yet "
    "that which "
    "who whose where when while whereas if because since although is are was were it its they we this these than "
    "to using "
    "without where thereby thus also both such whom only there here then hence".split()
)
_DETERMINERS = frozenset("the a an its their our".split())
_LEADS = frozenset("of from including like".split())  # may go on inside: "27 datasets from Meta-World and D4RL"
_STRONG = re.compile(
    r"\b(?:data ?sets?|benchmarks?|corpus|corpora|leaderboards?|test ?beds?|test suites?|patients|participants|"
    r"cohorts?|"
    r"demonstrations|trajectories|volunteers|respondents|subjects|abstracts|images|videos)\b",
    re.IGNORECASE,
)
_WEAK = re.compile(
    r"\b(?:environments?|games?|domains?|tasks?|simulations?|simulators?|languages|"
    r"suites?|"
    r"classification|prediction|studies|trials)\b",
    re.IGNORECASE,
)
# Benchmarks and environments that abstracts name without saying what they are.
_KNOWN = re.compile(
    r"\b(?:ImageNet|CIFAR|MNIST|SVHN|COCO|Atari|MuJoCo|D4RL|ProcGen|Procgen|DMLab|MiniGrid|Meta-?World|StarCraft|"
    r"SMAC|ALFWorld|"
    r"AlfWorld|BabyAI|WebShop|AlpacaEval|Arena-Hard|MT-Bench|MMLU|GSM8K|MATH|HumanEval|MBPP|GLUE|SuperGLUE|SQuAD|"
    r"TriviaQA|"
    r"HotpotQA|BIG-?Bench|Long Range Arena|WikiText|LAMBADA|OpenML|UCI|NAS-Bench|Sudoku|Countdown|Minecraft|"
    r"Crafter|NetHack|"
    r"Hanabi|Go|chess|shogi|Overcooked|Melting Pot|CARLA|AntMaze|Adroit|RLBench|ManiSkill|Brax|OpenAI Gym|"
    r"Gymnasium|DeepMind "
    r"Control|DMControl|TL;DR|HH-RLHF|UltraFeedback|SciFact|PubMed|MIMIC|Penn Treebank|WMT|CoNLL|SNLI|MNLI)\b"
)
_OTHER_HEAD = re.compile(
    r"\b(?:models?|methods?|baselines?|algorithms?|polic(?:y|ies)|parameters?|approaches|agents?|networks?|"
    r"results?|rewards?|"
    r"performance|competitors?|supervis\w+|learning|search|efficiency|scale|frames|steps|time-steps|GPUs?|layers)$",
    re.IGNORECASE,
)
_MANY = re.compile(
    r"\b(?:\d[\d,]*|two|three|four|five|six|seven|eight|nine|ten|several|various|multiple|many|diverse|standard|"
    r"real-world|"
    r"challenging|complex|popular|public|common|different|representative|large-scale|synthetic)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\b(?:\d[\d,]*|two|three|four|five|six|seven|eight|nine|ten|several|various|multiple|many|diverse)\b",
    re.IGNORECASE,
)
_SET_OF = re.compile(r"an? (?:\w+ )?(?:set|variety|range|collection|suite|series|number|pool|mix) of\b", re.IGNORECASE)
_MERELY_POSSIBLE = re.compile(r"\b(?:might|could|may|future|hope\w*)\b", re.IGNORECASE)
_DATA_BEHIND = frozenset(
    "on in across over with using from at cover covers include includes including namely comprising of releases "
    "between against".split()
)
_TESTED_ON = frozenset("on across over cover covers than outperforms outperform".split())
_RIVALS_BEHIND = re.compile(r"^(?:outperform\w*|surpass\w*|beats?|exceed\w*|than|against|rivals?|equals?)$")
_GAIN = re.compile(r"improv|gain|faster|better|rais|rise|advantage|superior|speed|increas|%|\dx", re.IGNORECASE)
_RIVALS_WITH = re.compile(
    r"\b(?:compar\w+|competitive|superior|par|equal|relative|competes?|match\w*|equivalent|baselines)\b"
)
_RIVAL_HEAD = re.compile(
    r"\b(?:baselines?|methods?|models?|approaches|algorithms?|state[- ]of[- ]the[- ]art|previous|prior|earlier|"
    r"existing|"
    r"alternatives?|ones|systems?|agents?|competitors?|techniques?|variants?|heuristic\w*|networks?|transformers?|"
    r"humans?|"
    r"placebo|controls?|RLHF|fine-tuning|programs?)\b",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"\b(?:patients|participants|subjects|adults|children|women|men|individuals|cases|people|volunteers|students|"
    r"respondents|"
    r"infants|mice|rats|studies|trials)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Kind:
    """Which noun phrases a column is about: the words they stand behind, and how plainly they are of that kind."""

    behind: Callable[[list[str], int], bool]
    worth: Callable[[str, frozenset[str]], float]  # of the phrase; names of the title are the paper's own


def phrases(sentence: str, kind: Kind, title: str) -> list[tuple[float, Slice]]:
    """Noun phrases of that kind with their worth, best first; 1 and more is worth showing."""
    clauses = Clauses(sentence)
    own = frozenset(names_in(f". {title}")) | frozenset(re.findall(r"^[^:]{2,30}(?=:)", title))
    found = []
    for first in range(1, len(clauses.words)):
        if _MERELY_POSSIBLE.search(" ".join(clauses.words[max(first - 12, 0) : first])):
            continue
        if kind.behind(clauses.words, first):
            tested = 0.4 * (plain(clauses.words[first - 1]) in _TESTED_ON)
            for slice_ in _walks(clauses, first):
                more = 0.02 * slice_.words - 0.02 * slice_.parts[0][0] / len(sentence)  # the longer, then the first
                found.append((kind.worth(slice_.text, own) + tested + more, slice_))
    return sorted(found, key=lambda pair: (-pair[0], pair[1].parts))


def _walks(clauses: Clauses, first: int) -> Iterator[Slice]:
    """The noun phrase that begins here, whole; where that is too long, cut before "and" or a comma."""
    last = _end(clauses, first)
    if last is None:
        return
    end = Break.STOP
    while last - first >= MOST_WORDS or len(clauses.piece(first, last)) > MOST_CHARACTERS:
        end = Break.PHRASE
        cuts = [
            i for i in range(first, last) if clauses.words[i].endswith(",") or plain(clauses.words[i + 1]) in _LEADS
        ]
        cuts += [i for i in range(first, last) if plain(clauses.words[i + 1]) in ("and", "or")]
        if not cuts:
            return
        last = max(cuts)
    text = re.sub(r"\s+", " ", clauses.piece(first, last)).rstrip(",.;: ")
    if text.count("(") == text.count(")") and re.search(r"[^\W\d]", text):
        span = (clauses.spans[first][0], clauses.spans[last][1])
        yield Slice((span,), text, last - first + 1, end, Opening.CLAUSE, clause=span)


def _end(clauses: Clauses, first: int) -> int | None:
    words = clauses.words
    if plain(words[first]) in _STOPS or is_verb(words[first]) or not plain(words[first]):
        return None
    index, joined = first, False  # "and" has come: the list is complete
    while index + 1 < len(words):
        word, following = words[index], words[index + 1]
        bare = plain(following)
        if clauses.inside[index + 1]:
            index += 1
            continue
        if word.endswith((".", ";", ":")) and index > first:
            break
        if word.endswith(",") and (joined or not _list_goes_on(words, index + 1)):
            break
        if bare in _DETERMINERS and plain(word) not in ("and", "or", "of", "from", "all", "both", "as", "including"):
            break
        if bare in ("and", "or"):
            if not _list_goes_on(words, index + 2):
                break
            joined = True
        elif bare == "such" and index + 2 < len(words) and plain(words[index + 2]) == "as":
            index += 1
        elif bare in _STOPS or _is_predicate(word, following):
            break
        index += 1
    while index > first and (ends_open(words[index]) or words[index].endswith("ly")):
        index -= 1
    return None if ends_open(words[index]) else index


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
    if plain(item[0]) == "and":
        return _list_goes_on(words, start + 1)
    behind_comma = words[start - 1].endswith(",")
    named = any(c.isupper() or c.isdigit() for c in item[0]) or (
        item[0] == "the" and item[1:2] and item[1][0].isupper()
    )
    if behind_comma and not (named or _MANY.match(item[0])):
        return (
            any(w in ("and", "or") for w in item[1:5])
            and not is_finite(item)
            and not any(w in _STOPS for w in item[:4])
        )
    return not is_finite(["it", *item]) if behind_comma else not is_verb(item[0])


def _is_predicate(word: str, following: str) -> bool:
    """Whether a verb or a participle follows the noun: "tasks show", "a benchmark modelled on"."""
    bare = plain(following)
    if is_verb(following):
        return True
    closes = plain(word).endswith("s") or word[:1].isupper()
    if (plain(word).endswith("s") or word[:1].isupper()) and calls_for_object(following) and following.islower():
        return True
    return following[:1].islower() and bare.endswith(("ing", "ed")) and not is_ing_noun(bare) and closes


def _data_worth(text: str, own: frozenset[str]) -> float:
    names = [name for name in names_in(f"x {text}") if name not in own]
    total = 2.0 * bool(_STRONG.search(text)) + 0.8 * bool(_WEAK.search(text)) + 2.0 * bool(_KNOWN.search(text))
    counted = bool(_COUNTED.search(text) or _SET_OF.match(text))
    many = counted or bool(_MANY.search(text))
    total += (0.4 * min(len(names), 2) + 0.2 * many + 0.2 * counted) * (1.0 if total else 0.5)
    if _OTHER_HEAD.search(text) and not _KNOWN.search(text):
        total -= 2.0
    vague = re.match(r"(?:an?|the|its|their|these|this)\b", text) and not names and not many
    return total - 1.5 * bool(vague) - 0.8 * (len(text.split()) == 1 and not names and not _KNOWN.search(text))


def _behind_data(words: list[str], first: int) -> bool:
    return plain(words[first - 1]) in _DATA_BEHIND or (
        words[first].startswith("(") and bool(_KNOWN.search(words[first]))
    )


def _behind_rival(words: list[str], first: int) -> bool:
    before = words[first - 1]
    if _RIVALS_BEHIND.match(before.lower()):
        return True
    if plain(before) == "over":
        return _GAIN.search(" ".join(words[max(first - 7, 0) : first])) is not None
    return plain(before) in ("with", "to", "than") and bool(
        _RIVALS_WITH.search(" ".join(words[max(first - 6, 0) : first]))
    )


def _rival_worth(text: str, own: frozenset[str]) -> float:
    names = [name for name in names_in(f"x {text}") if name not in own]
    return 1.2 * bool(_RIVAL_HEAD.search(text)) + 0.6 * min(len(names), 3) - 1.0 * bool(re.match(r"\d", text))


def _behind_people(words: list[str], first: int) -> bool:
    return words[first].strip("(")[:1].isdigit()


def _people_worth(text: str, own: frozenset[str]) -> float:
    return 2.0 * bool(_PEOPLE.search(text)) - 1.0 * bool(re.match(r"\S+%", text)) - 0.0 * len(own)


KINDS = {
    "data": Kind(_behind_data, _data_worth),
    "baseline": Kind(_behind_rival, _rival_worth),
    "sample": Kind(_behind_people, _people_worth),
}
