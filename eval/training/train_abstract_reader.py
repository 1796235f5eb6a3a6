"""Train the model that reads whole abstracts: is a citing sentence supported, does the paper belong to a topic?

    python eval/training/train_abstract_reader.py --data ../shared --weights FOLDER --start judge.pt --save reader.pt

It begins from the judge (`train_judge.py`), which has seen quotations rather than abstracts. Its claims are ours and
citing sentences over whole abstracts, the same over the abstract of a similar paper, with a word or a number changed,
summaries of papers, and the public sets. In the place of questions stand topics, "answerable" where the paper belongs,
cells of a comparison table, "answerable" where they are right, and what a column asks for. Test splits are never read.
Prints figures on dev parts on the way.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from cell_rows import cells_of
from judge_network import Encoder, Judge
from pairs import (
    Pair,
    abstracts_of,
    as_often,
    claims,
    counts,
    digest,
    edited,
    file_and_times,
    own_claims,
    summaries,
    told_by_style,
    topics_of,
    unit,
)
from sklearn.feature_extraction.text import TfidfVectorizer
from train_judge import batches, report, train

PUBLIC: dict[str, tuple[int, set[str]]] = {
    "nli_scifact": (2200, {"train"}),
    "nli_healthver": (4000, {"train"}),
    "nli_vitaminc": (7000, {"test"}),
    "nli_evidence_inference": (1500, {"train"}),
    "nli_nli4ct": (1691, {"train"}),
}
TOKENS = 1200  # in one step: two pairs of twins
WINDOW = 448  # tokens: the judge's 288 cut off the end of a third of the abstracts
_NUMBER = re.compile(r"(?<![\w.-])\d+(?:\.\d+)?(?![\w.-]*\d)")
_WORDS = "one two three four five six seven eight nine ten eleven twelve".split()


def over_similar_abstracts(pairs: list[Pair], share: float) -> Iterator[Pair]:
    """Supported claims, each over the abstract of another paper of the same set that shares its rarest words."""
    supported = [p for p in pairs if p.label == 0 and unit("similar" + p.text) < share]
    texts = list({p.sentences: p for p in pairs}.values())
    words = TfidfVectorizer(stop_words="english", sublinear_tf=True, min_df=2)
    matrix = words.fit_transform([f"{p.title} {' '.join(p.sentences)}" for p in texts])
    groups = np.array([p.group for p in texts])
    for start in range(0, len(supported), 500):
        part = supported[start : start + 500]
        scores = (words.transform([p.text for p in part]) @ matrix.T).toarray()
        for pair, row in zip(part, scores, strict=True):
            other = texts[int(np.where(groups == pair.group, -1, row).argmax())]
            yield replace(
                pair,
                dataset="similar",
                title=other.title,
                sentences=other.sentences,
                label=2,
                weight=1.0,
                binary=False,
                twin="",
            )


def with_other_numbers(pairs: list[Pair]) -> Iterator[Pair]:
    """Supported claims with one number changed; the text gives the right one, or none."""
    for pair in pairs:
        if pair.label != 0 or pair.dataset == "similar":
            continue
        changed = _changed(pair.text)
        if changed is not None:
            yield replace(pair, dataset="number", text=changed, label=1, weight=1.0, twin="")


def _changed(text: str) -> str | None:
    numbers = list(_NUMBER.finditer(text))
    rng = random.Random(text)
    if numbers:
        chosen = numbers[rng.randrange(len(numbers))]
        value = float(chosen[0])
        other = (
            value * rng.choice((0.1, 0.5, 1.5, 2, 3, 10))
            if "." in chosen[0] or value > 12
            else value + rng.choice((1, 2, 3))
        )
        written = f"{other:.{len(chosen[0].partition('.')[2])}f}"
        return None if written == chosen[0] else text[: chosen.start()] + written + text[chosen.end() :]
    spelled = [w for w in re.findall(r"[a-z]+", text) if w in _WORDS[1:]]
    if not spelled:
        return None
    old = spelled[0]
    new = rng.choice([w for w in _WORDS[1:8] if w != old])
    return re.sub(rf"\b{old}\b", new, text, count=1)


def training_rows(data: Path, citing: list[str], topics: list[Path], cells: list[Path], share: float) -> list[Pair]:
    """Everything that is read. `citing` are files, each with how often it is read (FILE:TIMES); of all other
    claims that `share` is read.
    """
    bulk = data / "data" / "bulk" / "arxiv_110k.jsonl.xz"
    ours = told_by_style(own_claims(bulk, "train"))
    told = list(summaries(data / "train"))
    rows = [*ours, *told]
    rows += over_similar_abstracts([*ours], 0.8)
    rows += over_similar_abstracts([*told], 0.6)
    rows += with_other_numbers([*ours, *told])
    rows += [replace(p, weight=1.0) for p in edited([p for p in ours if p.label == 0]) if unit("edit" + p.text) < 0.5]
    for name, (count, splits) in PUBLIC.items():
        chosen = list(claims(data / "train", name, splits))
        rows += sorted(chosen, key=lambda p: unit(p.text + p.sentences[0]))[:count]
    rows = [p for p in rows if unit("share" + p.text) < share]
    cited = []
    for path, times in map(file_and_times, citing):
        cited += as_often(abstracts_of(bulk, path), times)
    if cited:
        rows += [*cited, *over_similar_abstracts(cited, 0.2), *with_other_numbers(cited)]
    rows += [pair for path in cells for pair in cells_of(bulk, path)]
    return rows + [pair for path in topics for pair in topics_of(bulk, path)]


def dev_rows(data: Path) -> dict[str, list[Pair]]:
    scifact = [p for p in claims(data / "train", "nli_scifact", {"dev"}) if len(p.sentences[0]) > 600]
    bulk = data / "data" / "bulk" / "arxiv_110k.jsonl.xz"
    cited = list(abstracts_of(bulk, Path(__file__).parent / "abstracts" / "citing_dev.jsonl"))
    ours = [p for p in own_claims(bulk, "dev") if unit("dev" + p.group) < 0.4]
    topics = topics_of(bulk, Path(__file__).parent / "topics" / "dev.jsonl")
    judged = list(cells_of(bulk, Path(__file__).parent / "cells" / "labels.jsonl"))
    return {
        "scifact dev": scifact, "own dev": ours, "citing dev": cited, "topics dev": topics,
        "cells dev": [p for p in judged if p.dataset == "cell"],
        "states dev": [p for p in judged if p.dataset == "states"],
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds train/ and data/")
    parser.add_argument("--weights", type=Path, required=True, help="folder of the MiniLM weights and tokenizer")
    parser.add_argument("--start", type=Path, required=True, help="weights to go on from")
    parser.add_argument("--save", type=Path, required=True)
    parser.add_argument("--rate", type=float, default=7e-5)
    parser.add_argument("--end-rate", type=float, default=0.05, help="last learning rate, as a share of the first")
    parser.add_argument("--citing", nargs="*", default=[], metavar="FILE:TIMES", help="citing sentences; 2 is twice")
    parser.add_argument("--topics", type=Path, nargs="*", default=[], help="files of topics")
    parser.add_argument("--cells", type=Path, nargs="*", default=[], help="files of judged cells")
    parser.add_argument("--share", type=float, default=1.0, help="of all other claims")
    parser.add_argument("--freeze", type=int, default=0, help="lowest layers to leave as they are: a fifth faster at 2")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--every", type=int, default=600)
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    encoder, judge = Encoder(arguments.weights, WINDOW), Judge(arguments.weights)
    judge.load_state_dict(torch.load(arguments.start, weights_only=True))
    for layer in judge.encoder.encoder.layer[: arguments.freeze]:
        layer.requires_grad_(False)
    rows = training_rows(arguments.data, arguments.citing, arguments.topics, arguments.cells, arguments.share)
    dev = dev_rows(arguments.data)
    print(json.dumps(counts(rows)), {n: len(p) for n, p in dev.items()}, flush=True)
    plan = batches([encoder.encode(p) for p in rows], random.Random(arguments.seed), TOKENS)
    print(f"{sum(len(r.ids) for batch in plan for r in batch)} tokens, {len(plan)} steps", flush=True)
    steps, seen = train(judge, plan, arguments, lambda: report(judge, encoder, dev))
    torch.save(judge.state_dict(), arguments.save)
    stage = {
        "by": "train_abstract_reader.py", "minutes": arguments.minutes, "steps": steps, "rows": seen,
        "sha256": digest(rows), "window": WINDOW, "rate": arguments.rate, "share": arguments.share,
        "freeze": arguments.freeze, "citing": [Path(name).name for name in arguments.citing],
        "topics": [p.name for p in arguments.topics],
        "cells": [p.name for p in arguments.cells],
    }  # fmt: skip
    before = arguments.start.with_suffix(".json")
    stages = json.loads(before.read_text())["stages"] if before.exists() else []
    arguments.save.with_suffix(".json").write_text(json.dumps({"stages": [*stages, stage]}, indent=1))
    report(judge, encoder, dev)


if __name__ == "__main__":
    main()
