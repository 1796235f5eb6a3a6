"""The judge as a torch module: MiniLM reads a question or claim together with the text, three heads judge it.

    [CLS] question or claim [SEP] title. sentence 1 sentence 2 ... [SEP]

relevance      one logit a sentence, from the mean of its tokens and of the question's: does it answer the question?
answerability  one logit, from the strongest signals of all sentences: does anything here answer it?
support        three logits, from [CLS] and the means of claim and evidence: supported, contradicted, neither

Cross-encoding as in Nogueira and Cho (2019, arXiv:1901.04085), but one pass over an abstract judges all its sentences
in context, where a pair at a time would read the question once for each. The heads see products and differences of
means (as in InferSent, Conneau et al. 2017, arXiv:1705.02364): the encoder comes trained to put like texts close
together, and so the heads can use that from the first step. Without them nothing was learned in 250 steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from pairs import Pair
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional
from transformers import BertModel

from citeworthy.models.minilm_judge import ALL_TOKENS, TEXT_TOKENS, TITLE_TOKENS

HIDDEN = 192
SCALE = 384**0.5  # mean token vectors are brought to the length that layer normalisation gives a state


class Judge(nn.Module):
    """MiniLM with the three heads."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        # No dropout: every row is seen once or twice, and on a CPU its random numbers cost a third of a step.
        self.encoder = BertModel.from_pretrained(
            folder, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, add_pooling_layer=False
        )
        self.encoder.embeddings.word_embeddings.weight.requires_grad_(False)  # half of all weights, well trained
        width = self.encoder.config.hidden_size
        self.meet = nn.Linear(3 * width, HIDDEN)  # a question and a sentence
        self.relevance = nn.Linear(HIDDEN, 1)
        self.answerability = nn.Linear(HIDDEN, 1)  # of the sentences' strongest signals
        self.compare = nn.Linear(4 * width, HIDDEN)  # a claim and its evidence
        self.support = nn.Linear(HIDDEN, 3)

    def forward(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Relevance [B, S], answerability [B], support [B, 3]: logits."""
        states = self.encoder(
            input_ids=batch.ids, attention_mask=batch.mask, token_type_ids=batch.types
        ).last_hidden_state
        first = functional.normalize(torch.einsum("bt,btd->bd", batch.first, states), dim=-1) * SCALE
        second = functional.normalize(torch.einsum("bt,btd->bd", batch.second, states), dim=-1) * SCALE
        sentences = functional.normalize(torch.einsum("bst,btd->bsd", batch.spans, states), dim=-1) * SCALE
        asked = first[:, None].expand_as(sentences)
        met = functional.gelu(self.meet(torch.cat([sentences, asked * sentences, (asked - sentences).abs()], dim=-1)))
        strongest = met.masked_fill(batch.absent[..., None], -1e4).max(dim=1).values
        compared = torch.cat([states[:, 0], second, first * second, (first - second).abs()], dim=-1)
        support = self.support(functional.gelu(self.compare(compared)))
        return self.relevance(met)[..., 0], self.answerability(strongest)[..., 0], support


@dataclass(frozen=True, slots=True)
class Encoded:
    """One pair as token ids."""

    pair: Pair
    ids: list[int]
    types: list[int]
    spans: list[tuple[int, int]]  # token range of each sentence that fits
    first: int  # tokens of the question with its markers


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded tensors of several pairs."""

    ids: torch.Tensor
    mask: torch.Tensor
    types: torch.Tensor
    spans: torch.Tensor  # [B, S, T]: 1/length inside the sentence, so that a product is its mean
    first: torch.Tensor  # [B, T]: the same for the question
    second: torch.Tensor  # [B, T]: and for everything after it
    absent: torch.Tensor  # [B, S]: padding among the sentences
    pairs: list[Pair]


class Encoder:
    """Tokenises pairs and pads batches."""

    def __init__(self, folder: Path, most: int = ALL_TOKENS) -> None:
        """`most` tokens of a pair are read."""
        self._most = most
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._cls, self._sep = (self._tokenizer.token_to_id(t) for t in ("[CLS]", "[SEP]"))

    def encode(self, pair: Pair) -> Encoded:
        """Sentences beyond the window are cut off."""
        first = [self._cls, *self._ids(pair.text)[:TEXT_TOKENS], self._sep]
        ids = first + (self._ids(pair.title + ".")[:TITLE_TOKENS] if pair.title else [])
        spans = []
        for sentence in pair.sentences:
            tokens = self._ids(sentence)[: self._most - 1 - len(ids)]
            if not tokens:
                break
            spans.append((len(ids), len(ids) + len(tokens)))
            ids += tokens
        ids.append(self._sep)
        return Encoded(pair, ids, [0] * len(first) + [1] * (len(ids) - len(first)), spans, len(first))

    def _ids(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)


def collate(rows: list[Encoded]) -> Batch:
    """Pad to the longest."""
    length, most = max(len(r.ids) for r in rows), max(len(r.spans) for r in rows)
    ids = torch.zeros(len(rows), length, dtype=torch.long)
    types, mask = torch.zeros_like(ids), torch.zeros_like(ids)
    spans = torch.zeros(len(rows), max(most, 1), length)
    first, second = torch.zeros(len(rows), length), torch.zeros(len(rows), length)
    absent = torch.ones(len(rows), max(most, 1), dtype=torch.bool)
    for index, row in enumerate(rows):
        first[index, 1 : row.first - 1] = 1 / max(row.first - 2, 1)
        second[index, row.first : len(row.ids) - 1] = 1 / max(len(row.ids) - 1 - row.first, 1)
        absent[index, : len(row.spans)] = False
        ids[index, : len(row.ids)] = torch.tensor(row.ids)
        types[index, : len(row.ids)] = torch.tensor(row.types)
        mask[index, : len(row.ids)] = 1
        for number, (start, end) in enumerate(row.spans):
            spans[index, number, start:end] = 1 / (end - start)
    return Batch(ids, mask, types, spans, first, second, absent, [r.pair for r in rows])
