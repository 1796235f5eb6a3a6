r"""What the commands of LaTeX and its packages do to a reader's text."""

from __future__ import annotations

import re

# natbib, biblatex, apacite, REVTeX, plain LaTeX. Capitals and stars change how a citation looks, not what it is.
_NO_CITATION = frozenset(
    "nocite citestyle citesetup citetext citename citereset citealias defcitealias citeindextrue citedash citemid "
    "bibcite citeform citepunct citeleft citeright citenumfont citeauthorname citebrackets".split()
)
_TEXTUAL = frozenset(
    "citet citealt textcite textcites citea shortcitea newcite citeasnoun onlinecite citeonline citeaopt tcite".split()
)
_AUTHOR = frozenset("citeauthor citeauthora fullciteauthor shortciteauthor citetitle citeauthorfull".split())
_YEAR = frozenset("citeyear citeyearpar citeyearnp citedate citeurl citefullyear shortciteyear".split())
_KEY_LIST = re.compile(r"[^\s,{}\\#%~]+(?:\s*,\s*[^\s,{}\\#%~]+)*\s*,?")

DISPLAYED = frozenset(
    "equation align alignat gather multline eqnarray displaymath math flalign dmath dgroup subequations IEEEeqnarray "
    "aligned split cases array".split()
)
SKIPPED = frozenset(
    "figure table wrapfigure wraptable sidewaystable sidewaysfigure longtable tabular tabularx tabulary tabbing "
    "algorithm algorithmic algorithm2e SCfigure teaserfigure CCSXML tcolorbox listing code lstfloat overpic "
    "titlepage keywords IEEEkeywords threeparttable".split()
)
HEADINGS = frozenset("part chapter section subsection subsubsection paragraph subparagraph".split())
INCLUDES = frozenset("input include subfile subfileinclude InputIfFileExists".split())
FOOTNOTES = frozenset("footnote footnotetext sidenote endnote".split())
DEFINES = frozenset(
    "newcommand renewcommand providecommand DeclareRobustCommand def gdef edef let newenvironment renewenvironment "
    "NewDocumentCommand DeclareMathOperator newtheorem".split()
)

# Their arguments (as many) are no text.
SWALLOWED = {
    name: count
    for count, names in (
        (1, ("label ref eqref pageref cref Cref autoref nameref vref vspace hspace includegraphics url nolinkurl "
            "thanks todo marginpar "
            "usepackage documentclass pagestyle thispagestyle bibliographystyle nocite graphicspath "
            "author affil affiliation institute date title email address orcid keywords phantom vphantom hphantom "
            "fontsize color href textcolor colorbox hypersetup pdfbookmark index glsadd includepdf acrodef "
            "bibliographystyle theoremstyle enlargethispage hyphenation footnotemark citestyle linespread "
            "pagenumbering pagecolor captionsetup sisetup titlerunning authorrunning markboth")),
        (2, "setlength addtolength setcounter addtocounter raisebox rule definecolor newacronym DeclareGraphicsRule"),
    )
    for name in names.split()
}  # fmt: skip
# They change how things look or where they stand.
LAYOUT = frozenset(
    "noindent indent centering raggedright raggedleft small footnotesize scriptsize tiny normalsize large Large LARGE "
    "huge Huge bf it em rm sf tt sc sl bfseries itshape rmfamily sffamily ttfamily scshape slshape upshape mdseries "
    "normalfont clearpage newpage cleardoublepage pagebreak nopagebreak linebreak newline maketitle tableofcontents "
    "bigskip medskip smallskip hfill vfill appendix relax protect xspace null boldmath unskip ignorespaces leavevmode "
    "displaystyle textstyle limits nolimits quad qquad hline toprule midrule bottomrule frontmatter mainmatter "
    "backmatter printbibliography listoffigures listoftables sloppy fussy onecolumn twocolumn balance flushbottom "
    "left right big Big bigg Bigg begingroup endgroup bgroup egroup allowbreak nobreak makeatletter makeatother fi "
    "else newblock singlespacing doublespacing onehalfspacing FloatBarrier".split()
)
SPACES = {",": " ", ";": " ", ":": " ", " ": " ", "\n": " ", "\\": " ", "!": "", "-": "", "/": "", "@": "", "*": ""}
ESCAPED = frozenset("%&_#${}")
ACCENTS = frozenset("'`^\"~=.")
LETTER_ACCENTS = frozenset("u v H c k r d b t".split())


def citation_kind(command: str) -> str:
    """ "mark", "text", "author" or "year" for what cites; "" for what does not. Unknown commands with "cite" in their
    name are somebody's package: marks.
    """
    name = command.casefold()
    if "cite" not in name or name in _NO_CITATION or name.startswith("nocite"):
        return ""
    if name in _AUTHOR:
        return "author"
    if name in _YEAR:
        return "year"
    return "text" if name in _TEXTUAL else "mark"


def are_keys(text: str) -> bool:
    """Whether an argument can be a list of citation keys."""
    return _KEY_LIST.fullmatch(text.strip()) is not None
