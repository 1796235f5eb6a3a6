"""citeworthy's sentences as LlamaIndex nodes, each with its exact place in the text it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llama_index.core.node_parser.interface import NodeParser
from llama_index.core.node_parser.node_utils import build_nodes_from_splits
from llama_index.core.schema import BaseNode, Document, MetadataMode, TextNode
from pydantic import Field, model_validator

from citeworthy.text.sentences import Span, split_sentences


class CiteworthyNodeParser(NodeParser):
    """Nodes of so many whole sentences, split as scientific prose wants it ("Fig. 2", "et al.", "IL-6"), however long
    they are. `document.text[node.start_char_idx:node.end_char_idx] == node.text`, also where a text repeats itself.

    Nodes that are parsed again get their place in the document where their own is known, else in the node.
    """

    sentences: int = Field(default=1, ge=1, description="sentences in a node")
    overlap: int = Field(default=0, ge=0, description="sentences that a node has in common with the one before")

    @classmethod
    def class_name(cls) -> str:
        return "CiteworthyNodeParser"

    @model_validator(mode="after")
    def _check_overlap(self) -> CiteworthyNodeParser:
        if self.overlap >= self.sentences:
            raise ValueError("overlap must be smaller than sentences, or the nodes never get to the end")
        return self

    def _parse_nodes(
        self,
        nodes: Sequence[BaseNode],
        show_progress: bool = False,  # noqa: ARG002  it takes no time
        **_: Any,
    ) -> list[BaseNode]:
        made: list[BaseNode] = []
        for parent in nodes:
            text = parent.get_content(metadata_mode=MetadataMode.NONE)
            spans = self._spans(text)
            shift = (parent.start_char_idx or 0) if isinstance(parent, TextNode) else 0
            parts = build_nodes_from_splits([text[start:end] for start, end in spans], parent, id_func=self.id_func)
            for part, (start, end) in zip(parts, spans, strict=True):
                part.start_char_idx, part.end_char_idx = start + shift, end + shift
            made += parts
        return made

    def _spans(self, text: str) -> list[Span]:
        sentences = split_sentences(text)
        found = []
        for first in range(0, len(sentences), self.sentences - self.overlap):
            last = min(first + self.sentences, len(sentences)) - 1
            found.append((sentences[first][0], sentences[last][1]))
            if last == len(sentences) - 1:
                break
        return found

    def _postprocess_parsed_nodes(self, nodes: list[BaseNode], parent_doc_map: dict[str, Document]) -> list[BaseNode]:
        """LlamaIndex's, without its search for where each text may have stood."""
        places = [(n.start_char_idx, n.end_char_idx) for n in nodes if isinstance(n, TextNode)]
        done = super()._postprocess_parsed_nodes(nodes, parent_doc_map)
        for node, place in zip(done, places, strict=True):
            if isinstance(node, TextNode):
                node.start_char_idx, node.end_char_idx = place
        return done
