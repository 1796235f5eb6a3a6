"""Train the judge: first on the public sets, then on our own questions and claims over abstracts.

    python eval/training/train_judge.py --data ../shared --weights FOLDER --save first.pt
    python eval/training/train_judge.py --data ../shared --weights FOLDER --start first.pt --public 0.2 --own 2 ...

Prints the losses and, now and then, figures on the dev parts (SciFact dev; our own dev abstracts).
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from cell_rows import cells_of
from contribution_rows import contributions_of
from judge_network import Encoded, Encoder, Judge, collate
from pairs import (
    ASKED_KINDS,
    OWN,
    Pair,
    abstracts_of,
    as_often,
    asked_of,
    claims,
    counts,
    digest,
    edited,
    file_and_times,
    over_other_abstracts,
    own,
    told_by_style,
    topics_of,
    unit,
)
from public_sets import SCIENCE, public
from sklearn.metrics import balanced_accuracy_score, roc_auc_score
from study_rows import studies_of
from torch.nn import functional

from citeworthy.models.minilm_judge import ALL_TOKENS

TOKENS = 900  # in one step; small, since many steps on few rows teach more than few on many
# Options that are places, or change nothing.
UNRECORDED = {"data", "weights", "start", "start_with", "save", "mix_with", "every"}
TWINS = 1.0  # weight of the order of twins
Judged = tuple[np.ndarray, float, np.ndarray]  # sentence logits [S], answerability logit, support probabilities [3]


def batches(rows: list[Encoded], rng: random.Random, tokens: int = TOKENS) -> list[list[Encoded]]:
    """Batches of one task and of similar lengths, twins together, in random order."""
    made: list[list[Encoded]] = []
    for task in ("question", "claim"):
        together: dict[object, list[Encoded]] = {}
        for index, row in enumerate(rows):
            if row.pair.task == task:
                together.setdefault(row.pair.twin or index, []).append(row)
        lengths = {twin: max(len(r.ids) for r in some) for twin, some in together.items()}
        batch: list[Encoded] = []
        for twin in sorted(lengths, key=lambda t: lengths[t] + rng.random() * 12):
            if batch and (len(batch) + len(together[twin])) * lengths[twin] > tokens:
                made.append(batch)
                batch = []
            batch += together[twin]
        if batch:
            made.append(batch)
    rng.shuffle(made)
    return made


def loss(judge: Judge, rows: list[Encoded]) -> torch.Tensor:
    """Mean loss of one batch."""
    batch = collate(rows)
    relevance, answerability, support = judge(batch)
    weights = torch.tensor([r.pair.weight for r in rows])
    if rows[0].pair.task == "claim":
        labels = torch.tensor([r.pair.label for r in rows])
        logs = functional.log_softmax(support, dim=1)
        exact = -logs.gather(1, labels[:, None])[:, 0]
        either = -torch.logsumexp(logs[:, 1:], dim=1)  # "not supported" may be a contradiction
        loose = torch.tensor([r.pair.binary and r.pair.label == 2 for r in rows])
        odds = logs[:, 0] - torch.logsumexp(logs[:, 1:], dim=1)
        ordered = between_twins(rows, odds, [r.pair.label == 0 for r in rows])
        return (weights * torch.where(loose, either, exact)).sum() / weights.sum() + TWINS * ordered
    labels = torch.full_like(relevance, -1)
    for index, row in enumerate(rows):
        known = row.pair.relevant[: len(row.spans)]
        labels[index, : len(known)] = torch.tensor(known, dtype=labels.dtype)
    known = labels >= 0
    by_sentence = functional.binary_cross_entropy_with_logits(
        relevance, labels.clamp(min=0), pos_weight=torch.tensor(3.0), reduction="none"
    )
    sentence = (by_sentence * weights[:, None])[known].sum() / (weights[:, None].expand_as(known)[known].sum() + 1e-6)
    answers = torch.tensor([float(r.pair.answerable) for r in rows])
    whole = functional.binary_cross_entropy_with_logits(answerability, answers, reduction="none")
    ordered = between_twins(rows, answerability, [r.pair.answerable == 1 for r in rows])
    return sentence + 0.7 * (weights * whole).sum() / weights.sum() + TWINS * ordered


def between_twins(rows: list[Encoded], odds: torch.Tensor, hold: list[bool]) -> torch.Tensor:
    """Mean loss of the pairs over one abstract of which one holds (is supported, is answered) and the other does not:
    what counts there is which of the two is the likelier (RankNet, Burges et al. 2005). `odds` [B].
    """
    pairs = [
        (i, j)
        for i, one in enumerate(rows)
        for j, other in enumerate(rows)
        if one.pair.twin and one.pair.group == other.pair.group and hold[i] and not hold[j]
    ]
    if not pairs:
        return odds.new_zeros(())
    better, worse = (torch.tensor(some) for some in zip(*pairs, strict=True))
    return functional.softplus(odds[worse] - odds[better]).mean()


@torch.no_grad()
def predict(judge: Judge, encoder: Encoder, pairs: list[Pair]) -> list[Judged]:
    """What the network says of each pair."""
    judge.eval()
    rows = sorted(((i, encoder.encode(p)) for i, p in enumerate(pairs)), key=lambda r: len(r[1].ids))
    found: dict[int, Judged] = {}
    for start in range(0, len(rows), 16):
        part = rows[start : start + 16]
        relevance, answerability, support = judge(collate([r for _, r in part]))
        for n, (index, row) in enumerate(part):
            probabilities = support[n].softmax(0).numpy()
            found[index] = relevance[n, : len(row.spans)].numpy(), float(answerability[n]), probabilities
    judge.train()
    return [found[i] for i in range(len(pairs))]


def figures(pairs: list[Pair], found: list[Judged]) -> dict[str, float]:
    """AUROC and balanced accuracy of each judgement."""
    rows: dict[str, float] = {}
    asked = [(p, f) for p, f in zip(pairs, found, strict=True) if p.task == "question"]
    if asked:
        labels = [p.answerable for p, _ in asked]
        rows["answerability AUROC"] = roc_auc_score(labels, [f[1] for _, f in asked])
        rows["best sentence AUROC"] = roc_auc_score(labels, [f[0].max() for _, f in asked])
        located = [(p, f) for p, f in asked if any(r == 1 for r in p.relevant)]
        if located:
            rows["hit@1"] = float(np.mean([p.relevant[int(np.argmax(f[0]))] == 1 for p, f in located]))
    told = [(p, f) for p, f in zip(pairs, found, strict=True) if p.task == "claim"]
    if told:
        labels = np.array([p.label for p, _ in told])
        support = np.stack([f[2] for _, f in told])
        rows["support AUROC"] = roc_auc_score(labels == 0, support[:, 0])
        if any(labels == 1):
            rows["contradiction AUROC"] = roc_auc_score(labels == 1, support[:, 1])
            rows["3-way balanced accuracy"] = balanced_accuracy_score(labels, support.argmax(1))
    return {name: round(float(value), 3) for name, value in rows.items()}


def options() -> argparse.Namespace:
    """Of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds train/ and data/")
    parser.add_argument("--weights", type=Path, required=True, help="folder of the MiniLM weights and tokenizer")
    parser.add_argument("--start", type=Path, help="weights to go on from")
    parser.add_argument("--start-with", type=Path, help="weights that --start is averaged with, half and half")
    parser.add_argument("--save", type=Path, required=True)
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--end-rate", type=float, default=0.25, help="last learning rate, as a share of the first")
    parser.add_argument("--public", type=float, default=1.0, help="share of the general public rows to read")
    parser.add_argument("--science", type=float, default=1.0, help="share of the scientific ones")
    parser.add_argument("--wide", action="store_true", help="those shares of many more rows of the public sets")
    parser.add_argument("--own", type=int, default=1, help="how often to read our own rows")
    parser.add_argument("--share", type=float, default=1.0, help="of our own rows that is read each time")
    parser.add_argument("--asked", type=float, default=0, help="how often to read the questions in pairs; .3: a part")
    parser.add_argument(
        "--voices",
        nargs="*",
        default=[],
        metavar="PART:TIMES",
        help="questions in many voices, and how often to read them: voices_train:.3",
    )
    parser.add_argument("--citing", nargs="*", default=[], metavar="FILE:TIMES", help="citing sentences; 2 is twice")
    parser.add_argument("--topics", nargs="*", default=[], metavar="FILE:TIMES", help="topics and their papers")
    parser.add_argument("--cells", nargs="*", default=[], metavar="FILE:TIMES", help="judged cells of tables")
    parser.add_argument("--contributions", nargs="*", default=[], metavar="FILE:TIMES", help="marked sentences")
    parser.add_argument("--studies", nargs="*", default=[], metavar="FILE:TIMES", help="rows over studies")
    parser.add_argument("--tokens", type=int, default=TOKENS, help="of one step")
    parser.add_argument("--window", type=int, default=ALL_TOKENS, help="tokens of a pair that are read")
    parser.add_argument("--bfloat16", action="store_true", help="multiply in it: faster where the processor can")
    parser.add_argument("--claims-only", action="store_true", help="leave the questions out")
    parser.add_argument("--freeze", type=int, default=0, help="lowest layers to leave as they are: a fifth faster at 2")
    parser.add_argument(
        "--mix", type=float, default=1.0, help="share of the new weights in what is saved, beside those of --mix-with"
    )
    parser.add_argument("--mix-with", type=Path, help="instead of --start")
    parser.add_argument("--seed", type=int, default=7, help="of the order of the batches")
    parser.add_argument("--minutes", type=float, help="stop after this time, with the schedule fitted to it")
    parser.add_argument("--every", type=int, default=300, help="steps between two evaluations")
    return parser.parse_args()


def main() -> None:
    arguments = options()
    torch.manual_seed(arguments.seed)
    encoder, judge = Encoder(arguments.weights, arguments.window), Judge(arguments.weights)
    if arguments.start:
        begun = torch.load(arguments.start, weights_only=True)
        if arguments.start_with:
            begun = mixed(begun, torch.load(arguments.start_with, weights_only=True), 0.5)
        judge.load_state_dict(begun)
    for layer in judge.encoder.encoder.layer[: arguments.freeze]:
        layer.requires_grad_(False)
    training, dev = training_rows(arguments), dev_rows(arguments.data)
    print(json.dumps(counts(training)), {n: len(p) for n, p in dev.items()}, flush=True)
    plan = batches([encoder.encode(p) for p in training], random.Random(arguments.seed), arguments.tokens)
    print(f"{sum(len(r.ids) for batch in plan for r in batch)} tokens, {len(plan)} steps", flush=True)
    steps, seen = train(judge, plan, arguments, lambda: report(judge, encoder, dev))
    before = arguments.mix_with or arguments.start
    if arguments.mix < 1 and before:
        judge.load_state_dict(mixed(torch.load(before, weights_only=True), judge.state_dict(), arguments.mix))
    torch.save(judge.state_dict(), arguments.save)
    described = arguments.save.with_suffix(".json")
    earlier = arguments.start and arguments.start.with_suffix(".json")
    stages = json.loads(earlier.read_text())["stages"] if earlier and earlier.exists() else []
    stage = {
        "options": {name: value for name, value in vars(arguments).items() if name not in UNRECORDED},
        "rows": counts(training), "rows_sha256": digest(training), "steps": steps, "rows_seen": seen,
    }  # fmt: skip
    described.write_text(json.dumps({"stages": [*stages, stage]}, indent=2) + "\n")
    report(judge, encoder, dev)


def mixed(old: dict[str, torch.Tensor], new: dict[str, torch.Tensor], share: float) -> dict[str, torch.Tensor]:
    """Weights between those before and after: what was learned before is forgotten less, and both are done about as
    well as by either (WiSE-FT, Wortsman et al. 2022)."""
    return {n: torch.lerp(old[n], v, share) if v.is_floating_point() else v for n, v in new.items()}


def training_rows(arguments: argparse.Namespace) -> list[Pair]:
    """The public rows, ours, and supported claims with a word changed."""
    bulk = arguments.data / "data" / "bulk" / "arxiv_110k.jsonl.xz"
    times = {part: float(often) for part, often in (named.rsplit(":", 1) for named in arguments.voices)}
    ours = told_by_style(own(bulk, "train", *times))
    part_of = {
        f"own:{json.loads(line)['id']}": part
        for part in times
        for line in (OWN / f"{part}.jsonl").read_text().splitlines()
    }
    voices, ours = [p for p in ours if p.group in part_of], [p for p in ours if p.group not in part_of]
    shares = {True: arguments.science, False: arguments.public}
    chosen = [
        p
        for p in public(arguments.data / "train", wide=arguments.wide)
        if unit("share" + p.text) < shares[p.dataset in SCIENCE]
    ]
    ours = [p for p in ours if unit("own" + p.group) < arguments.share]
    chosen += [*ours, *over_other_abstracts(bulk, ours)] * arguments.own
    voices += over_other_abstracts(bulk, voices)
    for part, often in times.items():
        chosen += as_often([p for p in voices if part_of[p.group] == part], often)
    chosen += edited(chosen)
    chosen += as_often(asked_of(bulk, OWN / "asked_train.jsonl"), arguments.asked)
    for read, files in (
        (abstracts_of, arguments.citing), (topics_of, arguments.topics), (cells_of, arguments.cells),
        (contributions_of, arguments.contributions),
    ):  # fmt: skip
        for path, often in map(file_and_times, files):
            chosen += as_often(list(read(bulk, path)), often)
    for path, often in map(file_and_times, arguments.studies):
        chosen += as_often(studies_of(arguments.data / "train", path), often)
    return [p for p in chosen if p.task == "claim" or not arguments.claims_only]


def dev_rows(data: Path) -> dict[str, list[Pair]]:
    """What the figures on the way are of."""
    scifact = claims(data / "train", "nli_scifact", {"dev"})
    bulk = data / "data" / "bulk" / "arxiv_110k.jsonl.xz"
    asked = asked_of(bulk, OWN / "asked_dev.jsonl")
    by_kind = {kind: [p for p in asked if p.dataset == f"asked_{kind}"] for kind in ASKED_KINDS}
    return {
        "scifact dev": [p for p in scifact if len(p.sentences[0]) < 600],
        "own dev": [p for p in own(bulk, "dev") if not p.dataset.startswith("own_w")],
        "studies dev": studies_of(data / "train", OWN / "studies_dev.jsonl"),
        "asked dev": [p for p in asked if p.dataset != "asked_ablated"],
        **{f"asked dev, {kind}": some for kind, some in by_kind.items()},
    }


def train(
    judge: Judge, plan: list[list[Encoded]], arguments: argparse.Namespace, evaluate: Callable[[], None]
) -> tuple[int, int]:
    """Steps done and rows seen."""
    learned = [(n, p) for n, p in judge.named_parameters() if p.requires_grad]
    encoders = [p for n, p in learned if n.startswith("encoder")]
    heads = [p for n, p in learned if not n.startswith("encoder")]
    optimiser = torch.optim.AdamW(
        [{"params": encoders, "lr": arguments.rate}, {"params": heads, "lr": 5 * arguments.rate}],
        weight_decay=0.01, fused=True,
    )  # fmt: skip
    peaks = [group["lr"] for group in optimiser.param_groups]
    began = time.monotonic()
    recent: dict[str, list[float]] = {"question": [], "claim": []}
    steps = seen = 0
    for batch in plan:
        minutes = (time.monotonic() - began) / 60
        done = max(steps / len(plan), minutes / arguments.minutes if arguments.minutes else 0)
        if done >= 1:
            break
        factor = min(1.0, (steps + 1) / 80) * (1 - (1 - arguments.end_rate) * done)
        for group, peak in zip(optimiser.param_groups, peaks, strict=True):
            group["lr"] = peak * factor
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=arguments.bfloat16):
            value = loss(judge, batch)
        value.backward()
        torch.nn.utils.clip_grad_norm_(encoders + heads, 1.0)
        optimiser.step()
        optimiser.zero_grad()
        steps, seen = steps + 1, seen + len(batch)
        task = batch[0].pair.task
        recent[task] = [*recent[task][-149:], float(value.detach())]
        if steps % 100 == 0:
            losses = {name: round(float(np.mean(values)), 3) for name, values in recent.items() if values}
            print(f"{minutes:5.1f} min  step {steps}  {losses}", flush=True)
        if steps % arguments.every == 0:
            evaluate()
            torch.save(judge.state_dict(), arguments.save)
    return steps, seen


def report(judge: Judge, encoder: Encoder, dev: dict[str, list[Pair]]) -> None:
    """Print the figures on every dev part."""
    for name, pairs in dev.items():
        print("  ", name, json.dumps(figures(pairs, predict(judge, encoder, pairs))), flush=True)


if __name__ == "__main__":
    main()
