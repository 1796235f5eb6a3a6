"""A Chroma server of the tests' own, as `chroma run` starts it, that can be killed, held up and emptied; a clock."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
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

    def hold(self) -> None:
        """It accepts connections and says nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        os.waitpid(self._process.pid, os.WUNTRACED)  # sent is not stopped: on a busy machine it still answers a call

    def release(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def restore(self) -> None:
        """Up, whatever a test did to it."""
        if self._process is None:
            self.start()
        else:
            self.release()

    def empty(self) -> None:
        """Killed and started again without its data."""
        self.kill()
        shutil.rmtree(self.path)
        self.start()


class Clock:
    """Tells the time that a test sets."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds
