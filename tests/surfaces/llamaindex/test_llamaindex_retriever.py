from __future__ import annotations

import asyncio

from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine

from citeworthy.assistant import Assistant
from citeworthy.records import Filters
from citeworthy.surfaces.llamaindex import CiteworthyRetriever


def test_nodes_are_papers_with_the_stored_abstract(assistant: Assistant) -> None:
    nodes = CiteworthyRetriever(assistant, k=2).retrieve("IL-6 and vitamin D")
    assert nodes[0].node.metadata["title"].startswith("IL-6")
    assert nodes[0].node.get_content(metadata_mode="none") == assistant.library.get(nodes[0].node.node_id).abstract


def test_filters_apply(assistant: Assistant) -> None:
    nodes = CiteworthyRetriever(assistant, filters=Filters(year_from=2022)).retrieve("sepsis")
    assert {n.node.metadata["year"] for n in nodes} == {2022, 2024}


def test_awaited_it_finds_the_same(assistant: Assistant) -> None:
    retriever = CiteworthyRetriever(assistant, k=3)
    assert asyncio.run(retriever.aretrieve("IL-6 in sepsis")) == retriever.retrieve("IL-6 in sepsis")


def test_it_serves_a_query_engine(assistant: Assistant) -> None:
    engine = RetrieverQueryEngine.from_args(CiteworthyRetriever(assistant, k=1), llm=MockLLM())
    response = engine.query("IL-6 and vitamin D")
    assert "Vitamin D lowered IL-6 by 30%." in str(response)  # the mock repeats its prompt
    assert response.source_nodes[0].node.node_id == "lovelace2020il"
