"""Which slice of a sentence reads best in the cell of a column."""

from __future__ import annotations

import re

from citeworthy.synthesis.table.clauses import Break
from citeworthy.synthesis.table.grammar import plain
from citeworthy.synthesis.table.slices import Slice
from citeworthy.synthesis.table.starts import Opening

_PRONOUNS = frozenset("it its they their them this these those he she such both one here there".split())
_ENDS = {Break.PHRASE: -0.6, Break.CLAUSE: 0.8, Break.STOP: 1.0}
_OPENINGS = {
    Opening.SENTENCE: 0.4, Opening.INTRODUCED: 0.3, Opening.CLAUSE: 0.2, Opening.PREDICATE: -0.3, Opening.REPORTED: 0.4,
    Opening.PRESENTED: 0.9, Opening.MEANS: 0.6, Opening.RELATIVE: 0.1, Opening.IS: 0.3,
}  # fmt: skip
_WORTH = 0.08  # of each word
_CUE, _MOST_CUES = 0.4, 3
_FEW, _FEW_CUT, _FEW_BEFORE_COLON = 4, 6, 9  # words
_CONTRAST = frozenset("but although though yet if when where unless".split())
_SUBORDINATE = frozenset("if although though while when because since whereas unless given as once".split())
_NEEDS_SUBJECT = frozenset("found have has had either finds show shows".split())
_RELATIVE = frozenset("that which whose who".split())
_NOMINAL = (Opening.PRESENTED, Opening.MEANS, Opening.RELATIVE, Opening.IS)
_FIGURE = re.compile(r"(?<![\w-])\d[\d.,]*\s?(?:%|x\b|×|times|points)", re.IGNORECASE)
_SAY_ENOUGH = (*_NOMINAL, Opening.REPORTED)  # without a verb of their own
_PROPOSES = re.compile(
    r"\b(?:propos\w+|introduc\w+|present(?:s|ed)|develop\w*|novel|new|framework|algorithm|method|approach|architecture|"
    r"pipeline|platform|survey\w*|stud(?:y|ies|ied)|investigat\w+|explor\w+|analy[sz]\w+|examin\w+|this (?:paper|"
    r"work|article)|"
    r"we|authors?|by \w+ing|trains?|trained|modif\w+|designed|combin\w+|separat\w+|remedy|put forward|module\w*|"
    r"generator|mechanism|objective|scheme|strategy|loss)\b|"
    r"\([A-Z][\w-]*[A-Z0-9]\w*\)",
    re.IGNORECASE,
)
_SHOWN = re.compile(r"\b(?:prove[sd]?|proven|shows?|shown|demonstrate[sd]?|finds?)\b", re.IGNORECASE)
_FINDS = re.compile(
    r"\d|\b(?:results?|outperform\w*|improv\w+|achiev\w+|surpass\w*|beats?|better|best|faster|superior|higher|"
    r"lower|equals?|"
    r"rivals?|competitive|state[- ]of[- ]the[- ]art|significant\w*|reduc\w+|rais\w+|cuts?|gains?|accura\w+|fewer|"
    r"less|par|"
    r"prov\w+|bound\w*|converge\w*|effective\w*|efficien\w+|robust\w*|show\w*|demonstrat\w+|find\w*|found|"
    r"experiment\w*|"
    r"success\w*|solv\w+|perform\w*|exceed\w*|match\w*|comparable|stable|stably|worse|fails?|drops?|grows?|well|"
    r"learns?|"
    r"exceptional|negative|positive|supports?|evidence|observ\w+|reveal\w*|confirm\w*|able|lifts?|lets?|enabl\w+)\b",
    re.IGNORECASE,
)
_SAYS_LITTLE = {
    "result": re.compile(
        r"\b(?:is|are) (?:also )?(?:\w+ly )?(?:analy[sz]ed|discussed|examined|studied|explored|released|announced|"
        r"public|"
        r"available|described|presented|highlighted|identified|given|provided|introduced|considered|investigated|"
        r"reported)$|"
        r"\b(?:this|the) (?:paper|work) (?:\w+s)\b|\bcode\b(?! lines)|\bindicates?$|\brefinements? follow|"
        r"\bdemonstrates? this\b|"
        r"\bexperiments (?:cover|range)\b|\bpublic\b|\bis trained$",
        re.IGNORECASE,
    ),
    "problem": re.compile(
        r"\b(?:this (?:paper|work|tutorial|survey|study|article)|is formulated|with no|proposed?|proposes|"
        r"introduces?|presents?|novel|effectively|promise|promising|success\w*|"
        r"impressive\w*|remarkabl[ey]|mitigates?|is a simple|provably)\b",
        re.IGNORECASE,
    ),
    "method": re.compile(
        r"\b(?:prominent problem|believes?|according to|inferior|outperform\w*|surpass\w*|supports? this|"
        r"existing (?:algorithms|methods)|highlighted|"
        r"very easy|poorly|well|faster|better|superior|win rate|proves? (?:critical|effective)|sets a new|"
        r"expensive|costly|"
        r"difficult|hard|struggles?|challenging)\b",
        re.IGNORECASE,
    ),
}
CUES = {
    "problem": re.compile(
        r"\b(however|problem|challeng\w+|difficult\w*|lack\w*|limit\w+|fail\w*|suffer\w*|hard|cannot|not|costly|"
        r"expensive|"
        r"remain\w*|no|little|few|neither|many|ignor\w+|neglect\w+|inefficien\w+|inflexible|impractical\w*|"
        r"prohibitive\w*|"
        r"struggl\w+|understudied|unclear|complicat\w+|unsuited|poor\w*|worse|overhead|critical|open|too|only|"
        r"whether|miss\w*|needs?|static|"
        r"suboptimal\w*|sub-optimal|degrad\w+|instab\w+|vulnerable|brittle|elusive|unexplored|less)\b",
        re.IGNORECASE,
    ),
    "method": re.compile(
        r"\b(by|using|combin\w+|train\w*|learn\w*|framework|algorithm|method|approach|architecture|system|model|based|"
        r"via|new|novel|pipeline|technique|separat\w+|mix\w*|couples?|modif\w+|introduc\w+)\b",
        re.IGNORECASE,
    ),
    "result": re.compile(
        r"(?<![\w-])\d[\d.,]*\s?(?:%|x\b|×|times|points)?|\b(outperform\w*|improv\w+|achiev\w+|surpass\w*|beats?|"
        r"better|best|"
        r"faster|superior|higher|lower|equals?|rivals?|competitive|state[- ]of[- ]the[- ]art|significant\w*|"
        r"reduc\w+|rais\w+|"
        r"cuts?|gains?|accura\w+|fewer|par|prov\w+|bound\w*|converge\w*|effective\w*|efficien\w+|robust\w*)\b",
        re.IGNORECASE,
    ),
    "limitation": re.compile(
        r"\b(limit\w+|cost\w*|only|not|cannot|require\w*|trade-?offs?|assum\w+|restrict\w*|fail\w*|give[ns]? up|"
        r"however|but|"
        r"degrad\w+|lower|open|future)\b",
        re.IGNORECASE,
    ),
}  # fmt: skip


def preference(slice_: Slice, facet: str, cues: re.Pattern[str] | None = None) -> float:
    """How well the slice reads; only differences within one sentence mean anything. `cues` are those of an own
    column.
    """
    follows = slice_.follows[0] if slice_.follows else ""
    total = _WORTH * slice_.words + _ENDS[slice_.end] + _OPENINGS[slice_.opening]
    if facet == "method":
        total -= 1.5 * (slice_.opening is Opening.REPORTED)
        total += 0.8 * (slice_.finite or slice_.opening in _NOMINAL)
    else:
        total += 1.5 * (slice_.finite or slice_.opening is Opening.REPORTED) - 0.8 * (
            slice_.opening is Opening.PREDICATE
        )
    total -= 0.4 * _is_vague(slice_) + 0.3 * (len(slice_.parts) - 1)
    total -= 0.6 * (slice_.end is Break.CLAUSE and follows in _CONTRAST)
    total += 0.4 * (slice_.end is Break.PHRASE and follows in _RELATIVE)
    if facet in CUES and facet != "limitation" and not (slice_.finite or slice_.opening in _SAY_ENOUGH):
        total -= 3.0 if facet in ("problem", "result") else 1.5
    pattern = cues or CUES.get(facet)
    if pattern is not None:
        total += _CUE * min(len(pattern.findall(slice_.text)), _MOST_CUES)
    if facet in _SAYS_LITTLE and _SAYS_LITTLE[facet].search(slice_.text):
        total -= 2.0
    if facet == "problem":
        total -= 2.0 * any(word in ("but", "yet", "however") for word in slice_.follows)
    if facet == "result" and _FIGURE.search(slice_.text):
        total += 0.5
    if slice_.colon and slice_.words < _FEW_BEFORE_COLON:
        total -= 1.2
    if slice_.words < _FEW or (slice_.words < _FEW_CUT and slice_.end is Break.PHRASE):
        total -= 1.0
    return total


def fits(slice_: Slice, sentence: str, facet: str, cues: re.Pattern[str] | None, name: str) -> bool:
    """Whether the slice, with what frames it, says what its column asks for: it holds one of the words that mark it,
    or, of a problem, stands behind "but"; of a method, has the `name` that the title gives it.
    """
    framed = sentence[slice_.clause[0] : slice_.clause[1]]
    if _hangs(slice_):
        return False
    if facet in _SAYS_LITTLE and _SAYS_LITTLE[facet].search(slice_.text):
        return False
    if facet == "problem" and (slice_.opening is Opening.REPORTED or _SHOWN.search(framed)):
        return False
    if facet == "method" and slice_.opening is Opening.PREDICATE:
        return False
    if facet == "problem":
        return slice_.behind in ("but", "yet") or CUES[facet].search(slice_.text) is not None
    if facet == "method":
        named = slice_.opening in _NOMINAL or bool(name and name in framed)
        return named or _PROPOSES.search(framed) is not None
    if facet == "result":
        return slice_.opening is Opening.REPORTED or _FINDS.search(framed) is not None
    return cues is None or cues.search(framed) is not None


def _hangs(slice_: Slice) -> bool:
    """Whether it is cut off before its main clause says anything, or has lost a subject that it needs."""
    first = plain(slice_.text.split()[0])
    if slice_.end is Break.PHRASE and first in _SUBORDINATE:
        return True
    return slice_.opening is Opening.PREDICATE and (slice_.end is Break.PHRASE or first in _NEEDS_SUBJECT)


def says_enough(slice_: Slice, sentence: str, facet: str, cues: re.Pattern[str] | None) -> bool:
    """Whether the mere beginning of a sentence says something to the column."""
    if plain(slice_.text.split()[0]) in _SUBORDINATE or (
        facet in _SAYS_LITTLE and _SAYS_LITTLE[facet].search(sentence)
    ):
        return False
    if facet == "problem":
        behind = slice_.behind in ("but", "yet") or CUES[facet].search(slice_.text) is not None
        return behind and _SHOWN.search(sentence) is None
    if facet == "result":
        return slice_.finite and _FINDS.search(sentence) is not None
    return cues is None or cues.search(slice_.text) is not None


def _is_vague(slice_: Slice) -> bool:
    """Whether it begins by speaking of something that it does not name."""
    return plain(slice_.text.split()[0]) in _PRONOUNS
