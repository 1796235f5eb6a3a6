"""Values out of JSON whatever their shape: text, lists, dates, people. None of these functions raises."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from citeworthy.sources.values import or_nothing, split_authors

_ISO = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?(?:[T ].*)?")
_PARTS = 3  # year, month, day
_MOST = 10_000  # items looked at in a list, so that a hostile one costs little
_LONGEST_NUMBER = 256  # bits; Python refuses to write out a really long one
_FULL_DATE = len("2024-01")


def text(value: Any) -> str:
    """A string or number as text; of a list the first that says something; "" for anything else."""
    if isinstance(value, list | tuple):
        return next((found for item in value[:_MOST] if not isinstance(item, list) and (found := text(item))), "")
    if isinstance(value, int) and (isinstance(value, bool) or value.bit_length() > _LONGEST_NUMBER):
        return ""
    return or_nothing(value)


def mapping(value: Any) -> Mapping[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def mappings(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list; one object stands for a list of one."""
    if isinstance(value, Mapping):
        return [value]
    return [item for item in value[:_MOST] if isinstance(item, Mapping)] if isinstance(value, list | tuple) else []


def joined(value: Any, name: str = "") -> str:
    """The texts of a list, each once, as "a; b"; of its objects that under `name`."""
    items = value[:_MOST] if isinstance(value, list | tuple) else [value]
    found = [text(item.get(name)) if isinstance(item, Mapping) else text(item) for item in items]
    return "; ".join(dict.fromkeys(item for item in found if item))


def people(value: Any) -> tuple[str, ...]:
    """Names of a list of people, each {family, given}, {name} or a string."""
    if isinstance(value, list | tuple):
        value = [item for item in value[:_MOST] if isinstance(item, Mapping | str)]
    return split_authors(value)


def and_list(names: Iterable[str]) -> str:
    """Names as BibTeX lists them."""
    return " and ".join(names)


def when(value: Any) -> str:
    """A date as "2024-03-01", "2024-03" or "2024" if it says so, else as it is worded; "" if there is none.

    Read are CSL's {"date-parts": [[2024, 3, 1]]}, {"raw": ...} and {"literal": ...}, CSL-YAML's {year, month, day} and
    lists of these, of which the first is the beginning.
    """
    for _ in range(_PARTS):  # a list in a list in "date-parts"
        if isinstance(value, list | tuple) and value and isinstance(value[0], list | tuple | Mapping):
            value = value[0]
        elif isinstance(value, Mapping):
            value = value.get("date-parts") or _named_parts(value)
    if isinstance(value, list | tuple):
        return _from_parts(value)
    if isinstance(value, date):
        return value.isoformat()[:10]
    worded = text(value)
    match = _ISO.fullmatch(worded)
    return _from_parts(match.groups()) if match else worded


def precise(value: str) -> str:
    """The date if it is an ISO date that says more than the year, else ""."""
    return value if len(value) >= _FULL_DATE and _ISO.fullmatch(value) else ""


def filled(**details: str) -> dict[str, str]:
    """Those that are not empty; a final underscore of a name is only there for Python."""
    return {name.rstrip("_"): value for name, value in details.items() if value}


def _named_parts(value: Mapping[str, Any]) -> Any:
    if value.get("year") is not None:
        return [value.get("year"), value.get("month"), value.get("day")]
    return next((value[name] for name in ("raw", "literal", "date-time") if isinstance(value.get(name), str)), None)


def _from_parts(parts: Iterable[Any]) -> str:
    year, *rest = [text(part) for part in list(parts)[:_PARTS]] or [""]
    if not re.fullmatch(r"\d{4}", year):
        return year
    for part, last in zip(rest, (12, 31), strict=False):
        if not re.fullmatch(r"\d{1,2}", part) or not 1 <= int(part) <= last:
            break
        year += f"-{int(part):02}"
    return year
