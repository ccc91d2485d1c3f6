"""The corpus files that training reads, and that they are the ones it was measured with."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

FILES: Final = {
    "broad-twitter/train_dev_test_conll/btc.train": (
        "2117732e744d8f1692786c7ebb919c52dadd406f082b43fe1e625a51f2cadd0f"
    ),
    "broad-twitter/train_dev_test_conll/btc.dev": (
        "9f7d33bcd195cecf9767357a5f1fe0ba879af6c55ebb68b8e846bff23c4e7fa5"
    ),
    "wnut17/wnut17train.conll": "731820e13f71af324c6b55a1575ec2ce59fbaa2a0806f8f0400b98d56cd6a7a5",
    "wnut17/emerging.dev.conll": "e053b752b8155113ca66e7db08af5f2f5f43ab993694e4774f1ec5bad42312d8",
    "gum/GUM_*.conllu": "c40ac18493f252cd1ea51d2621fa00e501a474d365b943acd3256aa764d35345",
    "presidio-research/data/synth_dataset_v2.json": (
        "ec08a771ba8135314cafb60752b2295212222ba3a4cd75d73811839c699e0012"
    ),
    "presidio-research/tests/data/generated_large.json": (
        "b84d6553a3fc27a5c664a1c2f95be15291ea16b83501e109d411fe237e380e26"
    ),
}
"""SHA-256 of each file; of a pattern, of its files one after the other, sorted by name."""


def check(corpora: Path) -> None:
    """Compare the files in the folder *corpora* with `FILES`.

    Raises:
        ValueError: a file is missing or another one.
    """
    for pattern, digest in FILES.items():
        whole = hashlib.sha256()
        for path in sorted(corpora.glob(pattern)):
            whole.update(path.read_bytes())
        if whole.hexdigest() != digest:
            raise ValueError(f"{corpora / pattern}: missing, or not the file training knows")
