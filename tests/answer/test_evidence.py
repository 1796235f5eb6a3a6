"""Papers judged: what a reading changes about their order and their sentences."""

from __future__ import annotations

import pytest

from citeworthy.answer.evidence import _UNNAMED, _WITHOUT_NAME, READ, JudgedPaper, judge_hits
from citeworthy.answer.focus import analyse
from citeworthy.models.cross_encoder import CrossEncoder, FakeCrossEncoder, Reading, ReadingTask
from citeworthy.records import Hit, Paper

QUESTION = "By how much does throughput rise?"
RARITY = {"throughput": 3.0, "rise": 2.0}
NEAR = Paper(
    "near", "Throughput of training", "Throughput matters to many. It is studied here. We discuss it at length."
)
RIGHT = Paper("right", "Training", "Training is costly. By how much throughput does rise is 20x. It mixes styles.")
EMPTY = Paper("empty", "No words", "")


class Recording(FakeCrossEncoder):
    def __init__(self) -> None:
        self.asked: list[ReadingTask] = []

    def read(self, tasks: list[ReadingTask]) -> list[Reading]:  # type: ignore[override]
        self.asked += tasks
        return super().read(tasks)


def judged(
    papers: list[Paper], cross_encoder: CrossEncoder | None, question: str = QUESTION, step: float = 0.01
) -> list[JudgedPaper]:
    hits = [Hit(paper, 1.0 - step * n, 0.5, 0.5, ()) for n, paper in enumerate(papers)]
    return judge_hits(analyse(question), question, hits, RARITY, cross_encoder)


def test_the_paper_that_is_read_to_answer_comes_first() -> None:
    assert [p.hit.paper for p in judged([NEAR, RIGHT], None)] == [NEAR, RIGHT]
    read = judged([NEAR, RIGHT], FakeCrossEncoder())
    assert [p.hit.paper for p in read] == [RIGHT, NEAR]
    assert read[0].confidence > read[1].confidence
    assert read[0].ranked[0].sentence.text.startswith("By how much")


def test_a_clear_lead_in_retrieval_is_not_overturned() -> None:
    assert judged([NEAR, RIGHT], FakeCrossEncoder(), step=2.0)[0].hit.paper is NEAR


def test_only_the_best_are_read_and_none_is_lost() -> None:
    papers = [EMPTY, *(Paper(f"k{n}", "Training", f"Throughput rises by {n}x. It is fine.") for n in range(READ + 2))]
    reader = Recording()
    found = judged(papers, reader)
    assert len(reader.asked) == READ - 1  # an empty abstract is not read
    assert sorted(p.hit.paper.key for p in found) == sorted(p.key for p in papers)
    assert [p.judgement.reading is None for p in found] == [False] * (READ - 1) + [True] * 4


def test_sub_questions_are_read_over_the_first_paper() -> None:
    question = "By how much does throughput rise, and which styles does it mix?"
    reader = Recording()
    found = judged([NEAR, RIGHT], reader, question)
    assert len(found[0].parts) == 2
    assert not found[1].parts
    assert [task.title for task in reader.asked[2:]] == [found[0].hit.paper.title] * 2


@pytest.mark.parametrize(
    ("question", "abstract", "is_told"),
    [
        ("What batch size does Foo use?", "Foo trains models. It is 3 times faster.", False),
        ("What batch size does Foo use?", "Foo trains models in batches of a size of 64. It is 3 times faster.", True),
        ("How many layers does Foo have?", "Foo is a layer for models. It is 3 times faster.", False),
        ("How many layers does Foo have?", "Foo is a network of 12 layers. It is fast.", True),
        ("Which licence has Foo?", "Foo is a tool. It has 3 parts.", False),
        ("Which licence has Foo?", "Foo is a tool. The licence is liberal.", True),
        ("Does Foo need a learning rate?", "Foo has nothing to tune. It is a tool.", True),  # not what is asked for
    ],
)
def test_a_setting_that_the_abstract_does_not_name_is_not_told(question: str, abstract: str, is_told: bool) -> None:
    found = judged([Paper("foo", "Foo", abstract)], FakeCrossEncoder(), question)
    assert (found[0].confidence > _UNNAMED) == is_told


@pytest.mark.parametrize(
    ("question", "told", "untold"),
    [
        ("By what percentage does Foo cut memory?", "Foo cuts memory by 12%.", "Foo cuts memory by 12 GB."),
        ("How many parameters does Foo have?", "Foo has 7B weights.", "Foo has 7 heads."),
        ("What does LEM score on Bar?", "LEM scores 3 on Bar.", "S5 scores 3 on Bar, a hard problem."),
        ("How well does GPT-4 do on WebArena?", "On WebArena GPT4 does well.", "On MiniWoB GPT4 does well."),
    ],
)
def test_without_the_name_or_unit_that_is_asked_for_an_answer_is_less_likely(
    question: str, told: str, untold: str
) -> None:
    first, second = (
        judged([Paper("k", "A title", f"{text} It is fast.")], None, question)[0] for text in (told, untold)
    )
    assert first.confidence > second.confidence


@pytest.mark.parametrize(
    ("question", "abstract", "is_told"),
    [
        ("What lowers IL-6?", "Vitamin D lowers TNF.", False),
        ("What lowers IL-6?", "Vitamin D lowers IL6.", True),
        ("What is a risk in dilated cardiomyopathy (DCM)?", "Age is a risk in dilated cardiomyopathy.", True),
        ("What do receptor (ADRB) genes do in stage II?", "The receptor genes lower it.", True),
        ("How many GPU nodes are used?", "It is trained on 12 nodes.", True),
        ("Does MDD cost sleep?", "Major depressive disorder costs sleep.", True),
    ],
)
def test_a_paper_without_the_name_that_is_asked_about_does_not_answer(
    question: str, abstract: str, is_told: bool
) -> None:
    found = judged([Paper("k", "A title", f"{abstract} It is known.")], FakeCrossEncoder(), question)
    assert (found[0].confidence > _WITHOUT_NAME) == is_told


def test_nothing_found_nothing_judged() -> None:
    assert judged([], FakeCrossEncoder()) == []
