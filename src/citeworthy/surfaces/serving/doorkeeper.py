"""Which program may call, and how often: by its token, or anyone of this machine while no tokens were made."""

from __future__ import annotations

import time
from dataclasses import dataclass

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from citeworthy.surfaces.serving.tokens import Scope, Token, Tokens

_TRIES = 30  # wrong tokens a minute from one address
_NEEDED = "a token is needed: send it as “Authorization: Bearer cw_…”. `citeworthy token create NAME` makes one"


class Refused(Exception):  # noqa: N818 - not a failure of ours
    """A request that must not go on: its HTTP status, the reason in words, and when to try again."""

    def __init__(self, status: int, reason: str, retry_after_s: int | None = None) -> None:
        super().__init__(reason)
        self.status, self.reason, self.retry_after_s = status, reason, retry_after_s


@dataclass(frozen=True, slots=True)
class Caller:
    """The program that calls. `owner` is whose conversations and jobs are meant."""

    owner: str
    name: str
    scope: Scope
    token: Token | None = None


class Doorkeeper:
    """Lets programs in. `trusts_machine`: without any token (and without users of the page) whoever can reach this
    machine's own address may do everything, as with the command line."""

    def __init__(self, tokens: Tokens, *, trusts_machine: bool, per_minute: int) -> None:
        self.tokens = tokens
        self._trusts_machine = trusts_machine
        self._rate = RateLimitItemPerMinute(per_minute) if per_minute else None
        self._tries = RateLimitItemPerMinute(_TRIES)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def admit(self, authorization: str, address: str) -> Caller:
        """Who calls, by the header Authorization. Raises Refused, and LibraryError where the tokens cannot be read."""
        kind, _, secret = authorization.partition(" ")
        if not self.tokens.all() and self._trusts_machine:
            return Caller("local", "this machine", Scope.ADMIN)  # an OpenAI client sends some key, whatever it is
        if kind.lower() != "bearer" or not secret.strip():
            raise Refused(401, _NEEDED)
        token = self.tokens.find(secret.strip())
        if token is None or token.has_expired:
            if not self._limiter.hit(self._tries, "tries", address):
                raise Refused(429, "too many wrong tokens; try again in a minute", 60)
            raise Refused(401, "this token has expired; ask for a new one" if token else "this token is not known")
        if self._rate is not None and not self._limiter.hit(self._rate, "token", token.id):
            reset, _ = self._limiter.get_window_stats(self._rate, "token", token.id)
            wait = max(1, round(reset - time.time()) + 1)
            raise Refused(429, f"this token may call {self._rate.amount} times a minute; slow down", wait)
        return Caller(f"token:{token.id}", token.name, token.scope, token)

    def still_admits(self, caller: Caller) -> bool:
        """Whether a token that was good when a stream began still is."""
        return caller.token is None or self.tokens.is_valid(caller.token)
