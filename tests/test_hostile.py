"""Files that were made to break us: each is cleaned, its words gone, or held with a true reason.

In workers as in any run, in bounded time and memory.
"""

from __future__ import annotations

import base64
import resource
import time
import zlib
from pathlib import Path

import pytest
from hostile import HOSTILE, PLANTED
from runs import Runs

from scrubber.model import ItemRecord, Outcome

OUR_FAULT = {"internal", "worker-died", "timed-out", "verify-failed"}
CLEANED = {  # whatever becomes of the others, these are honest enough
    "png-ztxt-bomb.png", "png-many-texts.png", "jpeg-sixty-thousand-segments.jpg",
    "mp4-many-boxes.mp4", "two-jpeg-zip.jpg", "two-jpeg-pdf.jpg", "two-png-html.png",
    "two-png-after.png", "two-wav-html.wav", "named-jpeg.png", "named-film.jpg",
    "gif-comments.gif",
}  # fmt: skip
SECONDS = 60.0  # of one file, on a busy machine
MEMORY = 1 << 20  # KiB that one worker may have


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> tuple[Runs, dict[str, ItemRecord]]:
    runs = Runs(tmp_path_factory.mktemp("hostile"))
    for name, make in HOSTILE.items():
        runs.write(name, make())
    _, found = runs.here(isolate=True, jobs=2)
    return runs, found


Found = tuple[Runs, dict[str, ItemRecord]]


@pytest.mark.slow
def test_every_file_has_an_end_and_a_reason(records: Found) -> None:
    _, found = records
    assert set(found) == set(HOSTILE)
    for name, record in found.items():
        assert record.code not in OUR_FAULT, (name, record.code, record.what)
        assert record.seconds < SECONDS, (name, record.seconds)
        if record.outcome is Outcome.HELD:
            assert record.what, name
            assert record.fix, name
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < MEMORY


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(CLEANED))
def test_what_is_a_whole_file_is_cleaned(records: Found, name: str) -> None:
    record = records[1][name]
    assert record.outcome is Outcome.CLEANED, (record.code, record.what)


@pytest.mark.slow
def test_the_planted_words_are_in_nothing_that_is_written(records: Found) -> None:
    runs, _ = records
    spelled = (
        PLANTED, PLANTED.decode().encode("utf-16-le"), base64.b64encode(PLANTED)[:16],
        PLANTED.hex().encode(), b"<script", b"PK\x03\x04", b"%PDF", b"jane.roe@",
    )  # fmt: skip
    for folder in (runs.out, runs.audit):
        for path in folder.rglob("*"):
            if path.is_file() and path.suffix not in (".html", ".sqlite"):
                data = path.read_bytes()
                assert not [words for words in spelled if words in data], path
                assert PLANTED not in _inflated(path, data), path


def _inflated(path: Path, data: bytes) -> bytes:
    """What is packed in a PNG, all together."""
    out, at = b"", 8 if path.suffix == ".png" else len(data)
    while at + 8 <= len(data):
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if kind != b"IDAT":
            body = data[at + 8 : at + 8 + size]
            for start in range(len(body)):
                if body[start] == 0x78:
                    try:
                        out += zlib.decompressobj().decompress(body[start:], 1 << 20)
                    except zlib.error:
                        continue
        at += size + 12
    return out


@pytest.mark.slow
def test_the_batch_is_whole(records: Found) -> None:
    assert records[0].verified()


def test_there_are_many_and_none_is_large() -> None:
    began = time.perf_counter()
    sizes = {name: len(HOSTILE[name]()) for name in ("png-many-texts.png", "ogg-many-streams.ogg")}
    assert len(HOSTILE) >= 80
    assert max(sizes.values()) < 4 << 20
    assert time.perf_counter() - began < 5
