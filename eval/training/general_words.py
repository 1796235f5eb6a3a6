"""Words of scientific prose that name no subject: those that occur evenly across the fields of science.

Document frequency of each search token in the abstracts of each field of arXiv; a word whose rate is much the same
everywhere ("propose", "significant") is general, one that some fields have and others lack ("galaxy", "policy") is not.

    python eval/training/general_words.py --data ../shared/data

writes src/citeworthy/text/general_words.json.
"""

from __future__ import annotations

import argparse
import json
import lzma
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

from citeworthy.text.tokens import search_tokens

OUT = Path(__file__).parents[2] / "src/citeworthy/text/general_words.json"
LEAST_PAPERS = 1_000  # of a field
LEAST_RATE = 0.004  # of abstracts that have the word, over all fields alike


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument(
        "--spread", type=float, default=0.55, help="coefficient of variation below which a word is general"
    )
    parser.add_argument("--show", action="store_true")
    arguments = parser.parse_args()
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    papers: Counter[str] = Counter()
    with lzma.open(arguments.data / "bulk/arxiv_110k.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            field = field_of(record)
            papers[field] += 1
            counts[field].update(set(search_tokens(record["text"])))
    fields = [field for field, n in papers.items() if n >= LEAST_PAPERS]
    words = {word for field in fields for word in counts[field]}
    found = {}
    for word in words:
        rates = np.array([counts[field][word] / papers[field] for field in fields])
        if rates.mean() >= LEAST_RATE and len(word) > 1 and not word[0].isdigit():
            found[word] = float(rates.std() / rates.mean())
    if arguments.show:
        for word, spread in sorted(found.items(), key=lambda item: item[1]):
            print(f"{spread:.2f} {word}")
        print(dict(papers))
        return
    general = sorted(word for word, spread in found.items() if spread < arguments.spread)
    OUT.write_text(json.dumps({"fields": sorted(fields), "spread": arguments.spread, "words": general}) + "\n", "utf-8")
    print(f"{len(general)} of {len(found)} words, fields: {', '.join(sorted(fields))}")


def field_of(record: dict[str, str]) -> str:
    """The first category: cs.IR, q-bio.NC, stat.AP, ..."""
    return record["categories"].split(",")[0]


if __name__ == "__main__":
    main()
