"""Does a sentence only say what a study set out to find out, or that it was not known? It answers no question about
what was found."""

from __future__ import annotations

import re

_ASK = (
    r"(?:determine|test|assess|evaluate|investigate|examine|explore|study|compare|review|establish|ascertain|identify|"
    r"measure|estimate|quantify|describe|characteri[sz]e|elucidate|clarify|analy[sz]e|address|summari[sz]e|understand|"
    r"find out|see|verify|report)"
)
_AIM = re.compile(
    rf"^(?:(?:The )?(?:primary |main |specific |overall )?(?:aims?|objectives?|purposes?|goals?)\b[^.;:]{{0,60}}?"
    rf"\b(?:is|are|was|were|to)\b|To (?:\w+ly )?{_ASK}\b|"
    rf"(?:Here,? |In this (?:study|paper|work),? |Therefore,? |Thus,? )?"
    rf"(?:we|this (?:study|paper|review|trial|work))(?: \w+)? (?:aim(?:s|ed)?|sought|seeks?|set out|intend(?:s|ed)?|"
    rf"wished|wanted|hypothesi[sz]ed?|(?:{_ASK}|investigated|examined|assessed|tested|evaluated|explored|studied|asked)"
    r" (?:whether|if|the hypothesis))\b|This (?:study|trial|review) (?:was|is) (?:designed|conducted|undertaken|"
    r"performed|carried out) to\b)",
    re.IGNORECASE,
)
_NOT_KNOWN = re.compile(
    r"\bwhether\b.*\b(?:is|are|was|were|remains?|remained) (?:still |largely |yet )?(?:not (?:yet |well |fully )?"
    r"(?:known|clear|understood|established|determined)|unknown|unclear|uncertain|undetermined|controversial)\b",
    re.IGNORECASE,
)
_LITTLE_KNOWN = re.compile(
    r"^(?:However, |But |Yet,? )?(?:(?:very )?little (?:is|was) known|(?:information|evidence|knowledge) "
    r"(?:is|was|remains) (?:\w+ )?(?:scarce|lacking|limited|sparse)) (?:about|on|of|as to|regarding|concerning)\b",
    re.IGNORECASE,
)
_FOUND = re.compile(
    r"\b(?:and|but) (?:we )?(?:find|found|show\w*|conclud\w*|report\w*|observ\w*|demonstrat\w*|prov\w+)\b|"
    r"[,;] (?:and )?(?:we )?(?:find|found|show\w*)\b|\d(?:\.\d+)?\s?%",
    re.IGNORECASE,
)


def only_aims(sentence: str) -> bool:
    """Whether it sets out to find something out, or calls it open, and does not say what was found.

    >>> only_aims("To determine whether statins lower the risk.")
    True
    >>> only_aims("We tested whether it holds and found that it does.")
    False
    """
    if _NOT_KNOWN.search(sentence) or _LITTLE_KNOWN.search(sentence):
        return True
    return _AIM.search(sentence) is not None and _FOUND.search(sentence) is None
