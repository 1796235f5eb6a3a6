"""How good are the zero-key answers on a question set? Facts held, right paper cited, outcomes, length, speed.

python eval/answers.py [QUESTIONS.jsonl] [--show KIND]
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

from citeworthy.assistant import Assistant
from citeworthy.library.store import accepts
from citeworthy.records import Filters

DEFAULT = Path(__file__).parent / "questions" / "sample_dev.jsonl"
SHOWN_AS_ANSWER = {"answered", "partial"}


def holds(fact: str, text: str) -> bool:
    """Whether the text states the fact, apart from case, dashes and spacing."""
    plain = [re.sub(r"[\s–—-]+", " ", part.casefold()) for part in (fact, text)]
    return plain[0] in plain[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", nargs="?", type=Path, default=DEFAULT)
    parser.add_argument("--show", help="print the answers to questions of this kind")
    arguments = parser.parse_args()
    questions = [json.loads(line) for line in arguments.questions.read_text("utf-8").splitlines()]
    figures: dict[str, list[float]] = defaultdict(list)
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    times = []
    with tempfile.TemporaryDirectory() as home:
        assistant = Assistant.open(Path(home))
        assistant.ask("warm up")
        for question in questions:
            kind = question["kind"] + ("_empty" if question.get("empty") else "")
            started = time.perf_counter()
            answer = assistant.ask(question["question"])
            times.append((time.perf_counter() - started) * 1000)
            outcomes[kind][answer.outcome.value] += 1
            cited = [c for claim in answer.claims for c in claim.citations]
            assert all(c.paper.abstract[c.start : c.end] == c.quote for c in cited)
            if answer.filters:
                figures["filters applied"].append(all(accepts(answer.filters, seen.paper) for seen in answer.papers))
            if question["kind"] == "filter":
                wanted = Filters(**{k: tuple(v) if isinstance(v, list) else v for k, v in question["filters"].items()})
                figures["filters read right"].append(answer.filters.describe() == wanted.describe())
                if answer.filters.describe() != wanted.describe() and arguments.show == "filters":
                    print(question["question"], "|", answer.filters.describe(), "| wanted", wanted.describe())
            if question["facts"]:
                ranks = [i for i, seen in enumerate(answer.papers) if seen.paper.key in question["papers"]]
                figures[f"{kind}: right paper first"].append(bool(ranks) and ranks[0] == 0)
                text = " ".join(claim.text for claim in answer.claims)
                quoted = {c.quote for c in cited}
                figures[f"{kind}: facts held"].append(statistics.mean(holds(f, text) for f in question["facts"]))
                figures[f"{kind}: evidence sentences quoted"].append(
                    statistics.mean(
                        any(holds(q, part) or holds(part, q) for part in quoted) for q in question["quotes"]
                    )
                )
                if cited:
                    figures[f"{kind}: citations to a gold paper"].append(
                        statistics.mean(c.paper.key in question["papers"] for c in cited)
                    )
                    figures[f"{kind}: sentences"].append(len(answer.claims))
                    figures[f"{kind}: words"].append(len(text.split()))
            if arguments.show == kind:
                print(f"\n? {question['question']}\n  want {question['facts']}")
                print(f"  [{answer.outcome.value} {answer.confidence:.2f}]")
                for claim in answer.claims:
                    print("  -", claim.lead_in, claim.text)
    for name, values in sorted(figures.items()):
        print(f"{name:45} {statistics.mean(values):7.3f}   n={len(values)}")
    for kind, counts in sorted(outcomes.items()):
        print(f"{kind:15}", dict(counts))
    times.sort()
    print(f"warm ask: median {times[len(times) // 2]:.0f} ms, 95th percentile {times[int(len(times) * 0.95)]:.0f} ms")


if __name__ == "__main__":
    main()
