"""`citeworthy mcp`: the real process with the SDK's client, and how a client is told to start it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, MCPError, StdioServerParameters, stdio_client
from mcp.types import CallToolResult
from tests.mcp_client import check_quotes, connected, text_of
from typer.testing import CliRunner

from citeworthy.assistant import Assistant
from citeworthy.records import Paper
from citeworthy.settings import EmbeddingSettings, Settings
from citeworthy.surfaces.cli.main import app
from citeworthy.surfaces.mcp.stdio import OpenedOnce

COMMAND = [sys.executable, "-m", "citeworthy.surfaces.cli.main"]


def test_every_tool_of_the_process_works_on_the_sample(sample: Assistant, tmp_path: Path) -> None:
    home = sample.settings.home  # nothing of one's own in it
    log = tmp_path / "stderr"
    calls: list[tuple[str, dict[str, Any]]] = [
        ("ask", {"question": "By what factor does HybridFlow raise RLHF throughput?"}),
        ("ask", {"question": "How many GPUs did HybridFlow use?"}),
        ("search", {"query": "structured state spaces", "k": 3}),
        ("get_paper", {"key": "sheng2024hybridflow"}),
        ("verify_claim", {"claim": "HybridFlow raises throughput by 45x.", "keys": ["sheng2024hybridflow"]}),
        ("related_work", {"topic": "offline RL", "most": 3}),
        ("check_draft", {"text": "HybridFlow raises throughput by up to 45x [@sheng2024hybridflow]."}),
        ("get_paper", {"key": "nobody2099"}),
    ]

    async def work(client: Client) -> tuple[Any, list[CallToolResult], str]:
        results = [await client.call_tool(name, arguments) for name, arguments in calls]
        read = await client.read_resource("paper://library/sheng2024hybridflow")
        with pytest.raises(MCPError):
            await client.read_resource("paper://library/nobody2099")
        assert client.server_info is not None
        return client.server_info.name, results, str(getattr(read.contents[0], "text", ""))

    environment = {**os.environ, "CITEWORTHY_TRACING": "off"}
    process = StdioServerParameters(
        command=COMMAND[0], args=[*COMMAND[1:], "--home", str(home), "mcp"], env=environment
    )
    with log.open("w", encoding="utf-8") as errors:
        name, results, read = connected(stdio_client(process, errlog=errors), work)
    assert name == "citeworthy"
    assert [result.is_error for result in results] == [False] * 7 + [True]
    stored = {paper.key: paper for paper in sample.library.papers()}
    assert "1.53x to 20.57x" in text_of(results[0])
    assert results[1].structured_content["outcome"] == "not_reported"
    assert "do not fill the gap from memory" in text_of(results[1])
    assert results[4].structured_content["verdict"] == "contradicted"
    assert all(check_quotes(results[at], stored) for at in (0, 1, 4, 5, 6))
    assert all("226 papers of citeworthy's sample" in text_of(result) for result in results[:7])
    assert stored["sheng2024hybridflow"].abstract in read
    assert "226 papers (the bundled sample" in log.read_text("utf-8")


def test_standard_output_carries_the_protocol_and_nothing_else(tmp_path: Path) -> None:
    hello = {
        "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "a test", "version": "1"},
    }  # fmt: skip
    messages = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/list"},
    ]
    (tmp_path / "library.db").write_text("no database", "utf-8")  # something to complain about
    done = subprocess.run(
        [*COMMAND, "--home", str(tmp_path), "mcp"], input="".join(f"{json.dumps(one)}\n" for one in messages),
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr
    assert {line["jsonrpc"] for line in lines} == {"2.0"}
    assert {line["id"] for line in lines} >= {1}
    assert lines[0]["result"]["serverInfo"]["name"] == "citeworthy"


def test_the_entry_for_a_client_starts_the_library_that_is_meant(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["--home", str(tmp_path), "mcp", "--config", "--model", "none"])
    assert result.exit_code == 0
    entry = json.loads(result.stdout)["mcpServers"]["citeworthy"]
    assert Path(entry["command"]).is_file()
    assert entry["args"][-5:] == ["--home", str(tmp_path), "mcp", "--model", "none"]
    assert not list(tmp_path.iterdir())
    default = json.loads(CliRunner().invoke(app, ["mcp", "--config"]).stdout)["mcpServers"]["citeworthy"]
    assert "--home" not in default["args"]


def test_papers_of_ones_own_take_the_place_of_the_sample(
    tmp_path: Path, papers: list[Paper], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(home=tmp_path, embedding=EmbeddingSettings(provider="fake"))
    told: list[str] = []
    opened = OpenedOnce(settings, told.append)
    assert opened().is_sample
    assert opened() is opened()
    own = Assistant(settings, tmp_path)
    with own.library.writing():
        for _ in own.library.add(papers):
            pass
        own.index.sync()
    own.library.close()
    assert not opened().is_sample
    assert len(opened().library) == 4
    assert [line.split(" (")[0] for line in told] == ["citeworthy: 226 papers", "citeworthy: 4 papers"]
