"""The server over standard input and output, for a client that starts it as a process of its own."""

from __future__ import annotations

import json
import shutil
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from citeworthy.assistant import Assistant
from citeworthy.errors import CiteworthyError
from citeworthy.library.store import Library
from citeworthy.settings import Settings


class OpenedOnce:
    """The library, opened by whoever asks first; one that could not be opened is tried again. The first papers of one's
    own take the place of the sample."""

    def __init__(self, settings: Settings, tell: Callable[[str], None]) -> None:
        """`tell` is given what somebody should know who looks at the log."""
        self._settings = settings
        self._tell = tell
        self._assistant: Assistant | None = None
        self._lock = threading.Lock()

    def __call__(self) -> Assistant:
        """Raises LibraryError and ModelError."""
        with self._lock:
            if self._assistant is None or (self._assistant.is_sample and _has_papers(self._settings.home)):
                self._assistant = Assistant.open(settings=self._settings)
                self._tell(_opened(self._assistant))
            return self._assistant


def serve(settings: Settings, tell: Callable[[str], None]) -> None:
    """Answer until the client closes standard input. Nothing but the protocol goes to standard output.

    The client is answered at once; the library is opened meanwhile, and its tools wait for it.
    """
    from citeworthy.surfaces.mcp.server import build

    opened = OpenedOnce(settings, tell)
    server = build(opened)
    threading.Thread(target=_open, args=(opened, tell), daemon=True, name="opening the library").start()
    server.run("stdio")


def client_configuration(home: Path | None, model: str | None) -> str:
    """What goes into the configuration of a client, as JSON: how it starts this server."""
    script = shutil.which("citeworthy", path=str(Path(sys.executable).parent))
    command = [script] if script else [sys.executable, "-m", "citeworthy.surfaces.cli.main"]
    if home is not None:
        command += ["--home", str(home.expanduser().resolve())]
    command.append("mcp")
    if model is not None:
        command += ["--model", model]
    entry: dict[str, Any] = {"command": command[0], "args": command[1:]}
    return json.dumps({"mcpServers": {"citeworthy": entry}}, ensure_ascii=False, indent=2)


def _open(opened: OpenedOnce, tell: Callable[[str], None]) -> None:
    try:
        opened()
    except CiteworthyError as error:  # whoever calls a tool is told too
        tell(f"citeworthy: {error}")


def _opened(assistant: Assistant) -> str:
    which = "the bundled sample, as the library is empty" if assistant.is_sample else str(assistant.library.path.parent)
    return f"citeworthy: {len(assistant.library)} papers ({which})"


def _has_papers(home: Path) -> bool:
    with suppress(CiteworthyError):
        library = Library(home)
        try:
            return bool(len(library))
        finally:
            library.close()
    return False
