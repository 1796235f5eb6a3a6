"""Elements of an XML file one after another: safely, in bounded memory, with the line each begins on.

Nothing outside the file is ever opened, and no definition in it is used: a DOCTYPE may name a DTD (PubMed's do), which
is not fetched, but may not define anything itself. The text is already decoded, so a declared encoding means nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import IO
from xml.etree.ElementTree import Element, ParseError
from xml.parsers.expat import errors

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import XMLParser  # type: ignore[import-untyped]

from citeworthy.sources.entries import Skipped
from citeworthy.sources.syntax.lines import DAMAGED
from citeworthy.sources.syntax.xml_collector import Collector, Found, RefusedError
from citeworthy.sources.syntax.xml_text import mended_chunks

_MAX_TAG = 1_000_000  # bytes; expat reads an unfinished tag or comment again with every chunk
_MAX_DOCUMENTS = 10_000
_LOOK_BACK = 4_096  # bytes
_ANOTHER = (  # what expat says where a second document begins
    errors.codes[errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT],
    errors.codes[errors.XML_ERROR_MISPLACED_XML_PI],
)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"<([a-z_][\w.-]*:)?([a-z_][\w.-]*)", re.IGNORECASE)


def root_name(head: str) -> str:
    """The root element's name without prefix; "" where the text does not look like XML."""
    if not head.lstrip("\ufeff \t\r\n").startswith("<"):
        return ""
    match = _TAG.search(_COMMENT.sub("", head))
    return match[2] if match else ""


def text_of(element: Element | None) -> str:
    """All text in the element, whatever the markup in it."""
    return "" if element is None else "".join(element.itertext()).strip()


def line_of(element: Element | None) -> str:
    """The same with single spaces, for what is one line by nature: a name, a number."""
    return " ".join(text_of(element).split())


def elements(
    stream: IO[str], names: Collection[str] | None, ignored: Collection[str] = ()
) -> Iterator[Found | Skipped]:
    """Elements of these names ("{namespace}name"), or the root's children without names, in file order.

    `ignored` are names of elements in them that nobody reads. What is too long or too deep is Skipped; where the
    XML is broken, the last thing is a Skipped that says so.
    """
    collector = Collector(names, ignored)
    try:
        for _ in _parsed(stream, collector):
            yield from collector.taken()
    except (ParseError, DefusedXmlException, RefusedError, *DAMAGED) as error:
        yield from collector.taken()
        yield collector.broken(error)
    else:
        yield from collector.taken()


def _parsed(stream: IO[str], collector: Collector) -> Iterator[None]:
    """Feed the collector, with a pause after every chunk. Files that were put one after another are read all."""
    document, count = _Document(collector), 1
    for chunk in mended_chunks(stream):
        rest = chunk
        while rest := document.feed(rest):
            document, count = _Document(collector), count + 1
            if count > _MAX_DOCUMENTS:
                raise RefusedError(f"the file has more than {_MAX_DOCUMENTS:,} XML documents in it: split it")
            yield
        yield
    document.parser.close()


class _Document:
    """One XML document, fed in pieces."""

    def __init__(self, collector: Collector) -> None:
        self.parser = XMLParser(target=collector, encoding="utf-8")  # overrides whatever the file declares
        self._expat = collector.expat = self.parser.parser
        self._expat.StartDoctypeDeclHandler = _check_doctype
        self._collector = collector
        self._fed = 0
        self._last = b""  # what was fed last

    def feed(self, text: str) -> str:
        """Parse the text; returns what of it is another document."""
        if not self._fed:
            self._collector.lines_before += text[: len(text) - len(text.lstrip())].count("\n")
            text = text.lstrip()  # an XML declaration must come first
        data = text.encode()
        self._fed += len(data)
        self._last = self._last[-_LOOK_BACK:] + data
        try:
            self.parser.feed(data)
        except ParseError as error:
            if error.code not in _ANOTHER or not self._collector.is_between:
                raise
            begins = len(self._last) - (self._fed - self._expat.ErrorByteIndex)
            following = self._last[begins:] if begins >= 0 else b""
            if not following.startswith(b"<"):
                raise
            self._collector.lines_before += error.position[0] - 1
            return following.decode()
        if self._fed - self._expat.CurrentByteIndex > _MAX_TAG:
            raise RefusedError(f"a tag or comment of more than {_MAX_TAG:,} characters begins here")
        return ""


def _check_doctype(_name: str, _system: str | None, _public: str | None, defines: int) -> None:
    if defines:
        raise RefusedError(
            "the file defines entities or elements of its own (<!DOCTYPE ... [ ... ]>), which can be used to attack "
            "a reader: remove the part in square brackets"
        )
