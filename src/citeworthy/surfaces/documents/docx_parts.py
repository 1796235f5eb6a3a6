"""What a Word file needs and python-docx does not make: footnotes, links, bookmarks. Nothing here knows papers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from docx.document import Document as File
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMESPACES = f'xmlns:w="{_W}" xmlns:r="{_R}"'
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SEPARATORS = {-1: "separator", 0: "continuationSeparator"}  # the line above the footnotes of a page
_AFTER_FOOTNOTES = ("endnotePr", "compat", "docVars", "rsids", "mathPr", "attachedSchema", "themeFontLang",
                    "clrSchemeMapping", "shapeDefaults", "decimalSymbol", "listSeparator")  # fmt: skip


def new_file(title: str) -> File:
    """An empty file on A4 with the styles that the writer uses."""
    import docx
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Mm, Pt, RGBColor

    file = docx.Document()
    file.core_properties.title, file.core_properties.comments = title[:255], ""
    file.core_properties.author = ""
    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(25)
    quiet = RGBColor(0x55, 0x55, 0x5F)
    for name, size, after in (("footnote text", 9, 0), ("Note", 9.5, 6), ("Table Text", 9, 0), ("Reference", 10, 4)):
        style: Any = file.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=name == "footnote text")
        style.base_style = file.styles["Normal"]
        style.font.size, style.paragraph_format.space_after = Pt(size), Pt(after)
        if name == "Note":
            style.font.color.rgb = quiet
        if name == "Reference":
            style.paragraph_format.left_indent, style.paragraph_format.first_line_indent = Mm(9), -Mm(9)
    mark: Any = file.styles.add_style("footnote reference", WD_STYLE_TYPE.CHARACTER, builtin=True)
    mark.font.superscript = True
    link: Any = file.styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER, builtin=True)
    link.font.color.rgb = RGBColor(0x1D, 0x4E, 0xD8)
    return file


class Footnotes:
    """The part of the file that holds the footnotes' text."""

    def __init__(self, file: File) -> None:
        self._file = file
        self._texts: list[str] = []
        self._text_style = file.styles["footnote text"].style_id
        self._mark_style = file.styles["footnote reference"].style_id

    def add(self, paragraph: Paragraph, text: str) -> None:
        """A mark at the end of the paragraph, and its text."""
        from docx.oxml import parse_xml

        self._texts.append(text)
        mark = f'<w:rPr><w:rStyle w:val="{self._mark_style}"/></w:rPr>'
        paragraph._p.append(
            parse_xml(f'<w:r {_NAMESPACES}>{mark}<w:footnoteReference w:id="{len(self._texts)}"/></w:r>')
        )

    def finish(self) -> None:
        """Adds the part to the file; a file without footnotes needs none."""
        from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
        from docx.opc.packuri import PackURI
        from docx.opc.part import Part

        if not self._texts:
            return
        notes = [
            f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:pPr><w:spacing w:after="0" w:line="240" '
            f'w:lineRule="auto"/></w:pPr><w:r><w:{kind}/></w:r></w:p></w:footnote>'
            for number, kind in _SEPARATORS.items()
        ]
        notes += [self._note(number, text) for number, text in enumerate(self._texts, 1)]
        xml = f"{_DECLARATION}<w:footnotes {_NAMESPACES}>{''.join(notes)}</w:footnotes>"
        uri, kind = PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES
        part = Part(uri, kind, xml.encode(), self._file.part.package)
        self._file.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
        self._declare_separators()

    def _note(self, number: int, text: str) -> str:
        return (
            f'<w:footnote w:id="{number}"><w:p><w:pPr><w:pStyle w:val="{self._text_style}"/></w:pPr>'
            f'<w:r><w:rPr><w:rStyle w:val="{self._mark_style}"/></w:rPr><w:footnoteRef/></w:r>'
            f'<w:r><w:t xml:space="preserve"> {escape(text)}</w:t></w:r></w:p></w:footnote>'
        )

    def _declare_separators(self) -> None:
        from docx.oxml import parse_xml

        declared = "".join(f'<w:footnote w:id="{number}"/>' for number in _SEPARATORS)
        made = parse_xml(f"<w:footnotePr {_NAMESPACES}>{declared}</w:footnotePr>")
        settings = self._file.settings.element
        later = {f"{{{_W}}}{name}" for name in _AFTER_FOOTNOTES}
        following = next((child for child in settings if child.tag in later or _W not in str(child.tag)), None)
        if following is None:
            settings.append(made)
        else:
            following.addprevious(made)


def add_link(paragraph: Paragraph, text: str, *, anchor: str = "", url: str = "") -> None:
    """Words that lead to a bookmark of the file or to a page of the web."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import parse_xml

    if url:
        where = f'r:id="{paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)}"'
    else:
        where = f"w:anchor={quoteattr(_name(anchor))}"
    run = f'<w:r><w:rPr><w:rStyle w:val="Hyperlink"/></w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    paragraph._p.append(parse_xml(f'<w:hyperlink {_NAMESPACES} {where} w:history="1">{run}</w:hyperlink>'))


def bookmark(paragraph: Paragraph, number: int, name: str) -> None:
    """Marks the whole paragraph as the place that links with this anchor lead to."""
    from docx.oxml import parse_xml

    start = parse_xml(f'<w:bookmarkStart {_NAMESPACES} w:id="{number}" w:name={quoteattr(_name(name))}/>')
    paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)
    paragraph._p.append(parse_xml(f'<w:bookmarkEnd {_NAMESPACES} w:id="{number}"/>'))


def new_table(file: File, rows: int, shares: Sequence[float]) -> list[list[_Cell]]:
    """The cells of a table with borders, whose first row is repeated on every page."""
    from docx.oxml import parse_xml
    from docx.shared import Emu

    section = file.sections[-1]
    width = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    table = file.add_table(rows, len(shares), style="Table Grid")
    table.autofit = False
    for column, share in zip(table.columns, shares, strict=True):
        column.width = Emu(int(width * share))
    found = []
    for place, row in enumerate(table.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(parse_xml(f"<w:cantSplit {_NAMESPACES}/>"))
        if place == 0:
            properties.append(parse_xml(f"<w:tblHeader {_NAMESPACES}/>"))
        cells = list(row.cells)
        for cell, share in zip(cells, shares, strict=True):
            cell.width = Emu(int(width * share))
            cell.paragraphs[0].style = "Table Text"
        found.append(cells)
    return found


@contextmanager
def turned(file: File) -> Iterator[None]:
    """What is added inside stands on pages of its own, turned on their side."""
    from docx.enum.section import WD_ORIENT, WD_SECTION

    for orientation in (WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT):
        section = file.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = orientation
        section.page_width, section.page_height = section.page_height, section.page_width
        if orientation is WD_ORIENT.LANDSCAPE:
            yield


def _name(anchor: str) -> str:
    return anchor.replace("-", "_")  # Word takes no hyphen in a bookmark's name
