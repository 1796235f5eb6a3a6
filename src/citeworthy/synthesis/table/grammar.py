"""The little grammar that cutting a sentence takes: which words may end a phrase, which make a clause, what frames it.

Word lists, not a parser: they err on the side of not cutting. What no cut may lose is in `guards.py`.
"""

from __future__ import annotations

import re

_VERBS = (
    "achieve add address adapt affect aim align allow apply approximate assume attain avoid beat become begin bring "
    "build capture carry cause characterize characterise combine compare compete complicate compute consist contain "
    "converge couple cover create cut decouple decrease degrade deliver depend derive describe detect determine "
    "develop differ diverge drop eliminate employ enable encode encourage enhance ensure establish estimate examine "
    "exceed exhibit exist explain explore extend facilitate fail fall fit fix focus follow generalise generalize "
    "generate get give grow guide handle help hinder hold hurt identify ignore implement improve incorporate incur "
    "increase induce inform integrate introduce involve join keep lack lead learn leave let leverage lift lose "
    "lower make manage match maximize minimize miss mitigate need neglect obtain offer operate optimise optimize "
    "outperform overcome penalize perform point predict presume present preserve prevent produce promote propose "
    "prove provide raise reach recover reduce rediscover rely remain replace require resemble restrict retain "
    "reveal rise rival run scale see select serve set show simulate solve speed spend split stay struggle suffer "
    "suggest support surpass take tend tackle tell train transfer treat unify use vary win work yield map mix steer "
    "separate adjust alternate analyse analyze assign attack defend search study investigate review survey collect "
    "hinge underperform argue tune compress double halve impute find target demonstrate suit confirm illustrate "
    "verify evaluate underline reach forecast classify segment rank meet"
).split()
_IRREGULAR = (
    "is are was were has have had can could may might must will would should does do did cannot became began "
    "brought built fell felt found gave got grew held kept led left lost made met ran rose saw shown spent stood "
    "took won wrote beat cut fit hurt set split goes went"
).split()
_NOUNS_TOO = frozenset("works studies searches surveys reviews supports results".split())


def _forms(stem: str) -> set[str]:
    past = {f"{stem}d"} if stem.endswith("e") else {f"{stem}ed"}
    if stem.endswith("y") and stem[-2] not in "aeiou":
        return {stem, f"{stem[:-1]}ies", f"{stem[:-1]}ied"}
    third = f"{stem}es" if stem.endswith(("s", "x", "ch", "sh")) else f"{stem}s"
    doubled = {f"{stem}{stem[-1]}ed"} if re.search(r"[^aeiou][aeiou][bdgmnprt]$", stem) else set()
    return {stem, third} | past | doubled


_FINITE = frozenset(form for stem in _VERBS for form in _forms(stem)) | frozenset(_IRREGULAR)
_THIRD = frozenset(
    form for stem in _VERBS for form in _forms(stem) if form.endswith("s") and form not in _NOUNS_TOO
) | frozenset(_IRREGULAR)
_NO_END = frozenset(
    "a an the of in on for with by from at under across via through over during to into against among between "
    "within than as and or but nor so yet that which who whom whose where when while whereas if unless because "
    "although though since is are was were be been being has have had do does did can could may might must will "
    "would should cannot not no nor very more most less least fewer such its their our his her this these those "
    "both either neither each every any some all only also then thus hence even just too much many few several up "
    "about per without despite whether how what why until upon toward towards like i.e. e.g. it they he she we "
    "them".split()
)
_NEEDS_MORE = frozenset(
    "able likely unlikely similar competitive robust equal superior inferior comparable due based related aware "
    "able subject prone capable better worse faster slower higher lower larger smaller greater fewer rather other "
    "different novel new unable hard easy difficult close according regardless instead together bound along common "
    "relevant necessary sufficient essential suitable specific inherent attractive consistent identical close "
    "compatible effective equivalent analogous dual reducible proportional relative tantamount contingent "
    "dependent".split()
)
_ING_NOUNS = frozenset(
    "learning training setting settings modeling modelling planning sampling reasoning programming processing "
    "tuning fine-tuning finetuning understanding forecasting decision-making ranking clustering parsing labeling "
    "labelling bootstrapping self-training pretraining pre-training control reading meaning searching embedding "
    "mapping testing scheduling routing engineering computing imaging screening bandwidth decoding encoding "
    "generating prompting hacking sharing scaling rating ratings finding findings coding matching".split()
)
_PREPOSITION = frozenset(
    "in on for with by from at under across via through over during into against among between within throughout "
    "without beyond while whereas because since so when where if unless although though after before using despite "
    "upon toward towards and or to as that which whose even including such together along relative".split()
)
_BEFORE_NOUN = frozenset("to a an the by of its their our his her this these those in for with no every each".split())
_NOUNS_IN_ATES = frozenset(
    "states rates estimates candidates templates surrogates coordinates updates aggregates certificates duplicates "
    "exercises premises sizes prizes promises enterprises expertises noises substrates graduates dates plates".split()
)
_OF = frozenset(  # nouns that say nothing without what follows "of"
    "set sets number variety range kind kinds form forms class classes type types lack use way ways means series "
    "group part parts majority pair pairs family sequence lot amount couple case cases problem task goal notion "
    "field study process combination collection choice one some most many each both all half subset subsets "
    "majority seconds minutes hours days weeks months years level levels".split()
)
_AUTHORS = frozenset("it paper work article study survey thesis we they".split())
_PLAIN = re.compile(r"^[(\[\"'“‘]+|[)\]\"'”’.,;:!?]+$")


def plain(word: str) -> str:
    """The word in lower case without what is written around it."""
    return _PLAIN.sub("", word).lower()


def is_finite(words: list[str]) -> bool:
    """Whether a clause has a verb of its own, as far as these lists know.

    >>> is_finite(["the", "gap", "remains"]), is_finite(["a", "pipeline", "of", "two", "steps"])
    (True, False)
    """
    bare = [plain(word) for word in words]
    return _finite_at(bare) is not None


def first_verb(words: list[str]) -> int | None:
    """Index of the first verb that is_finite goes by."""
    return _finite_at([plain(word) for word in words])


def _finite_at(bare: list[str]) -> int | None:
    for index, word in enumerate(bare):
        before = bare[index - 1] if index else ""
        if before in _BEFORE_NOUN or (before in ("that", "which", "who", "whose") and index > 1):
            continue  # an infinitive, a noun, or the verb of a relative clause
        if bare[index + 1 : index + 2] == ["by"] and word.endswith(("ed", "und", "ilt", "wn")):
            continue  # "the algorithm found by ..."
        if word in _NOUNS_TOO and before not in _AUTHORS:
            continue
        if _is_third(word) or (word in _FINITE and index and before not in _PREPOSITION):
            return index
    return None


def _is_third(word: str) -> bool:
    """A verb in the third person, by the lists or by its ending: "prioritizes", "encapsulates", "fine-tunes"."""
    last = word.rsplit("-", 1)[-1]
    return last in _THIRD or (last.endswith(("izes", "ises", "ifies", "ates")) and last not in _NOUNS_IN_ATES)


def may_end(word: str) -> bool:
    """Whether a phrase that is cut short may stop after this word: it calls for nothing more."""
    bare = plain(word)
    if word.endswith(("—", "–", "-", "(", "/", "=", "<", ">")) or not bare:
        return False
    if bare in _NO_END or bare in _NEEDS_MORE or bare.endswith("ly"):
        return False
    if bare.endswith(("ing", "ed")) and bare not in _ING_NOUNS:
        return False
    return bare not in _THIRD or bare in _NOUNS_TOO


def may_break_before(word: str, after: str = "") -> bool:
    """Whether a phrase may be cut before this word, which `after` follows: a preposition or conjunction begins
    something that can go. A range of numbers ("65% to 80%") stays whole.
    """
    number = plain(word) in ("to", "and", "or") and plain(after)[:1].isdigit()
    return plain(word) in _PREPOSITION and not word.startswith("(") and not number


def opens_predicate(word: str) -> bool:
    """Whether the word can be the verb of a second predicate: "and improves ..."."""
    return _is_third(plain(word))


def calls_for_object(word: str) -> bool:
    """Whether the word is a verb, so that what stands between commas behind it interrupts: "produce, for any task,"."""
    return plain(word) in _FINITE or _is_third(plain(word))


def of_may_go(word: str) -> bool:
    """Whether a noun before "of" says something without what it is of."""
    return may_end(word) and plain(word) not in _OF


def ends_open(word: str) -> bool:
    """Whether the word plainly calls for another."""
    return plain(word) in _NO_END


def may_begin(word: str) -> bool:
    """Whether a cell may begin with this word."""
    return plain(word) not in frozenset("of and or but nor than which who whom whose that not yet so".split())


def is_verb(word: str) -> bool:
    """Whether the word is a verb in the third person or an auxiliary."""
    return _is_third(plain(word))


def is_ing_noun(word: str) -> bool:
    """Whether a word in -ing or -ed is a noun: "learning"."""
    return plain(word) in _ING_NOUNS
