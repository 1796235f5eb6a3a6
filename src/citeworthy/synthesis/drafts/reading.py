"""A manuscript to a Draft: read as what its ending says, or where that says nothing, as what its content looks like."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from citeworthy.errors import SourceError
from citeworthy.synthesis.drafts import docx, latex_draft, markdown, plain
from citeworthy.synthesis.drafts.draft import Draft
from citeworthy.synthesis.drafts.files import decoded, read_bytes

_READERS: dict[str, Callable[[Path], Draft]] = {
    **dict.fromkeys((".tex", ".ltx", ".latex"), latex_draft.read),
    **dict.fromkeys((".md", ".markdown", ".qmd", ".rmd", ".mdown", ".mkd"), markdown.read),
    **dict.fromkeys((".docx", ".docm"), docx.read),
}
_BIBLIOGRAPHIES = frozenset((".bib", ".ris", ".nbib", ".enw", ".json", ".csv", ".xml"))
_LATEX = re.compile(
    r"\\(?:documentclass|begin\s*\{document\}|section\*?\s*\{|(?:paren|text|auto)?cite[tp]?\*?\s*[\[{])"
)
_MARKDOWN = re.compile(
    r"\A---\n.*?^(?:title|bibliography|author):|^#{1,6} \S|\[(?:[^\[\]\n]*\s)?-?@\w[^\[\]\n]*\]",
    re.MULTILINE | re.DOTALL,
)
_HEAD = 200_000  # characters


def read_draft(path: Path | str) -> Draft:
    """The sentences of a manuscript and what they cite. Raises SourceError, which says what to do, where there is
    nothing to read; what could not be read of it is in the Draft's problems.
    """
    path = Path(path).expanduser()
    ending = path.suffix.lower()
    if reader := _READERS.get(ending):
        return reader(path)
    if ending in _BIBLIOGRAPHIES:
        raise SourceError(
            f"{path} is a bibliography by its name: give the manuscript that cites it (.tex, .md, .docx, .txt)"
        )
    data = read_bytes(path)
    if data.startswith(b"PK\x03\x04"):
        return docx.read(path)
    head = decoded(data, path)[:_HEAD]
    if ending == ".txt":
        return plain.read(path)
    return (
        latex_draft.read(path)
        if _LATEX.search(head)
        else markdown.read(path)
        if _MARKDOWN.search(head)
        else plain.read(path)
    )
