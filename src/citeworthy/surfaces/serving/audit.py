"""Who called what and when, in `audit.jsonl` of the library's directory: names, routes and results, never contents."""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

_MOST_BYTES = 10_000_000  # of one file; then it is `audit.1.jsonl`, and what that was goes
_logger = logging.getLogger("citeworthy.audit")


class Audit:
    """Lines appended by any number of threads and processes."""

    def __init__(self, home: Path) -> None:
        self._path = home / "audit.jsonl"
        self._lock = threading.Lock()

    def write(self, fields: Mapping[str, object]) -> None:
        """One line. A disk without room is said in the log, and stops no answer."""
        line = json.dumps({"time": datetime.now(UTC).isoformat(timespec="milliseconds"), **fields}) + "\n"
        with self._lock:
            try:
                with suppress(FileNotFoundError):
                    if self._path.stat().st_size > _MOST_BYTES:
                        self._path.replace(self._path.with_name("audit.1.jsonl"))
                # One write to the end of a file: lines of several processes do not mix.
                descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
                try:
                    os.write(descriptor, line.encode())
                finally:
                    os.close(descriptor)
            except OSError as error:
                _logger.warning("cannot be written: %s", error.strerror)
