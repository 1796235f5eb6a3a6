from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from llama_index.core import Document
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.schema import NodeRelationship

from citeworthy.surfaces.llamaindex import CiteworthyNodeParser

TEXT = " It rose (Fig. 2). IL-6 fell by 3.5%.\n\nIt rose (Fig. 2). No. 3 was of J. Smith et al. too. It rose (Fig. 2). "
_PIECES = st.sampled_from(["It rose. ", "IL-6 fell by 3.5%. ", "See Fig. 2. ", " ", "\n\n", "β ", "(a. B) ", "Is it? "])


def test_nodes_are_sentences_with_their_places() -> None:
    document = Document(text=TEXT, metadata={"title": "A title"})
    nodes = CiteworthyNodeParser().get_nodes_from_documents([document])
    assert [node.text for node in nodes] == [
        "It rose (Fig. 2).", "IL-6 fell by 3.5%.", "It rose (Fig. 2).", "No. 3 was of J. Smith et al. too.",
        "It rose (Fig. 2).",
    ]  # fmt: skip
    assert [TEXT[n.start_char_idx : n.end_char_idx] for n in nodes] == [n.text for n in nodes]
    assert len({n.start_char_idx for n in nodes}) == 5  # each of the three that are alike at its own place
    assert {n.ref_doc_id for n in nodes} == {document.id_}
    assert {n.metadata["title"] for n in nodes} == {"A title"}
    assert nodes[1].relationships[NodeRelationship.PREVIOUS].node_id == nodes[0].node_id
    assert NodeRelationship.NEXT not in nodes[-1].relationships


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.lists(_PIECES).map("".join), max_size=3), sentences=st.integers(1, 4), data=st.data())
def test_places_are_exact_and_nothing_is_lost(texts: list[str], sentences: int, data: st.DataObject) -> None:
    overlap = data.draw(st.integers(0, sentences - 1))
    documents = [Document(text=text) for text in texts]
    nodes = CiteworthyNodeParser(sentences=sentences, overlap=overlap).get_nodes_from_documents(documents)
    for document in documents:
        covered = set[int]()
        for node in (n for n in nodes if n.ref_doc_id == document.id_):
            assert document.text[node.start_char_idx : node.end_char_idx] == node.text
            covered |= set(range(node.start_char_idx, node.end_char_idx))
        assert all(c.isspace() for place, c in enumerate(document.text) if place not in covered)


def test_windows_overlap_as_asked() -> None:
    text = "One is here. Two is here. Three is here. Four is here."
    nodes = CiteworthyNodeParser(sentences=2, overlap=1).get_nodes_from_documents([Document(text=text)])
    assert [n.text for n in nodes] == [
        "One is here. Two is here.", "Two is here. Three is here.", "Three is here. Four is here."
    ]  # fmt: skip
    with pytest.raises(ValueError, match="smaller"):
        CiteworthyNodeParser(sentences=2, overlap=2)


def test_nodes_of_another_parser_keep_their_document() -> None:
    document = Document(text=TEXT * 3)
    first = SentenceSplitter(chunk_size=40, chunk_overlap=0).get_nodes_from_documents([document])
    assert len(first) > 1
    nodes = CiteworthyNodeParser()(first)
    assert {n.ref_doc_id for n in nodes} == {document.id_}
    assert all(document.text[n.start_char_idx : n.end_char_idx] == n.text for n in nodes)


def test_awaited() -> None:
    parsed = CiteworthyNodeParser(sentences=3).aget_nodes_from_documents([Document(text=TEXT), Document(text="")])
    assert len(asyncio.run(parsed)) == 2
