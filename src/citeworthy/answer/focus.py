"""What a question asks for: its kind, the thing asked about, and the names it mentions. Rules, no model.

"By what factor does HybridFlow raise throughput, and on which models?"
kind quantity; focus "factor"; names {HybridFlow}; two parts
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from citeworthy.text.names import is_distinctive, names_in
from citeworthy.text.tokens import search_tokens


class Kind(StrEnum):
    """What sort of thing would answer."""

    QUANTITY = "quantity"
    DATA = "data"  # which dataset, benchmark, environment, game
    REASON = "reason"
    LIMITATION = "limitation"
    METHOD = "method"  # how is it done
    RESULT = "result"  # how well does it do
    COMPARISON = "comparison"
    YES_NO = "yes_no"
    OTHER = "other"


_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        Kind.COMPARISON,
        re.compile(
            r"\b(differ\w*|compar\w+|versus|vs|contrast\w*|in common|both|unlike|distinguish\w*|similar\w*)\b", re.I
        ),
    ),
    (
        Kind.QUANTITY,
        re.compile(
            r"\bhow (many|much|large|big|long|often|few|fast|small|far|high|low)\b|\b(what|which|by what|how)\b.{0,25}"
            r"\b(number|percent\w*|percentage|factor|fraction|rate|ratio|score|accuracy|speed-?up|size|amount|share|"
            r"cost|gain|margin|bound|complexity|proportion|count|value|error)\b|\bspeed-?up\b",
            re.I,
        ),
    ),
    (
        Kind.DATA,
        re.compile(
            r"\b(data ?sets?|benchmarks?|corpus|corpora|games?|environments?|testbeds?|domains?|tasks?|simulators?|"
            r"evaluated on|tested on|trained on|experiments on)\b",
            re.I,
        ),
    ),
    (Kind.REASON, re.compile(r"\bwhy\b|\b(reason|cause|because|motivat\w+)\b|\bwhat makes\b", re.I)),
    (
        Kind.LIMITATION,
        re.compile(
            r"\b(limit\w*|drawback|weakness\w*|shortcoming\w*|fail\w*|problem with|difficult\w*|challenge\w*)\b", re.I
        ),
    ),
    (
        Kind.RESULT,
        re.compile(
            r"\b(results?|perform\w*|outperform\w*|improve\w*|achieve\w*|better|worse|beat\w*|findings?|effect\w*)\b",
            re.I,
        ),
    ),
    (Kind.YES_NO, re.compile(r"^\W*(is|are|was|were|do|does|did|can|could|has|have|will|would|should)\b", re.I)),
    (Kind.METHOD, re.compile(r"\bhow\b|\b(method|approach|technique|algorithm|mechanism|propos\w+|way to)\b", re.I)),
)
_FOCUS = re.compile(
    r"\b(?:what|which|how many|how much|by what|whose)\s+(?:is|are|was|were|kinds? of|types? of|sorts? of)?\s*"
    r"((?:(?!\b(?:is|are|was|were|do|does|did|can|could|has|have|had|will|would|should|to|of|for|in|on|with|that|"
    r"from|by|when|if|and|used|use|uses)\b)[\w*+^'’-]+\s*){1,4})",
    re.I,
)
_COUNTED = re.compile(r"\bhow many\s+(?:(?:more|fewer|different|distinct|other|of the)\s+)?((?:[\w-]+\s*){1,2})", re.I)
# Details that papers report but abstracts seldom do; asked for and absent from the abstract, they are not reported.
_DETAILS = re.compile(
    r"\b(learning[- ]rates?|batch[- ]sizes?|epochs?|optimi[sz]ers? (?:was|were|is|did|do|used)|hyper-?parameters?|"
    r"random seeds?|seeds|dropout|weight decay|warm-?up|tpus?|gpus?|gpu[- ]hours|hardware|wall-?clock|training time|"
    r"(?:energy|electricity|carbon|dollars?|price|budget|salary)\b|licen[cs]es?|programming language|p-?values?|"
    r"confidence intervals?|standard deviations?|statistical\w*|sample size|participants|annotators?|"
    r"inter-annotator|volunteers|context (?:length|window)|temperature|parameter count|number of parameters|layers|"
    r"attention heads|hidden (?:size|units|dimension)s?|vocabulary size|discount factor|replay buffer size|"
    r"latency|memory (?:use|usage|footprint)|funding|funded|affiliat\w*|universit\w*|released? date|version)\b",
    re.IGNORECASE,
)
# Of these the ones that go by one name: where it does not stand in an abstract, nothing there tells it.
_SETTINGS = re.compile(
    r"(?:learning[- ]rates?|batch[- ]sizes?|epochs?|hyper-?parameters?|random seeds?|seeds|dropout|weight decay|"
    r"warm-?up|licen[cs]es?|layers|attention heads|hidden (?:size|units|dimension)s?|vocabulary size|discount factor|"
    r"replay buffer size)",
    re.IGNORECASE,
)
# What is asked for in so many words, and what a text that gives it must have.
_ASKED_UNITS = (
    (
        re.compile(r"\b(?:what|which|how many|by what)\b.{0,12}\bpercent\w*", re.IGNORECASE),
        re.compile(r"%|\bper ?cent|\b(?:half|third|quarter)\b", re.IGNORECASE),
    ),
    (
        re.compile(r"\b(?:how many|number of) parameters\b", re.IGNORECASE),
        re.compile(r"\d\s?(?:[BMK]\b|[bm]illion\b)|\d[\d.,]*k?\s(?:\w+\s)?parameters\b"),
    ),
    (
        re.compile(
            r"\bhow (?:many times|much) (?:faster|slower|more|fewer|less|smaller|larger|quicker|sooner)\b",
            re.IGNORECASE,
        ),
        re.compile(r"\d|\b(?:twice|half|double[sd]?|times|orders? of magnitude)\b", re.IGNORECASE),
    ),
)
_AIMS = re.compile(
    r"\b(?:aim\w*|goals?|purposes?|objectives?|hypothes\w+|stud(?:y|ied|ies|ying)|investigat\w+|examin\w+|address\w*|"
    r"about|questions?|set out|tests?|tested|testing|look\w* (?:at|into)|evaluat\w+|assess\w*|explor\w+|topics?|"
    r"problems?|tr(?:y|ies|ied)|ask\w*|compar\w+|consider\w*|measur\w+|papers?|works?|reviews?|surveys?|known|"
    r"unknown|unclear|open|gaps?)\b",
    re.IGNORECASE,
)
EVERYDAY = frozenset("AI ML NLP GPU GPUs CPU CPUs TPU TPUs API DNA RNA US UK EU UN".split())
_ROMAN = re.compile(r"[IVX]+")
_VERBS = frozenset("is are was were do does did can could has have had will would should".split())
_PART = re.compile(
    r"(?:,|;|\?)?\s+\band\b\s+(?=(?:on|in|for|by|with|at|to|from)?\s*(?:what|which|how|why|who|when|where|does|is|are)\b)|\?\s+",
    re.I,
)
_ASKS = re.compile(
    r"\W*(?:(?:on|in|for|by|with|at|to|from|of)\s+)?(?:what|which|how|why|who|whose|when|where|does|do|did|is|are|was|were|"
    r"can|could|has|have|had|will|would|should)\b",
    re.I,
)


COURTESY = frozenset(
    search_tokens("thanks thank you very much ok okay great hello hi hey bye good nice cool helpful yes no sure please")
)
_AMOUNT = re.compile(r"\bhow\s+much\b", re.IGNORECASE)
_WAVED_OFF = re.compile(  # "drop that, thanks": what is said of a subject that one leaves
    r"\W*(?:(?:no|ok|okay|please|well|just)\W+)*(?:(?:drop|forget|skip|scrap|cancel|leave|stop)(?:\s+(?:about\s+)?"
    r"(?:it|that|this|them))?|never\s?mind(?:\s+(?:it|that|this|them))?)\b(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Focus:
    """The analysis of one question."""

    kind: Kind
    tokens: tuple[str, ...]  # its search tokens, each once, in order
    focus: tuple[str, ...]  # tokens of the thing asked for; empty when the wording names none
    details: tuple[str, ...]  # details asked for that abstracts seldom report, as written
    settings: tuple[str, ...]  # those of them that are the thing asked for and go by one name ("What batch size ...?")
    counted: tuple[str, ...]  # tokens of what "how many ..." counts
    names: tuple[str, ...]  # proper names and acronyms as written
    subjects: tuple[str, ...]  # those of them that an abstract has to have to answer: of methods, data, models, genes
    partners: tuple[str, ...]  # of the names those that something is compared with ("faster than X")
    parts: tuple[str, ...]  # sub-questions; one when the question is simple
    units: tuple[re.Pattern[str], ...] = ()  # of what is asked for, as a text would write them ("By what percentage")
    asks_for_aims: bool = False  # what somebody set out to find out would answer it
    is_courtesy: bool = False  # it says "thanks" or "never mind" or the like, and asks nothing


def analyse(question: str) -> Focus:
    """Read one question."""
    kind = next((kind for kind, pattern in _KINDS if pattern.search(question)), Kind.OTHER)
    match = _FOCUS.search(question)
    parts = [
        p.strip(" ,;?") for n, p in enumerate(_PART.split(question)) if n == 0 or p.endswith("?") or _ASKS.match(p)
    ]
    asked_for = tuple(dict.fromkeys(search_tokens(match[1]))) if match else ()
    details = tuple(dict.fromkeys(match[1] for match in _DETAILS.finditer(question)))
    names = names_in(question)
    return Focus(
        kind=kind,
        tokens=tuple(dict.fromkeys(search_tokens(question))),
        focus=asked_for,
        details=details,
        settings=tuple(d for d in details if _SETTINGS.fullmatch(d) and set(search_tokens(d)) <= set(asked_for)),
        counted=_counted(question),
        names=tuple(names),
        subjects=_subjects(question),
        partners=tuple(n for n in names if re.search(rf"\bthan\s+(?:\w+\s+)??{re.escape(n)}(?!\w)", question)),
        parts=tuple(part for part in parts if len(part.split()) >= 2) or (question,),
        units=tuple(written for asked, written in _ASKED_UNITS if asked.search(question)),
        asks_for_aims=_AIMS.search(question) is not None,
        is_courtesy=_is_courtesy(question),
    )


def _subjects(question: str) -> tuple[str, ...]:
    """Distinctive names of the sentences that ask; what another one tells by the way, or a short form in parentheses
    after what it stands for, need not be in an answer."""
    asking = " ".join(re.findall(r"[^.?!]*(?:[.](?=\w)[^.?!]*)*\?", question)) or question
    known = EVERYDAY.union(re.findall(r"\w\s*\(([^()\s]+)\)", question))
    return tuple(n for n in names_in(asking) if is_distinctive(n) and n not in known and not _ROMAN.fullmatch(n))


def _is_courtesy(question: str) -> bool:
    if _AMOUNT.search(question):  # "by how much?" has no word that "thank you very much" has not
        return False
    waved_off = _WAVED_OFF.fullmatch(question)
    tokens = search_tokens(waved_off["rest"] if waved_off else question)
    return (bool(tokens) or waved_off is not None) and COURTESY.issuperset(tokens)


def _counted(question: str) -> tuple[str, ...]:
    """The noun after "how many": its last word before the verb ("how many A100 GPUs did" -> gpu)."""
    match = _COUNTED.search(question)
    if not match:
        return ()
    words = []
    for word in match[1].split():
        if word.lower() in _VERBS:
            break
        words.append(word)
    return tuple(search_tokens(words[-1])) if words else ()
