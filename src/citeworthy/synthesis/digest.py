"""A theme without a language model: what its papers share, one quoted line for each, where they part, what is open.

All of it is quoted from the abstracts, but for counts of papers whose abstracts have a term, which are counted here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from citeworthy.answer.lead_in import lead_in
from citeworthy.index.passages import sentences_of
from citeworthy.records import Citation, Claim, Paper, Sentence, Verdict
from citeworthy.synthesis.outline import Part
from citeworthy.synthesis.phrases import Phrase
from citeworthy.text.abbreviations import singular
from citeworthy.text.addressed import addresses_a_machine
from citeworthy.text.leaning import leans
from citeworthy.text.names import is_distinctive
from citeworthy.text.roles import roles_of
from citeworthy.text.tokens import search_tokens

_SHARED = 3  # terms named
_SHARE = 0.5  # of the theme's papers, more than which must have a term
_MARKS_OUT = 1.5  # how much more frequent than in all papers of the section
_QUOTED = 2  # sentences of a kind in one theme
_LONGEST = 60  # words of a sentence that is quoted as a difference or a gap
# Cues that readers' marks of 546 abstracts bore out (`eval/README.md`): three in four of these sentences are apt.
_DIFFERS = re.compile(
    r"\b(?:unlike|in contrast to|rather than|instead of|contrary to|differs? from|no need|needs? no|"
    r"without (?:the need|requiring|any)|(?:do|does) not (?:need|require|rely)|"
    r"no (?:additional|external|extra|further|explicit|interaction|reliance)|"
    r"against (?:the )?(?:common|usual|expectation))\b",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\b(?:remains? (?:open|unclear|unknown|unsolved|hard|difficult|a challenge|to be|limited|poorly)|"
    r"(?:gap|problem|difficulty) remains|open (?:question|problem)s?|room for|caveats?|"
    r"provided (?:that|the)|given certain|"
    r"under (?:some |certain |mild |restrictive )+(?:\w+ )?(?:assumption|condition)s?|"
    r"only (?:when|if|for|under|part|partly|a subset)|fails?|struggles?|degrades?|falls? (?:behind|short)|loses? to|"
    r"breaks? down|cannot|do(?:es)? not (?:hold|scale|generali[sz]e|transfer|remove|close|suffice|extend|cover)|"
    r"no (?:significant|reliable)|(?:is|are) (?:still )?(?:limited|restricted) (?:to|by)|"
    r"at the (?:cost|expense|price) of|(?:slightly|somewhat|much) slower|costs? (?:performance|accuracy)|given up for|"
    r"gives? a trade-?off|(?:may|might|will|still) (?:requires?|needs?)|requires (?:an?|that)|"
    r"not (?:yet |computationally |always |necessarily )?(?:efficient|solved|understood|known|clear|covered)|"
    r"NP-(?:hard|complete))\b",
    re.IGNORECASE,
)
_CUES = {
    Part.DIFFERENCES: (_DIFFERS, ("objective", "method", "result", "conclusion")),
    Part.OPEN: (_OPEN, ("result", "conclusion")),
}
_WORD = re.compile(r"\w+")
_COUNT = re.compile(r" \((\d+) of \d+ abstracts\)$")


def theme_parts(
    papers: Sequence[Paper], phrases: Sequence[Phrase], places: Sequence[int], lines: Mapping[str, Sentence], among: int
) -> list[tuple[Part, list[Claim]]]:
    """The parts of one theme, unchecked; `places` are its papers' places in the group of `among` whose phrases were
    counted, `lines` what each paper contributes."""
    each = [claim for paper in papers if (claim := contribution(paper, lines)) is not None]
    used = {citation for claim in each for citation in claim.citations}
    parts = [
        (Part.SHARED, shared_terms(papers, phrases, places, among)),
        (Part.EACH, each),
        (Part.DIFFERENCES, _quoted(papers, Part.DIFFERENCES, used)),
        (Part.OPEN, _quoted(papers, Part.OPEN, used)),
    ]
    return [(part, claims) for part, claims in parts if claims]


def contribution(paper: Paper, lines: Mapping[str, Sentence]) -> Claim | None:
    """The sentence that says what the paper contributes, as a quotation; None without an abstract."""
    sentence = lines.get(paper.key)
    if sentence is None:
        return None
    return Claim(sentence.text, (Citation(paper, sentence.start, sentence.end),), lead_in=lead_in(paper))


def shared_terms(papers: Sequence[Paper], phrases: Sequence[Phrase], places: Sequence[int], among: int) -> list[Claim]:
    """Terms that several of the papers have, and not as many of all `among`, each with the sentences that hold it."""
    claims: list[Claim] = []
    taken: list[set[str]] = []
    for phrase in phrases:
        if len(phrase.tokens) == 1 and not is_distinctive(phrase.name):
            continue  # "sample", "optimization": a word alone is used in several senses
        holders = [(p, phrase.in_abstract[i]) for p, i in zip(papers, places, strict=True) if i in phrase.in_abstract]
        if len(holders) * among < _MARKS_OUT * len(phrase.in_abstract) * len(papers):
            continue  # "reinforcement learning", which the other themes have as well
        words = set(phrase.tokens)
        if len(holders) < 2 or len(holders) <= _SHARE * len(papers) or any(words & others for others in taken):
            continue
        citations = tuple(Citation(paper, *_sentence_around(paper, start)) for paper, (start, _) in holders)
        taken.append(words)
        claims.append(Claim(f"{phrase.name} ({len(holders)} of {len(papers)} abstracts)", citations))
        if len(claims) == _SHARED:
            break
    return claims


def counted_among(claim: Claim, papers: Sequence[Paper]) -> Claim:
    """A shared term as it is counted when the theme has these papers."""
    return replace(claim, text=_COUNT.sub(rf" (\1 of {len(papers)} abstracts)", claim.text))


def check_shared(claim: Claim, tokens: Sequence[str]) -> Claim:
    """The verdict on a counted term: every quotation must have its words, and there must be as many as it says."""
    said = _COUNT.search(claim.text)
    counted = len({citation.paper.key for citation in claim.citations})
    has = all(set(tokens) <= _tokens_in_either_number(citation.quote) for citation in claim.citations)
    if has and said is not None and int(said[1]) == counted:
        return Claim(claim.text, claim.citations, Verdict.SUPPORTED, 1.0, ("each quotation has these words",))
    return Claim(claim.text, claim.citations, Verdict.NOT_SUPPORTED, 0.0, ("a quotation does not have these words",))


def _tokens_in_either_number(text: str) -> set[str]:
    return {*search_tokens(text), *search_tokens(_WORD.sub(lambda word: singular(word[0]), text))}


def sentences_for(paper: Paper, part: Part) -> Iterator[Sentence]:
    """Those that say where the paper sets itself apart (DIFFERENCES) or what is missing (OPEN), by the part's cue, in a
    role in which a paper speaks of itself; what is missing after its work stands in the second half."""
    cue, roles = _CUES[part]
    sentences = sentences_of(paper)
    told = zip(sentences, roles_of([s.text for s in sentences]), strict=True)
    for place, (sentence, role) in enumerate(told):
        late = place >= len(sentences) / 2 or part is not Part.OPEN
        if late and role in roles and _may_be_quoted(sentence) and cue.search(sentence.text):
            yield sentence


def _quoted(papers: Iterable[Paper], part: Part, used: set[Citation]) -> list[Claim]:
    """One sentence a paper."""
    claims = []
    for paper in papers:
        for sentence in sentences_for(paper, part):
            citation = Citation(paper, sentence.start, sentence.end)
            if citation not in used:
                claims.append(Claim(sentence.text, (citation,), lead_in=lead_in(paper)))
                used.add(citation)
                break
    return claims[:_QUOTED]


def _may_be_quoted(sentence: Sentence) -> bool:
    text = sentence.text
    return len(text.split()) <= _LONGEST and not leans(text) and not addresses_a_machine(text)


def _sentence_around(paper: Paper, position: int) -> tuple[int, int]:
    return next((s.start, s.end) for s in sentences_of(paper) if s.start <= position < s.end)
