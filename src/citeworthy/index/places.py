"""Where Chroma keeps the vectors: in the library's own directory, or on a server. The only module that imports
chromadb.
"""

from __future__ import annotations

import errno
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from citeworthy.errors import LibraryError, VectorServerError
from citeworthy.settings import ChromaSettings

_CLOUD = "https://api.trychroma.com"
_CONNECT_S = 2.0
_WRITE_S = 120.0  # a batch is put into the graph before the server replies
_opening = threading.Lock()  # Chroma looks its engine up several times while it makes a client


class CollectionGoneError(LibraryError):
    """The collection does not exist, or its client was released since it was opened."""


class Embedded:
    """Chroma within this process, in a directory. Not safe for two processes that write at once, nor does it show what
    another process has written since it was opened: the library's lock and its marks see to that.
    """

    kind = "embedded"  # as the library remembers which place its marks are about
    forgets_others = True  # a client sees only what was there when it was opened, and what it wrote itself

    def __init__(self, path: Path) -> None:
        self.path = path

    def __str__(self) -> str:
        return f"the vector index {self.path}"

    @property
    def exists(self) -> bool:
        return (self.path / "chroma.sqlite3").is_file()

    def connect(self, *, patient: bool) -> Any:
        """Always an engine of its own: Chroma would hand out the one that it keeps for the path, which may be old,
        or of a directory that is gone."""
        del patient
        import chromadb
        from chromadb.api.client import SharedSystemClient

        engines = SharedSystemClient._identifier_to_system  # `clear_system_cache` would break other libraries' clients
        with _opening, self.explained():
            engines.pop(str(self.path), None)
            client = chromadb.PersistentClient(str(self.path), settings=chromadb.Settings(anonymized_telemetry=False))
            engines.pop(str(self.path), None)
        return client

    def release(self, clients: dict[bool, Any]) -> None:
        """Free their memory and files, which lie in cycles that are collected late. A search that is just about to
        begin with one finds that it is gone."""
        for client in clients.values():
            client._server._system.stop()

    def delete(self) -> None:
        """Delete everything, the directory included."""
        shutil.rmtree(self.path, ignore_errors=True)

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Chroma's failures as ours; a full disk as the OSError that it is."""
        from chromadb.errors import ChromaError, NotFoundError

        try:
            yield
        except (NotFoundError, AttributeError) as error:  # the latter where its client was released
            raise CollectionGoneError(f"{self} holds nothing of this library") from error
        except (ChromaError, ValueError, sqlite3.Error) as error:
            if "full" in str(error) or "No space" in str(error):
                raise OSError(errno.ENOSPC, "No space left on device") from error
            raise LibraryError(
                f"{self} cannot be used ({error}); "
                "delete that directory: it is rebuilt from library.db at the next command"
            ) from error


class Server:
    """Chroma in a process of its own, on this machine or another, or Chroma Cloud."""

    kind = "server"
    forgets_others = False

    def __init__(self, settings: ChromaSettings) -> None:
        self._settings = settings
        self.url = (settings.url or _CLOUD).rstrip("/")

    def __str__(self) -> str:
        return f"the Chroma server at {self.url}"

    def connect(self, *, patient: bool) -> Any:
        """A client; no call of it waits longer than the settings say, or than writing a batch may take."""
        import chromadb

        chosen = self._settings
        settings = chromadb.Settings(anonymized_telemetry=False)
        key = chosen.api_key.get_secret_value() if chosen.api_key else None
        is_tls = urlsplit(self.url).scheme == "https"
        with self._connecting():
            # Chroma's client waits without end, while it is made too: so it is asked first whether anybody answers.
            httpx.get(f"{self.url}/api/v2/heartbeat", timeout=self._timeout(patient=False)).raise_for_status()
            if key:
                client = chromadb.CloudClient(
                    chosen.tenant, chosen.database, key, settings, cloud_host=self.url, enable_ssl=is_tls
                )
            else:
                names = {"tenant": chosen.tenant, "database": chosen.database}
                client = chromadb.HttpClient(
                    self.url, ssl=is_tls, settings=settings, **{name: value for name, value in names.items() if value}
                )
            client._server._session.timeout = self._timeout(patient=patient)
        return client

    def release(self, clients: dict[bool, Any]) -> None:
        """Close connections; Chroma's own `close` does not, and without it each client is kept for ever."""
        for client in clients.values():
            client._server._session.close()
            client.close()

    @contextmanager
    def _connecting(self) -> Iterator[None]:
        try:
            with self.explained():
                yield
        except CollectionGoneError as error:  # there is no such tenant or database
            raise VectorServerError(f"{self} cannot be used ({error.__cause__})") from error

    def _timeout(self, *, patient: bool) -> httpx.Timeout:
        wait_s = self._settings.timeout_s
        return httpx.Timeout(_WRITE_S if patient else wait_s, connect=min(_CONNECT_S, wait_s))

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Whatever Chroma's client raises as ours: of some refusals it makes a bare Exception."""
        from chromadb.errors import NotFoundError

        try:
            yield
        except LibraryError:
            raise
        except NotFoundError as error:
            raise CollectionGoneError(f"{self} holds nothing of this library") from error
        except Exception as error:
            reason = str(error) or type(error).__name__
            raise VectorServerError(f"{self} cannot be used ({reason})") from error


def make_place(home: Path, settings: ChromaSettings | None) -> Embedded | Server:
    """The server that the settings name, else the library's own directory."""
    if settings and settings.is_server:
        return Server(settings)
    return Embedded(home / "chroma")
