"""Links that hold in every format: in ASCII, to pages of the web alone."""

from __future__ import annotations

import re
from urllib.parse import quote

from citeworthy.records import Paper

_IN_ADDRESSES = "!#$%&'()*+,-./:;=?@[]_~"
_IN_DOIS = "!$%'()*+,-./:;=@_~"
_LOOSE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def address(link: str, safe: str = _IN_ADDRESSES) -> str:
    """The link, with what would end it somewhere percent-encoded; old DOIs have < and >.

    >>> address("10.1002/(SICI)1<1::AID>2.0")
    '10.1002/(SICI)1%3C1::AID%3E2.0'
    """
    kept = "".join(character for character in link.strip() if character.isprintable())
    return quote(_LOOSE_PERCENT.sub("%25", kept), safe=safe)


def doi_path(doi: str) -> str:
    """The DOI as it stands in a link, where # and ? would be no part of it."""
    return address(doi, _IN_DOIS)


def web_link(paper: Paper) -> str:
    """Where the paper is found; "" where that is no page of the web but a file or a script."""
    if paper.doi:
        return f"https://doi.org/{doi_path(paper.doi)}"
    link = address(paper.link or "")
    return link if link.startswith(("https://", "http://")) else ""
