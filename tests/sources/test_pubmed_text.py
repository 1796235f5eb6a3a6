"""PubMed text (.nbib): every record of a file ends as an entry or is reported."""

from __future__ import annotations

import pytest
from tests.sources.read_texts import ABSTRACT, one, read, titles

from citeworthy.sources.entries import Entry
from citeworthy.sources.formats import medline, ris

NBIB = f"""
PMID- 123
OWN - NLM
IS  - 1524-4628 (Electronic)
IS  - 0039-2499 (Linking)
VI  - 50
IP  - 3
DP  - 2019 Mar 5
TI  - Gulls in
      winter.
PG  - 697-704
LID - S12 [pii]
LID - 10.1000/g1 [doi]
AB  - {ABSTRACT[:18]}
      {ABSTRACT[19:]}
FAU - Lee, Ann B 2nd
AU  - Lee AB 2nd
AU  - van den Berg LH
CN  - Gull Investigators
LA  - eng
PT  - Journal Article
RIN - Gull J. 2021;1:2. PMID: 9
PL  - England
TA  - J Gulls
JT  - Journal of gulls
OT  - winter
MH  - *Birds
MH  - Gulls/*physiology
PMC - PMC77
CI  - (c) 2019 Gulls

PMID- 124
TI  - No full names.
AU  - Wu C
OAB - {ABSTRACT}
TA  - J Gulls
DP  - 2020 Jan-Feb
AID - 10.1000/g2 [doi]
"""


def test_nbib_records_in_full() -> None:
    assert medline.recognises(NBIB)
    assert not ris.recognises(NBIB)
    first, second = (found.paper for found in read(medline, NBIB) if isinstance(found, Entry))
    assert (first.title, first.abstract) == ("Gulls in winter.", ABSTRACT)
    assert first.authors == ("Lee, 2nd, Ann B", "van den Berg, LH", "Gull Investigators")
    assert (first.year, first.venue, first.doi, first.pmid) == (2019, "Journal of gulls", "10.1000/g1", "123")
    assert dict(first.details) == {
        "type": "article", "volume": "50", "number": "3", "pages": "697-704", "address": "England",
        "date": "2019-03-05", "issn": "1524-4628, 0039-2499", "abbreviation": "J Gulls",
        "keywords": "winter; Birds; Gulls/physiology", "language": "eng", "pmcid": "PMC77",
        "copyright": "(c) 2019 Gulls",
        "retraction": "retracted: Gull J. 2021;1:2. PMID: 9",
    }  # fmt: skip
    assert (second.authors, second.abstract, second.venue, second.doi) == (
        ("Wu, C",),
        ABSTRACT,
        "J Gulls",
        "10.1000/g2",
    )
    assert second.detail("month") == "Jan-Feb"


@pytest.mark.parametrize(
    "text",
    [
        "PMID- 1\nTI  - A\nPMID- 2\nTI  - B\n",
        "OWN - NLM\nTI  - A\nPG  - 1\n\nOWN - NLM\nTI  - B\n",  # no PubMed numbers
        "PMID- 1\n\nOWN - NLM\n\nTI  - A\n\nPG  - 3\n\nPMID- 2\n\nTI  - B\n",  # line ends of Windows, twice converted
    ],
)
def test_nbib_records_however_they_begin(text: str) -> None:
    assert medline.recognises(text)
    found = read(medline, text)
    assert titles(found) == ["A", "B"]
    assert len(found) == 2


def test_nbib_books_and_retracted_publications() -> None:
    chapter = one(medline, "PMID- 1\nBTI - The book\nTI  - A chapter\nPB  - Press\nED  - Lee AB\nISBN- 0-11-241166-5\n")
    assert (chapter.title, chapter.venue, chapter.detail("type")) == ("A chapter", "The book", "incollection")
    assert (chapter.detail("editor"), chapter.detail("isbn")) == ("Lee, AB", "0-11-241166-5")
    book = one(medline, "PMID- 1\nBTI - The book\nPT  - Retracted Publication\n")
    assert (book.title, book.venue, book.detail("type")) == ("The book", None, "book")
    assert book.detail("retraction") == "retracted: Retracted Publication"
