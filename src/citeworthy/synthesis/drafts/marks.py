"""Citation marks as they stand in a paragraph: which of them go together, and which the sentence cannot do without."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from citeworthy.synthesis.drafts.tidy import SPOT

_GLUE = re.compile(r"\s*(?:[,;/&–-]|,?\s*\b(?:and|or)\b)?\s*")
_NOUN_BEFORE = re.compile(  # a mark after one of these stands for the work: "as in [1]"
    r"(?:^|(?<!\()\b(?:in|by|of|from|to|with|on|per|via|following|like|than|see|extends?|extending|uses?)\s)$",
    re.IGNORECASE,
)
_VERB_AFTER = re.compile(r"\s*(?:['’]s\b|,?\s?[a-z]\w+)")
_NO_VERB = re.compile(r"\s*,?\s?(?:and|or|but|while|whereas|for|in|on|of|with|as|that|which|to)\b")
_SPOKEN_OF = re.compile(r"(?:[A-ZÀ-ÖØ-Ž][\w'’-]+ (?:et al\.?|(?:and|&) [A-ZÀ-ÖØ-Ž][\w'’-]+))\s*$")
_IN_BRACKETS = re.compile(r"[(;,]\s*(?:(?:see(?: also)?|e\.g\.|i\.e\.|cf\.|also|and),?\s*)*$")
_BRACKET_CLOSES = re.compile(rf"[\s,;{SPOT}]*\)")
_REACH = 80
_MOST_TOGETHER = 100


@dataclass(frozen=True, slots=True)
class Mention:
    """One paper in a Mark. `part` is "author" or "year" where only that is printed, which alone is no citation."""

    key: str
    offset: int  # of the key among the Sources
    part: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """Citations that stand together: `text[start:end]` of their paragraph.

    Of a mark with a name ("Sheng et al.") the name stays in the sentence; one without is taken out, unless it has to
    stand for something ("as in [1]").
    """

    start: int
    end: int
    mentions: tuple[Mention, ...]
    name: str = ""
    textual: bool = False  # the command prints a name, which is not known yet


def joined(text: str, marks: Sequence[Mark]) -> list[Mark]:
    """Marks that have nothing but a comma or "and" between them as one."""
    groups: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: mark.start):
        last = groups[-1] if groups else None
        if last and mark.start < last.end:
            continue  # the same words read twice
        if last and _belong(text, last, mark):
            groups[-1] = replace(last, end=mark.end, mentions=(*last.mentions, *mark.mentions))
        else:
            groups.append(mark)
    return groups


def _belong(text: str, last: Mark, mark: Mark) -> bool:
    if last.name or mark.name or mark.textual or len(last.mentions) > _MOST_TOGETHER:
        return False
    if last.textual:  # "\\citeauthor{x} \\citep{x}"
        keys = {mention.key for mention in last.mentions}
        return all(m.key in keys for m in mark.mentions) and not text[last.end : mark.start].strip()
    return _GLUE.fullmatch(text, last.end, mark.start) is not None


def spoken(text: str, marks: Sequence[Mark], bylines: Callable[[Mention], str]) -> list[Mark]:
    """The same with a name for each mark that the sentence cannot do without."""
    done: list[Mark] = []
    for mark in marks:
        name, start = mark.name, mark.start
        before = text[max(0, start - _REACH) : start]
        if not name and (written := _SPOKEN_OF.search(before)):
            start -= len(written[0])  # "Smith et al. [1] show": the name is there already
            name = written[0].rstrip()
        elif not name and _needs_name(mark, before, text):
            names = list(dict.fromkeys(filter(None, map(bylines, mark.mentions))))
            name = " and ".join(names) or ("this work" if len(mark.mentions) == 1 else "these works")
            name = name[0].upper() + name[1:] if _opens(before) else name
        done.append(Mark(max(start, done[-1].end if done else 0), mark.end, mark.mentions, name))
    return done


def _needs_name(mark: Mark, before: str, text: str) -> bool:
    if mark.textual:  # but "(BLEU; \\citealt{a})" reads without
        is_aside = _IN_BRACKETS.search(before) and before.rfind("(") > before.rfind(")")
        return not (is_aside and _BRACKET_CLOSES.match(text, mark.end))
    return _stands_for_work(before, text, mark.end)


def _stands_for_work(before: str, text: str, end: int) -> bool:
    if _opens(before):
        return bool(_VERB_AFTER.match(text, end)) and not _NO_VERB.match(text, end)
    return _NOUN_BEFORE.search(before) is not None


def _opens(before: str) -> bool:
    return not before.strip() or (
        before.rstrip()[-1] in ".!?" and not before.rstrip().endswith(("al.", "e.g.", "i.e."))
    )
