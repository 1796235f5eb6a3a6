"""Sentences that state a fact about the world or about others' work and cite nothing.

Precise rather than complete: what a paper says of itself, of its own results, of its structure or what everybody knows
wants no citation, and a checker that nags is switched off.
"""

from __future__ import annotations

import re

from citeworthy.synthesis.drafts.draft import DraftSentence
from citeworthy.text.numbers import quantities

_LEAST_WORDS = 8
_OWN = re.compile(
    r"\b(?:we|our|ours|us|i|my|this (?:paper|work|article|section|study|survey|thesis|chapter|review|manuscript)|"
    r"here we|the (?:present|current) (?:paper|work|study)|in this|section \d|sec\.|figure|fig\.|table|appendix|"
    r"algorithm \d|equation|eq\.|theorem|lemma|proposition|corollary|definition|remainder|organi[sz]ed as|rest of)\b",
    re.IGNORECASE,
)
_OWN_SECTIONS = re.compile(
    r"\b(?:method|approach|experiment|result|evaluation|setup|implementation|discussion|conclusion|acknowledg|appendix|"
    r"limitation|ablation|analysis|contribution|notation|preliminar|abstract|proof|theor)", re.IGNORECASE,
)  # fmt: skip
_OTHERS = re.compile(
    r"\b(?:(?:previous|prior|recent|earlier|existing|several|many|some|other) (?:work|works|studies|papers|approaches|"
    r"methods|authors|researchers|research|results|experiments|findings)|(?:studies|researchers|experiments|authors) "
    r"(?:have|show|found|report|suggest|demonstrate)\w*|(?:has|have) been (?:shown|found|reported|proved|proven|"
    r"demonstrated|observed|proposed|introduced|established)|it (?:is|was|has been) (?:well[- ])?"
    r"(?:known|shown|established|reported|found)|according to|state[- ]of[- ]the[- ]art|outperform\w*|"
    r"meta-analys[ei]s|randomi[sz]ed trial)\b",
    re.IGNORECASE,
)
# "Sadigh and Hejna, 2023", "Lang et al. (2024)", "(Fauber, 2024)": the source is named, if not by a key.
_IN_WORDS = re.compile(
    r"(?:\bet al\b\.?|\b[A-Z][\w'’-]+ (?:and|&) [A-Z][\w'’-]+)[\s,]*\(?(?:19|20)\d\d|"
    r"\b[A-Z][\w'’-]+(?:,\s|\s\()(?:19|20)\d\d[a-z]?\b"
)
_PARENTHESIS = re.compile(r"\([^()]*\)\.?")
_PAPERS = re.compile(r"\b\d[\d,]*(?= (?:papers|abstracts|articles)\b)")  # how many a text is about
_QUESTION = re.compile(r"\?\s*$")
_YEAR = re.compile(r"^(?:19|20)\d\d$")


def wants_citation(sentence: DraftSentence, behind: str = "") -> str:
    """Why the sentence should cite something; "" where it need not, or does. The text `behind` it may be no more than
    its source: “Half of them did.” (Lang et al., 2024)."""
    text = sentence.text
    if sentence.citations or len(text.split()) < _LEAST_WORDS or _QUESTION.search(text) or _OWN.search(text):
        return ""
    source = behind if _PARENTHESIS.fullmatch(behind) else ""
    if _OWN_SECTIONS.search(sentence.section) or _IN_WORDS.search(text) or _IN_WORDS.search(source):
        return ""
    if _OTHERS.search(text):
        return "speaks of others' work and cites none"
    numbers = [q for q in quantities(_PAPERS.sub("", text)) if not _YEAR.match(q.text)]
    if any(q.unit or q.value > 10 for q in numbers):
        return f"states a figure ({numbers[0].text}) and cites nothing"
    return ""
