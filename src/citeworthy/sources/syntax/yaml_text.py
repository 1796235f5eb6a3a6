"""YAML (https://yaml.org/spec/1.1/) to plain values: every scalar is text, no tag means anything, no alias is followed.

A value is made from the parser's events, so no object is ever made of a tag, and "No", 010 and 2024-01-01 stay what was
written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml  # type: ignore[import-untyped]

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST = 50
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_PAIR = re.compile(r"(?:\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})+")
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))


class YamlError(Exception):
    """What stands here cannot be read; the message says why."""


def parse(text: str) -> Any:
    """The first document in the text."""
    text = _PAIR.sub(_character, _NO_TEXT.sub("\ufffd", text))
    try:
        events = yaml.parse(text, Loader=_LOADER)
        for event in events:
            if not isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent):
                return _value(event, events, 0)
    except yaml.MarkedYAMLError as error:
        where = f" in line {error.problem_mark.line + 1} of it" if error.problem_mark else ""
        raise YamlError(f"not valid YAML ({error.problem or error.context}{where})") from None
    except yaml.YAMLError as error:
        raise YamlError(f"not valid YAML ({str(error).splitlines()[0][:100]})") from None
    return None


def _value(event: Any, events: Iterator[Any], depth: int) -> Any:
    if isinstance(event, yaml.AliasEvent):
        raise YamlError(f"it repeats a part by an alias (*{event.anchor}), and aliases are not followed: write it out")
    if isinstance(event, yaml.ScalarEvent):
        return None if event.style is None and event.value in _NULLS else event.value
    if depth > _DEEPEST:
        raise YamlError("nested too deeply")
    if isinstance(event, yaml.SequenceStartEvent):
        return [_value(inner, events, depth + 1) for inner in _until(yaml.SequenceEndEvent, events)]
    found = {}
    for name in _until(yaml.MappingEndEvent, events):
        named = _value(name, events, depth + 1)
        found[named if isinstance(named, str) else str(named)] = _value(next(events), events, depth + 1)
    return found


def _until(end: type, events: Iterator[Any]) -> Iterator[Any]:
    for event in events:
        if isinstance(event, end):
            return
        yield event


def _character(match: re.Match[str]) -> str:
    r""" "\ud83d\ude00", as JSON and Ruby write one character, which YAML does not allow."""
    return str(json.loads(f'"{match[0]}"'))
