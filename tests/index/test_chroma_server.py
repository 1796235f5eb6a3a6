"""The vector index on a Chroma server: real ones, of `chroma run`; killed, held up, emptied, shared."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.chroma_server import ChromaServer, Clock, Wire

from citeworthy.assistant import Assistant
from citeworthy.errors import ModelMismatchError, VectorServerError
from citeworthy.index.breaker import Breaker
from citeworthy.index.check import check_index
from citeworthy.index.chroma import ChromaIndex
from citeworthy.index.marks import Marks
from citeworthy.index.places import Server
from citeworthy.records import Paper
from citeworthy.retrieve import retriever
from citeworthy.settings import ChromaSettings, EmbeddingSettings, Settings

Open = Callable[..., Assistant]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    made = ChromaServer(tmp_path_factory.mktemp("chroma"))
    yield made
    made.kill()


@pytest.fixture
def server(running: ChromaServer) -> Iterator[ChromaServer]:
    """One for all tests, whatever they do to it: each has libraries of its own."""
    yield running
    running.restore()


@pytest.fixture
def wire(running: ChromaServer) -> Iterator[Wire]:
    """To the server; what is held of it is let go at the end."""
    with Wire(running.port) as made:
        yield made


@pytest.fixture
def small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """All searches without a filter go to Chroma."""
    monkeypatch.setattr(retriever, "EXACT_LIMIT", 0)
    monkeypatch.setattr(retriever, "_CANDIDATES", 3)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """Assistants over libraries with the fake embedder, by name."""
    made: list[Assistant] = []

    def open_library(chroma: ChromaServer | None, name: str = "home") -> Assistant:
        settings = Settings(home=tmp_path / name, embedding=EmbeddingSettings(provider="fake"))
        settings.chroma = chroma.settings if chroma else ChromaSettings()
        made.append(Assistant(settings, settings.home))
        return made[-1]

    yield open_library
    for one in made:
        one.library.close()


def add(assistant: Assistant, *papers: Paper) -> str:
    """What is waiting afterwards, in words."""
    with assistant.library.writing():
        list(assistant.library.add(papers))
        return assistant.index.sync().waiting


def found(assistant: Assistant, text: str = "vitamin D") -> list[str]:
    """Keys of the papers that a search finds, the best first; Chroma's cosines differ in their last digits."""
    return [hit.paper.key for hit in assistant.search(text).hits]


def numbered(start: int, count: int) -> list[Paper]:
    return [
        Paper("", f"Beast number {n} of the island", f"The word w{n}x is said of beast v{n * 7}y alone. It hops.")
        for n in range(start, start + count)
    ]


def is_whole(assistant: Assistant) -> bool:
    """Whether Chroma is trusted, and has exactly the papers of the library, each found by its own vector."""
    exact = assistant.index.exact
    found = [assistant.index.approximate.search(vector, 1) for vector in exact.vectors]
    assert None not in found
    report = check_index(assistant.index)
    assert report.sound, report
    assert report.found_by_vector == report.papers == len(exact), report
    return True


def names_on(server: ChromaServer) -> set[str]:
    place = Server(server.settings)
    client = place.connect(patient=False)
    names = {collection.name for collection in client.list_collections()}
    place.release({False: client})
    return names


def test_vectors_live_on_the_server(server: ChromaServer, opened: Open, papers: list[Paper]) -> None:
    assistant = opened(server)
    assert add(assistant, *papers) == ""
    assert not (assistant.library.home / "chroma").exists()
    assert is_whole(assistant)
    assert assistant.index.pending() == 0
    assistant.remove(["gu2022s4"])
    assert is_whole(assistant)
    assert assistant.index.chroma.ids() == set(assistant.index.exact.ids.tolist())
    again = opened(server)
    assert again.index.pending() == 0
    assert is_whole(again)


def test_two_libraries_on_one_server_never_mix(server: ChromaServer, opened: Open, papers: list[Paper]) -> None:
    one, other = opened(server, "one"), opened(server, "other")
    add(one, *papers)
    add(other, *papers[:2])  # the same row ids
    assert is_whole(one)
    assert is_whole(other)
    other.remove([paper.key for paper in other.library.papers()])
    assert is_whole(one)
    assert len(other.index.chroma) == 0


@pytest.mark.usefixtures("small_is_large")
def test_processes_over_one_server_see_each_other(server: ChromaServer, opened: Open, papers: list[Paper]) -> None:
    writer, reader = opened(server), opened(server)
    add(writer, *papers)
    assert reader.search("state space models", 1).hits[0].paper.key == "gu2022s4"
    for n in (1, 2):
        add(writer, *numbered(n, 1))
        assert reader.search(f"w{n}x", 1).hits[0].paper.title == f"Beast number {n} of the island"
        assert is_whole(reader)
    with writer.library.writing():
        writer.index.rebuild()
        writer.index.sync()
    assert reader.search("w2x", 1).hits[0].paper.title == "Beast number 2 of the island"
    assert is_whole(reader)
    reader.remove(["gu2022s4"])
    assert "gu2022s4" not in {hit.paper.key for hit in writer.search("state space models").hits}
    assert is_whole(writer)


@pytest.mark.parametrize("place", ["server", "embedded"])
def test_writers_that_take_turns_write_only_what_is_new(
    server: ChromaServer, opened: Open, papers: list[Paper], place: str
) -> None:
    chosen = server if place == "server" else None
    one, other = opened(chosen), opened(chosen)
    add(one, *papers)
    for n, writer in enumerate((other, one, other)):
        with writer.library.writing():
            list(writer.library.add(numbered(3 * n, 2)))
            assert writer.index.sync().upserted == 2
        assert is_whole(one)
        assert is_whole(other)


def test_moving_to_a_server_and_back_embeds_nothing(server: ChromaServer, opened: Open, papers: list[Paper]) -> None:
    add(opened(None), *papers)
    for place in (server, None, server):
        moved = opened(place)
        assert moved.index.pending() > 0
        moved.catch_up()
        assert moved.index.embedded_total == 0
        assert is_whole(moved)
        newest = moved.library.papers()[-1].key
        moved.remove([newest])  # which the place that is left now does not learn
        assert is_whole(moved)
        moved.restore([newest])
        assert is_whole(opened(place))


def test_another_models_collection_is_refused(server: ChromaServer, opened: Open, papers: list[Paper]) -> None:
    assistant = opened(server)
    add(assistant, *papers)
    collection = assistant.index.chroma._collection()
    collection.modify(metadata=dict(collection.metadata, embedding_model="another"))
    again = opened(server)
    for call in (again.index.pending, lambda: again.index.approximate.search(again.index.exact.vectors[0], 1)):
        with pytest.raises(ModelMismatchError, match="citeworthy index rebuild"):
            call()
    with again.library.writing():
        again.index.rebuild()
        assert again.index.sync().upserted == len(papers)
    assert is_whole(again)


def test_rebuilding_leaves_nothing_behind(server: ChromaServer, opened: Open, papers: list[Paper]) -> None:
    place = Server(server.settings)
    client = place.connect(patient=False)
    client.get_or_create_collection("papers", embedding_function=None)  # somebody else's
    place.release({False: client})
    before = names_on(server)
    assistant = opened(server)
    assistant.index.chroma.clear()
    reader = opened(server)
    add(assistant, *papers)
    assert is_whole(reader)
    with assistant.library.writing():
        assistant.index.rebuild()
        assert names_on(server) == before
        assert assistant.index.sync().upserted == len(papers)
    assert len(names_on(server) - before) == 1
    assert is_whole(reader)


@pytest.mark.usefixtures("small_is_large")
def test_nothing_fails_or_is_lost_while_the_server_is_away(
    server: ChromaServer, opened: Open, papers: list[Paper], caplog: pytest.LogCaptureFixture
) -> None:
    assistant = opened(server)
    clock = Clock()
    assistant.index.approximate._breaker = Breaker(clock)
    add(assistant, *papers, *numbered(0, 5))
    before = found(assistant, "state space models")
    server.kill()
    with caplog.at_level(logging.WARNING):
        for _ in range(4):
            clock.seconds += 100
            assert found(assistant, "state space models") == before
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "searches go on with the vectors in library.db" in caplog.text
    waiting = add(assistant, *numbered(10, 3))
    assert "3 of their vectors are not on the server yet" in waiting
    assert server.url in waiting
    assistant.remove([assistant.library.papers()[-1].key])
    assert "2 of their vectors" in assistant.waiting
    assistant.remove(["gu2022s4"])
    assert assistant.search("w11x", 1).hits[0].paper.title == "Beast number 11 of the island"
    assert opened(server).index.pending() == 0  # nothing can be done, so nothing is tried at each start
    with pytest.raises(VectorServerError, match=server.url):
        check_index(assistant.index)
    server.start()
    assert opened(server).index.pending() == 2
    with assistant.library.writing():
        report = assistant.index.sync()
    assert (report.upserted, report.waiting) == (2, "")
    assert is_whole(assistant)
    assert assistant.index.chroma.ids() == set(assistant.index.exact.ids.tolist())


@pytest.mark.usefixtures("small_is_large")
def test_a_server_that_hangs_holds_up_one_question_and_is_used_again_when_it_is_back(
    server: ChromaServer,
    wire: Wire,
    opened: Open,
    papers: list[Paper],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    chosen = opened(server)
    chosen.settings.chroma = ChromaSettings(url=wire.url, timeout_s=1)
    assistant = Assistant(chosen.settings, chosen.settings.home)
    clock = Clock()
    assistant.index.approximate._breaker = Breaker(clock)
    add(assistant, *papers)
    asked = list[int]()
    search = ChromaIndex.search

    def counted(self: ChromaIndex, *arguments: Any) -> dict[int, float]:
        if self is assistant.index.chroma:  # threads that earlier tests have left may search as well
            asked.append(1)
        return search(self, *arguments)

    monkeypatch.setattr(ChromaIndex, "search", counted)
    before = found(assistant)
    assert len(asked) == 1
    wire.hold()
    for _ in range(5):
        assert found(assistant) == before
    assert len(asked) == 2
    fresh = Assistant(chosen.settings, chosen.settings.home)  # opened while it hangs
    assert fresh.index.pending() == 0
    assert found(fresh) == before
    fresh.library.close()
    wire.release()
    clock.seconds += 60
    with caplog.at_level(logging.WARNING):
        assert found(assistant) == before
    assert f"the Chroma server at {wire.url} is back" in caplog.text
    assert assistant.index.approximate.search(assistant.index.exact.vectors[0], 1) is not None
    assistant.library.close()


@pytest.mark.usefixtures("small_is_large")
def test_a_server_that_lost_its_data_is_filled_again(server: ChromaServer, opened: Open, papers: list[Paper]) -> None:
    assistant = opened(server)
    add(assistant, *papers)
    before = found(assistant)
    server.empty()
    assert found(assistant) == before
    assert assistant.index.approximate.search(assistant.index.exact.vectors[0], 1) is None
    again = opened(server)
    assert again.index.pending() == len(papers)
    report = again.catch_up()
    assert report is not None
    assert (report.embedded, report.upserted) == (0, len(papers))
    assert is_whole(again)
    assistant.index.approximate._breaker.succeeded()  # as when its time is over
    assert is_whole(assistant)


def test_vectors_that_the_server_lost_are_noticed(server: ChromaServer, opened: Open, papers: list[Paper]) -> None:
    assistant = opened(server)
    add(assistant, *papers)
    assistant.index.chroma.delete([1, 3])
    again = opened(server)
    assert again.index.pending() > 0
    report = again.catch_up()
    assert report is not None
    assert report.upserted == 2
    assert is_whole(again)


def test_a_copy_of_a_library_gets_a_collection_of_its_own(
    server: ChromaServer, opened: Open, papers: list[Paper], caplog: pytest.LogCaptureFixture
) -> None:
    one = opened(server, "one")
    add(one, *papers)
    shutil.copytree(one.library.home, one.library.home.parent / "copy")
    copy = opened(server, "copy")
    add(one, *numbered(1, 2))
    add(copy, *numbered(5, 4))
    assert "written to by a copy of this library" in caplog.text
    for assistant in (one, copy):
        assert is_whole(assistant)
        add(assistant, *numbered(20, 1))
        assert is_whole(assistant)
    assert one.index.chroma.name != copy.index.chroma.name


def test_a_library_put_back_from_a_backup_is_whole_again(
    server: ChromaServer, opened: Open, papers: list[Paper]
) -> None:
    assistant = opened(server)
    add(assistant, *papers)
    home = assistant.library.home
    shutil.copytree(home, home.parent / "backup")
    assistant.remove(["gu2022s4"])
    add(assistant, *numbered(1, 1))
    assistant.library.close()
    shutil.rmtree(home)
    shutil.move(home.parent / "backup", home)
    again = opened(server)
    again.catch_up()
    assert is_whole(again)


@pytest.mark.parametrize("place", ["server", "embedded"])
@pytest.mark.parametrize(
    ("owner", "method", "calls", "when"),
    [
        (ChromaIndex, "create", 1, "after"),
        (ChromaIndex, "begin", 1, "before"),
        (ChromaIndex, "begin", 1, "after"),
        (ChromaIndex, "delete", 1, "after"),
        (ChromaIndex, "upsert", 1, "after"),
        (Marks, "write", 2, "before"),
    ],
)
def test_killed_at_any_step_the_next_sync_makes_it_whole(
    server: ChromaServer,
    opened: Open,
    papers: list[Paper],
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    owner: type,
    method: str,
    calls: int,
    when: str,
) -> None:
    chosen = server if place == "server" else None
    assistant = opened(chosen)
    if method != "create":
        add(assistant, *papers)
    with assistant.library.writing():
        list(assistant.library.add(numbered(1, 2)))
        if method != "create":
            assistant.library.remove(["gu2022s4"])
        with monkeypatch.context() as patch:
            patch.setattr(owner, method, dying(getattr(owner, method), calls, when))
            with pytest.raises(KeyboardInterrupt):
                assistant.index.sync()
    marks = assistant.index.approximate._marks
    assert not marks.is_whole(marks.read())
    for one in (opened(chosen), assistant):
        one.catch_up()
        assert one.index.pending() == 0
        assert is_whole(one)


def dying(method: Callable[..., Any], calls: int, when: str) -> Callable[..., Any]:
    """The method, which never returns from its nth call, or does not begin it."""
    left = [calls]

    def wrapped(*arguments: Any, **named: Any) -> Any:
        left[0] -= 1
        if when == "before" and left[0] == 0:
            raise KeyboardInterrupt
        result = method(*arguments, **named)
        if left[0] == 0:
            raise KeyboardInterrupt
        return result

    return wrapped


def test_a_key_is_sent_where_it_belongs(server: ChromaServer) -> None:
    key = {"api_key": "secret", "tenant": "default_tenant", "database": "default_database"}
    place = Server(ChromaSettings.model_validate({"url": server.url, **key}))
    client = place.connect(patient=False)
    assert client._server._session.headers["x-chroma-token"] == "secret"
    place.release({False: client})
    assert Server(ChromaSettings.model_validate(key)).url == "https://api.trychroma.com"
    with pytest.raises(VectorServerError, match="nowhere"):
        Server(ChromaSettings(url=server.url, tenant="nowhere")).connect(patient=False)


def test_a_library_made_before_there_were_marks_goes_on(opened: Open, papers: list[Paper]) -> None:
    assistant = opened(None)
    add(assistant, *papers)
    collection = assistant.index.chroma._collection()
    collection.modify(metadata={"embedding_model": assistant.index.embedder.name})
    with assistant.library.transaction() as db:
        db.execute("DELETE FROM meta WHERE name LIKE 'chroma%'")
    again = opened(None)
    report = again.catch_up()
    assert report is not None
    assert report.upserted == 0
    assert is_whole(again)


def test_an_empty_library_asks_no_server(opened: Open) -> None:
    chosen = opened(None)
    chosen.settings.chroma = ChromaSettings(url="http://127.0.0.1:9")
    assistant = Assistant(chosen.settings, chosen.settings.home)
    assert assistant.index.pending() == 0
    with assistant.library.writing():
        assert assistant.index.sync().waiting == ""
    assistant.library.close()
