r"""What a citation command cites: `\citep[see][p.~3]{a,b}`, `\cites(see)()[3]{a}[4]{b}`, `\cite<see>[p. 3]{a}`."""

from __future__ import annotations

from collections.abc import Iterator

from citeworthy.synthesis.drafts.latex_commands import are_keys, citation_kind
from citeworthy.synthesis.drafts.latex_tape import Tape
from citeworthy.synthesis.drafts.marks import Mention

_NOTES = ("[]", "<>", "()")


def cited(tape: Tape, command: str, position: int) -> tuple[tuple[Mention, ...], int] | None:
    """(papers, end of the command), where `position` is behind its name; None where it cites nothing."""
    kind = citation_kind(command)
    several = command.casefold().endswith("s")
    found: list[Mention] = []
    end = position
    while True:
        at = end
        for _ in range(4):
            for brackets in _NOTES if several else _NOTES[:2]:
                if note := tape.bracketed(at, brackets):
                    at = note[1] + 1
        keys = tape.group(at)
        if keys is None or not are_keys(tape.text[slice(*keys)]):
            break
        found += [
            Mention(key, offset, kind if kind in ("author", "year") else "") for key, offset in _keys(tape, *keys)
        ]
        end = keys[1] + 1
        if not several:
            break
    return (tuple(found), end) if found else None


def _keys(tape: Tape, start: int, end: int) -> Iterator[tuple[str, int]]:
    for piece in tape.text[start:end].split(","):
        if key := piece.strip():
            yield key, tape.offsets[start + piece.index(key)]
        start += len(piece) + 1
