"""How likely each sentence of an abstract states a facet.

Problem, method and result: a logistic model over what the abstract reader makes of the sentence, its rhetorical role
and its neighbours', words that mark the facet, and its place. Data, baseline and sample: likewise, with how plainly a
noun phrase of the sentence is of that kind; where no model reads, such a phrase alone decides. The others: words that
mark them, in a sentence whose role fits (a limitation of the paper stands among its results, not in the background,
which speaks of others). Weights and thresholds are in `facets.json`, made by `eval/training/facets.py`, with how well
they do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citeworthy.models.cross_encoder import Reading
from citeworthy.synthesis.table.facets import Facet
from citeworthy.synthesis.table.kinds import KINDS
from citeworthy.synthesis.table.nouns import phrases
from citeworthy.text.roles import ROLES, roles_of
from citeworthy.text.tokens import search_tokens

Scores = NDArray[np.float64]
_MARKS = (
    re.compile(r"\d|\b(?:outperform|surpass|beat|exceed|superior|better|faster)", re.IGNORECASE),
    re.compile(
        r"\b(?:hope|may|might|could|potential\w*|future|promising|step towards?|paves?|available|public|released|"
        r"code|videos|analysed?|discuss\w*|explored?|studied)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:we|paper|work|authors?|study) (?:\w+ )?(?:propose|present|introduce|develop)|\bis (?:proposed|"
        r"presented|introduced)|\bproposed\b|\bnew\b|\bnovel\b|\bintroduces?\b|\bnamed\b|\bcalled\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:lack\w*|no (?:general|clear|\w+) |not yet|open (?:problem|challenge|question)|difficult\w*|expensive|"
        r"costly|prohibitive\w*|challeng\w+|struggl\w+|fail|suffer|limited|inefficien\w+|impractical|neglected|"
        r"understudied|hard)\b",
        re.IGNORECASE,
    ),
)
_ITSELF = re.compile(
    r"\b(?:we|our|this (?:paper|work|study|article|survey)|the (?:paper|authors?|present)|here)\b", re.IGNORECASE
)
_PROVES = re.compile(r"\b(?:we|it|they|authors?|paper|work|study) (?:\w+ )?proves?\b", re.IGNORECASE)
_PROPOSED = re.compile(
    r"\b(?:is|are) (?:also |then |therefore |here )?(?:proposed|introduced|presented|put forward)\b|"
    r"\b(?:we|paper|work|authors|report|study) (?:\w+ )?(?:propose|introduce|present)s?\b",
    re.IGNORECASE,
)
_LONGEST_NAME = 4  # words
_NO_PHRASE, _PLAINEST = -2.0, 3.0  # worth of the best noun phrase of a sentence, at least and at most
_MISFIT = 0.3  # of the probability is left to a sentence of another role
_ROLES_OF = {  # where a facet may stand
    "problem": ("background", "objective"),
    "method": ("background", "objective", "method"),
    "result": ("method", "result", "conclusion"),
    "limitation": ("result", "conclusion"),
    "guarantee": ("objective", "method", "result", "conclusion"),
    "code": ROLES,
    **dict.fromkeys(KINDS, ROLES),
}


def stating(facet: Facet, title: str, sentences: Sequence[str], reading: Reading | None) -> Scores:
    """How likely each sentence states a facet, [S]. `reading` is the abstract reader's, of the facet's question; one
    that is told by noun phrases needs it.
    """
    if facet.by == "cues":
        return _by_cues(facet, sentences)
    model = parameters()["learned"][facet.name if reading else f"{facet.name}_unread"]
    logits = features(facet, title, sentences, reading) @ np.array(model["weights"]) + model["intercept"]
    likely = np.asarray(role_fit(facet, sentences) / (1 + np.exp(-logits)))
    if facet.name == "method":
        proposes = np.array([_PROPOSED.search(sentence) is not None for sentence in sentences])
        likely = np.where(proposes, np.maximum(likely, threshold("method")), likely)
    return likely


def role_fit(facet: Facet, sentences: Sequence[str]) -> Scores:
    """What is left of each sentence's probability for its role, [S]: a problem does not stand among the results."""
    roles = roles_of(sentences)
    fits = [role in _ROLES_OF[facet.name] or (facet.name == "problem" and i == 0) for i, role in enumerate(roles)]
    return np.where(fits, 1.0, _MISFIT)


def features(facet: Facet, title: str, sentences: Sequence[str], reading: Reading | None) -> Scores:
    """[S, f]: the reading's logit, its gap to the best and what it says of the whole abstract (all 0 without a model),
    roles here, before and behind, marks, place, what it has of the title, whether the paper has begun to speak of
    itself, and the worth of its best noun phrase.
    """
    roles = roles_of(sentences)
    logits = np.array(reading.relevance) if reading else np.zeros(len(sentences))
    whole = reading.answerability if reading and facet.by == "nouns" else 0.0
    last = max(len(sentences) - 1, 1)
    name, words = own_name(title), set(search_tokens(title))
    own = of_itself(title, sentences)
    first = own.index(True) if True in own else len(sentences)
    plainest = [_plainest(facet, sentence, title) for sentence in sentences]
    rows = []
    for i, sentence in enumerate(sentences):
        before = roles[i - 1] if i else ""
        behind = roles[i + 1] if i + 1 < len(roles) else ""
        rows.append([
            logits[i], logits[i] - logits.max(), whole,
            *(float(roles[i] == role) for role in ROLES), *(float(before == role) for role in ROLES),
            *(float(behind == role) for role in ROLES[:3]),
            float(_is_marked(facet, sentence)), i / last, float(i == 0), float(i == len(sentences) - 1),
            *(float(mark.search(sentence) is not None) for mark in _MARKS),
            *(x * (facet.name == "method") for x in (  # a problem is not told by the title's words
                float(bool(name and name in sentence)), len(words & set(search_tokens(sentence))) / max(len(words), 1),
                float(own[i]), float(i == first), float(i < first), float(i == first - 1),
            )),
            plainest[i], float(plainest[i] > _NO_PHRASE),
        ])  # fmt: skip
    return np.array(rows, np.float64)


def _plainest(facet: Facet, sentence: str, title: str) -> float:
    """How plainly the best noun phrase of a sentence is of the facet's kind; 0 for facets that are told otherwise."""
    if facet.by != "nouns":
        return 0.0
    found = phrases(sentence, KINDS[facet.name], title)
    return min(max(found[0][0], _NO_PHRASE), _PLAINEST) if found else _NO_PHRASE


def of_itself(title: str, sentences: Sequence[str]) -> list[bool]:
    """Of each sentence whether the paper speaks of itself: "we", "this paper", its method's name."""
    name = own_name(title)
    return [_ITSELF.search(s) is not None or bool(name and name in s) for s in sentences]


def own_name(title: str) -> str:
    """What a title calls the paper's method ("HUBL: blending heuristics"); "" where it gives no name."""
    found = re.match(r"([^:–—?]{2,40}?)(?::|\s[–—]\s)", title)
    return found[1].strip() if found and len(found[1].split()) <= _LONGEST_NAME else ""


def _by_cues(facet: Facet, sentences: Sequence[str]) -> Scores:
    """1 where a cue stands in a sentence of a fitting role; later ones a little less."""
    roles = roles_of(sentences)
    fits = [
        _is_marked(facet, sentence)
        and (role in _ROLES_OF[facet.name] or (facet.name == "guarantee" and _PROVES.search(sentence) is not None))
        for sentence, role in zip(sentences, roles, strict=True)
    ]
    return np.array([fit * (1 - 0.02 * i) for i, fit in enumerate(fits)], np.float64)


def _is_marked(facet: Facet, sentence: str) -> bool:
    return facet.cues is not None and facet.cues.search(sentence) is not None


def threshold(name: str) -> float:
    """From which probability on a facet counts as reported; for "NAME_unread" of a facet that is told by noun phrases,
    from which worth of a phrase (`nouns.py`) on.
    """
    return float(parameters()["thresholds"].get(name, 0.5))


@lru_cache(maxsize=1)
def parameters() -> dict[str, Any]:
    """Everything in facets.json."""
    loaded: dict[str, Any] = json.loads(files("citeworthy.synthesis.table").joinpath("facets.json").read_text("utf-8"))
    return loaded
