r"""A LaTeX manuscript (.tex) to a Draft."""

from __future__ import annotations

from pathlib import Path

from citeworthy.synthesis.drafts.draft import Draft
from citeworthy.synthesis.drafts.latex import Reader
from citeworthy.synthesis.drafts.latex_files import Files
from citeworthy.synthesis.drafts.names import names_of
from citeworthy.synthesis.drafts.prose import sentences


def read(path: Path, within: Path | None = None) -> Draft:
    """The Draft, of files `within` that folder alone. Raises SourceError where there is no text to read."""
    files = Files(path, within)
    tape = files.main()
    reader = Reader(files)
    reader.document(tape, 0)
    for opened in tape.unclosed_braces[:3]:
        files.problem(tape.offsets[opened], "a brace { that is never closed")
    reader.paragraphs.finish()
    if not reader.references and (compiled := files.beside(".bbl")):
        reader.document(compiled, 0)
    paragraphs = reader.paragraphs.done
    bylines = names_of(reader.references, files.bibliographies, paragraphs)
    return Draft(
        tuple(s for paragraph in paragraphs for s in sentences(paragraph, files.sources, bylines)),
        reader.references,
        tuple(files.bibliographies),
        tuple(files.problems),
    )
