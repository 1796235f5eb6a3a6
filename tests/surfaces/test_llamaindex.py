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
