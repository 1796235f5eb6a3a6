"""British and American spellings of one word made one, for search tokens: optimisation and optimization, tumour and
tumor, anaemia and anemia.

What comes out is for comparing alone and need be no word ("promise" becomes "promize" on both sides).
"""

from __future__ import annotations

import re

_ENDINGS = (
    # Not "supervise", "precise", "stepwise": they have a z nowhere.
    (
        re.compile(r"(?<=[a-z]{3})(?<![vw])(?<!prec)(?<!conc)is(?=(?:e[drs]?|ers|ing|ingly|ations?|ational|able)$)"),
        "iz",
    ),
    (re.compile(r"(?<=ly)s(?=(?:e[drs]?|ers|ing)$)"), "z"),
    (re.compile(r"(?<=[lt])ogue(?=s?$)"), "og"),  # catalogue, analogue, dialogue
    (re.compile(r"(?<=^progra)mme(?=s?$)"), "m"),
    (re.compile(r"(?<=model|label|level|panel)l|(?<=signal)l|(?<=cancel|travel|tunnel)l|(?<=channel)l"), ""),
    (re.compile(r"(?<=^defen|^offen|^licen)c(?=e)"), "s"),
    (re.compile(r"(?<=^theat)re(?=s?$)|(?<=^cent)re(?=s?$)|(?<=^fib|lit|met)re(?=s?$)"), "er"),
)
_OUR = re.compile(
    r"(?<=behavi)our|(?<=neighb)our|(?<=^col)our|(?<=fav)our|(?<=^hon)our|(?<=^lab)our|(?<=tum)our|(?<=^hum)our|"
    r"(?<=^vap)our|(?<=^flav)our|(?<=^vig)our|(?<=^rig)our|(?<=^harb)our|(?<=^od)our|(?<=^endeav)our|(?<=^rum)our"
)
_GREEK = re.compile(
    r"(?<=an)ae(?=m|sth)|ae(?=mi[ac])|(?<=^h)ae(?=m)|(?<=p)ae(?=d)|(?<=gyn)ae(?=c)|^oe(?=stro|dem|soph)|(?<=^f)oe(?=t)|"
    r"(?<=rrh)oe(?=a)|(?<=^c)ae(?=ca|cu)|(?<=man)oe(?=uv)|(?<=^arch)ae(?=o)|^ae(?=tiolog)"
)
_WORDS = {
    "artefact": "artifact", "artefacts": "artifacts", "grey": "gray", "ageing": "aging", "sceptical": "skeptical",
    "aluminium": "aluminum", "mould": "mold", "moulds": "molds", "tyre": "tire", "tyres": "tires",
    "fulfil": "fulfill", "fulfils": "fulfills", "enrol": "enroll", "enrols": "enrolls", "enrolment": "enrollment",
    "practise": "practice", "practised": "practiced", "judgement": "judgment", "judgements": "judgments",
}  # fmt: skip


def one_spelling(word: str) -> str:
    """The form that all spellings of a lower-case word share.

    >>> [one_spelling(word) for word in ("optimisation", "behaviours", "modelling", "leukaemia", "catalogue", "hour")]
    ['optimization', 'behaviors', 'modeling', 'leukemia', 'catalog', 'hour']
    """
    if word in _WORDS:
        return _WORDS[word]
    if "our" in word:
        word = _OUR.sub("or", word)
    if "ae" in word or "oe" in word:
        word = _GREEK.sub("e", word)
    if word.startswith("sulph"):
        word = f"sulf{word[5:]}"
    for pattern, spelled in _ENDINGS:
        word, changed = pattern.subn(spelled, word)
        if changed:
            break
    return word
