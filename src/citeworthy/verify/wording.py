"""Words that may differ between a claim and its source without a difference in meaning.

A claim in other words is held against its quotation by content words. Verbs and nouns that scientific prose uses for
one another count as one; words that only frame a statement ("the paper shows that") need not be in the quotation.
"""

from __future__ import annotations

from functools import lru_cache

from citeworthy.text.tokens import search_tokens

_ALIKE = (
    "increase increased raise raised rise rises rose grow grows higher boost boosts gain gains",
    "improve improves improvement enhance enhances enhancement",
    "decrease decreased reduce reduces reduction lower lowers drop drops fall falls fell cut cuts diminish shrink",
    "outperform outperforms exceed exceeds surpass surpasses beat beats",
    "achieve achieves reach reaches attain attains obtain obtains",
    "propose proposes proposed introduce introduces introduced present presents presented",
    "show shows shown demonstrate demonstrates find finds found reveal reveals report reports observe observes",
    "use uses used using utilize utilise employ employs apply applies applied leverage leverages",
    "need needs needed require requires required",
    "allow allows enable enables permit permits let lets",
    "build builds construct constructs create creates develop develops design designs",
    "begin begins start starts", "keep keeps retain retains preserve preserves maintain maintains",
    "combine combines combination mix mixes merge merges", "choose chooses select selects pick picks",
    "big large larger", "small smaller", "fast faster quick quicker speed",
    "method methods approach approaches technique techniques", "model models",
    "experiment experiments evaluation evaluate evaluated test tests tested", "baseline baselines",
    "cost costs costly expensive", "besides also additionally",
    "several multiple many various", "prior previous earlier existing", "main major chief",
    "consist consists comprise comprises",
    "language languages", "llm llms",
)  # fmt: skip
_FRAME = (
    "paper papers study studies work works author authors article method approach technique framework system algorithm "
    "propose introduce present show demonstrate find report describe call called name named result results achieve use "
    "used new novel according state states stated include includes including provide provides specifically able "
    "compare compared comparison several make makes made take takes based type types different e.g i.e respectively "
    "answer question yes due way namely particular furthermore moreover however additionally also both two one first "
    "second"
)
_SAME = 0.8  # overlap of content words at which a sentence repeats another


@lru_cache(maxsize=50_000)
def alike(token: str) -> str:
    """The stem that stands for all words used for one another."""
    return _groups().get(token, token)


def content(text: str) -> list[str]:
    """Content words in order, those used for one another made equal."""
    return [alike(token) for token in search_tokens(text)]


def is_frame(token: str) -> bool:
    """Whether the word may stand in a claim although the quotation lacks it."""
    return token in _frame()


def repeats(text: str, said: str) -> bool:
    """Whether a sentence says again what another one said, by their content words."""
    words, before = set(content(text)), set(content(said))
    return len(words & before) >= _SAME * max(len(words), len(before), 1)


@lru_cache(maxsize=1)
def _groups() -> dict[str, str]:
    groups: dict[str, str] = {}
    for line in _ALIKE:
        tokens = search_tokens(line)
        for token in tokens:
            groups.setdefault(token, tokens[0])
    return groups


@lru_cache(maxsize=1)
def _frame() -> frozenset[str]:
    return frozenset(alike(token) for token in search_tokens(_FRAME))
