"""The noun phrases that a column is about (data, baselines, people), known by the words around and in them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from citeworthy.synthesis.table.grammar import plain
from citeworthy.text.names import names_in

_STRONG = re.compile(
    r"\b(?:data ?sets?|benchmarks?|corpus|corpora|leaderboards?|test ?beds?|test suites?|patients|participants|"
    r"cohorts?|volunteers|respondents)\b",
    re.IGNORECASE,
)
_WEAK = re.compile(
    r"\b(?:environments?|games?|domains?|tasks?|simulations?|simulators?|demonstrations|trajectories|languages|"
    r"suites?|classification|prediction|studies|trials)\b",
    re.IGNORECASE,
)
# Benchmarks and environments that abstracts name without saying what they are.
KNOWN = re.compile(
    r"\b(?:ImageNet|CIFAR|MNIST|SVHN|COCO|Atari|MuJoCo|D4RL|ProcGen|Procgen|DMLab|MiniGrid|Meta-?World|StarCraft|"
    r"SMAC|ALFWorld|AlfWorld|BabyAI|WebShop|AlpacaEval|Arena-Hard|MT-Bench|MMLU|GSM8K|MATH|HumanEval|MBPP|GLUE|"
    r"SuperGLUE|SQuAD|TriviaQA|HotpotQA|BIG-?Bench|Long Range Arena|WikiText|LAMBADA|OpenML|UCI|NAS-Bench|Sudoku|"
    r"Countdown|Minecraft|Crafter|NetHack|Hanabi|Go|chess|shogi|Overcooked|Melting Pot|CARLA|AntMaze|Adroit|RLBench|"
    r"ManiSkill|Brax|OpenAI Gym|Gymnasium|DeepMind Control|DMControl|TL;DR|HH-RLHF|UltraFeedback|SciFact|PubMed|"
    r"MIMIC|Penn Treebank|WMT|CoNLL|SNLI|MNLI)\b"
)
_OTHER_HEAD = re.compile(
    r"\b(?:models?|methods?|baselines?|algorithms?|polic(?:y|ies)|parameters?|approaches|agents?|networks?|results?|"
    r"rewards?|performance|competitors?|supervis\w+|learning|search|efficiency|scale|frames|steps|time-steps|GPUs?|"
    r"layers)$",
    re.IGNORECASE,
)
MANY = re.compile(
    r"\b(?:\d[\d,]*|two|three|four|five|six|seven|eight|nine|ten|several|various|multiple|many|diverse|standard|"
    r"real-world|challenging|complex|popular|public|common|different|representative|large-scale|synthetic)\b",
    re.IGNORECASE,
)
COUNTED = re.compile(
    r"\b(?:\d[\d,]*|two|three|four|five|six|seven|eight|nine|ten|several|various|multiple|many|diverse)\b",
    re.IGNORECASE,
)
SET_OF = re.compile(r"an? (?:\w+ )?(?:set|variety|range|collection|suite|series|number|pool|mix) of\b", re.IGNORECASE)
_DATA_BEHIND = frozenset(
    "on in across over with using from at cover covers include includes including namely comprising of releases "
    "between against".split()
)
_RIVALS_BEHIND = re.compile(r"^(?:outperform\w*|surpass\w*|beats?|exceed\w*|than|against|rivals?|equals?)$")
_GAIN = re.compile(r"improv|gain|faster|better|rais|rise|advantage|superior|speed|increas|%|\dx", re.IGNORECASE)
_RIVALS_WITH = re.compile(
    r"\b(?:compar\w+|competitive|superior|similar\w*|par|equal|relative|competes?|match\w*|equivalent|baselines)\b"
)
_RIVAL_HEAD = re.compile(
    r"\b(?:baselines?|methods?|models?|approaches|algorithms?|state[- ]of[- ]the[- ]art|previous|prior|earlier|"
    r"existing|alternatives?|ones|systems?|agents?|competitors?|techniques?|variants?|heuristic\w*|networks?|"
    r"transformers?|humans?|solvers?|optimi[sz]ers?|placebo|controls?|RLHF|fine-tuning|programs?)\b",
    re.IGNORECASE,
)
_NUMBERED = frozenset("wave phase stage type level version part round grade class step study experiment trial".split())
_PEOPLE = re.compile(
    r"\b(?:patients|participants|subjects|adults|children|women|men|individuals|cases|people|volunteers|students|"
    r"respondents|infants|mice|rats|studies|trials)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Kind:
    """Which noun phrases a column is about: the words they stand behind, and how plainly they are of that kind."""

    behind: Callable[[list[str], int], bool]
    worth: Callable[[str, frozenset[str]], float]  # of the phrase; names of the title are the paper's own


def _data_worth(text: str, own: frozenset[str]) -> float:
    names = [name for name in names_in(f"x {text}") if name not in own]
    total = 2.0 * bool(_STRONG.search(text)) + 0.8 * bool(_WEAK.search(text)) + 2.0 * bool(KNOWN.search(text))
    counted = bool(COUNTED.search(text) or SET_OF.match(text))
    many = counted or bool(MANY.search(text))
    total += (0.4 * min(len(names), 2) + 0.2 * many + 0.2 * counted) * (1.0 if total else 0.5)
    if _OTHER_HEAD.search(text) and not KNOWN.search(text):
        total -= 2.0
    vague = re.match(r"(?:an?|the|its|their|these|this)\b", text) and not names and not many
    vague = vague or (re.match(r"(?:all|every|each|any|both)\b", text) and not names)
    return total - 1.5 * bool(vague) - 0.8 * (len(text.split()) == 1 and not names and not KNOWN.search(text))


def _behind_data(words: list[str], first: int) -> bool:
    return plain(words[first - 1]) in _DATA_BEHIND or (
        words[first].startswith("(") and bool(KNOWN.search(words[first]))
    )


def _behind_rival(words: list[str], first: int) -> bool:
    before = words[first - 1]
    if _RIVALS_BEHIND.match(before.lower()):
        return True
    if plain(before) in ("over", "beyond"):
        return _GAIN.search(" ".join(words[max(first - 7, 0) : first])) is not None
    return plain(before) in ("with", "to", "than") and bool(
        _RIVALS_WITH.search(" ".join(words[max(first - 6, 0) : first]))
    )


def _rival_worth(text: str, own: frozenset[str]) -> float:
    names = [name for name in names_in(f"x {text}") if name not in own]
    if len(text.split()) == 1 and not names and text.islower():
        return 0.0  # "networks": which?
    return 1.2 * bool(_RIVAL_HEAD.search(text)) + 0.6 * min(len(names), 3) - 1.0 * bool(re.match(r"\d", text))


def _behind_people(words: list[str], first: int) -> bool:
    return words[first].strip("(")[:1].isdigit() and plain(words[first - 1]) not in _NUMBERED


def _people_worth(text: str, _: frozenset[str]) -> float:
    return (2.0 if _PEOPLE.search(text) else -2.0) - 1.0 * bool(re.match(r"\S+%", text))


KINDS = {
    "data": Kind(_behind_data, _data_worth),
    "baseline": Kind(_behind_rival, _rival_worth),
    "sample": Kind(_behind_people, _people_worth),
}
