r"""A document as LaTeX: a whole article that compiles as it is, or a section to `\input`, with a .bib file beside it.

The text is ASCII (see `latex_text`), so any engine reads it. What the section needs in its document stands in its
first lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from citeworthy.surfaces.documents.bib import keys_of
from citeworthy.surfaces.documents.cited import cited_papers, identity, papers_of
from citeworthy.surfaces.documents.columns import shares
from citeworthy.surfaces.documents.latex_text import typeset
from citeworthy.surfaces.documents.lines import one_line
from citeworthy.surfaces.documents.model import (
    Block,
    Bullets,
    Cite,
    Document,
    Figure,
    Heading,
    Paragraph,
    Quotes,
    Run,
    Table,
    Text,
)
from citeworthy.surfaces.documents.words import Quotation, arranged, doubt

_PREAMBLE = r"""\documentclass[11pt,a4paper]{article}
\usepackage{iftex}
\ifpdftex
  \usepackage[T1]{fontenc}
  \usepackage[utf8]{inputenc}
  \IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}
\fi
\usepackage[margin=25mm]{geometry}
\usepackage{array,booktabs,longtable,pdflscape}
\usepackage[%(natbib)s]{natbib}
\usepackage[hidelinks]{hyperref}
\makeatletter %% a DOI may hold any sign
\newcommand{\doi}{\hyper@normalise\doi@}
\newcommand{\doi@}[1]{\href{https://doi.org/#1}{\nolinkurl{https://doi.org/#1}}}
\makeatother
\urlstyle{same}
\setlength{\emergencystretch}{3em}
\title{%(title)s}
\author{}
\date{}
\begin{document}
"""
_SECTION = r"""%% Needs \usepackage[T1]{fontenc}%(packages)s
%% and \bibliography{%(bibliography)s} with the .bib file that belongs to it.
"""
_COMMANDS = ("section", "subsection", "subsubsection", "paragraph", "subparagraph")
_WIDE = 5  # columns that a page still holds upright
_LINE, _LONG_LINE = 90, 130  # characters across a page, and across one that is turned


def write(
    document: Document,
    *,
    quotes: Quotes = "footnotes",
    whole: bool = True,
    natbib: bool = False,
    bibliography: str = "references",
) -> str:
    r"""The file. With `natbib` citations are authors and years (`\citep`), else numbers; `bibliography` is the .bib."""
    writer = _Writer(document, quotes, "citep" if natbib else "cite", first_level=2 if whole else 1)
    parts = [part for block in document.blocks if (part := writer.block(block))]
    title = typeset(document.title).strip()
    name = bibliography.removesuffix(".bib")
    notes = [typeset(note).strip() for note in document.notes if one_line(note).strip()]
    if not whole:
        packages = r" and \usepackage{array,booktabs,longtable,pdflscape}" if writer.has_tables else ""
        head = _SECTION % {"packages": packages, "bibliography": name}
        parts = [f"{head}\\section{{{title}}}" if title else head.rstrip(), *parts]
        parts += [f"% {note}" for note in notes]
        return "\n\n".join(parts) + "\n"
    natbib_options = "round" if natbib else "numbers,sort&compress"
    head = _PREAMBLE % {"title": title, "natbib": natbib_options}
    if cited_papers(document):
        parts.append(f"\\bibliographystyle{{{'plainnat' if natbib else 'unsrtnat'}}}\n\\bibliography{{{name}}}")
    if notes:
        parts.append("\\bigskip\n" + "\n".join(f"{{\\footnotesize\\noindent {note}\\par}}" for note in notes))
    return head + ("\\maketitle\n\n" if title else "\n") + "\n\n".join(parts) + "\n\n\\end{document}\n"


class _Writer:
    """Writes block after block."""

    def __init__(self, document: Document, quotes: Quotes, command: str, first_level: int) -> None:
        self.has_tables = False
        self._keys = keys_of(document)
        self._quotes = quotes
        self._command = command
        self._first_level = first_level

    def block(self, block: Block) -> str:
        if isinstance(block, Heading):
            level = min(max(block.level - self._first_level, 0), len(_COMMANDS) - 1)
            return f"\\{_COMMANDS[level]}{{{typeset(block.text).strip()}}}"
        if isinstance(block, Paragraph):
            text = self._line(block.runs)
            return f"\\begin{{quote}}\\small\n{text}\n\\end{{quote}}" if block.is_note and text else text
        if isinstance(block, Bullets):
            items = "\n".join(f"\\item {_guarded(self._line(item))}" for item in block.items)
            return f"\\begin{{itemize}}\n{items}\n\\end{{itemize}}" if items else ""
        if isinstance(block, Figure):
            return f"\\noindent\\emph{{Figure:}} {typeset(block.caption).strip()}"
        return self._table(block)

    def _table(self, table: Table) -> str:
        if not table.width:
            return ""
        self.has_tables = True
        columns = "".join(
            f"\n  >{{\\raggedright\\arraybackslash}}p{{\\dimexpr {share:.3f}\\linewidth-2\\tabcolsep\\relax}}"
            for share in shares(table, _LINE if table.width <= _WIDE else _LONG_LINE)
        )
        head = f"\\toprule\n{_row([typeset(name).strip() for name in table.header], table.width)}\n\\midrule\n"
        caption = f"\\caption{{{typeset(table.caption).strip()}}}\\\\\n" if table.caption.strip() else ""
        rows = "".join(f"{_row([self._line(cell) for cell in row], table.width)}\n" for row in table.rows)
        written = (
            f"{{\\small\\setlength{{\\LTcapwidth}}{{\\linewidth}}\n\\begin{{longtable}}{{@{{}}{columns}@{{}}}}\n{caption}{head}\\endfirsthead\n{head}\\endhead\n"
            f"\\bottomrule\n\\endlastfoot\n{rows}\\end{{longtable}}}}"
        )
        return f"\\begin{{landscape}}\n{written}\n\\end{{landscape}}" if table.width > _WIDE else written

    def _line(self, runs: Sequence[Run]) -> str:
        line = ""
        for run in arranged(runs):
            if isinstance(run, Text):
                line += _text(run)
            elif isinstance(run, Cite):
                line += "".join(f"{'~' if line or place else ''}{part}" for place, part in enumerate(self._cite(run)))
            elif self._quotes == "footnotes":
                said = [_footnote(one) for one in run.quotations]
                line += f"\\footnote{{{' '.join(said)}}}"
        return line.strip()

    def _cite(self, cite: Cite) -> Iterator[str]:
        if papers := papers_of([cite]):
            yield f"\\{self._command}{{{','.join(self._keys[identity(paper)] for paper in papers)}}}"
        if said := doubt(cite.verdict):
            yield f"\\emph{{({said})}}"


def _text(run: Text) -> str:
    if run.emphasis == "quoted":
        return _quoted(run.text)
    text = typeset(run.text)
    if not run.emphasis or not (inner := text.strip()):
        return text
    return text.replace(inner, f"\\{'textbf' if run.emphasis == 'bold' else 'emph'}{{{inner}}}", 1)


def _footnote(said: Quotation) -> str:
    return f"{_quoted(said.quote)} ({typeset(said.source)})." if said.quote else f"{typeset(said.source)}."


def _quoted(text: str) -> str:
    text = typeset(text).strip()
    return f"``{'{}' if text.startswith('`') else ''}{text}{'{}' if text.endswith(chr(39)) else ''}''"


def _row(cells: Sequence[str], width: int) -> str:
    cells = [*cells, *[""] * (width - len(cells))]
    return f"{' & '.join(map(_guarded, cells))} \\\\[3pt]"


def _guarded(text: str) -> str:
    r"""Text after `\\` or `\item`, which take [ and * for their own."""
    return f"{{}}{text}" if text.startswith(("[", "*")) else text
