"""Documents that the tests write: an ordinary one, and one in which every text is hostile."""

from __future__ import annotations

from hypothesis import strategies as st

from citeworthy.records import Citation, Paper, Verdict
from citeworthy.surfaces.documents.model import Bullets, Cite, Document, Figure, Heading, Paragraph, Table, Text

FLOW = Paper(
    "sheng2024hybridflow", "HybridFlow: A Flexible RLHF Framework",
    "RLHF is costly. HybridFlow mixes two control styles. Throughput rises by 1.53x to 20.57x over baselines.",
    authors=("Guangming Sheng", "Chi Zhang", "Wang Zhang"), year=2024, venue="EuroSys 2025", arxiv_id="2409.19256v2",
)  # fmt: skip
SEPSIS = Paper(
    "lovelace2020il6", "IL-6 and vitamin D in sepsis: α ≤ 5%",
    "We measured IL-6 in 120 patients. Vitamin D lowered IL-6 by 30% (p < 0.05).",
    authors=("Ada Lovelace",), year=2020, venue="Journal of Sepsis", doi="10.1000/J_1.<2>#%", is_digest=True,
    details=(("volume", "12"), ("pages", "3-9")),
)  # fmt: skip
TITLE_ONLY = Paper("", "A paper without an abstract", "", year=1999)

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="3" height="9"/><text>2024</text></svg>'


def cite(paper: Paper, *spans: tuple[int, int], verdict: Verdict = Verdict.SUPPORTED) -> Cite:
    return Cite(tuple(Citation(paper, *span) for span in spans or [(0, len(paper.abstract))]), verdict)


ORDINARY = Document(
    "Related work",
    (
        Paragraph((Text("Two sentences were left out."),), is_note=True),
        Heading("Training"),
        Paragraph(
            (
                Text("Sheng et al. report: "), Text(FLOW.abstract[16:52], "quoted"), cite(FLOW, (16, 52)),
                Text(" Vitamin D lowers IL-6."), cite(SEPSIS, (34, 75), verdict=Verdict.PARTLY_SUPPORTED),
            )
        ),
        Bullets(((Text("Costs. ", "bold"), Text("They are high."), cite(FLOW, (0, 15))), (Text("Nothing else."),))),
        Table(
            ("Paper", "Patients", "Effect"),
            (
                ((Text("Lovelace"), cite(SEPSIS, (0, 33))), (Text("120"),), (Text("30%", "italic"),)),
                ((Text("An old one"), cite(TITLE_ONLY, (0, 0))),),
            ),
            "What was measured",
        ),
        Figure(SVG, "Papers by year"),
    ),
    ("Written without a language model.",),
)  # fmt: skip

HOSTILE_TEXTS = (
    r"50% of R&D costs $5_000 #1 ~ x^2 {open \emph{x} \input{/etc/passwd} \end{document}",
    "<script>alert(1)</script> <img src=x onerror=alert(1)> &amp; &#60; \" ' </details></td><!-- ",
    "| pipe | *star* _under_ `tick` [link](javascript:alert(1)) ![i](x) [^1] [@key] # 1. - > ~~~ $x$ :smile:",
    "tab\tnew\nline\r\n\x00\x07\x1b[31m \u202eevil\u202c \ue000 \ud800 \ufffe end",
    "העברית مرحبا بالعالم 深度学习 🚀👩\u200d🔬 Москва ệ ą ß ﬁ ½ ² ℝ 𝒪 ‘a’ “b” – — … -- --- '' `` ?` << >> ,,",
    "}}}{{{ \\\\ % comment",
    "- 1. a) [x] # heading",
    "@article{x, y}",
)


def hostile_paper(number: int, text: str) -> Paper:
    return Paper(
        f"key {number} {text}", f"{text} {number}", text, authors=(text, "Ann Other"), year=2000 + number, venue=text,
        url=f"javascript:alert({number})" if number % 2 else f"https://example.org/{number}?q=<a b>_%&x={{y}}#z",
        doi=f"10.1000/{text}" if number % 3 == 0 else None, details=(("publisher", text), ("note", text)),
    )  # fmt: skip


HOSTILE_PAPERS = [hostile_paper(number, text) for number, text in enumerate(HOSTILE_TEXTS)]
HOSTILE = Document(
    HOSTILE_TEXTS[0],
    tuple(
        block
        for text, paper in zip(HOSTILE_TEXTS, HOSTILE_PAPERS, strict=True)
        for block in (
            Heading(text),
            Paragraph((Text(text), cite(paper), Text(text, "bold"), Text(text, "italic"), Text(text, "quoted"))),
            Paragraph((Text(text),), is_note=True),
            Bullets(((Text(text), cite(paper, verdict=Verdict.CONTRADICTED)), ())),
            Table((text, text), (((Text(text), cite(paper)), (Text("[x] "), Text(text)), (Text("*"),)), ()), text),
            Figure(f"<svg><script>{text}</script></svg>", text),
        )
    ),
    HOSTILE_TEXTS,
)

_MARKUP = st.sampled_from(list("\\`*_[](){}<>|~^$#@!&:;.-+=%\"'/ \n\t0123aAbB")) | st.sampled_from(
    [
        "é",
        "α",
        "深",
        "“",
        "–",
        "…",
        "\u0301",
        "\u00a0",
        "\u200d",
        "\u202e",
        "1. ",
        "- ",
        "&amp;",
        "<b>",
        "**",
        "--",
        "...",
    ]
)
texts = st.lists(_MARKUP, max_size=24).map("".join) | st.text(max_size=40)
