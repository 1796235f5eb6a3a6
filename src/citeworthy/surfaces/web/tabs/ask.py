"""The first tab: a conversation with the papers, the abstracts beside it, and the conversations before.

Nothing of a conversation lives in this process: a page says which one it shows, and who may see it is decided each time
by the visitor's cookie or login (`Sessions`). So pages go on after a restart.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import gradio as gr

from citeworthy.answer.conversation import Turn
from citeworthy.errors import CiteworthyError
from citeworthy.library.sessions import StoredTurn
from citeworthy.records import Answer, Filters
from citeworthy.surfaces.text_files import answer_text, session_file
from citeworthy.surfaces.web.answering import Answering, Say
from citeworthy.surfaces.web.components import LIVE, FilterFields, Handover, live_html, said
from citeworthy.surfaces.web.views.conversation import (
    UnderWay,
    conversation,
    evidence,
    kept_line,
    under_way,
    without_part,
)
from citeworthy.surfaces.web.views.papers import View
from citeworthy.surfaces.web.views.sessions import sessions_list
from citeworthy.surfaces.web.workspace import Workspace, owner_of

LONGEST_QUESTION = 4_000
_NEW = -1  # the question is a new one and replaces none
# Gradio drops a press while the one before has not quite ended: somebody who has seen the answer would press in vain.
_EACH_PRESS = LIVE | {"trigger_mode": "multiple"}
_SAMPLE_QUESTIONS = (
    "By what factor does HybridFlow raise RLHF throughput, and how does it do that?",
    "Which papers since 2023 combine offline data with online RL?",
    "How many GPUs did HybridFlow use?",
)
_OWN_QUESTIONS = ("Which papers propose a new method?", "What limitations are reported?", "What datasets are used?")
Update = dict[Any, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on its way: in which conversation, in whose place, and how it is to be read."""

    question: str
    chat: str
    replaces: int = _NEW
    model: str = ""
    filters: Filters | None = None
    as_written: bool = False
    only_these_filters: bool = False


class AskTab:
    """Components and what they do."""

    def __init__(self, workspace: Workspace, writer: gr.Dropdown) -> None:
        self._workspace = workspace
        self._writer = writer
        self.chat = gr.Textbox(visible="hidden", elem_id="cw-chat-id")  # id of the conversation shown
        self.replaces = gr.Number(_NEW, visible="hidden", precision=0)
        with gr.Row(elem_classes="cw-columns"):
            with gr.Column(scale=2, min_width=200, elem_classes="cw-left"):
                self.new = gr.Button("New conversation", size="sm")
                self.words = gr.Textbox(
                    label="Find a conversation", placeholder="Search conversations", max_lines=1, container=False
                )
                self.list = live_html(sessions_list((), ""))
            with gr.Column(scale=6, min_width=320, elem_classes="cw-middle"):
                self.past = live_html("", elem_classes="cw-past")
                self.now = gr.HTML("", elem_classes="cw-now-box")
                with gr.Column(visible=True, elem_classes="cw-examples") as self.examples:
                    gr.HTML("<p class='cw-hint'>For a start:</p>")
                    offered = self._offered()
                    self.questions = [gr.Button(text, size="sm", variant="secondary") for text in offered]
                with gr.Row(visible=False, elem_classes="cw-editing") as self.editing:
                    self.replaced = gr.HTML("")
                    self.cancel = gr.Button("Keep it as it was", size="sm", scale=0, min_width=150)
                self.box = gr.Textbox(
                    label="Your question",
                    placeholder="Ask your papers; “since 2023”, “by Zhou” and “at NeurIPS” work as filters",
                    max_length=LONGEST_QUESTION,
                    lines=1,
                    max_lines=6,
                    autofocus=True,
                    elem_id="cw-question",
                )
                with gr.Row():
                    self.send = gr.Button("Ask", variant="primary", scale=0, min_width=140, elem_id="cw-ask")
                    self.stop = gr.Button("Stop", scale=0, min_width=80, visible=False)
                self.filters = FilterFields()
            with gr.Column(scale=5, min_width=300, elem_classes="cw-side"):
                self.side = gr.HTML(evidence(()))
        self.handover = Handover()

    def wire(self, page: gr.Blocks, tab: gr.Tab, view: gr.State) -> None:
        """Events; to be called once all components are there. `view` knows the papers selected in the library."""
        shown = [
            self.box, self.chat, self.replaces, self.past, self.now, self.side, self.list, self.examples, self.editing,
            self.replaced, self.stop, *self.filters.fields,
        ]  # fmt: skip
        hand = self.handover.boxes
        about = [self.chat, self.replaces, self._writer, view, *self.filters.fields]
        asking = [
            trigger(self._ask, [self.box, *about], shown, **_EACH_PRESS)
            for trigger in (self.box.submit, self.send.click)
        ]
        asking += [button.click(self._ask, [button, *about], shown, **LIVE) for button in self.questions]
        pressed = self.past.click(self._press, [self.chat, self._writer], [*shown, *hand], **_EACH_PRESS)
        self.handover.after(pressed)
        asking.append(pressed)
        self.stop.click(self._halt, [self.chat], None, queue=False, **LIVE)
        self.cancel.click(self._cancel, None, [self.replaces, self.box, self.editing], **LIVE)
        # An answer under way goes on without being watched when another conversation is shown.
        self.new.click(self._fresh, None, shown, cancels=asking, **LIVE)
        listed = self.list.click(self._choose, [self.chat, self.words], [*shown, *hand], cancels=asking, **_EACH_PRESS)
        self.handover.after(listed)
        self.words.change(self._find, [self.chat, self.words], [self.list], trigger_mode="always_last", **LIVE)
        self.chat.change(None, [self.chat], None, js="id => citeworthy.remember(id)")
        self.replaces.change(None, [self.replaces], None, js="turn => citeworthy.write(turn)")
        page.load(self._load, None, shown, **LIVE)
        for start in (page.load, tab.select):  # the sample may have given way to papers of one's own
            start(self._offered, None, self.questions, **LIVE)

    def _offered(self) -> list[str]:
        """Questions for a start."""
        return list(_SAMPLE_QUESTIONS if self._workspace.assistant.is_sample else _OWN_QUESTIONS)

    # -- asking ------------------------------------------------------------------------------------------

    def _ask(
        self, question: str, chat: str, replaces: float, model: str, view: View, request: gr.Request, *fields: Any
    ) -> Iterator[Update]:
        question = question.strip()[:LONGEST_QUESTION]
        if not question:
            yield {self.now: gr.skip()}
            return
        try:
            filters = self.filters.read(fields, view.selected)
        except CiteworthyError as error:
            yield {self.now: under_way(UnderWay(question, error=str(error)))}
            return
        yield from self._answer(Asked(question, chat, int(replaces), model, filters), request)

    def _answer(self, asked: Asked, request: gr.Request) -> Iterator[Update]:
        """Begin the answer and follow it; only when it is there is it kept, and what it replaces dropped. Where other
        turns follow what it would replace, it goes into a conversation of its own that branches off there."""
        workspace, owner, chat, note = self._workspace, "", asked.chat, ""
        try:
            owner = owner_of(request)
            turns = workspace.sessions.turns(owner, chat) if chat else []
            kept = [turn for turn in turns if asked.replaces == _NEW or turn.position < asked.replaces]
            if len(turns) > len(kept) + 1:
                workspace.answerings.check_free(chat)
                note = kept_line(workspace.sessions.get(owner, chat).title)
                chat = workspace.sessions.branch(owner, chat, asked.replaces, asked.question)
            chat = chat or workspace.sessions.create(owner)
            work = partial(self._write, asked, owner, chat, kept)
            answering = workspace.answerings.start(chat, asked.question, work)
        except CiteworthyError as error:
            yield {self.box: asked.question, self.now: under_way(UnderWay(asked.question, error=str(error)))}
            return
        first = {self.chat: chat, self.now: under_way(answering.showing), self.examples: gr.update(visible=False)}
        yield first | self._cancel() | ({self.past: conversation(kept)} if len(kept) < len(turns) else {})
        yield from self._follow(answering, owner, chat, asked.chat, note)

    def _write(
        self, asked: Asked, owner: str, chat: str, kept: Sequence[StoredTurn], say: Say, stop: threading.Event
    ) -> None:
        """In a thread of its own."""
        sessions, showing = self._workspace.sessions, UnderWay(asked.question)
        history = [Turn(turn.question, turn.answer) for turn in kept if turn.is_readable]
        try:
            for event in self._workspace.assistant.stream(
                asked.question, asked.filters, history, model=asked.model or "none", as_written=asked.as_written,
                only_these_filters=asked.only_these_filters, stop=stop,
            ):  # fmt: skip
                if isinstance(event, Answer):
                    if asked.replaces != _NEW and chat == asked.chat:
                        sessions.cut(owner, chat, asked.replaces)
                    sessions.append(owner, chat, asked.question, event)
                else:
                    showing = showing.after(event)
                    say(showing)
        except BaseException:
            if chat != asked.chat:
                sessions.delete(owner, chat)  # it was made for this question
            raise

    def _follow(self, answering: Answering, owner: str, chat: str, before: str, note: str = "") -> Iterator[Update]:
        """What is to be seen of an answer under way, then the conversation with it and the note; if it failed the
        question again, in the conversation that was shown before."""
        for showing in answering.watch():
            yield {self.now: under_way(showing), self.stop: gr.update(visible=True)}
        failed = answering.showing
        if not failed.error:
            shown = self._shown(owner, chat) | ({self.now: note} if note else {})
            begun = self._cancel()  # the next question may be half written, or an earlier one be edited
            yield {part: update for part, update in shown.items() if part not in begun}
        else:
            yield self._open(before, owner) | {self.box: failed.question, self.now: under_way(failed)}

    def _halt(self, chat: str, request: gr.Request) -> None:
        """Stop the answer under way in the conversation that is shown."""
        with suppress(CiteworthyError):
            self._workspace.sessions.get(owner_of(request), chat)  # nobody else's
            if answering := self._workspace.answerings.of(chat):
                answering.stop.set()

    def _press(self, chat: str, model: str, event: gr.EventData, request: gr.Request) -> Iterator[Update]:
        """Something in an answer was pressed."""
        about = said(event)
        try:
            owner = owner_of(request)
            turns = {str(turn.position): turn for turn in self._workspace.sessions.turns(owner, chat)}
            turn = turns.get(about.get("turn", ""))
            if turn is None:  # edited away in another window
                yield self._shown(owner, chat)
                return
            yield from self._act(owner, chat, model, turn, about, request)
        except CiteworthyError as error:
            yield {self.now: under_way(UnderWay("", error=str(error)))}

    def _act(
        self, owner: str, chat: str, model: str, turn: StoredTurn, about: Mapping[str, str], request: gr.Request
    ) -> Iterator[Update]:
        do, answer = about.get("do"), turn.answer
        again = Asked(turn.question, chat, turn.position, model)
        if do == "retry":
            yield from self._answer(again, request)
        elif do == "edit":
            yield self._editing(owner, chat, turn.position, turn.question)
        elif do == "rate":
            rating = {"1": 1, "-1": -1}.get(about.get("rating", ""), 0)
            self._workspace.sessions.rate(owner, chat, turn.position, rating, turn.comment)
            yield {self.past: conversation(self._workspace.sessions.turns(owner, chat))}
        elif do == "comment":
            self._workspace.sessions.rate(owner, chat, turn.position, turn.rating, about.get("value", ""))
            yield {self.past: conversation(self._workspace.sessions.turns(owner, chat))}
        elif do == "copy":
            yield {self.handover.copied: answer_text(answer, about.get("format", ""))}
        elif do == "reword":
            yield self._editing(owner, chat, turn.position, answer.standalone_question)
        elif do == "as-written":
            yield from self._answer(replace(again, as_written=True), request)
        elif do == "unfilter":
            fewer = without_part(answer.filters, about.get("field", ""), about.get("value", ""))
            yield from self._answer(replace(again, filters=fewer, only_these_filters=True), request)
        elif do == "refilter":
            fields = self.filters.show(answer.filters)
            yield self._editing(owner, chat, turn.position, turn.question) | fields

    def _editing(self, owner: str, chat: str, position: int, question: str) -> Update:
        note = f"The question below replaces question {position + 1}."
        if self._workspace.sessions.turns(owner, chat)[-1].position > position:
            note = (
                f"The question below takes the place of question {position + 1} in a new conversation; this one stays "
                "as it is."
            )
        return {
            self.replaced: f"<p class='cw-note' role='status'>{note}</p>",
            self.replaces: position,
            self.box: question,
            self.editing: gr.update(visible=True),
        }

    def _cancel(self) -> Update:
        return {self.replaces: _NEW, self.box: "", self.editing: gr.update(visible=False)}

    # -- conversations -----------------------------------------------------------------------------------

    def _load(self, request: gr.Request) -> Iterator[Update]:
        """What the address names, when the page is opened or loaded again. Somebody may be typing already."""
        chat = str(request.query_params.get("chat") or "")
        try:
            owner = owner_of(request)
        except CiteworthyError as error:
            yield {self.now: under_way(UnderWay("", error=str(error)))}
            return
        shown = self._open(chat, owner)
        kept = (self.past, self.now, self.side, self.list, self.chat, self.examples) if chat else (self.list,)
        yield {part: shown[part] for part in kept if part in shown}
        if chat and shown[self.chat] and (answering := self._workspace.answerings.of(chat)):
            yield from self._follow(answering, owner, chat, chat)

    def _fresh(self, request: gr.Request) -> Update:
        return self._open("", owner_of(request))

    def _open(self, chat: str, owner: str) -> Update:
        """The conversation, or a new one and why that one cannot be shown."""
        try:
            return self._shown(owner, chat)
        except CiteworthyError as error:
            return self._shown(owner, "") | {self.now: under_way(UnderWay("", error=str(error)))}

    def _shown(self, owner: str, chat: str) -> Update:
        """Everything there is to see of one conversation; none where `chat` is ""."""
        turns = self._workspace.sessions.turns(owner, chat) if chat else []
        return {
            self.chat: chat,
            self.past: conversation(turns) if turns else "",
            self.now: "",
            self.side: evidence(turns),
            self.list: sessions_list(self._workspace.sessions.list(owner), chat),
            self.examples: gr.update(visible=not turns),
            self.stop: gr.update(visible=False),
        } | self._cancel()

    def _find(self, chat: str, words: str, request: gr.Request) -> Update:
        return {self.list: sessions_list(self._workspace.sessions.list(owner_of(request), words), chat, words)}

    def _choose(self, chat: str, words: str, event: gr.EventData, request: gr.Request) -> Iterator[Update]:
        """Something in the list of conversations was pressed."""
        about = said(event)
        try:
            owner = owner_of(request)
            update, chat = self._chosen(chat, words, about, owner, request)
        except CiteworthyError as error:
            yield {self.now: under_way(UnderWay("", error=str(error)))}
            return
        yield update
        if answering := self._workspace.answerings.of(chat):
            yield from self._follow(answering, owner, chat, chat)

    def _chosen(
        self, chat: str, words: str, about: Mapping[str, str], owner: str, request: gr.Request
    ) -> tuple[Update, str]:
        """What changes on the page, and the conversation that it shows then. Raises UnknownSessionError."""
        sessions, do, one = self._workspace.sessions, about.get("do"), about.get("chat", "")
        if do == "open":
            return self._shown(owner, one) | self._find(one, words, request), one
        if do == "export":
            name, content = session_file(sessions.get(owner, one), sessions.turns(owner, one), about.get("format", ""))
            return {self.handover.address: self._workspace.hand_out(request, name, content)}, chat
        if do == "rename":
            sessions.rename(owner, one, about.get("value", ""))
        elif do == "delete":
            sessions.delete(owner, one)
            if one == chat:
                return self._shown(owner, "") | self._find("", words, request), ""
        return self._find(chat, words, request), chat
