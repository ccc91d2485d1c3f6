"""What EXPECTED.toml says comes of the samples is what comes of them."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from scrubber.api import Options, clean
from scrubber.model import ItemRecord
from scrubber.policy import load_policy

SAMPLES = Path(__file__).parent.parent / "sample_media"
ROWS = tomllib.loads((SAMPLES / "EXPECTED.toml").read_text("utf-8"))["file"]

Cleaned = tuple[dict[str, ItemRecord], Path]


@pytest.fixture(scope="module")
def cleaned(tmp_path_factory: pytest.TempPathFactory) -> Cleaned:
    root = tmp_path_factory.mktemp("expected")
    records: list[ItemRecord] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCRUB_DATA_HOME", str(root / "home"))
        patch.setenv("XDG_CONFIG_HOME", str(root / "config"))
        options = Options(
            (SAMPLES / "portfolio",),
            root / "out",
            load_policy("standard"),
            audit_dir=root / "audit",
            jobs=1,
        )
        clean(options, lambda *_: None, records.append)
    return {record.path: record for record in records}, root / "out"


@pytest.mark.parametrize("row", ROWS, ids=[row["path"] for row in ROWS])
def test_the_outcome_is_the_expected_one(cleaned: Cleaned, row: dict[str, str]) -> None:
    record = cleaned[0][row["path"]]
    assert (record.outcome.value, record.code) == (row["outcome"], row.get("code"))


@pytest.mark.parametrize("row", [r for r in ROWS if r.get("stays")], ids=lambda r: r["path"])
def test_what_must_stay_stays(cleaned: Cleaned, row: dict[str, object]) -> None:
    records, out = cleaned
    digest = records[str(row["path"])].out_sha256
    lines = map(json.loads, (out / "items.jsonl").read_text("utf-8").splitlines())
    name = next(line["path"] for line in lines if line["sha256"] == digest)
    data = (out / "data" / name).read_bytes()
    for text in row["stays"]:  # type: ignore[attr-defined]  # TOML
        assert text.encode() in data, text
