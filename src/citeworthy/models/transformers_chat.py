"""A causal language model through HuggingFace transformers: `pip install 'citeworthy[hf]'`.

A name is looked up in the local cache or on the hub, a folder is read as it is, a `.gguf` file is unpacked to full
precision.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from citeworthy.errors import MissingExtraError, ModelError
from citeworthy.models.chat import CUT, ChatRequest, Cut, Message, Traits, Usage
from citeworthy.models.openai_chat import parameters_of

_MOST_CONTEXT = 8_192  # a longer window would let memory grow without need


class TransformersChat:
    """A model by name or path. It is loaded at the first request."""

    def __init__(self, model: str, context_tokens: int | None = None) -> None:
        self.name = Path(model).stem if model.endswith(".gguf") else model.rstrip("/").rsplit("/", 1)[-1]
        self._source = model
        self._context = context_tokens
        self._using = threading.Lock()

    def generate(self, request: ChatRequest, stop: threading.Event) -> Iterator[str | Usage | Cut]:
        with self._using:
            yield from self._generate(request, stop)

    def _generate(self, request: ChatRequest, stop: threading.Event) -> Iterator[str | Usage | Cut]:
        tokenizer, model = self._loaded
        from transformers import StoppingCriteria, StoppingCriteriaList, TextIteratorStreamer

        class Stopped(StoppingCriteria):  # type: ignore[misc]
            def __call__(self, *_: Any, **__: Any) -> bool:
                return stop.is_set()

        encoded = tokenizer(self._prompt(request), return_tensors="pt", add_special_tokens=False)
        read = int(encoded["input_ids"].shape[1])
        streamer = TextIteratorStreamer(tokenizer, skip_prompt=True, skip_special_tokens=True)
        failures: list[Exception] = []

        def work() -> None:
            try:
                model.generate(
                    **encoded, max_new_tokens=request.max_tokens, do_sample=False, temperature=None, top_p=None,
                    top_k=None, streamer=streamer, stopping_criteria=StoppingCriteriaList([Stopped()]),
                    pad_token_id=tokenizer.pad_token_id or tokenizer.eos_token_id,
                )  # fmt: skip
            except Exception as error:  # noqa: BLE001  raised again by the reader of the stream
                failures.append(error)
                streamer.end()

        thread = threading.Thread(target=work, daemon=True, name="citeworthy-transformers")
        thread.start()
        written = []
        for piece in streamer:
            written.append(piece)
            yield piece
        thread.join()
        if failures:
            raise ModelError(f"{self.name} failed: {failures[0]}") from failures[0]
        used = self.count_tokens("".join(written))
        yield Usage(read, used)
        if used >= request.max_tokens:
            yield CUT

    @cached_property
    def traits(self) -> Traits:
        try:
            tokenizer, model = self._loaded
        except (ModelError, MissingExtraError):
            return Traits(self._context or _MOST_CONTEXT, parameters_of(self.name), local=True)
        limit = getattr(model.config, "max_position_embeddings", None) or tokenizer.model_max_length
        context = self._context or min(int(limit), _MOST_CONTEXT)
        return Traits(context, model.num_parameters() / 1e9, local=True)

    def count_tokens(self, text: str) -> int:
        return len(self._loaded[0](text, add_special_tokens=False)["input_ids"])

    def _prompt(self, request: ChatRequest) -> str:
        tokenizer, _ = self._loaded
        messages = [{"role": m.role, "content": m.content} for m in request.messages]
        if not tokenizer.chat_template:
            return "\n\n".join(m["content"] for m in messages) + "\n\n"
        try:
            text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        except Exception:  # noqa: BLE001  templates raise what they like; some know no system message
            merged = Message("user", "\n\n".join(m["content"] for m in messages))
            single = [{"role": merged.role, "content": merged.content}]
            text = tokenizer.apply_chat_template(single, tokenize=False, add_generation_prompt=True)
        return str(text)

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        try:
            from transformers import AutoModelForCausalLM, AutoTokenizer
        except ImportError as error:
            raise MissingExtraError("a HuggingFace model", "hf") from error
        source, extra = self._source, dict[str, Any]()
        if source.endswith(".gguf"):
            source, extra = str(Path(source).parent), {"gguf_file": Path(source).name}
        try:
            tokenizer = AutoTokenizer.from_pretrained(source, **extra)
            model = AutoModelForCausalLM.from_pretrained(source, **extra)
        except ImportError as error:
            raise MissingExtraError("a HuggingFace model", "hf") from error
        except Exception as error:
            first = re.split(r"[\n]", str(error).strip())[0][:200]
            raise ModelError(f"{self._source} cannot be loaded through transformers: {first}") from error
        return tokenizer, model.eval()
