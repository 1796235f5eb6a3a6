"""Vectors of the concepts in `thesaurus/concepts.jsonl`, by the bundled encoder: `retrieve/thesaurus.npz`.

    python eval/training/thesaurus.py

To be made anew after the concepts or the encoder have changed; then `topic_membership.py`.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from citeworthy.models.choose import make_embedder
from citeworthy.models.embedder import Embedder
from citeworthy.retrieve.thesaurus import SCALE
from citeworthy.settings import Settings

ROOT = Path(__file__).parents[2]
OUT = ROOT / "src/citeworthy/retrieve/thesaurus.npz"


def main() -> None:
    path = Path(__file__).parent / "thesaurus/concepts.jsonl"
    concepts = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    encoder = make_embedder(Settings().embedding)
    wordings = [(n, text) for n, one in enumerate(concepts) for text in (one["concept"], *one["plain"])]
    terms = [", ".join((one["concept"], *one["terms"])) for one in concepts]
    np.savez_compressed(
        OUT, encoder=encoder.name, concept_of=np.array([n for n, _ in wordings], np.int16),
        wordings=stored([text for _, text in wordings], encoder), terms=stored(terms, encoder),
    )  # fmt: skip
    print(f"{len(concepts)} concepts, {len(wordings)} wordings, {OUT.stat().st_size:,} bytes")


def stored(texts: list[str], encoder: Embedder) -> np.ndarray:
    return np.rint(np.array([encoder.embed_query(text) for text in texts]) * SCALE).astype(np.int8)


if __name__ == "__main__":
    main()
