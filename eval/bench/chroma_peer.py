"""A peer of the import benchmark: Chroma with its own default embedding function, papers added in batches.

The function is Chroma's own code (float32 ONNX, padded to 256 tokens, batches of 32). Its model file is downloaded from
a bucket when it is first used; the same network is exported here from the weights of the package index instead.

python chroma_peer.py PAPERS.jsonl MODEL_FOLDER CHROMA_FOLDER      prints the number of papers indexed
"""

import json
import shutil
import sys
from pathlib import Path

import chromadb
from chromadb.utils.embedding_functions import ONNXMiniLM_L6_V2

EXPORTED = Path(sys.prefix) / "chroma-default"
FILES = ("config.json", "special_tokens_map.json", "tokenizer_config.json", "tokenizer.json", "vocab.txt")


def export(weights: Path) -> None:
    """The network in the form that Chroma's function loads."""
    import torch
    from transformers import AutoModel

    folder = EXPORTED / ONNXMiniLM_L6_V2.EXTRACTED_FOLDER_NAME
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        source = weights / name
        shutil.copy(source, folder / name) if source.exists() else (folder / name).write_text("{}")
    model = AutoModel.from_pretrained(weights, attn_implementation="eager").eval()

    class Plain(torch.nn.Module):
        """Inputs in a fixed order, one output."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor) -> torch.Tensor:
            return self.model(input_ids=ids, attention_mask=mask, token_type_ids=types).last_hidden_state

    example = torch.ones(2, 8, dtype=torch.long)
    names = ("input_ids", "attention_mask", "token_type_ids", "last_hidden_state")
    axes = {name: {0: "n", 1: "length"} for name in names}
    torch.onnx.export(
        Plain(), (example, example, torch.zeros_like(example)), folder / "model.onnx", dynamo=False,
        input_names=list(names[:3]), output_names=["last_hidden_state"], dynamic_axes=axes,
    )  # fmt: skip


def main() -> None:
    papers, model, home = sys.argv[1:]
    if not (EXPORTED / "onnx" / "model.onnx").exists():
        export(Path(model))
    if papers == "-":
        return  # only made ready
    ONNXMiniLM_L6_V2.DOWNLOAD_PATH = EXPORTED
    rows = [json.loads(line) for line in Path(papers).read_text("utf-8").splitlines()]
    collection = chromadb.PersistentClient(home).create_collection("papers", embedding_function=ONNXMiniLM_L6_V2())
    for start in range(0, len(rows), 500):
        batch = rows[start : start + 500]
        texts = [f"{row['title']}. {row['text']}" for row in batch]
        years = [{"year": int(row["year"])} for row in batch]
        collection.add(ids=[row["_id"] for row in batch], documents=texts, metadatas=years)
    print(collection.count())


if __name__ == "__main__":
    main()
