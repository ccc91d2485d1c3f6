"""One engine in one process on one core: texts from a file, ranges and what they cost to another.

python -m benchmarks.detection.worker ENGINE TEXTS ANSWERS [FOLDER]
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

# Only training needs these, and spaCy loads them into every process where they are installed.
_ABSENT = ("torch", "tensorflow", "mxnet", "transformers")
_ONE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}


def main() -> None:
    name, texts, answers = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    folder = Path(sys.argv[4]) if len(sys.argv) > 4 else None
    for absent in _ABSENT:
        sys.modules[absent] = None  # type: ignore[assignment]  # an import then fails
    from benchmarks.detection.engines import engines, versions

    before = time.process_time()
    detect = engines()[name].build(folder)
    detect([("Jane Doe wrote to Rivertown Council on 4 May 2020.", "")])
    load = time.process_time() - before
    sets: dict[str, Any] = {}
    for key, items in json.loads(texts.read_text("utf-8")).items():
        started = time.process_time()
        found = detect([(text, file) for text, file in items])
        sets[key] = {"spans": found, "cpu": time.process_time() - started}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if _darwin() else 1024)
    answer = {"sets": sets, "load": load, "rss": peak, "versions": versions()}
    answers.write_text(json.dumps(answer), "utf-8")


def environment() -> dict[str, str]:
    """What keeps an engine to one thread."""
    return {**os.environ, **_ONE}


def _darwin() -> bool:
    return sys.platform == "darwin"


if __name__ == "__main__":
    main()
