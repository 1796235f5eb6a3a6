"""References in each style, against those written by hand in references.txt."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from citeworthy.errors import UserError
from citeworthy.records import Paper
from citeworthy.surfaces.export.bibliography import STYLES, write
from citeworthy.surfaces.export.names import parse_name
from citeworthy.surfaces.export.wording import edition, page_range


def paper(title: str, *authors: str, year: int | None = None, venue: str = "", link: str = "", **details: str) -> Paper:
    """`link` is a DOI, an arXiv identifier or an address."""
    doi, url = (link if link.startswith("10.") else None), (link if link.startswith("http") else None)
    arxiv = link if link and not doi and not url else None
    return Paper(
        "key", title, "", authors, year, venue or None, doi, arxiv, None, url, details=tuple(details.items())
    )  # fmt: skip


WORKS = {
    "article": paper(
        "Vitamin D in sepsis", "Lovelace, Ada Mary", "Turing, Alan", "van Heerdt, Gerco", year=2020,
        venue="Journal of Sepsis", link="10.1000/j.1", type="article", volume="12", number="3", pages="103-118",
        date="2020-09",
    ),
    "inproceedings": paper(
        "HybridFlow: A flexible framework", "Sheng, Guangming", "Zhang, Chi", year=2025,
        venue="Proceedings of the Twentieth European Conference on Computer Systems", link="10.1145/3689031.3696075",
        type="inproceedings", pages="1279-1297", publisher="ACM", address="Rotterdam",
    ),
    "book": paper(
        "Speech and language processing", "Jurafsky, Daniel", "Martin, James H.", year=2009, type="book", edition="2",
        publisher="Prentice Hall", address="Upper Saddle River, NJ",
    ),
    "chapter": paper(
        "Management of the problem", "Franklin, A. W.", year=2012, venue="The maltreatment of children",
        type="incollection", editor="Smith, Selwyn M. and Doe, Jane", pages="83-95", publisher="MTP",
        address="Lancaster",
    ),
    "preprint": paper(
        "Attention is all you need", "Vaswani, Ashish", "Shazeer, Noam", "Parmar, Niki", "Uszkoreit, Jakob",
        "Jones, Llion", "Gomez, Aidan N.", "Kaiser, Łukasz", "Polosukhin, Illia", year=2017, link="1706.03762",
    ),
    "thesis": paper(
        "Stabilizer codes and quantum error correction", "Gottesman, Daniel", year=1997, type="phdthesis",
        school="California Institute of Technology", link="https://thesis.library.caltech.edu/2900/",
    ),
    "web page": paper(
        "Physical activity", "World Health Organization", year=2024, venue="Fact Sheets", type="online",
        date="2024-06-26", urldate="2024-07-01", link="https://www.who.int/physical-activity",
    ),
}  # fmt: skip


def _expected() -> dict[str, dict[str, str]]:
    text = Path(__file__).with_name("references.txt").read_text(encoding="utf-8")
    found = {}
    for section in text.split("\n## ")[1:]:
        style, *lines = section.splitlines()
        found[style] = dict(line.split(": ", maxsplit=1) for line in lines if line)
    return found


EXPECTED = _expected()


def written(*papers: Paper, style: str, markup: str = "text") -> list[str]:
    return [line for line in "".join(write(papers, style=style, markup=markup)).split("\n") if line]  # type: ignore[arg-type]


@pytest.mark.parametrize("style", EXPECTED)
@pytest.mark.parametrize("work", WORKS)
def test_styles(style: str, work: str) -> None:
    (found,) = written(WORKS[work], style=style, markup="markdown")
    assert found.replace("\\[", "[").replace("\\]", "]") == EXPECTED[style][work]


def test_every_style_and_kind_is_tried() -> None:
    assert set(EXPECTED) == set(STYLES)
    assert all(set(expected) == set(WORKS) for expected in EXPECTED.values())


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("apa", "*A page*. (n.d.). <https://x.org/a_b>"),
        ("mla", "“A page.” <https://x.org/a_b>."),
        ("chicago", "“A page.” n.d. <https://x.org/a_b>."),
        ("ieee", "[1] “A page.” [Online]. Available: <https://x.org/a_b>"),
        ("vancouver", "1. A page [Internet]. [date unknown]. Available from: <https://x.org/a_b>"),
        ("harvard", "*A page* (no date). Available at: <https://x.org/a_b>."),
        ("nature", "1. A page. <https://x.org/a_b> (n.d.)."),
    ],
)
def test_neither_author_nor_year(style: str, expected: str) -> None:
    (found,) = written(paper("A page", link="https://x.org/a_b", type="online"), style=style, markup="markdown")
    assert found.replace("\\[", "[").replace("\\]", "]") == expected


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("apa", "Smith, A., & King, M. L., Jr. (Eds.). (2010). Things. Sage."),
        ("mla", "Smith, Ann, and Martin L. King Jr., editors. Things. Sage, 2010."),
        ("chicago", "Smith, Ann, and Martin L. King Jr., eds. 2010. Things. Sage."),
        ("ieee", "[1] A. Smith and M. L. King Jr., Eds., Things. Sage, 2010."),
        ("vancouver", "1. Smith A, King ML Jr, editors. Things. Sage; 2010."),
        ("harvard", "Smith, A. and King, M.L., Jr (eds) (2010) Things. Sage."),
        ("nature", "1. Smith, A. & King, M. L. Jr (eds) Things (Sage, 2010)."),
    ],
)
def test_an_edited_book(style: str, expected: str) -> None:
    stop = "." if style in ("apa", "mla", "chicago", "ieee") else ""
    book = paper("Things", year=2010, type="book", editor=f"Smith, Ann and King, Jr{stop}, Martin L.", publisher="Sage")
    assert written(book, style=style) == [expected]


@pytest.mark.parametrize(
    ("style", "few", "many", "expected"),
    [
        ("mla", 2, 3, "A0, B, et al. "),
        ("chicago", 6, 7, "A0, B, B A1, B A2, et al. "),
        ("ieee", 6, 7, "[1] B. A0 et al., "),
        ("vancouver", 6, 7, "1. A0 B, A1 B, A2 B, A3 B, A4 B, A5 B, et al. "),
        ("harvard", 3, 4, "A0, B. et al. ("),
        ("nature", 5, 6, "1. A0, B. et al. "),
        ("apa", 20, 21, "A0, B., A1, B., "),
    ],
)
def test_many_authors(style: str, few: int, many: int, expected: str) -> None:
    def one(number: int) -> str:
        return written(paper("T", *(f"A{n}, B" for n in range(number)), year=2020, venue="J"), style=style)[0]

    assert "et al" not in one(few)
    assert ". . ." not in one(few)
    assert f"A{few - 1}" in one(few)
    assert one(many).startswith(expected)
    if style == "apa":
        assert "A18, B., . . . A20, B. (2020)" in one(many)
        assert "A19" not in one(many)


def test_titles_that_end_a_sentence_get_no_second_stop() -> None:
    asks = paper("Who gains?", "Lovelace, Ada", year=2020, venue="J", volume="1")
    assert written(asks, style="apa") == ["Lovelace, A. (2020). Who gains? J, 1."]
    assert written(asks, style="mla") == ["Lovelace, Ada. “Who gains?” J, vol. 1, 2020."]
    assert written(asks, style="chicago") == ["Lovelace, Ada. 2020. “Who gains?” J 1."]
    assert written(asks, style="ieee") == ["[1] A. Lovelace, “Who gains?” J, vol. 1, 2020."]
    assert written(asks, style="harvard") == ["Lovelace, A. (2020) ‘Who gains?’, J, 1."]
    assert written(replace(asks, title="It goes on..."), style="vancouver") == [
        "1. Lovelace A. It goes on... J. 2020;1."
    ]


def test_sorted_by_author_then_year_with_letters_for_the_same_year() -> None:
    papers = [
        paper("The zebra", "Lovelace, Ada", year=2020, venue="J"),
        paper("An apple", "Lovelace, Ada", year=2020, venue="J"),
        paper("Older", "Lovelace, Ada", year=1999, venue="J"),
        paper("With", "Lovelace, Ada", "Byron, B.", year=1998, venue="J"),
        paper("Accents", "Erdős, Pál", venue="J"),
        paper("The middle", type="book", year=2001),
    ]
    assert written(*papers, style="apa") == [
        "Erdős, P. (n.d.). Accents. J.",
        "Lovelace, A. (1999). Older. J.",
        "Lovelace, A. (2020a). An apple. J.",
        "Lovelace, A. (2020b). The zebra. J.",
        "Lovelace, A., & Byron, B. (1998). With. J.",
        "The middle. (2001).",
    ]
    assert [line.split(", “")[1][:3] for line in written(*papers[:3], style="ieee")] == ["The", "An ", "Old"]
    assert [line[:3] for line in written(*papers[:3], style="nature")] == ["1. ", "2. ", "3. "]


def test_undated_works_of_one_author() -> None:
    papers = [paper(title, "Lovelace, Ada", venue="J") for title in ("B", "A")]
    assert written(*papers, style="apa") == ["Lovelace, A. (n.d.-a). A. J.", "Lovelace, A. (n.d.-b). B. J."]
    assert written(*papers, style="harvard")[0] == "Lovelace, A. (no date a) ‘A’, J."
    assert written(*papers, style="mla")[0] == "Lovelace, Ada. “A.” J."


def test_article_numbers_stand_in_for_pages() -> None:
    article = paper("T", "Lovelace, Ada", year=2020, venue="PLOS ONE", volume="15", number="2", pages="e0123456")
    assert written(article, style="apa")[0].endswith("PLOS ONE, 15(2), Article e0123456.")
    assert written(article, style="ieee")[0].endswith("PLOS ONE, vol. 15, no. 2, Art. no. e0123456, 2020.")
    assert written(article, style="mla")[0].endswith("vol. 15, no. 2, 2020, e0123456.")
    assert written(article, style="vancouver")[0].endswith("2020;15(2):e0123456.")


def test_a_publisher_that_is_the_author_is_named_once_where_the_style_says_so() -> None:
    report = paper("R", "WHO", year=2019, type="techreport", institution="WHO", number="7")
    assert written(report, style="apa") == ["WHO. (2019). R (Report No. 7)."]
    assert written(report, style="vancouver") == ["1. WHO. R. WHO; 2019. Report No.: 7."]


def test_an_unpublished_thesis() -> None:
    thesis = paper("T", "Ng, Andrew", year=2001, type="mastersthesis", school="MIT")
    assert written(thesis, style="apa") == ["Ng, A. (2001). T [Unpublished master’s thesis]. MIT."]
    assert written(thesis, style="mla") == ["Ng, Andrew. T. 2001. MIT, master’s thesis."]


def test_html_is_escaped_and_links() -> None:
    page = "".join(
        write([paper("<script>*a*</script> & b", "O'Neil, <b>", year=2020, venue="J", link="10.1/a&b")], markup="html")
    )
    assert "<script>" not in page
    assert "&lt;script&gt;*a*&lt;/script&gt; &amp; b. <i>J</i>" in page
    assert '<a href="https://doi.org/10.1/a&amp;b">https://doi.org/10.1/a&amp;b</a>' in page
    assert '<meta charset="utf-8">' in page


def test_markdown_is_escaped() -> None:
    (line,) = written(paper("C_1 *is* [a] <b> &lt;", year=2020, venue="J", volume="2"), style="apa", markup="markdown")
    assert line == r"C\_1 \*is\* \[a\] \<b\> \&lt;. (2020). *J*, *2*."


@pytest.mark.parametrize(
    ("pages", "mla", "chicago", "nlm"),
    [
        ("3-10", "3–10", "3–10", "3–10"),
        ("71-72", "71–72", "71–72", "71–2"),
        ("96-117", "96–117", "96–117", "96–117"),
        ("100-104", "100–04", "100–104", "100–4"),
        ("101-108", "101–08", "101–8", "101–8"),
        ("321-328", "321–28", "321–28", "321–8"),
        ("498-532", "498–532", "498–532", "498–532"),
        ("1087–1089", "1087–89", "1087–89", "1087–9"),
        ("1496--1500", "1496–500", "1496–500", "1496–500"),
        ("S12-S15, S20", "S12–S15, S20", "S12–S15, S20", "S12–S15, S20"),
    ],
)
def test_page_ranges(pages: str, mla: str, chicago: str, nlm: str) -> None:
    assert [page_range(pages, rule) for rule in ("mla", "chicago", "nlm")] == [mla, chicago, nlm]


@pytest.mark.parametrize(
    ("author", "expected", "initials"),
    [
        ("Lovelace, Ada Mary", ("Lovelace", "Ada Mary", ""), "A. M."),
        ("Jean-Paul Sartre", ("Sartre", "Jean-Paul", ""), "J.-P."),
        ("Gerco van Heerdt", ("van Heerdt", "Gerco", ""), "G."),
        ("King, Jr., Martin Luther", ("King", "Martin Luther", "Jr."), "M. L."),
        ("Martin Luther King Jr.", ("King", "Martin Luther", "Jr."), "M. L."),
        ("Smith JA", ("Smith", "JA", ""), "J. A."),
        ("Zaidat, OO", ("Zaidat", "OO", ""), "O. O."),
        ("J.R.R. Tolkien", ("Tolkien", "J.R.R.", ""), "J. R. R."),
        ("World Health Organization", ("World Health Organization", "", ""), ""),
        ("Plato", ("Plato", "", ""), ""),
    ],
)
def test_names(author: str, expected: tuple[str, str, str], initials: str) -> None:
    name = parse_name(author)
    assert (name.family, name.given, name.suffix) == expected
    assert name.initials() == initials


def test_editions() -> None:
    found = [edition(text) for text in ("2", "3rd", "Second edition", "1", "11", "21st ed.", "Rev.")]
    assert found == ["2nd", "3rd", "2nd", "", "11th", "21st", "Rev."]


def test_unknown_styles_are_refused() -> None:
    with pytest.raises(UserError, match=r"no citation style 'acm'; there are apa, mla"):
        write([], style="acm")
