import pytest

from citeworthy.assistant import Assistant
from citeworthy.errors import FilterError
from citeworthy.library.filters import accepts
from citeworthy.records import Filters
from citeworthy.retrieve.query import Vocabulary, parse_question
from citeworthy.retrieve.spelling import one_edit_apart

KNOWN = Vocabulary(
    authors={"guangming sheng", "yifei zhou", "wen sun", "adam white"}, venues={"NeurIPS 2023", "EuroSys 2025", "TMLR"}
)


@pytest.mark.parametrize(
    ("question", "filters"),
    [
        ("offline RL since 2023", Filters(year_from=2023)),
        ("offline RL after 2022", Filters(year_from=2023)),
        ("what came before 2021?", Filters(year_to=2020)),
        ("work up to 2021 on RL", Filters(year_to=2021)),
        ("between 2019 and 2021, which survey?", Filters(year_from=2019, year_to=2021)),
        ("papers from 2019 to 2021 on RL", Filters(year_from=2019, year_to=2021)),
        ("papers published in 2024 on RL", Filters(year_from=2024, year_to=2024)),
        ("2024 papers on RL", Filters(year_from=2024, year_to=2024)),
        ("multimodal models, 2025 onwards", Filters(year_from=2025)),
        ("papers by Yifei Zhou on RL", Filters(authors=("Yifei Zhou",))),
        ("methods proposed by Sheng", Filters(authors=("Sheng",))),
        ("papers by Hinton on RL", Filters(authors=("Hinton",))),
        ("Sheng et al. on RLHF", Filters(authors=("Sheng",))),
        ("What did Geoffrey Hinton write about RL?", Filters(authors=("Geoffrey Hinton",))),
        ("offline RL at NeurIPS", Filters(venues=("NeurIPS",))),
        ("ICML 2023 papers on RL", Filters(venues=("ICML 2023",))),
        ("papers by Wen Sun before 2020", Filters(authors=("Wen Sun",), year_to=2019)),
        ("anything newer than 2021?", Filters(year_from=2022)),
        ("tooling, no later than 2020", Filters(year_to=2020)),
        ("the pre-2018 NeurIPS idea", Filters(year_to=2017, venues=("NeurIPS",))),
        ("In 2023, which surveys appeared?", Filters(year_from=2023, year_to=2023)),
        ("What was proposed for offline RL in 2023?", Filters(year_from=2023, year_to=2023)),
        ("In Zhou's paper, why?", Filters(authors=("Zhou",))),
        ("according to sheng, why?", Filters(authors=("sheng",))),
        ("I am after the argument from Zhou and Sheng.", Filters(authors=("Zhou", "Sheng"))),
        ("What do Wen Sun and colleagues find?", Filters(authors=("Wen Sun",))),
        ("Adam White's earlier work on replay", Filters(authors=("Adam White",))),
        ("NeurIPS'23, is a reward model needed?", Filters(venues=("NeurIPS 2023",))),
        ("Which assumption is enough (ICLR 2024)?", Filters(venues=("ICLR 2024",))),
        # what looks like a filter and is none
        ("AlphaGo beat Lee Sedol in 2016. And shogi?", Filters()),
        ("the benchmark that came out in 2020", Filters()),
        ("Lyapunov's method for stability", Filters()),
        ("the ICML challenge data", Filters()),
        ("agents for the 2048 game", Filters()),
        ("what is learned by Markov chains", Filters()),
        ("agents on Atari 2600", Filters()),
        ("how is it optimised by Adam?", Filters()),
        ("what is saved compared with Tarbouriech et al.?", Filters()),
        ("how to tell if an essay was written by ChatGPT", Filters()),
        ("essays written by Nobody Atall", Filters(authors=("Nobody Atall",))),
        ("Is Lion explained by Lyapunov functions?", Filters()),
        ("does it need 2023 GPUs?", Filters()),
    ],
)
def test_filters_are_read(question: str, filters: Filters) -> None:
    assert parse_question(question, KNOWN).filters == filters


def test_where_no_paper_has_a_year_a_year_is_no_filter() -> None:
    assert parse_question("Sepsis deaths fell from 2009 to 2014", Vocabulary(dated=False)).filters == Filters()


def test_the_words_of_a_filter_are_not_searched_for() -> None:
    assert (
        parse_question("papers by Yifei Zhou on offline data since 2023", KNOWN).search_text == "papers on offline data"
    )
    assert parse_question("since 2023", KNOWN).search_text == "since 2023"


def test_given_filters_win_field_by_field() -> None:
    parsed = parse_question("RL since 2023 by Sheng", KNOWN, Filters(year_from=2020))
    assert parsed.filters == Filters(year_from=2020, authors=("Sheng",))


@pytest.mark.parametrize("given", [None, Filters(), Filters(year_to=2020), Filters(venues=("TMLR",))])
def test_only_those_given_apply_and_the_others_are_not_searched_for(given: Filters | None) -> None:
    stated = parse_question("offline RL since 2023 at NeurIPS by Yifei Zhou", KNOWN)
    parsed = parse_question(stated.question, KNOWN, given, only_given=True)
    assert parsed.filters == (given or Filters())
    assert parsed.search_text == stated.search_text == "offline RL"


def test_a_reversed_range_is_an_error() -> None:
    with pytest.raises(FilterError, match="wrong way round"):
        parse_question("RL", KNOWN, Filters(year_from=2025, year_to=2020))


def test_search_returns_one_hit_a_paper_and_only_accepted_ones(assistant: Assistant) -> None:
    found = assistant.search("IL-6 vitamin sepsis state space since 2021", 10)
    assert found.matching == 3
    keys = [hit.paper.key for hit in found.hits]
    assert len(keys) == len(set(keys)) == 3
    assert all(accepts(found.parsed.filters, hit.paper) for hit in found.hits)
    assert assistant.search("IL-6 before 1990").hits == ()


def test_titles_find_their_paper(sample: Assistant) -> None:
    papers = sample.library.papers()
    first = [hits[0].paper.key if (hits := sample.search(p.title, 1).hits) else None for p in papers]
    assert sum(key == paper.key for key, paper in zip(first, papers, strict=True)) >= 224


@pytest.mark.parametrize(
    ("a", "b", "apart"),
    [("decision", "desision", True), ("model", "modle", True), ("model", "models", True), ("model", "model", False),
     ("model", "muddle", False), ("a", "", True), ("paris", "pairs", True)],
)  # fmt: skip
def test_one_edit(a: str, b: str, apart: bool) -> None:
    assert one_edit_apart(a, b) is apart
    assert one_edit_apart(b, a) is apart


def test_misspelt_questions_are_corrected_and_names_left_alone(sample: Assistant) -> None:
    parsed = sample.read_question("desision transfomer for offline IL-99 and GTP5")
    assert parsed.question == "decision transformer for offline IL-99 and GTP5"
