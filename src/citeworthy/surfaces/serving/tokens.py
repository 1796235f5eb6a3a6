"""Access tokens of programs, in `tokens.json` of the library's directory: of each only a hash is kept.

A token is 256 random bits, so that one round of SHA-256 keeps it as safe as a slow hash keeps a password (OWASP,
Cryptographic Storage Cheat Sheet). Made and revoked by `citeworthy token` or over HTTP; every process notices at once.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path

from filelock import FileLock

from citeworthy.errors import LibraryError, UnknownTokenError, UserError
from citeworthy.library.database import explained
from citeworthy.text.normalise import one_line

_PREFIX = "cw_"  # by which secret scanners and people know it
_LONGEST_NAME = 60  # characters
_MOST = 1_000


class Scope(StrEnum):
    """What a token may do; each may do what the ones before it may."""

    READ = "read"  # ask, search, write texts, check, export; nothing is stored
    WRITE = "write"  # also change the library, keep conversations, run evaluations
    ADMIN = "admin"  # also make and revoke tokens

    def allows(self, wanted: Scope) -> bool:
        order = list(Scope)
        return order.index(self) >= order.index(wanted)


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token; times are seconds since 1970."""

    id: str
    name: str
    scope: Scope
    created: float
    expires: float | None  # None: never
    digest: str

    @property
    def has_expired(self) -> bool:
        return self.expires is not None and time.time() >= self.expires


class Tokens:
    """The tokens of one library, for any number of threads and processes."""

    def __init__(self, home: Path) -> None:
        self._path = home / "tokens.json"
        self._lock = threading.Lock()
        self._seen: tuple[int, int, int] | None = None  # of the file as it was read: inode, size, time
        self._tokens: dict[str, Token] = {}  # by digest

    def create(self, name: str, scope: Scope, days: float | None = None) -> tuple[Token, str]:
        """A new token, and the secret that is shown this once. Raises UserError for a name or time that makes no sense,
        LibraryError when the file cannot be written.
        """
        name = one_line(name)
        if not 0 < len(name) <= _LONGEST_NAME:
            raise UserError(f"a token has a name of 1 to {_LONGEST_NAME} characters, by which it is told from others")
        if days is not None and not 0 < days <= 36_500:
            raise UserError("a token is good for more than 0 and at most 36500 days")
        secret = _PREFIX + secrets.token_urlsafe(32)
        now = time.time()
        expires = now + days * 86_400 if days else None
        token = Token(secrets.token_hex(6), name, scope, now, expires, _digest(secret))

        def added(known: list[Token]) -> list[Token]:
            if len(known) >= _MOST:
                raise UserError(f"there are {_MOST} tokens already; revoke some first")
            return [*known, token]

        self._change(added)
        return token, secret

    def revoke(self, token_id: str) -> Token:
        """Forget a token: whoever uses it is turned away from now on. Raises UnknownTokenError."""
        gone = next((token for token in self.all() if token.id == token_id), None)
        if gone is None:
            raise UnknownTokenError(
                f"there is no token {one_line(token_id)[:40]!r}; `citeworthy token list` names them"
            )
        self._change(lambda known: [token for token in known if token.id != token_id])
        return gone

    def all(self) -> list[Token]:
        """Those that were made and not revoked, expired ones too, the oldest first."""
        return list(self._current().values())

    def find(self, secret: str) -> Token | None:
        """The token of that secret, though it may have expired."""
        return self._current().get(_digest(secret))

    def is_valid(self, token: Token) -> bool:
        """Whether it was neither revoked nor has expired, as of now."""
        return token.digest in self._current() and not token.has_expired

    def _current(self) -> dict[str, Token]:
        """As the file has them, read again when another process wrote it. Raises LibraryError."""
        with self._lock:
            try:
                state = self._path.stat()
                seen = (state.st_ino, state.st_size, state.st_mtime_ns)
                if seen != self._seen:
                    stored = json.loads(self._path.read_text("utf-8"))
                    known = [Token(**{**one, "scope": Scope(one["scope"])}) for one in stored["tokens"]]
                    self._tokens, self._seen = {token.digest: token for token in known}, seen
            except FileNotFoundError:
                self._tokens, self._seen = {}, None
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise LibraryError(
                    f"{self._path} cannot be read ({error}); nobody is let in. Correct it, or delete it and make "
                    "tokens anew: citeworthy token create"
                ) from error
            return self._tokens

    def _change(self, change: Callable[[list[Token]], list[Token]]) -> None:
        """Read, change and write it while no other process does."""
        temporary = self._path.with_suffix(f".{secrets.token_hex(4)}")
        try:
            with explained(self._path):
                self._path.parent.mkdir(parents=True, exist_ok=True)
                with FileLock(self._path.with_suffix(".lock"), timeout=10):
                    known = change(self.all())
                    text = json.dumps({"tokens": [asdict(token) for token in known]}, indent=1) + "\n"
                    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                        stream.write(text)
                    temporary.replace(self._path)
        except (OSError, TimeoutError) as error:
            raise LibraryError(f"{self._path} cannot be written: {error}") from error
        finally:
            temporary.unlink(missing_ok=True)


def without_digest(token: Token) -> dict[str, object]:
    """What may be shown of it."""
    shown = asdict(replace(token, digest=""))
    del shown["digest"]
    return {**shown, "scope": token.scope.value, "has_expired": token.has_expired}


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
