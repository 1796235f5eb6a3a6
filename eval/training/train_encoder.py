"""Train the sentence encoder further, on what our questions, citing sentences and topics say belongs together.

    python eval/training/train_encoder.py --data ../shared --weights FOLDER --save encoder.pt

A question (a true citing sentence, a topic) should lie nearer to the abstract it was written about than to those of
like papers, and a question nearer to the sentences that answer it than to the others of the same abstract. What is
compared is what retrieval adds up, the cosine of the whole text and that of its best sentence
(`retrieve/retriever.py`), by a softmax over the abstracts of a batch, a quarter of which are like papers (InfoNCE, van
den Oord et al. 2018; hard negatives as in Karpukhin et al. 2020). The weights saved are a mean of those before and
after (WiSE-FT, Wortsman et al. 2022), so that what the encoder knows of other fields is kept. No abstract of the
sample library is read.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from dev_retrieval import Questions
from pairs import OWN, read_bulk
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from tokenizers import Tokenizer
from torch.nn import functional
from train_judge import mixed
from transformers import BertModel

from citeworthy.index.passages import passage
from citeworthy.records import Paper

TOPICS = Path(__file__).parent / "topics"
ALIKE = 8  # abstracts of like papers that stand together
AT_ONCE = 32  # abstracts of a step
QUERIES = 4  # of an abstract each time it is read
MOST_TOKENS = 320  # of an abstract; 19 of 20 fit
TEMPERATURE = 0.05  # of a cosine
WITHIN = 0.3  # weight of the right sentence within the abstract


@dataclass(slots=True)
class Document:
    """One abstract and what was written about it."""

    name: str
    text: str  # title and abstract
    spans: list[tuple[int, int]]  # of its sentences in the text
    queries: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)  # and the sentences that answer, from 0


@dataclass(slots=True)
class Packet:
    """Like papers that stand together in a batch."""

    documents: list[Document]
    topics: list[tuple[str, set[str], set[str]]] = field(default_factory=list)  # text, names on it, names in doubt


def documents(bulk: Path) -> list[Document]:
    """Every abstract that something true was written about."""
    queries: dict[str, list[tuple[str, tuple[int, ...]]]] = defaultdict(list)
    for part in ("train", "voices_train", "voices2_train", "asked_train"):
        for row in _lines(OWN / f"{part}.jsonl"):
            asked = [pair[:2] for pair in row.get("pairs", ())] + row.get("ask", [])
            claims = [(text, where) for text, kind, where in row.get("claims", ()) if kind == "S"]
            queries[row["id"]] += [(text, tuple(n - 1 for n in where)) for text, where in [*asked, *claims]]
    for part in ("citing_train", "twins_train", "pairs_train"):
        for row in _lines(OWN / f"{part}.jsonl"):
            queries[row["id"]] += [(text, ()) for text, kind in row["sentences"] if kind == "S"]
    return [_document(name, *texts, queries[name]) for name, texts in _texts(bulk, set(queries)).items()]


def topic_packets(bulk: Path) -> list[Packet]:
    """The papers of each packet that were judged, with its topics."""
    rows: dict[str, list[dict]] = defaultdict(list)
    for row in _lines(TOPICS / "train.jsonl"):
        rows[row["packet"]].append(row)
    names = {n: {x for r in some for x in (*r["yes"], *r["no"], *r["maybe"])} for n, some in rows.items()}
    texts = _texts(bulk, set().union(*names.values()))
    return [
        Packet(
            [_document(name, *texts[name], []) for name in sorted(names[packet])],
            [(row["topic"], set(row["yes"]), set(row["maybe"])) for row in some],
        )
        for packet, some in rows.items()
    ]


def _document(name: str, title: str, text: str, queries: list[tuple[str, tuple[int, ...]]]) -> Document:
    whole, spans = passage(Paper(key=name, title=title, abstract=text))
    return Document(name, whole, spans, queries)


def _texts(bulk: Path, wanted: set[str]) -> dict[str, tuple[str, str]]:
    return {name: (title, text) for name, title, text in read_bulk(bulk) if name in wanted}


def _lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def alike(some: list[Document], rng: random.Random) -> list[Packet]:
    """The documents in packets of like ones: halved by the words that tell them apart until few enough are left."""
    words = TfidfVectorizer(stop_words="english", sublinear_tf=True, min_df=2)
    places = TruncatedSVD(64, random_state=7).fit_transform(words.fit_transform([d.text for d in some]))

    def halved(chosen: list[int]) -> list[list[int]]:
        if len(chosen) <= ALIKE:
            return [chosen]
        own = places[chosen] - places[chosen].mean(axis=0)
        axes = np.linalg.svd(own, full_matrices=False)[2][:3]
        along = own @ axes[rng.randrange(len(axes))]
        order = [chosen[i] for i in np.argsort(along)]
        middle = len(order) // 2
        return halved(order[:middle]) + halved(order[middle:])

    return [Packet([some[i] for i in chosen]) for chosen in halved(list(range(len(some))))]


def batches(packets: list[Packet], rng: random.Random) -> list[list[Packet]]:
    """Packets in random order, so many together as make up a step."""
    order = packets[:]
    rng.shuffle(order)
    made: list[list[Packet]] = []
    batch: list[Packet] = []
    for packet in order:
        if batch and sum(len(p.documents) for p in (*batch, packet)) > AT_ONCE:
            made.append(batch)
            batch = []
        batch.append(packet)
    return [*made, batch]


class SentenceEncoder(torch.nn.Module):
    """MiniLM whose token states are averaged, over a text and over each of its sentences."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.bert = BertModel.from_pretrained(
            folder, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, add_pooling_layer=False
        )
        self.bert.embeddings.word_embeddings.weight.requires_grad_(False)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def forward(self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]) -> list[torch.Tensor]:
        """Unit vectors [1 + sentences, 384] of each text: the whole first. Texts of like length are read together."""
        encoded = [self._tokenizer.encode(text) for text in texts]
        order = sorted(range(len(texts)), key=lambda i: len(encoded[i].ids))
        vectors: dict[int, torch.Tensor] = {}
        for start in range(0, len(order), 16):
            part = order[start : start + 16]
            length = min(max(len(encoded[i].ids) for i in part), MOST_TOKENS)
            ids = torch.zeros(len(part), length, dtype=torch.long)
            mask = torch.zeros_like(ids)
            for row, i in enumerate(part):
                own = encoded[i].ids[:length]
                ids[row, : len(own)], mask[row, : len(own)] = torch.tensor(own), 1
            with torch.autocast("cpu", dtype=torch.bfloat16):
                states = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state
            for row, i in enumerate(part):
                vectors[i] = functional.normalize(_means(encoded[i], spans[i], length) @ states[row].float(), dim=-1)
        return [vectors[i] for i in range(len(texts))]


def _means(encoding: object, spans: Sequence[tuple[int, int]], length: int) -> torch.Tensor:
    """[1 + sentences, length]: a product with the token states gives the sums over the text and over each sentence."""
    offsets = np.array(encoding.offsets[:length])  # type: ignore[attr-defined]
    real = offsets[:, 1] > offsets[:, 0]
    rows = np.zeros((1 + len(spans), length), np.float32)
    rows[0, : len(offsets)] = 1
    for n, (a, b) in enumerate(spans, 1):
        rows[n, : len(offsets)] = (offsets[:, 0] >= a) & (offsets[:, 1] <= b) & real
    return torch.from_numpy(rows)


def loss(model: SentenceEncoder, batch: list[Packet], rng: random.Random) -> tuple[torch.Tensor, torch.Tensor]:
    """Of the right abstract among those of the batch, and of the right sentence within its own."""
    papers = [d for packet in batch for d in packet.documents]
    names = [d.name for d in papers]
    queries: list[tuple[str, set[str], set[str], int, tuple[int, ...]]] = []
    for place, paper in enumerate(papers):
        for text, where in rng.sample(paper.queries, min(QUERIES, len(paper.queries))):
            queries.append((text, {paper.name}, set(), place, where))
    queries += [(text, yes, maybe, -1, ()) for p in batch for text, yes, maybe in p.topics if yes]
    vectors = model([d.text for d in papers], [d.spans for d in papers])
    asked = torch.stack([v[0] for v in model([q[0] for q in queries], [()] * len(queries))])
    whole = asked @ torch.stack([v[0] for v in vectors]).T
    best = torch.stack([(asked @ v[1:].T).max(dim=1).values if len(v) > 1 else asked @ v[0] for v in vectors], dim=1)
    scores = (whole + best) / 2 / TEMPERATURE
    right = torch.tensor([[name in yes for name in names] for _, yes, _, _, _ in queries])
    doubt = torch.tensor([[name in maybe for name in names] for _, _, maybe, _, _ in queries])
    logs = functional.log_softmax(scores.masked_fill(doubt, -1e4), dim=1)
    each = (logs * right).sum(dim=1) / right.sum(dim=1)
    within = []
    for row, (_, _, _, place, where) in enumerate(queries):
        inside = vectors[place][1:]
        if where and len(inside) > 1 and max(where) < len(inside):
            told = functional.log_softmax(asked[row] @ inside.T / TEMPERATURE, dim=0)
            within.append(-torch.logsumexp(told[list(where)], dim=0))
    return -each.mean(), torch.stack(within).mean() if within else asked.new_zeros(())


def train(
    model: SentenceEncoder, plan: list[list[Packet]], arguments: argparse.Namespace, evaluate: Callable[[], None]
) -> int:
    """Steps done."""
    learned = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(learned, lr=arguments.rate, weight_decay=0.01, fused=True)
    rng = random.Random(arguments.seed)
    began = time.monotonic()
    recent: list[tuple[float, float]] = []
    stop = min(arguments.stop or len(plan), len(plan))
    for step, batch in enumerate(plan[:stop], 1):
        factor = min(1.0, step / 30) * (1 - 0.9 * step / len(plan))
        for group in optimiser.param_groups:
            group["lr"] = arguments.rate * factor
        paper, sentence = loss(model, batch, rng)
        (paper + WITHIN * sentence).backward()
        torch.nn.utils.clip_grad_norm_(learned, 1.0)
        optimiser.step()
        optimiser.zero_grad()
        recent = [*recent[-49:], (float(paper.detach()), float(sentence.detach()))]
        if step % 25 == 0:
            told = np.mean(recent, axis=0).round(3).tolist()
            print(f"{(time.monotonic() - began) / 60:5.1f} min  step {step} of {len(plan)}  {told}", flush=True)
        if step % arguments.every == 0:
            evaluate()
            torch.save(model.bert.state_dict(), arguments.save)
    return stop


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds data/bulk")
    parser.add_argument("--weights", type=Path, required=True, help="folder of the MiniLM weights and tokenizer")
    parser.add_argument("--save", type=Path, required=True)
    parser.add_argument("--rate", type=float, default=3e-5)
    parser.add_argument("--turns", type=int, default=2, help="how often every abstract is read")
    parser.add_argument("--stop", type=int, help="steps after which to stop, the learning rate falling as planned")
    parser.add_argument("--mix", type=float, default=1.0, help="share of the new weights in what is saved")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--every", type=int, default=100, help="steps between two evaluations")
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    bulk = arguments.data / "data" / "bulk" / "arxiv_110k.jsonl.xz"
    some, packets, rng = documents(bulk), topic_packets(bulk), random.Random(arguments.seed)
    print(f"{len(some)} abstracts, {sum(len(d.queries) for d in some)} queries, {len(packets)} packets", flush=True)
    plan = [batch for _ in range(arguments.turns) for batch in batches([*alike(some, rng), *packets], rng)]
    model = SentenceEncoder(arguments.weights)
    before = {name: value.clone() for name, value in model.bert.state_dict().items()}
    dev = Questions()
    report(model, dev)
    steps = train(model, plan, arguments, lambda: report(model, dev))
    model.bert.load_state_dict(mixed(before, model.bert.state_dict(), arguments.mix))
    torch.save(model.bert.state_dict(), arguments.save)
    report(model, dev)
    told = {n: v for n, v in vars(arguments).items() if n not in {"data", "weights", "save", "every"}}
    arguments.save.with_suffix(".json").write_text(json.dumps({"options": told, "steps": steps}, indent=2) + "\n")


@torch.no_grad()
def report(model: SentenceEncoder, dev: Questions) -> None:
    """Print how well it finds papers on the dev questions and topics."""
    model.eval()
    for name, figures in dev.figures(model).items():
        print("  ", name, json.dumps(figures), flush=True)
    model.train()


if __name__ == "__main__":
    main()
