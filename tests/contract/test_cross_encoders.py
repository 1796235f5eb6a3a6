"""One contract for every CrossEncoder: the fake and the bundled model."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from citeworthy.errors import ModelError
from citeworthy.models.choose import make_cross_encoder
from citeworthy.models.cross_encoder import CrossEncoder, FakeCrossEncoder, ReadingTask
from citeworthy.models.minilm_judge import ABSTRACT_READER, MiniLMJudge
from citeworthy.settings import AnswerSettings

TITLE = "HybridFlow: an RLHF framework"
SENTENCES = (
    "Reinforcement learning from human feedback is widely used to align language models.",
    "HybridFlow combines single-controller and multi-controller paradigms.",
    "Experiments show that its throughput is 1.53 to 20.57 times that of earlier systems.",
)


@pytest.fixture(params=["fake", "minilm"], scope="module")
def model(request: pytest.FixtureRequest) -> CrossEncoder:
    made = make_cross_encoder(AnswerSettings(cross_encoder=request.param))
    assert made is not None
    return made


def test_one_reading_for_each_task_with_a_logit_for_each_sentence(model: CrossEncoder) -> None:
    tasks = [ReadingTask("How much faster is HybridFlow?", TITLE, SENTENCES[:n]) for n in (3, 1, 2)]
    readings = model.read(tasks)
    assert [len(r.relevance) for r in readings] == [3, 1, 2]
    assert all(np.isfinite([*r.relevance, r.answerability, *r.support]).all() for r in readings)
    assert model.read([]) == []


def test_the_same_text_is_judged_the_same_alone_and_among_others(model: CrossEncoder) -> None:
    tasks = [ReadingTask(q, TITLE, SENTENCES) for q in ("How fast is it?", "What does it combine?", "Who wrote it?")]
    together = model.read(tasks)
    with ThreadPoolExecutor(3) as pool:
        alone = list(pool.map(lambda task: model.read([task])[0], tasks))
    assert together == alone


@pytest.mark.parametrize(
    "task",
    [
        ReadingTask("", "", ()),
        ReadingTask("why?", "", ("",)),
        ReadingTask("why?", "Words", ("", "words", "", "more words", "")),
        ReadingTask("why?", "Words", ("word " * 200,) * 40),
        ReadingTask("why " * 500, "t " * 500, ("word " * 900, "the last one is cut off")),
        ReadingTask("多少？ \ud83d", "∑", ("\x00 é", "🙂" * 40)),
    ],
)
def test_nothing_that_can_be_written_breaks_it(model: CrossEncoder, task: ReadingTask) -> None:
    (reading,) = model.read([task])
    assert len(reading.relevance) == len(task.sentences)
    assert np.isfinite([*reading.relevance, reading.answerability, *reading.support]).all()


def test_the_bundled_model_finds_the_sentence_that_answers_and_the_question_that_none_does() -> None:
    model = MiniLMJudge()
    asked, other = model.read(
        [
            ReadingTask("By what factor is HybridFlow faster than earlier systems?", TITLE, SENTENCES),
            ReadingTask("Which penguin species lives in Antarctica?", TITLE, SENTENCES),
        ]
    )
    assert int(np.argmax(asked.relevance)) == 2
    assert asked.answerability > other.answerability + 1


@pytest.mark.parametrize("folder", [None, ABSTRACT_READER])
def test_a_long_abstract_is_read_to_its_end(folder: Path | None) -> None:
    model = MiniLMJudge(folder) if folder else MiniLMJudge()
    filler = tuple(f"Patients of centre {n} were enrolled in the autumn and weighed on two scales." for n in range(60))
    found = "Statins lowered the risk of hip fracture by 40%."
    asked = ReadingTask("By how much did statins lower the risk of hip fracture?", "A trial", (*filler, found))
    without = ReadingTask(asked.text, asked.title, filler)
    told, silent = model.read([asked, without])
    assert int(np.argmax(told.relevance)) == len(filler)
    assert told.answerability > silent.answerability + 1
    claimed, other = model.read(
        [ReadingTask("Statins lower hip fracture risk.", "A trial", s) for s in ((*filler, found), filler)]
    )
    assert claimed.supports > other.supports + 1


def test_the_bundled_model_tells_support_from_contradiction() -> None:
    quote = "The method reduces memory use by half and increases accuracy on every task."
    supported, contradicted = MiniLMJudge().read(
        [
            ReadingTask("The method halves memory and makes results more accurate.", "", (quote,)),
            ReadingTask("The method needs twice the memory and lowers accuracy.", "", (quote,)),
        ]
    )
    margins = [r.support[0] - r.support[1] for r in (supported, contradicted)]
    assert margins[0] > margins[1]


def test_a_missing_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="reinstall citeworthy"):
        MiniLMJudge(tmp_path).read([ReadingTask("a", "b", ("c",))])


def test_none_means_explicit_features_alone() -> None:
    assert make_cross_encoder(AnswerSettings(cross_encoder="none")) is None
    assert FakeCrossEncoder().name.startswith("fake")
