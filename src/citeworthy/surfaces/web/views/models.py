"""Language models as an HTML table."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from citeworthy.settings import ChatSettings
from citeworthy.surfaces.models import Available


def models_table(found: Sequence[Available], chat: ChatSettings) -> str:
    """What can be used now, and what each of the others wants. Keys are never shown, only whether there is one."""
    rows = "".join(
        f"<tr><td><code>{escape(one.name)}</code></td><td>{'can be used' if one.usable else 'not yet'}"
        f"{' · chosen' if one.chosen else ''}</td><td>{escape(one.text)}</td><td>{escape(one.advice)}</td></tr>"
        for one in found
    )
    return (
        "<div class='cw-scroll' tabindex='0' role='region' aria-label='Language models'><table class='cw-table'><thead>"
        "<tr><th scope='col'>Name</th><th scope='col'>State</th><th scope='col'>What it is</th>"
        f"<th scope='col'>What it wants</th></tr></thead><tbody>{rows}</tbody></table></div>"
        f"<p class='cw-hint'>{escape(_price(chat))}</p>"
    )


def _price(chat: ChatSettings) -> str:
    if not chat.model:
        return "No model is configured: answers are quotations, and cost nothing."
    if chat.price_prompt is None or chat.price_completion is None:
        return (
            f"{chat.model}: its price is not known here; set CITEWORTHY_CHAT__PRICE_PROMPT and "
            "CITEWORTHY_CHAT__PRICE_COMPLETION (dollars for a million tokens) to see what answers cost."
        )
    return f"{chat.model}: ${chat.price_prompt:g} for a million tokens read, ${chat.price_completion:g} written."
