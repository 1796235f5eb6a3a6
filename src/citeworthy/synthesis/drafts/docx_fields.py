"""What reference managers leave in Word's fields: the cited items themselves, as CSL JSON or EndNote XML."""

from __future__ import annotations

import base64
import binascii
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from citeworthy.records import Paper
from citeworthy.sources.entries import Entry, make_entry
from citeworthy.sources.formats import endnote_xml
from citeworthy.sources.works import csl
from citeworthy.sources.works.shapes import mapping, mappings, text
from citeworthy.text.normalise import title_fingerprint

_WORD_OWN = re.compile(r"\s*CITATION\s+(\S+)")
_BIBLIOGRAPHY = re.compile(
    r"\s*(?:ADDIN\s+(?:ZOTERO_BIBL|EN\.REFLIST|Mendeley\s+Bibliography|PAPERS2_\w*BIBL\w*)|BIBLIOGRAPHY|TOC\b|INDEX\b)"
)
_CITES = re.compile(r"<Cite\b[^>]*>.*?</Cite>", re.DOTALL)
_RECORD = re.compile(r"<record>.*</record>", re.DOTALL)
_SIMPLE = re.compile(r"<(Author|Year)>([^<]*)</\1>")
_MENDELEY = "MENDELEY_CITATION_v3_"
_LONGEST = 5_000_000  # characters of one field


def is_list(instruction: str) -> bool:
    """Whether a field's result is a bibliography or a table of contents, which is no prose."""
    return _BIBLIOGRAPHY.match(instruction) is not None or instruction.startswith("MENDELEY_BIBLIOGRAPHY")


class CitedItems:
    """Papers that fields hold, each under one key however often it is cited."""

    def __init__(self) -> None:
        self.papers: dict[str, Paper] = {}
        self._namesakes: Counter[str] = Counter()
        self._keys: dict[str, str] = {}  # what tells papers apart -> key

    def keys(self, instruction: str, data: str = "") -> tuple[str, ...]:
        """Keys of what a field cites, by its instruction and the data attached to it; () where it is no citation."""
        if len(instruction) + len(data) > _LONGEST:
            return ()
        if own := _WORD_OWN.match(instruction):
            return (own[1],)
        if "CSL_CITATION" in instruction or instruction.startswith(_MENDELEY):
            return tuple(filter(None, (self._key(paper) for paper in _csl_items(instruction))))
        if "EN.CITE" in instruction:
            return tuple(filter(None, (self._key(paper) for paper in _endnote_items(instruction, data))))
        return ()

    def _key(self, paper: Paper) -> str:
        identity = (paper.doi or title_fingerprint(paper.title)).casefold()
        if identity not in self._keys:
            wanted = paper.key or paper.byline or paper.title
            self._namesakes[wanted] += 1
            key = f"{wanted} ({self._namesakes[wanted]})" if self._namesakes[wanted] > 1 else wanted
            self._keys[identity] = key
            self.papers[key] = replace(paper, key=key)
        return self._keys[identity]


def _csl_items(instruction: str) -> Iterator[Paper]:
    for item in mappings(_json(instruction).get("citationItems")):
        work = mapping(item.get("itemData"))
        found = make_entry(csl.to_record(work), 1, "field")
        if isinstance(found, Entry):
            yield replace(found.paper, key=text(work.get("citation-key")) or text(work.get("citationKey")))


def _json(instruction: str) -> Mapping[str, Any]:
    if instruction.startswith(_MENDELEY):
        instruction = _decoded(instruction.removeprefix(_MENDELEY))
    start = instruction.find("{")
    if start < 0:
        return {}
    try:
        return mapping(json.JSONDecoder(strict=False).raw_decode(instruction, start)[0])
    except (ValueError, RecursionError):
        return {}


def _endnote_items(instruction: str, data: str) -> Iterator[Paper]:
    xml = instruction if "<Cite" in instruction else _decoded(data)
    for cite in _CITES.findall(xml):
        record = _RECORD.search(cite)
        if record:
            stream = io.StringIO(f"<xml><records>{record[0]}</records></xml>")
            found = next(iter(endnote_xml.read(stream, "field")), None)
            if isinstance(found, Entry):
                yield replace(found.paper, key="")
                continue
        said = dict(_SIMPLE.findall(cite))
        if said.get("Author"):
            year = said.get("Year", "")
            byline = ", ".join(filter(None, (said["Author"], year)))
            yield Paper(byline, byline, "", (said["Author"],), int(year) if year.isdigit() and len(year) == 4 else None)


def _decoded(data: str) -> str:
    try:
        return base64.b64decode("".join(data.split()) + "===").decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""
