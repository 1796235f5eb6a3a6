"""Files made for one visitor to fetch: kept in memory for a while, under an address that only its owner may read."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

_KEPT_S = 600.0
_MOST_BYTES = 256_000_000  # of all together; the oldest go first


@dataclass(frozen=True, slots=True)
class Download:
    """One file."""

    owner: str
    name: str
    content: bytes
    made: float


class Downloads:
    """The files of all visitors."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, Download] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, owner: str, name: str, content: str | bytes) -> str:
        """The address at which the owner can fetch it."""
        data = content.encode("utf-8", "replace") if isinstance(content, str) else content
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._files[token] = Download(owner, name, data, time.monotonic())
            self._forget()
        return f"/files/{token}"

    def get(self, owner: str, token: str) -> Download | None:
        """The file, for its owner alone."""
        with self._lock:
            self._forget()
            found = self._files.get(token)
        return found if found is not None and secrets.compare_digest(found.owner, owner) else None

    def _forget(self) -> None:
        oldest = time.monotonic() - _KEPT_S
        while self._files:
            token, first = next(iter(self._files.items()))
            total = sum(len(file.content) for file in self._files.values())
            if first.made >= oldest and (total <= _MOST_BYTES or len(self._files) == 1):
                return
            del self._files[token]
