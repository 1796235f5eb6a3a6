"""Embedding whole libraries by Ray Data: actors that each hold an embedder of their own (extra `ray`).

On this machine unless RAY_ADDRESS names a cluster, whose nodes then need citeworthy too. Only texts and vectors travel;
the library is read and written by this process alone, and what comes back is stored batch by batch as ever.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from importlib.util import find_spec
from itertools import chain, islice
from typing import Any

import numpy as np

from citeworthy.errors import CiteworthyError, MissingExtraError, ModelError
from citeworthy.models.choose import make_embedder
from citeworthy.models.embedder import Embedder, InThisProcess, Passages, TextVectors
from citeworthy.settings import EmbeddingSettings
from citeworthy.text.sentences import Span

_ROUND = 800  # batches read ahead and given to the actors, which are made anew for the next so many
_FEW = 2_000  # passages: they are embedded here in the time that Ray takes to start
_ANSWERS_S = 10  # seconds to wait for a cluster
_STORE_BYTES = 500_000_000  # room for texts and vectors under way on this machine


class RayEmbedder:
    """A ManyEmbedder of `settings.ray_workers` actors, one core each; `here` embeds what is too little for them.

    Raises MissingExtraError.
    """

    def __init__(self, settings: EmbeddingSettings, here: Embedder, few: int = _FEW) -> None:
        if not (find_spec("ray") and find_spec("pyarrow")):
            raise MissingExtraError("embedding by workers of Ray", "ray")
        self._settings = settings
        self._here = here
        self._few = few

    def embed_many(self, batches: Iterable[Passages]) -> Generator[list[TextVectors], None, None]:
        coming = iter(batches)
        first = list(islice(coming, _ROUND))
        if sum(len(texts) for texts, _ in first) < self._few:
            yield from InThisProcess(self._here).embed_many(first)
            return
        with _ray(self._settings.ray_workers):
            for batch in chain([first], iter(lambda: list(islice(coming, _ROUND)), [])):
                yield from self._embed(batch)

    def _embed(self, batches: list[Passages]) -> Iterator[list[TextVectors]]:
        import pyarrow
        import ray

        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        context.execution_options.preserve_order = True
        tables = [
            pyarrow.table({"text": list(texts), "spans": [np.array(s, np.int32).tobytes() for s in spans]})
            for texts, spans in batches
        ]
        rows = ray.data.from_arrow(tables).map_batches(
            _Actor,
            fn_constructor_args=(self._settings,),
            batch_format="pyarrow",
            compute=ray.data.ActorPoolStrategy(size=self._settings.ray_workers),
            num_cpus=1,
        )
        vectors = _vectors(rows.iter_batches(batch_size=None, batch_format="pyarrow"), self._here.dimension)
        try:
            for texts, _ in batches:
                yield list(islice(vectors, len(texts)))
        except ray.exceptions.RayError as error:
            raise ModelError(f"embedding by Ray failed: {_reason(error)}", retryable=True) from error


class _Actor:
    """Embeds in a process of its own, with the model that the settings name. Failures travel as data: Ray would wrap
    them in traces, and begin anew what cannot work.
    """

    def __init__(self, settings: EmbeddingSettings) -> None:
        self._settings = settings

    @cached_property
    def _embedder(self) -> Embedder:
        return make_embedder(self._settings, threads=1)

    def __call__(self, table: Any) -> Any:
        import pyarrow

        spans = [_read_spans(packed) for packed in table["spans"].to_pylist()]
        made, failed, retryable = list[TextVectors](), "", False
        try:
            made = self._embedder.embed(table["text"].to_pylist(), spans)
        except CiteworthyError as error:
            failed, retryable = str(error), error.retryable
        columns = {
            "whole": pyarrow.array([v.whole.tobytes() for v in made] or [b""], pyarrow.binary()),
            "parts": pyarrow.array([v.parts.tobytes() for v in made] or [b""], pyarrow.binary()),
        }
        length = len(columns["whole"])
        return pyarrow.table({**columns, "failed": [failed] * length, "retryable": [retryable] * length})


def _read_spans(packed: bytes) -> list[Span]:
    return [(start, end) for start, end in np.frombuffer(packed, np.int32).reshape(-1, 2).tolist()]


def _vectors(tables: Iterable[Any], dimension: int) -> Iterator[TextVectors]:
    """One after another, as they come from the actors. Raises ModelError where an actor failed."""
    for table in tables:
        for row in table.to_pylist():
            if row["failed"]:
                raise ModelError(row["failed"], retryable=row["retryable"])
            parts = np.frombuffer(row["parts"], np.float32).reshape(-1, dimension)
            yield TextVectors(np.frombuffer(row["whole"], np.float32), parts)


@contextmanager
def _ray(workers: int) -> Iterator[None]:
    """Ray, started where the program has not started it, and then ended. It reports nothing to its makers."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # else it warns of a change to come
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")  # what concerns us comes as an exception
    import ray
    import ray.data

    if ray.is_initialized():
        yield
        return
    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    told: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.CRITICAL}
    if address := os.environ.get("RAY_ADDRESS"):
        _find(address)
    else:
        told |= {"address": "local", "num_cpus": workers, "include_dashboard": False}
        told |= {"object_store_memory": _STORE_BYTES}
    try:
        ray.init(**told)
    except (ConnectionError, OSError, RuntimeError, ValueError) as error:
        raise ModelError(f"Ray cannot be started: {error}", retryable=True) from error
    try:
        yield
    finally:
        ray.shutdown()


def _find(address: str) -> None:
    """Raises ModelError where nobody answers, which Ray would only say after a quarter of an hour."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    try:
        if port.isdigit():
            socket.create_connection((host, int(port)), timeout=_ANSWERS_S).close()
    except OSError as error:
        raise ModelError(
            f"no Ray cluster answers at {address} ({error}); correct RAY_ADDRESS, or unset it to use this machine",
            retryable=True,
        ) from error


def _reason(error: Exception) -> str:
    """What Ray says first of a failure of its own."""
    lines = str(getattr(error, "cause", None) or error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
