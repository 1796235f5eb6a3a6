"""The list of conversations as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from citeworthy.library.sessions import SessionSummary


def sessions_list(sessions: Sequence[SessionSummary], current: str, words: str = "") -> str:
    """Newest first; each can be opened, renamed, exported and deleted."""
    if not sessions:
        text = "No conversation has these words." if words.strip() else "Your conversations will be listed here."
        return f"<p class='cw-hint'>{text}</p>"
    return f"<ul class='cw-sessions'>{''.join(_item(one, current) for one in sessions)}</ul>"


def _item(one: SessionSummary, current: str) -> str:
    title = escape(one.title or "Untitled")
    about = f"data-chat='{escape(one.id, quote=True)}'"
    here = " aria-current='true'" if one.id == current else ""
    count = f"{one.turns} question{'' if one.turns == 1 else 's'}"
    when = datetime.fromtimestamp(one.updated).astimezone().strftime("%Y-%m-%d %H:%M")
    return (
        f"<li{' class=cw-here' if here else ''}><button type='button' class='cw-open' data-do='open' {about}{here}>"
        f"{title}</button><details id='s-{escape(one.id, quote=True)}'>"
        f"<summary aria-label='More about {escape(one.title, quote=True)}'>…</summary>"
        f"<p class='cw-why'>{when} · {count}</p>"
        f"<form data-do='rename' {about}><label>Title <input name='value' maxlength='200' "
        f"value='{escape(one.title, quote=True)}'></label><button type='submit'>Rename</button></form>"
        f"<p><button type='button' data-do='export' data-format='md' {about}>Markdown</button>"
        f"<button type='button' data-do='export' data-format='json' {about}>JSON</button>"
        f"<button type='button' class='cw-danger' data-do='delete' {about} data-sure='Delete this conversation?'>"
        "Delete</button></p></details></li>"
    )
