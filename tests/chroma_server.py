"""A Chroma server of the tests' own, as `chroma run` starts it, that can be killed and emptied; a wire to it that
can be held up; a clock."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from citeworthy.settings import ChromaSettings

CHROMA = Path(sys.executable).parent / "chroma"
_START_S = 60


class ChromaServer:
    """One server over one folder, on a port that it keeps when it is started again."""

    def __init__(self, path: Path) -> None:
        if not CHROMA.exists():
            pytest.skip(f"there is no {CHROMA}: it comes with the package chromadb")
        self.path = path
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def settings(self) -> ChromaSettings:
        return ChromaSettings(url=self.url)

    def start(self) -> None:
        command = [str(CHROMA), "run", "--path", str(self.path), "--host", "127.0.0.1", "--port", str(self.port)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + _START_S
        while not self._answers():
            assert self._process.poll() is None, "the server ended by itself"
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/v2/heartbeat", timeout=1).is_success
        except httpx.HTTPError:
            return False

    def kill(self) -> None:
        """As `kill -9` does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def restore(self) -> None:
        """Up, whatever a test did to it."""
        if self._process is None:
            self.start()

    def empty(self) -> None:
        """Killed and started again without its data."""
        self.kill()
        shutil.rmtree(self.path)
        self.start()


class Wire:
    """A port that passes all bytes on to another one and back, until it is held: then it takes connections and says
    nothing. (A stopped process would not do: on some machines one still answers for a while.)"""

    def __init__(self, port: int) -> None:
        self._to = ("127.0.0.1", port)
        self._passes = threading.Event()
        self._passes.set()
        self._ends: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
        for end in [self._listener, *self._ends]:
            end.close()

    def hold(self) -> None:
        self._passes.clear()

    def release(self) -> None:
        self._passes.set()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:  # closed
                return
            far = socket.create_connection(self._to)
            self._ends += near, far
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while read := source.recv(1 << 16):
                self._passes.wait()
                target.sendall(read)
            target.shutdown(socket.SHUT_WR)


class Clock:
    """Tells the time that a test sets."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds
