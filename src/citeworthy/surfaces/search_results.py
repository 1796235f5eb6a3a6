"""Results of a search, for every surface that gives them out: as JSON, and as text with the nearest sentences."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from citeworthy.assistant import Found
from citeworthy.index.passages import sentences_of
from citeworthy.records import Citation, Hit
from citeworthy.surfaces.render import paper_line
from citeworthy.text.addressed import addresses_a_machine


def found_dict(query: str, found: Found) -> dict[str, Any]:
    """The JSON shape of a search."""
    hits = [{**asdict(h.paper), "score": h.score, "lexical": h.lexical, "dense": h.dense} for h in found.hits]
    return {"query": query, "filters": asdict(found.parsed.filters), "hits": hits}


def nearest_sentence(hit: Hit) -> Citation | None:
    """The sentence of the abstract that is nearest to the query; None where there is none, or nobody measured."""
    sentences = sentences_of(hit.paper)
    if len(sentences) != len(hit.sentence_scores):
        return None
    scored = [
        (score, sentence)
        for score, sentence in zip(hit.sentence_scores, sentences, strict=True)
        if not addresses_a_machine(sentence.text)
    ]
    _, best = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    return Citation(hit.paper, best.start, best.end) if best else None


def found_text(found: Found) -> str:
    """Numbered papers, best first, with their keys and nearest sentences; and which filters were applied."""
    blocks = []
    if found.parsed.filters:
        blocks.append(f"(filter: {found.parsed.filters.describe()}; {found.matching} papers pass it)")
    for number, hit in enumerate(found.hits, 1):
        lines = [f"[{number}] {paper_line(hit.paper)}  score {hit.score:.2f}"]
        if not hit.paper.abstract:
            lines.append("    (no abstract: it can be found, but not quoted)")
        elif nearest := nearest_sentence(hit):
            lines.append(f"    “{nearest.quote}”  [characters {nearest.start}–{nearest.end}]")
        blocks.append("\n".join(lines))
    if not found.hits:
        blocks.append("No paper found.")
    return "\n\n".join(blocks)
