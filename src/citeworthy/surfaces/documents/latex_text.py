r"""Plain text as LaTeX in ASCII, which pdflatex and xelatex set without a stop, whatever the text holds.

Letters with accents, Greek and the usual signs become commands of the LaTeX kernel (T1 encoding); what it has no
command for is transliterated (深度 -> ShenDu), and "?" where there is no transliteration.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from anyascii import anyascii

from citeworthy.surfaces.documents.lines import one_line

_ASCII = {
    **{character: f"\\{character}" for character in "&%$#_"},
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "{": r"\{", "}": r"\}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
    '"': r"\symbol{34}",  # in German texts babel makes " a command of its own
}  # fmt: skip
_TYPOGRAPHIC = {"‘": "`", "’": "'", "“": "``", "”": "''", "–": "--", "—": "---", "‐": "-", "‑": "-", "‒": "--",
                "…": r"\dots{}"}  # fmt: skip
_LETTERS = {
    "ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ł": "l", "Ł": "L", "ı": "i", "đ": "dj",
    "Đ": "DJ", "ð": "dh", "Ð": "DH", "þ": "th", "Þ": "TH", "ŋ": "ng", "Ŋ": "NG", "«": "guillemotleft",
    "»": "guillemotright", "‹": "guilsinglleft", "›": "guilsinglright", "„": "quotedblbase", "‚": "quotesinglbase",
    "¡": "textexclamdown", "¿": "textquestiondown", "§": "textsection", "¶": "textparagraph", "©": "textcopyright",
    "®": "textregistered", "™": "texttrademark", "°": "textdegree", "€": "texteuro", "£": "textsterling",
    "¥": "textyen", "¢": "textcent", "µ": "textmu", "·": "textperiodcentered", "•": "textbullet",
    "‰": "textperthousand", "†": "textdagger", "‡": "textdaggerdbl", "ª": "textordfeminine", "º": "textordmasculine",
    "½": "textonehalf", "¼": "textonequarter", "¾": "textthreequarters",
}  # fmt: skip
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξπρςστυφχψωϑϕϖϱϵΓΔΘΛΞΠΣΥΦΨΩ",
        "alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho varsigma sigma tau upsilon "
        "varphi chi psi omega vartheta phi varpi varrho epsilon Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi "
        "Omega".split(),
        strict=True,
    )
)
_SIGNS = dict(
    zip(
        "±∓×÷∗⋅∘∙≤≥≠≈≡∼≃≅∝≪≫≺≻∞∂∇√∑∏∫∮∈∉∋⊂⊃⊆⊇∪∩∅∀∃¬∧∨⊕⊖⊗⊙⊥∥∠←→↑↓↔⇐⇒⇑⇓⇔↦⟨⟩⌊⌋⌈⌉ℓℏℵℜℑ⋆★∣△⊤⊢⊨⟶⟵⋯⋮⋱",
        "pm mp times div ast cdot circ bullet leq geq neq approx equiv sim simeq cong propto ll gg prec succ infty "
        "partial nabla surd sum prod int oint in notin ni subset supset subseteq supseteq cup cap emptyset forall "
        "exists neg wedge vee oplus ominus otimes odot perp parallel angle leftarrow rightarrow uparrow downarrow "
        "leftrightarrow Leftarrow Rightarrow Uparrow Downarrow Leftrightarrow mapsto langle rangle lfloor rfloor lceil "
        "rceil ell hbar aleph Re Im star star mid triangle top vdash models longrightarrow longleftarrow cdots vdots "
        "ddots".split(),
        strict=True,
    )
)
_MATH = {sign: f"\\{name}" for sign, name in (_GREEK | _SIGNS).items()} | {
    "−": "-", "′": r"^{\prime}", "″": r"^{\prime\prime}", "≲": r"\stackrel{<}{\sim}", "≳": r"\stackrel{>}{\sim}",
}  # fmt: skip
_ACCENTS = dict(
    zip(
        "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0323\u0327\u0328\u0331",
        "`'^~=u.\"rHvdckb",
        strict=True,
    )
)
_LIGATURES = ("--", "''", "``", "!`", "?`", ",,")


def typeset(text: str) -> str:
    r"""LaTeX that sets the text.

    >>> print(typeset("Müller & Søn: 5 µm ± 3% of α₁"))
    M{\"{u}}ller \& S{\o}n: 5 {\textmu}m {\ensuremath{\pm}} 3\% of {\ensuremath{\alpha}}{\textsubscript{1}}
    """
    written = ""
    for character in unicodedata.normalize("NFC", one_line(text)):
        piece = _ASCII.get(character, character) if character.isascii() else braced(character)
        separator = "{}" if f"{written[-1:]}{piece[:1]}" in _LIGATURES else ""
        written += separator + piece
    return written


def braced(character: str) -> str:
    """LaTeX for one character beyond ASCII; a command is in braces, so that it ends and BibTeX knows it for one."""
    piece = _sign(character)
    return f"{{{piece}}}" if piece.startswith("\\") and not piece.endswith("{}") else piece


@lru_cache(maxsize=4096)
def _sign(character: str) -> str:
    if known := _TYPOGRAPHIC.get(character):
        return known
    if known := _LETTERS.get(character):
        return f"\\{known}"
    if known := _MATH.get(character):
        return rf"\ensuremath{{{known}}}"
    return _accented(character) or _like(character) or _transliterated(character)


def _accented(character: str) -> str:
    r""" "\'{e}", "\'{\i}", and for two accents "\'{\^{e}}"; "" for what has none."""
    base, *marks = list(unicodedata.normalize("NFD", character))
    if base in _GREEK and marks:
        return rf"\ensuremath{{{_MATH[base]}}}"
    if not marks or not base.isascii() or not base.isalpha() or not all(mark in _ACCENTS for mark in marks):
        return ""
    written = f"\\{base}" if base in "ij" and _ACCENTS[marks[0]] not in "cdkb" else base
    for mark in marks:
        written = f"\\{_ACCENTS[mark]}{{{written}}}"
    return written


def _like(character: str) -> str:
    """What Unicode calls another form of plain characters: a superscript, a ligature, a letter of mathematics."""
    plain = unicodedata.normalize("NFKC", character)
    if plain == character or not plain.strip() or plain[0] == " ":
        return ""
    form = unicodedata.decomposition(character).split(" ")[0]
    command = {"<super>": "textsuperscript", "<sub>": "textsubscript"}.get(form)
    return f"\\{command}{{{typeset(plain)}}}" if command else typeset(plain)


def _transliterated(character: str) -> str:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return ""  # marks on the letter before, and what only joins letters
    table = _ASCII | {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}  # BibTeX wants braces in pairs
    return "".join(table.get(one, one) for one in anyascii(character)) or "?"
