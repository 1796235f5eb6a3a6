"""What of a Paper is embedded: its title and whole abstract as one text, and each sentence within it.

One forward pass gives all of these vectors. Measured on SciFact train (nDCG@10 of dense plus BM25): whole
abstract .738; with its best sentence .743; with separately embedded three-sentence windows .743 at 3.2 times
the work (`eval/README.md`).
"""

from __future__ import annotations

from citeworthy.records import Paper, Sentence
from citeworthy.text.addressed import addresses_a_machine
from citeworthy.text.sentences import Span, split_abstract

VERSION = "title+abstract/sentences/1"


def sentences_of(paper: Paper) -> list[Sentence]:
    """The sentences of the stored abstract."""
    text = paper.abstract
    return [Sentence(text[a:b], a, b, index) for index, (a, b) in enumerate(split_abstract(text))]


def quotable_sentences(paper: Paper) -> list[Sentence]:
    """Those that may be quoted: a hidden instruction to a machine is not."""
    return [sentence for sentence in sentences_of(paper) if not addresses_a_machine(sentence.text)]


def passage(paper: Paper) -> tuple[str, list[Span]]:
    """The text to embed and where the abstract's sentences lie in it."""
    title = paper.title.rstrip()
    prefix = f"{title}{'' if title.endswith(('.', '?', '!')) else '.'} " if title else ""
    shift = len(prefix)
    return prefix + paper.abstract, [(a + shift, b + shift) for a, b in split_abstract(paper.abstract)]
