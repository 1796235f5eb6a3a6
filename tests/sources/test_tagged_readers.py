"""What RIS, PubMed text and Web of Science text have in common: values, and whatever else is in a file."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import shared
from tests.sources.read_texts import read, titles

from citeworthy.sources.dates import find_iso_date, month_of
from citeworthy.sources.entries import Entry
from citeworthy.sources.formats import medline, ris, web_of_science
from citeworthy.sources.formats.tagged_values import keywords, person, serial_numbers
from citeworthy.sources.pages import page_range

MODULES = {"ris": ris, "nbib": medline, "wos": web_of_science}


def test_values_of_tagged_formats() -> None:
    dates = ("20190503", "2019-02-31", "15 March 2019", "2019 Mar 3-9", "2019")
    assert [find_iso_date(text, 2019) for text in dates] == [
        "2019-05-03", "2019-02", "2019-03-15", "2019-03", "",
    ]  # fmt: skip
    assert [month_of(text) for text in ("FAL-WIN", "2020 Mar", "2019 Spring", "in press")] == [
        "FAL-WIN",
        "",
        "Spring",
        "",
    ]
    pages = (("pp. 12", "34"), ("12–34", ""), ("5", "5"), ("", "9"), ("ix + 246", ""))
    assert [page_range(*ends) for ends in pages] == [
        "12-34", "12-34", "5", "9", "ix + 246",
    ]  # fmt: skip
    assert serial_numbers(["15733602; 1050-535x", "1573-3602 978-3-900932-29-9"]) == {
        "issn": "1573-3602, 1050-535X", "isbn": "978-3-900932-29-9",
    }  # fmt: skip
    assert keywords(["*Stroke/*therapy; A*", "stroke/Therapy; NA"]) == "Stroke/therapy; A*"
    assert person("Liu Yuan") == "Liu Yuan"


_HEADS = {
    "ris": "TY  - JOUR\nTI  - Title {n}\nVL  - 1\n",
    "nbib": "PMID- {n}\nTI  - Title {n}\nVI  - 1\n",
    "wos": "PT J\nTI Title {n}\nVL 1\n",
}
_pieces = st.sampled_from(
    ["TY  - ", "ER  - ", "ER", "EF", "FN ", "PT J", "PMID- ", "AU  - ", "AU ", "AB  - ", "      ", "   ", "\n", "\r",
     "\ufeff", "10.1000/x", "NA", ";", ",",
     "2019", "Jan", "31", "(", "*", "\x00", "é", "\u2028", "x", "SN  - ", "DP  - ", "PD "]
)  # fmt: skip
_noise = st.one_of(st.text(max_size=80), st.lists(_pieces, max_size=12).map("".join))


@pytest.mark.parametrize("name", MODULES)
@given(noise=st.lists(_noise, min_size=1, max_size=5))
@settings(max_examples=150, deadline=None)
def test_no_text_raises_or_makes_records_fewer(name: str, noise: list[str]) -> None:
    text = "".join(f"{_HEADS[name].format(n=n)}{piece}\n" for n, piece in enumerate(noise, 1))
    found = read(MODULES[name], text)
    assert set(titles(found)) >= {f"Title {n}" for n in range(1, len(noise) + 1)}
    assert all(isinstance(f, Entry) or f.reason for f in found)


@given(text=st.one_of(st.text(max_size=200), st.lists(_pieces, max_size=30).map("".join)))
@settings(deadline=None)
def test_any_text_can_be_asked_about_and_read(text: str) -> None:
    for reader in MODULES.values():
        assert reader.recognises(text) in (True, False)
        read(reader, text)


def test_no_file_of_another_format_is_claimed() -> None:
    root = shared("data/formats/SOURCE.txt").parent
    others = [path for path in root.glob("*/*") if path.parent.name not in MODULES and path.suffix != ".gz"]
    assert others
    for path in others:
        head = path.read_text(encoding="utf-8", errors="replace")[:200_000]
        assert not any(reader.recognises(head) for reader in MODULES.values()), path
