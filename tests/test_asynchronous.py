"""AsyncAssistant: the same results as Assistant, and nothing that goes on after a task was cancelled."""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import Coroutine, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from citeworthy import Answer, Assistant, AsyncAssistant, CiteworthyError, Claim, Filters
from citeworthy.errors import UserError
from citeworthy.models.chat import ChatRequest, Traits
from citeworthy.records import DraftText
from citeworthy.settings import Settings

QUESTION = "By what factor does HybridFlow raise RLHF throughput?"
SENTENCE = "HybridFlow raises throughput by 1.53x to 20.57x over baselines [1.3]. "


class EndlessChat:
    """A model that writes until it is told to end, and can be waited for."""

    name = "endless"
    traits = Traits(local=True)

    def __init__(self) -> None:
        self.begun, self.ended = threading.Event(), threading.Event()

    def generate(self, request: ChatRequest, stop: threading.Event) -> Iterator[str]:
        try:
            yield SENTENCE
            self.begun.set()
            while not stop.wait(0.01):
                yield "And "
        finally:
            self.ended.set()

    def count_tokens(self, text: str) -> int:
        return len(text) // 4 + 1


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(asyncio.wait_for(work, 60))


def waits_for(event: threading.Event) -> Coroutine[Any, Any, bool]:
    return asyncio.to_thread(event.wait, 30)


@pytest.fixture
def endless(assistant: Assistant) -> tuple[AsyncAssistant, EndlessChat]:
    chat = EndlessChat()
    return AsyncAssistant(Assistant(assistant.settings, assistant.library.home, chat=chat)), chat


def test_results_are_those_of_the_assistant(assistant: Assistant) -> None:
    asynchronous = AsyncAssistant(assistant)

    async def all_of_it() -> tuple[Any, ...]:
        return (
            (await asynchronous.ask(QUESTION)).text,
            (await asynchronous.search("sepsis", 2, Filters(year_from=2021))).hits,
            (await asynchronous.compare(["gu2022s4"], ["method"])).rows,
            (await asynchronous.converse([QUESTION, "And in EuroSys?"])).standalone_question,
            [type(event) async for event in asynchronous.stream(QUESTION)],
        )

    assert run(all_of_it()) == (
        assistant.ask(QUESTION).text,
        assistant.search("sepsis", 2, Filters(year_from=2021)).hits,
        assistant.compare(["gu2022s4"], ["method"]).rows,
        assistant.converse([QUESTION, "And in EuroSys?"]).standalone_question,
        [type(event) for event in assistant.stream(QUESTION)],
    )


def test_methods_have_the_assistants_arguments_and_words() -> None:
    for name, method in inspect.getmembers(AsyncAssistant, inspect.isfunction):
        if not name.startswith("_"):
            original = getattr(Assistant, name)
            assert inspect.signature(method) == inspect.signature(original)
            assert method.__doc__ == original.__doc__
    everything = {name for name, _ in inspect.getmembers(Assistant, inspect.isfunction) if not name.startswith("_")}
    offered = {name for name, _ in inspect.getmembers(AsyncAssistant, inspect.isfunction)}
    assert everything - offered == {"caller", "read_question"}  # of use within the process alone
    opens = [inspect.signature(c.open).parameters for c in (Assistant, AsyncAssistant)]
    assert opens[0].keys() == opens[1].keys()


def test_many_at_once(assistant: Assistant) -> None:
    async def ten() -> list[Answer]:
        return await asyncio.gather(*(AsyncAssistant(assistant).ask(QUESTION) for _ in range(10)))

    texts = {answer.text for answer in run(ten())}
    assert texts == {assistant.ask(QUESTION).text}


def test_the_loop_runs_on_meanwhile(endless: tuple[AsyncAssistant, EndlessChat]) -> None:
    asynchronous, chat = endless

    async def beside() -> Answer:
        stop = threading.Event()
        asking = asyncio.create_task(asynchronous.ask(QUESTION, stop=stop))
        await waits_for(chat.begun)  # which a loop that is held up could not come back from
        stop.set()
        answer: Answer = await asking
        return answer

    answer = run(beside())
    assert answer.claims
    assert any("Stopped" in note for note in answer.notes)


def test_a_cancelled_question_stops_the_model(endless: tuple[AsyncAssistant, EndlessChat]) -> None:
    asynchronous, chat = endless

    async def cancelled() -> None:
        asking = asyncio.create_task(asynchronous.ask(QUESTION))
        await waits_for(chat.begun)
        asking.cancel()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert await waits_for(chat.ended)

    run(cancelled())


def test_a_time_limit_stops_the_model(endless: tuple[AsyncAssistant, EndlessChat]) -> None:
    asynchronous, chat = endless

    async def limited() -> None:
        async with asyncio.timeout(None) as limit:
            async for event in asynchronous.stream(QUESTION):
                if isinstance(event, Claim):
                    limit.reschedule(0)

    with pytest.raises(TimeoutError):
        asyncio.run(limited())
    assert chat.ended.wait(30)


@pytest.mark.parametrize("how", ["closed", "left"])
def test_leaving_a_stream_stops_the_model(endless: tuple[AsyncAssistant, EndlessChat], how: str) -> None:
    asynchronous, chat = endless

    async def left() -> None:
        if how == "closed":
            async with aclosing(asynchronous.stream(QUESTION)) as events:
                async for event in events:
                    if isinstance(event, DraftText):
                        break
        else:
            async for event in asynchronous.stream(QUESTION):
                if isinstance(event, DraftText):
                    break
        assert await waits_for(chat.ended)

    run(left())


def test_a_stream_does_nothing_ahead(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    given = list[int]()

    def counted(self: Assistant) -> Iterator[int]:
        for n in range(5):
            given.append(n)
            yield n + 1

    from citeworthy import asynchronous as module

    async def two() -> None:
        events = module._streamed(counted)(AsyncAssistant(assistant))
        assert not given
        assert [await anext(events), await anext(events)] == [1, 2]
        assert given == [0, 1]
        await events.aclose()

    run(two())


def test_a_cancelled_import_keeps_what_it_stored_and_goes_on_later(fake_settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "many.jsonl"
    lines = [f'{{"title": "Title number {n} of many", "abstract": "We look at item {n} here."}}' for n in range(300)]
    file.write_text("\n".join(lines))
    embedding, go_on = threading.Event(), threading.Event()

    def progress(step: str, done: int, total: int) -> None:
        if step == "meaning":
            embedding.set()
            go_on.wait(30)

    async def cancelled() -> AsyncAssistant:
        asynchronous = await AsyncAssistant.open(settings=fake_settings, sample=False)
        adding = asyncio.create_task(asynchronous.add([str(file)], progress))
        await waits_for(embedding)
        adding.cancel()
        await asyncio.sleep(0)  # the task is told
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await adding
        return asynchronous

    library = run(cancelled()).assistant.library
    stored = library.query("SELECT count(*) FROM vectors")[0][0]
    assert len(library) == 300
    assert 0 < stored < 300
    with library.writing():  # free again
        pass

    async def again() -> Assistant:
        return (await AsyncAssistant.open(settings=fake_settings)).assistant

    later = run(again())
    assert later.index.embedded_total == 300 - stored
    assert not later.index.pending()


def test_errors_are_raised_where_it_is_awaited(assistant: Assistant) -> None:
    asynchronous = AsyncAssistant(assistant)

    async def fails() -> None:
        with pytest.raises(CiteworthyError, match="no paper with the key"):
            await asynchronous.compare(["nobody1900"])
        with pytest.raises(CiteworthyError):
            await anext(asynchronous.stream(QUESTION, model="no such model"))
        with pytest.raises(TypeError):
            await asynchronous.ask()  # type: ignore[call-arg]

    run(fails())


def test_an_empty_library_can_be_opened_to_be_filled(fake_settings: Settings) -> None:
    assistant = Assistant.open(settings=fake_settings, sample=False)
    assert not assistant.is_sample
    assert not len(assistant.library)


def test_nothing_is_added_to_the_sample(sample: Assistant, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="sample=False"):
        sample.add([str(tmp_path / "mine.bib")])
    assert len(sample.library) == 226
