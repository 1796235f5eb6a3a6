"""Make the bundled model that reads whole abstracts: a checkpoint of `train_abstract_reader.py` -> ONNX int8.

Output  src/citeworthy/models/abstract_reader/: model.onnx (token embeddings, int8), heads.npz (the heads, float16) and
        export.json: hashes, the window, and figures on dev parts by the int8 files themselves.

    python eval/training/export_abstract_reader.py --checkpoint reader.pt --data ../shared
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from export_judge import judged, write_model
from train_abstract_reader import WINDOW, dev_rows
from train_judge import figures

from citeworthy.models.cross_encoder import ReadingTask
from citeworthy.models.minilm_judge import MiniLMJudge

TARGET = Path(__file__).parents[2] / "src" / "citeworthy" / "models" / "abstract_reader"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds train/ and data/")
    parser.add_argument("--output", type=Path, default=TARGET)
    arguments = parser.parse_args()
    report: dict[str, object] = {"made_by": "eval/training/export_abstract_reader.py", "window": WINDOW}
    report |= write_model(arguments.checkpoint, arguments.output)
    (arguments.output / "export.json").write_text(json.dumps(report))  # the window, for the readings below
    shipped = MiniLMJudge(arguments.output)
    for name, pairs in dev_rows(arguments.data).items():
        readings = shipped.read([ReadingTask(p.text, p.title, p.sentences) for p in pairs])
        report[name] = {"pairs": len(pairs)} | figures(pairs, [judged(r) for r in readings])
        print(name, json.dumps(report[name]), flush=True)
    (arguments.output / "export.json").write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()
