"""Two processes over one home: the page of one follows what the other does to the library."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from citeworthy.assistant import Assistant
from citeworthy.importing import Imported
from citeworthy.library.adding import AddReport
from citeworthy.records import Paper
from citeworthy.settings import Settings
from citeworthy.surfaces.web.views.papers import import_report
from citeworthy.surfaces.web.workspace import Workspace


@pytest.fixture
def other(fake_settings: Settings) -> Iterator[Assistant]:
    made = Assistant(fake_settings, fake_settings.home)
    yield made
    made.library.close()


def test_the_page_follows_what_another_process_adds_and_removes(
    fake_settings: Settings, other: Assistant, papers: list[Paper]
) -> None:
    workspace = Workspace(fake_settings)
    assert workspace.assistant.is_sample
    with other.importer.changing():
        list(other.library.add(papers))
    assert not workspace.assistant.is_sample
    assert workspace.assistant.search("state space", 1).hits[0].paper.key == "gu2022s4"
    kept = workspace.assistant
    assert workspace.assistant is kept
    workspace.tag(["gu2022s4"], ["read"])
    with other.importer.changing():
        list(other.library.add([replace(papers[0], title="A title of another kind", arxiv_id="2101.00001")]))
    assert workspace.assistant.search("title of another kind", 1).hits[0].paper.title == "A title of another kind"
    other.remove([paper.key for paper in other.library.papers()])
    assert workspace.assistant.is_sample


def test_an_import_says_what_a_server_has_not_got_yet() -> None:
    imported = [Imported("a.bib", AddReport())]
    assert "vectors &lt;3&gt; wait" in import_report(imported, "vectors <3> wait")
    assert "wait" not in import_report(imported)
