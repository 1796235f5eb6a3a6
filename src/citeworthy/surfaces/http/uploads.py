"""Files that programs send: kept below the library's directory, so that `citeworthy sync` knows them as others."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fastapi import UploadFile

from citeworthy.assistant import Imported

_UNSAFE = re.compile(r"[^\w. ()+-]+")


def keep(home: Path, owner: str, upload: UploadFile) -> Path:
    """Where it lies now. A file of the same name and owner is replaced: it is taken for a newer version."""
    name = _UNSAFE.sub("_", Path(upload.filename or "").name).strip(". ")[-120:] or "upload"
    folder = home / "uploads" / hashlib.sha256(owner.encode()).hexdigest()[:12]
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = folder / f".{secrets.token_hex(6)}"
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            shutil.copyfileobj(upload.file, stream)
        temporary.replace(folder / name)
    finally:
        temporary.unlink(missing_ok=True)
    return folder / name


def imported(imports: Sequence[Imported]) -> dict[str, Any]:
    """What came of it, for JSON."""
    return {
        "imports": [
            {
                "location": Path(one.location).name if Path(one.location).is_absolute() else one.location,
                "read": one.read,
                **asdict(one.report),
                "skipped": [asdict(skipped) for skipped in one.skipped],
            }
            for one in imports
        ]
    }
