"""EXPECTED.toml tells the truth about the samples, and the samples are nobody's data."""

from __future__ import annotations

import base64
import io
import re
import shutil
import subprocess
import tomllib
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from scrubber.entities import CATALOGUE
from scrubber.errors import HOLD_CODES

ROOT = Path(__file__).parent.parent / "sample_media"
PORTFOLIO = ROOT / "portfolio"
FILES: list[dict[str, Any]] = tomllib.loads((ROOT / "EXPECTED.toml").read_text("utf-8"))["file"]
PLANTED = [(row, plant) for row in FILES for plant in row.get("planted", [])]


def unwrapped(data: bytes, inside: str) -> list[bytes]:
    """What the bytes hold once `inside` is undone."""
    if inside == "base64":
        return [base64.b64decode(run) for run in re.findall(rb"[A-Za-z0-9+/]{64,}=*", data)]
    if inside == "deflate":
        found = []
        for match in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", data):
            try:
                found.append(zlib.decompressobj().decompress(data[match.start() :]))
            except zlib.error:
                continue
        return found
    return [data]


def needle(plant: dict[str, str]) -> bytes:
    encoding = plant.get("encoding", "utf-8")
    return bytes.fromhex(plant["value"]) if encoding == "hex" else plant["value"].encode(encoding)


def test_every_file_is_listed_and_every_listed_file_exists() -> None:
    listed = [row["path"] for row in FILES]
    there = [str(p.relative_to(PORTFOLIO)) for p in PORTFOLIO.rglob("*") if p.is_file()]
    assert listed == sorted(there)
    assert sum((PORTFOLIO / path).stat().st_size for path in there) < 2_000_000


@pytest.mark.parametrize(
    ("row", "plant"), PLANTED, ids=[f"{r['path']}-{p['entity']}-{p['where']}" for r, p in PLANTED]
)
def test_what_is_said_to_be_planted_stands_in_the_file(
    row: dict[str, Any], plant: dict[str, str]
) -> None:
    assert plant["entity"] in CATALOGUE
    data = (PORTFOLIO / row["path"]).read_bytes()
    assert any(needle(plant) in one for one in unwrapped(data, plant.get("inside", "")))


@pytest.mark.parametrize("row", FILES, ids=lambda row: row["path"])
def test_an_expectation_makes_sense(row: dict[str, Any]) -> None:
    assert row["outcome"] in {"cleaned", "unchanged", "held", "dropped"}
    assert (row["outcome"] == "held") == (row.get("code") in HOLD_CODES)
    assert (row["outcome"] == "unchanged") == (not row.get("planted"))
    data = (PORTFOLIO / row["path"]).read_bytes()
    for text in row.get("stays", []):
        assert text.encode() in data
        # What must stay holds nothing that must go.
        assert not any(needle(plant) in text.encode() for plant in row["planted"])


@pytest.mark.parametrize("row", FILES, ids=lambda row: row["path"])
def test_nobody_real_is_in_it(row: dict[str, Any]) -> None:
    text = (PORTFOLIO / row["path"]).read_bytes().decode("latin-1")
    for domain in re.findall(r"[\w.]{3,}@([a-z0-9-]{3,}(?:\.[a-z]{2,})+)", text):
        assert domain.endswith("example.com")
    for number in re.findall(r"\+1 \d{3}-(\d{3}-\d{4})", text):
        assert number.startswith("555-01")
    for address in re.findall(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])", text):
        assert address.startswith("192.0.2.")


@pytest.mark.parametrize("name", ["DSC_1207.jpg", "IMG_0042.JPG", "IMG_0043.jpg", "generated.png"])
def test_a_photo_opens(name: str) -> None:
    with Image.open(io.BytesIO((PORTFOLIO / "photos" / name).read_bytes())) as picture:
        picture.load()
        assert picture.size[0] >= 240


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
def test_an_independent_tool_finds_what_was_planted() -> None:
    done = subprocess.run(
        [
            *("exiftool", "-a", "-n", "-s3", "-GPSLatitude", "-OwnerName", "-SerialNumber"),
            *("-RegionName", "-By-line", "-LensSerialNumber", "-ThumbnailImage", "-Orientation"),
            str(PORTFOLIO / "photos" / "IMG_0042.JPG"),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    lines = done.stdout.splitlines()
    assert lines[0].startswith("48.8584")
    assert lines.count("Elizabeth Bennet") == 3  # Exif, MakerNote, IPTC
    for value in ("1234567890", "John Watson", "LENS-0000-42", "6"):
        assert value in lines
    assert any("Binary data" in line for line in lines)


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
@pytest.mark.parametrize("name", ["interview.mp3", "song.flac", "take1.wav"])
def test_a_recording_plays(name: str) -> None:
    done = subprocess.run(
        [
            *("ffmpeg", "-v", "error", "-i", str(PORTFOLIO / "recordings" / name)),
            *("-map", "0:a", "-f", "s16le", "-"),
        ],
        capture_output=True,
        check=True,
    )
    assert len(done.stdout) > 60_000
