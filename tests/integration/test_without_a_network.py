"""Everything works in a network namespace that has no way out, not even loopback."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

UNSHARE = ["unshare", "--map-root-user", "--net"]
COMMAND = [*UNSHARE, sys.executable, "-m", "citeworthy.surfaces.cli.main", "--home"]


def cut_off_is_possible() -> bool:
    return shutil.which("unshare") is not None and subprocess.run([*UNSHARE, "true"], check=False).returncode == 0


@pytest.mark.integration
@pytest.mark.skipif(not cut_off_is_possible(), reason="this system gives no network namespaces (unshare)")
def test_add_and_ask_with_the_network_cut_off(tmp_path: Path) -> None:
    row = {"title": "IL-6 and vitamin D", "abstract": "We gave vitamin D to 120 patients. It lowered IL-6 by 30%."}
    papers = tmp_path / "papers.jsonl"
    papers.write_text(json.dumps(row))

    def run(*arguments: str) -> str:
        command = [*COMMAND, str(tmp_path / "home"), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout

    assert "1 embedded" in run("add", str(papers))
    assert "lowered IL-6 by 30%" in run("ask", "By how much does vitamin D lower IL-6?")
    assert json.loads(run("index", "check", "--json"))["sound"] is True
