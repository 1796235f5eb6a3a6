"""JSON values out of a stream, one at a time, however long the stream and whatever is wrong in it."""

from __future__ import annotations

import json
import re
from io import StringIO
from typing import IO, Any

from citeworthy.sources.syntax.lines import MAX_LINE

_CHUNK = 1 << 16
_EDGE = 16  # characters; `-Infinity` or `\ud83d\ude00` cut off by the end of what has been read so far
_BEHIND = 200  # characters kept of what has been read, to see how far in a line begins
_DEEPEST = 50
_LONGEST_NUMBER = 18  # digits
_BETWEEN = re.compile(r"[\s,\x1e\ufeff]*")
_OUTSIDE = re.compile(r'["{}\[\]]')
_IN_STRING = re.compile(r'\\.|"', re.DOTALL)
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
_ESCAPED_NO_TEXT = re.compile(r"\\u(?:[dD][89a-fA-F]|0000)|\x00")


class BrokenError(Exception):
    """What stands here is not valid JSON; the message says what is wrong."""


class TooLongError(Exception):
    """What stands here is longer than MAX_LINE characters."""


class JsonText:
    """The text around the place that is being read; what lies before it is forgotten."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._decoder = json.JSONDecoder(parse_int=_whole, parse_constant=lambda _: None, strict=False)
        self._counted = 0
        self._line = 1
        self.text = ""
        self.at = 0

    @property
    def line(self) -> int:
        """The number of the line that is being read."""
        if self.at > self._counted:
            self._line += self.text.count("\n", self._counted, self.at)
            self._counted = self.at
        return self._line

    def fill(self) -> bool:
        """Read on, as much again as is held; whether there was anything."""
        self._forget()
        more = self._stream.read(max(_CHUNK, len(self.text)))
        self.text += more
        return bool(more)

    def _forget(self) -> None:
        """Let go of what has been read."""
        _ = self.line
        passed = max(0, self.at - _BEHIND)
        self.text, self.at, self._counted = self.text[passed:], self.at - passed, self._counted - passed

    def peek(self) -> str:
        """The next character that is neither white space nor a comma; "" at the end of the stream."""
        while True:
            self.at = _BETWEEN.match(self.text, self.at).end()  # type: ignore[union-attr]
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.fill():
                return ""

    def value(self) -> Any:
        """The value that begins here. Raises BrokenError or TooLongError and stays where it is."""
        if self.at > _CHUNK:
            self._forget()  # where an error is, is counted from the beginning of what is held
        while True:
            try:
                found, end = self._decoder.raw_decode(self.text, self.at)
            except json.JSONDecodeError as error:
                partial = error.msg.startswith("Unterminated") or error.pos > len(self.text) - _EDGE
                if not partial:
                    raise BrokenError(error.msg) from None
                if len(self.text) - self.at > MAX_LINE:
                    raise TooLongError from None
                if not self.fill():
                    raise BrokenError(error.msg) from None
            except RecursionError:
                raise BrokenError("nested too deeply") from None
            else:
                if end < len(self.text) or not self.fill():  # `12` may go on as `1234`
                    break
        if end - self.at > MAX_LINE:
            raise TooLongError
        is_odd = _ESCAPED_NO_TEXT.search(self.text, self.at, end) is not None
        self.at = end
        return _plain(found) if is_odd else found

    def hold(self, within: int = MAX_LINE) -> None:
        """Read on until as much is held."""
        while len(self.text) - self.at <= within and self.fill():
            pass

    def find(self, pattern: re.Pattern[str], within: int = MAX_LINE) -> re.Match[str] | None:
        """The first place after this one, within so many characters, where the pattern matches."""
        while not (match := pattern.search(self.text, self.at + 1, self.at + within)):
            if len(self.text) - self.at > within or not self.fill():
                return None
        return match

    def part(self, end: int) -> JsonText:
        """What is held from here to `end`, by itself."""
        return JsonText(StringIO(self.text[self.at : end]))

    def skip_value(self) -> bool:
        """Go past the object, array or string that begins here, however long or broken; whether it ends at all."""
        depth, in_string = 0, False
        while True:
            token = (_IN_STRING if in_string else _OUTSIDE).search(self.text, self.at)
            if token is None:
                self.at = len(self.text) - (in_string and self.text.endswith("\\"))
                if not self.fill():
                    return False
                continue
            self.at = token.end()
            in_string ^= token[0] == '"'
            depth += (token[0] in "{[") - (token[0] in "}]")
            if depth <= 0 and not in_string:
                return True

    def skip_line(self, following: re.Pattern[str]) -> None:
        """Go to the first line after this one that begins as `following` says, or to the end."""
        while not (match := following.search(self.text, self.at)):
            self.at = max(self.at, self.text.rfind("\n"))
            if not self.fill():
                self.at = len(self.text)
                return
        self.at = match.end()


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else digits


def _plain(value: Any, depth: int = 0) -> Any:
    """The value without what no record holds: halves of surrogate pairs, and anything nested too deep to be read."""
    if isinstance(value, str):
        return _NO_TEXT.sub("\ufffd", value) if _NO_TEXT.search(value) else value
    if isinstance(value, dict):
        return {_plain(k): _plain(v, depth + 1) for k, v in value.items()} if depth < _DEEPEST else None
    if isinstance(value, list):
        return [_plain(item, depth + 1) for item in value] if depth < _DEEPEST else None
    return value
