"""What abstracts report, whatever their field: the columns that a table has when nobody names any."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facet:
    """Something that papers of every field report."""

    name: str
    question: str  # asked of the judging model
    cues: re.Pattern[str] | None  # words that mark a sentence that states it
    synonyms: tuple[str, ...]  # what people call the column
    by: str = "cues"  # how its sentence is found: "learned", learned with its "nouns", or by its "cues"


_RIVALS = (  # named by what they are to the paper: "existing methods", "the standard GMM"
    r"(?:(?:the|an?|its) )?(?:(?:existing|previous|prior|earlier|standard|traditional|conventional|classical|current|"
    r"popular|common(?:ly used)?|other|alternative|strong|recent|established|leading|naive|simple|comparable|competing|"
    r"widely used|best|original|state[- ]of[- ]the[- ]art)[\s,]+)+(?:[\w-]+ ){0,3}?(?:methods?|models?|approach(?:es)?|"
    r"algorithms?|systems?|techniques?|baselines?|variants?|solvers?|optimi[sz]ers?|solutions?|strateg\w+|schemes?|"
    r"heuristics?|ones|polic(?:y|ies)|agents?|networks?|transformers?|learners?|alternatives?|competitors?|"
    r"frameworks?|estimators?|classifiers?|procedures?|programs?)"
)
_COMPARES = re.compile(
    r"\b(?:rival(?:s|l?ing|l?ed)?|outperform\w*|out-?scor\w+|surpass\w*|beat(?:s|ing)?|defeat\w*|exceed\w*|"
    r"superior(?:ity)?|compar(?:e[sd]?|ing|isons?|able)|relative to|competitive(?:ly)?|on par|"
    r"match(?:es|ing|ed)?|versus|vs\.?|baselines?|state[- ]of[- ]the[- ]art|"
    r"(?:clos|narrow|bridg)(?:es?|ing|ed) the (?:\w+ )?gap|(?:unlike|in contrast (?:to|with)|instead of|rather than|"
    rf"over|than|upon|against|from|to|with|of|improv\w+) {_RIVALS})\b",
    re.IGNORECASE,
)
FACETS = (
    Facet(
        "problem",
        "What problem is addressed?",
        re.compile(
            r"\b(however|but|problem|challeng\w+|difficult\w*|lack\w*|limit\w+|fail\w*|suffer\w*|unfortunately|yet|"
            r"despite|hard|cannot|not|costly|expensive|remain\w*|open question|little|few)\b",
            re.IGNORECASE,
        ),
        ("challenge", "motivation", "gap", "research question", "aim", "goal", "objective"),
        by="learned",
    ),
    Facet(
        "method",
        "What is proposed?",
        re.compile(
            r"\b(we (?:propose|present|introduce|develop|describe|explore|investigate|show how|use|design|study)|"
            r"this (?:paper|work|study) (?:\w+ )?(?:proposes|presents|introduces|describes|studies|investigates)|"
            r"in this (?:paper|work)|our (?:method|approach|model)|novel|propos\w+|by using|based on|is (?:an?|"
            r"the) (?:\w+ ){0,4}(?:framework|method|algorithm|approach|model|system|technique|pipeline|platform))\b",
            re.IGNORECASE,
        ),
        ("approach", "technique", "algorithm", "contribution", "proposal", "intervention", "model"),
        by="learned",
    ),
    Facet(
        "sample",
        "How many participants were studied?",
        None,
        ("sample size", "population", "participants", "patients", "cohort", "n"),
        by="nouns",
    ),
    Facet(
        "data",
        "Which data sets or benchmarks are used?",
        None,
        ("dataset", "data set", "benchmark", "evaluation data", "corpus", "environment", "testbed", "task", "domain"),
        by="nouns",
    ),
    Facet(
        "guarantee",
        "What is proved?",
        re.compile(
            r"\b(?:(?:is|are|was|were|be|been) (?:\w+ )?prov(?:ed|en)|(?:we|it|authors?|paper|"
            r"work) (?:\w+ )?prove[sd]?|proves? (?:that|to)|provabl[ey]|theorems?|theoretical (?:guarantees?|"
            r"analys[ie]s|results?)|theoretically|guarantees?|guaranteed|(?:upper|lower|regret|rigorous|"
            r"generali[sz]ation|error) bounds?|bounded (?:by|asymptotically|above|below)|convergence|"
            r"sample complexity|theory (?:explains|shows|accounts))\b",
            re.IGNORECASE,
        ),
        ("theory", "guarantees", "theoretical guarantee", "theoretical guarantees", "proof", "proofs"),
    ),
    Facet(
        "result",
        "What are the results?",
        re.compile(
            r"\b(results?|outperform\w*|improv\w+|achiev\w+|show(?:s|ed)?|experiment\w*|demonstrat\w+|"
            r"state-of-the-art|significan\w+|accuracy|better|gain|reduc\w+|find|found|%|F1|BLEU)\b|\d",
            re.IGNORECASE,
        ),
        ("results", "finding", "findings", "outcome", "outcomes", "conclusion", "performance"),
        by="learned",
    ),
    Facet(
        "baseline",
        "What is it compared with?",
        _COMPARES,
        ("baselines", "comparison", "compared with", "comparator", "competitors"),
        by="nouns",
    ),
    Facet(
        "limitation",
        "What are the limitations of this work?",
        re.compile(
            r"\blimitations?\b|\b(?:gives|comes with|at the) (?:a )?trade-?off\b|\bgiven up\b|\bat the (?:cost|"
            r"expense|price) of\b|\bcosts? performance\b|\b(?:we|it|method|approach|model|"
            r"system)s? (?:do(?:es)? not|cannot|can not|only works?|fails?|still)\b|\bfurther (?:work|research|"
            r"studies) (?:is|are)\b|\bcaveat\w*|\bdrawbacks?\b|\bremains? (?:open|unclear|to be|a challenge|"
            r"limited)\b|\b(?:small|limited) sample\b|\bshould be interpreted\b",
            re.IGNORECASE,
        ),
        ("limitations", "weakness", "weaknesses", "drawback", "drawbacks", "shortcoming", "shortcomings", "caveats"),
    ),
    Facet(
        "code",
        "Is the code available?",
        re.compile(
            r"\b(?:code|software|source code|implementation|models?|weights|data ?sets?|videos?|platform|"
            r"library)\b.{0,60}\b(?:available|public(?:ly)?|released?|open[- ]sourced?|provided|announced)\b|"
            r"\bgithub\b|\bopen[- ]source[ds]?\b.{0,30}\b(?:platform|code|library|implementation|framework|toolkit)\b",
            re.IGNORECASE,
        ),
        ("code availability", "source code", "availability", "software", "open source"),
    ),
)  # fmt: skip
_BY_NAME = {facet.name: facet for facet in FACETS}


def by_name(name: str) -> Facet:
    """The facet of that name."""
    return _BY_NAME[name]


def facet_named(words: str) -> Facet | None:
    """The facet that a column of this name stands for."""
    wanted = _singular(words)
    return next((f for f in FACETS if wanted in {_singular(name) for name in (f.name, *f.synonyms)}), None)


def _singular(words: str) -> str:
    return " ".join(words.casefold().split()).rstrip("s? ")
