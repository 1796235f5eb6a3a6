"""Who may use the page, where the settings name users: passwords are kept as scrypt hashes (RFC 7914)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping

from citeworthy.errors import UserError

_N, _R, _P = 2**15, 8, 1  # 32 MiB and about a tenth of a second each
_MEMORY = 128 * _N * _R * 2
_SHORTEST = 8  # characters


def hash_password(password: str) -> str:
    """What goes into the settings for it: "scrypt:salt:hash". Raises UserError for one that is too short."""
    if len(password) < _SHORTEST:
        raise UserError(f"a password has at least {_SHORTEST} characters")
    salt = secrets.token_bytes(16)
    return f"scrypt:{b64encode(salt).decode()}:{b64encode(_derived(password, salt)).decode()}"


def accepts_password(users: Mapping[str, str], name: str, password: str) -> bool:
    """Whether it is that user's. Takes as long for names that do not exist."""
    stored = users.get(name, "")
    _, _, rest = stored.partition("scrypt:")
    salt, _, wanted = rest.partition(":")
    try:
        found = _derived(password, b64decode(salt, validate=True))
        return bool(wanted) and hmac.compare_digest(found, b64decode(wanted, validate=True))
    except ValueError:
        return False


def _derived(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=_N, r=_R, p=_P, maxmem=_MEMORY)
