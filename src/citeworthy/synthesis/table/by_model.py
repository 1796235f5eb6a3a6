"""A language model fills the table: one request for each paper, so that a small window is enough.

It names a sentence and writes a cell of a few words; code copies the quotation and checks the cell against it. What was
done to its cells is counted:

    cells            that the model wrote
    unknown_ids      sentences it named that do not exist; the cell is dropped
    unsupported      cells that their sentence does not support, listed as left out
    too_long         cells of more words than fit, listed as left out
    quoted_instead   columns that the abstract's own words fill in place of what the model wrote, or did not find
    cut_short        papers of which not every sentence fits the model's window
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Sequence

from citeworthy.answer.task import FULL, style_for
from citeworthy.errors import CiteworthyError
from citeworthy.models.calling import Caller
from citeworthy.models.chat import ChatRequest, Usage
from citeworthy.models.prompting import Prompt, defused, load_prompt
from citeworthy.records import Citation, Claim, Verdict
from citeworthy.synthesis.table.cells import NOT_SAID, Read
from citeworthy.synthesis.table.slices import MOST_WORDS
from citeworthy.synthesis.table.values import AT_LENGTH, Cell, Column, FailedCell
from citeworthy.verify.verifier import Verifier

MOST_PROPOSED = 5
_MARGIN = 96  # tokens that a chat template adds, and counts by another tokenizer may be off
_NEARLY_ALWAYS_STATED = ("problem", "method")  # facets
_CELL_TOKENS, _COLUMN_TOKENS = 40, 80
_LINE = re.compile(r"^[\s*•|-]*(?P<column>\d{1,2})\s*[:.)|]\s*(?P<rest>.+?)[\s|]*$")
_SENTENCE = re.compile(r"^[\[(]?\s*(?:sentence\s*)?(?P<number>\d{1,3})\s*[\])](?P<text>.*)$", re.IGNORECASE)
_MISSING = re.compile(
    r"^\W*(?:not (?:reported|stated|mentioned|specified|given|available|applicable|provided)|n/?a|none|unknown|-)\b|"
    r"^\W*$",
    re.IGNORECASE,
)
_COLUMN_NAME = re.compile(r"^[\s*•#-]*(?:\d{1,2}[.):]\s*)?(?P<name>[^|:]{2,60}?)[\s*:.|]*$")
_LONGEST_NAME = 5  # words


class Filling:
    """The model's part in one table; `failure` holds what stopped it, and the cells that came before stay."""

    def __init__(self, caller: Caller, verifier: Verifier, stop: threading.Event | None = None) -> None:
        self._caller = caller
        self._verifier = verifier
        self._stop = stop or threading.Event()
        self.counts: Counter[str] = Counter()
        self.left_out: list[FailedCell] = []
        self.prompts: dict[str, str] = {}
        self.usage = Usage()
        self.failure: CiteworthyError | None = None

    def propose(self, reads: Sequence[Read]) -> list[str]:
        """Names of columns for these papers, as far as their abstracts fit the window; none when the model fails."""
        prompt = load_prompt("table_columns")
        values = {"columns": str(MOST_PROPOSED)}
        room = self._room(prompt, {**values, "papers": ""}, _COLUMN_TOKENS)
        shown: list[str] = []
        for read in reads:
            text = f"{defused(read.paper.title)}. {' '.join(defused(text) for text in read.texts)}"
            room -= self._caller.model.count_tokens(text) + 1
            if room < 0:
                break
            shown.append(text)
        reply = self._ask(prompt, {**values, "papers": "\n\n".join(shown)}, _COLUMN_TOKENS) if shown else ""
        names = [match["name"].strip() for line in reply.splitlines() if (match := _COLUMN_NAME.match(line))]
        return [name for name in dict.fromkeys(names) if len(name.split()) <= _LONGEST_NAME][:MOST_PROPOSED]

    def fill(self, read: Read, columns: Sequence[Column], quoted: Sequence[Cell]) -> tuple[Cell, ...]:
        """The row of a paper; `quoted` are the cells that the abstract's own words make."""
        if not read.sentences or self.failure is not None or self._stop.is_set():
            return tuple(quoted)
        written = self._written(read, columns)
        cells = []
        for number, (column, own) in enumerate(zip(columns, quoted, strict=True), 1):
            cell = self._cell(read, column, written[number]) if number in written else None
            if cell is None or (not cell.reported and self._is_missed(column, own)):
                self.counts["quoted_instead"] += own.reported
                cell = own
            cells.append(cell)
        return tuple(cells)

    def _is_missed(self, column: Column, own: Cell) -> bool:
        """Whether the own words of the abstract are believed rather than a model that finds nothing. Where they are but
        a sentence in which something may be stated, a large model is right more often, unless it is about what nearly
        every abstract states."""
        if column.facet is None:
            return False
        is_sure = own.text != AT_LENGTH or column.facet in _NEARLY_ALWAYS_STATED
        return is_sure or style_for(self._caller.traits) is not FULL

    def _written(self, read: Read, columns: Sequence[Column]) -> dict[int, str]:
        """What the model wrote behind each column's number."""
        prompt = load_prompt("table_cells")
        listed = "\n".join(f"{n}. {c.name}: {defused(c.question)}" for n, c in enumerate(columns, 1))
        values = {"columns": listed, "title": defused(read.paper.title), "words": str(MOST_WORDS)}
        tokens = _CELL_TOKENS * len(columns)
        room = self._room(prompt, {**values, "sentences": ""}, tokens)
        shown: list[str] = []
        for number, text in enumerate(read.texts, 1):
            line = f"[{number}] {defused(text)}"
            room -= self._caller.model.count_tokens(line) + 1
            if room < 0:
                self.counts["cut_short"] += 1
                break
            shown.append(line)
        if not shown:
            return {}
        grammar = _grammar(len(columns), len(shown)) if self._caller.traits.constraint == "grammar" else None
        reply = self._ask(prompt, {**values, "sentences": "\n".join(shown)}, tokens, grammar)
        lines = (_LINE.match(line) for line in reply.splitlines())
        found: dict[int, str] = {}
        for match in lines:
            if match:
                found.setdefault(int(match["column"]), match["rest"])
        return found

    def _cell(self, read: Read, column: Column, written: str) -> Cell | None:
        """The cell that the model wrote, checked; None when it cannot stand."""
        if _MISSING.match(written):
            return Cell.missing(NOT_SAID)
        self.counts["cells"] += 1
        match = _SENTENCE.match(written)
        if match is None or not 1 <= int(match["number"]) <= len(read.sentences):
            self.counts["unknown_ids"] += 1
            return None
        text = match["text"].strip(" :–-").strip('"“”*`').rstrip(".").strip()
        if _MISSING.match(text):
            return Cell.missing(NOT_SAID)
        sentence = read.sentences[int(match["number"]) - 1]
        citation = Citation(read.paper, sentence.start, sentence.end)
        if len(text.split()) > MOST_WORDS:
            self.counts["too_long"] += 1
            self._leave_out(read, column, Claim(text, (citation,), reasons=(f"has more than {MOST_WORDS} words",)))
            return None
        claim = self._verifier.verify_claim(Claim(text, (citation,)), column.question)
        if claim.verdict is not Verdict.SUPPORTED:
            self.counts["unsupported"] += 1
            self._leave_out(read, column, claim)
            return None
        return Cell(text, citation, claim.verdict, claim.support, reported=True)

    def _leave_out(self, read: Read, column: Column, claim: Claim) -> None:
        self.left_out.append(FailedCell(read.paper.key, column.name, claim.text, claim.verdict, claim.reasons))

    def _room(self, prompt: Prompt, values: dict[str, str], tokens: int) -> int:
        count = self._caller.model.count_tokens
        return (
            self._caller.traits.context_tokens
            - tokens
            - _MARGIN
            - sum(count(m.content) for m in prompt.render(**values))
        )

    def _ask(self, prompt: Prompt, values: dict[str, str], tokens: int, grammar: str | None = None) -> str:
        self.prompts[prompt.name] = prompt.digest
        try:
            reply = self._caller.complete(ChatRequest(prompt.render(**values), tokens, grammar), self._stop)
        except CiteworthyError as error:
            self.failure = error
            return ""
        self.usage += reply.usage
        self.counts["cached_calls"] += reply.cached
        return reply.text


def _grammar(columns: int, sentences: int) -> str:
    """GBNF: a line for each column, with the number of a sentence that exists."""
    lines = " ".join(f'"{n}: " cell' + (' "\\n"' if n < columns else "") for n in range(1, columns + 1))
    numbers = " | ".join(f'"{n}"' for n in range(1, sentences + 1))
    rules = (
        f"root ::= {lines}",
        'cell ::= "not reported" | "[" id "] " text',
        f"id ::= {numbers}",
        r"text ::= [^\n\[\]]{3,120}",
    )
    return "\n".join(rules)
