"""Files that come with citeworthy but are not code: prompts and question sets. In a checkout they are the folders of
that name at the top; in an installed wheel they lie inside the package.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent
_CHECKOUT = _PACKAGE.parents[1]
_FOLDERS = {"prompts": "prompts", "questions": "eval/questions"}


def shipped_folder(name: str) -> Path:
    """The folder of the "prompts" or of the "questions"."""
    installed = _PACKAGE / name
    return installed if installed.is_dir() else _CHECKOUT / _FOLDERS[name]
