"""Names of authors as running text has them: "Smith", "van den Berg and Lee", "Smith, Jones & Wu", "Okoń et al."."""

from __future__ import annotations

import re
from dataclasses import dataclass

_GAP = r"[ \n\u00a0]+"
_PARTICLES = (
    rf"(?:(?:[Vv]an|[Vv]on|[Dd]e|[Dd]er|[Dd]en|[Dd]el|[Dd]i|[Dd]a|[Dd]u|[Ll][ae]|[Tt]e[nr]|[Dd]os|[Ee]l){_GAP}){{0,3}}"
)
_CAPITAL = "A-ZÀ-ÖØ-ÞĀ-Ž"
_SURNAME = rf"{_PARTICLES}(?:[dDlLO]['’])?[{_CAPITAL}][\w'’]*(?:[-‐‑][\w'’]+)*"
_PERSON = rf"(?:(?:[A-Z]\.[- ]?){{1,3}} ?)?{_SURNAME}"
_LAST = rf",?{_GAP}(?:and|&|und|et(?!{_GAP}al)|y){_GAP}{_PERSON}"
_ET_AL = rf",?{_GAP}(?:et{_GAP}al\b\.?|and{_GAP}(?:others|colleagues|co-?workers)\b)"
_AUTHORS = re.compile(rf"(?<![\w.’'-])(?P<first>{_PERSON})(?P<more>(?:,{_GAP}{_PERSON}){{0,8}}(?:{_LAST}|{_ET_AL})|)$")
_FIRST = re.compile(rf"{_PERSON},{_GAP}(?={_PERSON})")
_REACH = 160  # characters; longer lists are written "et al."
_WINDOW_START = re.compile(r"\s\S")
_NO_NAMES = frozenset(
    "figure fig figs table tab section sec chapter appendix equation eq eqs algorithm theorem lemma proposition "
    "corollary definition example step phase version part volume vol no page january february march april may june "
    "july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec spring summer "
    "autumn fall winter in since until from by "
    "before after around circa during year early late mid the a an and or of on at "
    "see also accessed retrieved updated published copyright as for with to like unlike following while whereas "
    "however recently later similarly moreover furthermore finally although when inspired but first second third then "
    "where if we our this these those that their his her its some most many it they both more still yet so thus here "
    "notably i.e e.g cf which who because using under via per task shared challenge track workshop conference".split()
)
_ADVERB = re.compile(r"\w{5,}(?<!nel)(?<!nol)ly|\w+(?:ilarly|wise|over|more)")


@dataclass(frozen=True, slots=True)
class Authors:
    """Who is named, and where that begins in the text."""

    first: str  # surname of the first, with its particles
    written: str
    start: int

    @property
    def is_list(self) -> bool:
        """More than one name: hardly anything else is written so."""
        return self.first != self.written

    @property
    def is_acronym(self) -> bool:
        """NASA, CoNLL, GPT-4: more likely a thing than a person."""
        return sum(c.isupper() for c in self.first) > 1 and not re.match(
            r"(?:Mc|Mac|De|Di|La|O['’]|[\w'’]+-)", self.first
        )


def authors_before(text: str, end: int) -> Authors | None:
    """The list of authors that ends at `end`, if one does."""
    floor = max(0, end - _REACH)
    if floor and (word := _WINDOW_START.search(text, floor, end)):
        floor = word.start() + 1
    match = _AUTHORS.search(text, floor, end)
    if match is None:
        return None
    start = match.start()
    while (lead := _FIRST.match(text, start, end)) and _is_no_name(_surname(lead[0].rstrip(", \n\u00a0"))):
        start = lead.end()  # "However, Smith and Lee (2020)"
    match = _AUTHORS.match(text, start, end)
    if match is None or _is_no_name(_surname(match["first"])):
        return None
    return Authors(_surname(match["first"]), match[0], match.start())


def _surname(person: str) -> str:
    return re.sub(r"^(?:[A-Z]\.[- ]?)+ ?", "", person).removesuffix("'s").removesuffix("’s")


def _is_no_name(word: str) -> bool:
    return word.casefold().rstrip(".") in _NO_NAMES or _ADVERB.fullmatch(word) is not None
