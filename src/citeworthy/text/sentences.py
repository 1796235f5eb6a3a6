"""Sentence boundaries of scientific prose, as character offsets.

Input   any string; output (start, end) pairs in order, never overlapping, with only whitespace between
        them (and, in an abstract, its headings), so `text[start:end]` is a sentence exactly as stored.
        Nothing is rewritten here.

A rule splitter rather than a trained one: general-purpose splitters stumble over "Fig. 2", "i.e.",
"et al." and superscript references, need data files, and most of them lose offsets.
"""

from __future__ import annotations

import re

Span = tuple[int, int]

_ABBREVIATIONS = frozenset(
    "al approx ca cf cor def dr e.g eg eq eqn eqs ex fig figs i.e ie i.i.d lem mr mrs ms no nos p pp prof prop "
    "ref refs resp sec sect sp spp st subsp tab thm var viz vol vs w.r.t".split()
)
# These abbreviate only before a number ("No. 3", "p. 7"); elsewhere they are ordinary words or symbols.
_BEFORE_NUMBER = frozenset("no nos p pp sec tab vol ex def var prop cor ref st".split())
_STARTERS = frozenset(
    "A All Although An And As At Because Both But By Each Finally First For From Furthermore Given Here How However "
    "If In It Its Many Moreover Most No On One Our Results Second Several Since Some Such That The Their Then There "
    "Therefore These They This Those Thus To Two Under Using We What When Where Which While With".split()
)
_TERMINATOR = re.compile(r"(?P<mark>[.!?]+|…)(?P<reference>\d{1,3}(?:[,–-]\d{1,3})*)?(?P<close>[\"'”’)\]]*)(?=\s|$)")
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n\s*")
_WORD_BEFORE = re.compile(r"[^\s(\[\"'“‘]+$")
_NEXT_WORD = re.compile(r"[\s(\[\"'“‘]*([^\s]+)")
_LOWER_NAME = re.compile(r"[a-z]{1,3}(?=[A-Z0-9])")  # mRNA, p53, iPSC may open a sentence
_ENUMERATOR = re.compile(r"\d{1,2}|[ivx]{1,4}|[A-Za-z]")
_PARENTHESIS_REACH = 250
_PART = (  # of a structured abstract, the longer ones before what they begin with
    r"(?:abstract|aims?|availability|backgrounds?|case (?:presentation|report|description)|conclusions?|context|"
    r"data (?:sources?|extraction|synthesis|collection|analysis)|(?:study |research |trial |experimental )?designs?|"
    r"discussion|evidence (?:acquisition|synthesis)|exposures?|(?:principal |key |main |recent )?findings?|funding|"
    r"goals?|hypothes[ie]s|implementation|implications?|importance|interpretations?|interventions?|introduction|"
    r"limitations?|(?:main )?outcomes?(?: measures?)?|(?:main |principal |key )?results?|materials?|measures?|"
    r"measurements?|(?:statistical |review |search )?methods?|methodology|motivation|objectives?|participants|"
    r"patients|population|purpose of review|purpose|rationale|relevance|review|scope|search strategy|"
    r"selection criteria|settings?|significance|study (?:population|selection|objectives?)|subjects|summary|synopsis|"
    r"synthesis|(?:clinical )?trial registration|unlabelled)"
)
_HEADING = re.compile(
    rf"(?P<parts>{_PART}(?:(?:\s*[,/&]\s*(?:and\s+)?|\s+(?:and|of|for)\s+(?:the\s+)?){_PART})*)"
    r"(?P<mark>\s*[:–—]\s*|\s+-\s+|\s+)(?=[\w(“\"'‘])(?!(?-i:AND|BY|FOR|FROM|IN|OF|ON|OR|TO|WITH)\b)",
    re.IGNORECASE,
)
_TITLED = 3  # headings without a mark in an abstract of which no single one need be in capitals


def split_sentences(text: str) -> list[Span]:
    """Offsets of the sentences of `text`; empty for blank text.

    >>> text = "IL-6 rose (Fig. 2). We used, e.g., TD3+BC."
    >>> [text[a:b] for a, b in split_sentences(text)]
    ['IL-6 rose (Fig. 2).', 'We used, e.g., TD3+BC.']
    """
    spans: list[Span] = []
    start = 0
    for end in _boundaries(text):
        span = _trim(text, start, end)
        if span:
            spans.append(span)
        start = end
    return spans


def split_abstract(text: str) -> list[Span]:
    """The same of an abstract: as many, but the headings of a structured one are no part of them.

    >>> text = "RESULTS IL-6 rose. Conclusion: It may."
    >>> [text[a:b] for a, b in split_abstract(text)]
    ['IL-6 rose.', 'It may.']
    """
    spans = split_sentences(text)
    if text.isupper():
        return spans
    headings = [_HEADING.match(text, *span) for span in spans]
    titled = sum(match is not None and _is_heading(match, titled=True) for match in headings) >= _TITLED
    return [
        (match.end(), end) if match and _is_heading(match, titled=titled) else (start, end)
        for (start, end), match in zip(spans, headings, strict=True)
    ]


def sentence_texts(abstract: str) -> list[str]:
    """The sentences of an abstract themselves."""
    return [abstract[start:end] for start, end in split_abstract(abstract)]


def _boundaries(text: str) -> list[int]:
    ends = {match.start() for match in _BLANK_LINE.finditer(text)}
    any_case = text.islower()  # old collections hold no capitals to go by
    sentence_start = 0
    for match in _TERMINATOR.finditer(text):
        if _ends_sentence(text, sentence_start, match, any_case):
            ends.add(match.end())
            sentence_start = match.end()
    return sorted(ends | {len(text)})


def _ends_sentence(text: str, sentence_start: int, match: re.Match[str], any_case: bool) -> bool:
    following = _NEXT_WORD.match(text, match.end())
    if following is None:
        return True
    word_after = following.group(1)
    if match["reference"] and not (text[match.start() - 1].isalpha() or text[match.start() - 1] in ")]"):
        return False  # "0.5 mg": a decimal, not a superscript reference
    if not any_case and not _can_open_sentence(word_after):
        return False
    if not match["close"] and _inside_parenthesis(text, sentence_start, match.start()):
        return False
    if match["mark"] != "." or match["reference"] or match["close"]:
        return True
    before = _WORD_BEFORE.search(text, sentence_start, match.start())
    if before and _ENUMERATOR.fullmatch(before.group()) and not text[sentence_start : before.start()].strip():
        return False  # "4. The fourth point": the number belongs to what it counts
    return before is None or not _is_abbreviation(before.group(), word_after, text[sentence_start : before.start()])


def _can_open_sentence(word: str) -> bool:
    return not word[0].islower() or _LOWER_NAME.match(word) is not None


def _is_abbreviation(word: str, word_after: str, sentence_so_far: str) -> bool:
    lowered = word.lower()
    if lowered in _BEFORE_NUMBER:
        return word_after[0].isdigit()
    if lowered in _ABBREVIATIONS:
        return True
    if len(word) == 1 and word.isupper():
        # An initial ("J. Smith") unless it closes a phrase ("vitamin D. The trial ...").
        previous = sentence_so_far.split()
        closes_phrase = bool(previous) and previous[-1][0].islower() and word_after.strip(",") in _STARTERS
        return not closes_phrase
    return False


def _inside_parenthesis(text: str, start: int, position: int) -> bool:
    opened = text.count("(", start, position) - text.count(")", start, position)
    return opened > 0 and ")" in text[position : position + _PARENTHESIS_REACH]


def _is_heading(match: re.Match[str], *, titled: bool) -> bool:
    """Whether "RESULTS" or "Results:" is one. Without a mark behind it a word is in capitals only, or where several of
    the abstract are (`titled`: "Conclusions and Relevance"), and where the sentence behind it begins with a capital or
    figure of its own ("DESIGN Cohort study.").
    """
    if not match["mark"].isspace():
        return True
    begins, parts = match.string[match.end()], match["parts"]
    return (parts.isupper() or (titled and parts[0].isupper())) and (begins.isupper() or begins.isdigit())


def _trim(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None
