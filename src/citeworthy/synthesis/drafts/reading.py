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
_NAME_FILES = (latex_draft.read, markdown.read)  # their drafts say which other files belong to them
_BIBLIOGRAPHIES = frozenset((".bib", ".ris", ".nbib", ".enw", ".json", ".csv", ".xml"))
_LATEX = re.compile(
    r"\\(?:documentclass|begin\s*\{document\}|section\*?\s*\{|(?:paren|text|auto)?cite[tp]?\*?\s*[\[{])"
)
_MARKDOWN = re.compile(
    r"\A---\n.*?^(?:title|bibliography|author):|^#{1,6} \S|\[(?:[^\[\]\n]*\s)?-?@\w[^\[\]\n]*\]",
    re.MULTILINE | re.DOTALL,
)
_HEAD = 200_000  # characters


def read_draft(path: Path | str, within: Path | None = None) -> Draft:
    """The sentences of a manuscript and what they cite. Where a folder `within` is given, files that the manuscript
    names are looked for in it alone. Raises SourceError, which says what to do, where there is nothing to read; what
    could not be read of it is in the Draft's problems.
    """
    path = Path(path).expanduser()
    reader = _reader_of(path)
    for naming in _NAME_FILES:
        if reader is naming:
            return naming(path, within)
    return reader(path)


def _reader_of(path: Path) -> Callable[[Path], Draft]:
    ending = path.suffix.lower()
    if reader := _READERS.get(ending):
        return reader
    if ending in _BIBLIOGRAPHIES:
        raise SourceError(
            f"{path} is a bibliography by its name: give the manuscript that cites it (.tex, .md, .docx, .txt)"
        )
    data = read_bytes(path)
    if data.startswith(b"PK\x03\x04"):
        return docx.read
    head = decoded(data, path)[:_HEAD]
    if ending == ".txt":
        return plain.read
    return latex_draft.read if _LATEX.search(head) else markdown.read if _MARKDOWN.search(head) else plain.read
