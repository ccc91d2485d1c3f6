"""Damaged files through the same visits that a worker makes: held, or clean and verified.

`make fuzz` runs 5,000 mutations and every prefix of one small file a container; the slow
suite runs 1,000. What ever broke lies in tests/data/crashes and is replayed always.
"""

from __future__ import annotations

import hashlib
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from robustness import _mutations, _prefixes

from scrubber.bench import Bench, Setup, Task, prepare
from scrubber.containers import load_reader, table
from scrubber.model import Item, Outcome
from scrubber.policy import load_policy
from scrubber.source import FileSource
from scrubber.visit import visit

PORTFOLIO = Path(__file__).parent.parent / "sample_media" / "portfolio"
CRASHES = Path(__file__).parent / "data" / "crashes"
SAMPLES = {
    "jpeg": "photos/IMG_0043.jpg",
    "jpeg-exif": "photos/IMG_0042.JPG",
    "png": "photos/generated.png",
    "mp3": "recordings/interview.mp3",
    "flac": "recordings/song.flac",
    "wav": "recordings/take1.wav",
    "heic": "photos/IMG_0051.heic",
    "webp": "photos/story.webp",
    "mov": "films/tower.mov",
    "m4a": "recordings/memo.m4a",
    "opus": "recordings/talk.opus",
    "srt": "recordings/interview.srt",
    "vtt": "recordings/interview.vtt",
    "csv": "texts/clients.csv",
    "markdown": "texts/notes.md",
    "jsonl": "texts/prompts.jsonl",
    "text": "texts/transcript.txt",
    "code": "texts/upload.py",
}
LARGEST = 40_000  # bytes of a sample that are damaged: the rest is content alone


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    folder = tmp_path_factory.mktemp("objects")
    return prepare(
        Setup(load_policy("standard"), "b-fuzz", b"c" * 32, b"t" * 32, str(folder), True, False)
    )


def check(bench: Bench, folder: Path, name: str, data: bytes) -> Outcome:
    """One damaged file. Raises AssertionError for anything but a true hold or a clean copy."""
    path = folder / name
    path.write_bytes(data)
    staged = Path(bench.setup.objects) / "00000000"
    staged.unlink(missing_ok=True)
    item = Item(0, str(folder), name, len(data))
    made = visit(bench, Task(item, str(path)))
    if made.record is None:
        made = visit(bench, Task(item, str(path), True, made.learnt, made.sha256))
    record = made.record
    assert record is not None
    assert path.read_bytes() == data
    if record.outcome is Outcome.HELD:
        assert record.code not in ("internal", None)
        assert record.what
        assert not staged.exists()
    elif record.outcome is not Outcome.DROPPED:
        assert record.container is not None
        assert hashlib.sha256(staged.read_bytes()).hexdigest() == record.out_sha256
        with FileSource(staged) as output:
            assert load_reader(table()[record.container])(output, ()).leftovers == ()
    return record.outcome


def damaged(data: bytes, n: int) -> Iterator[bytes]:
    head, rest = data[:LARGEST], data[LARGEST:]
    yield from _prefixes(data, min(len(data), max(400, n // 5)))
    for bad in _mutations(head, random.Random(len(data)).randrange(1 << 30), n):
        yield bad + rest


def run(bench: Bench, folder: Path, sample: str, n: int) -> None:
    data = (PORTFOLIO / SAMPLES[sample]).read_bytes()
    name = Path(SAMPLES[sample]).name
    for bad in damaged(data, n):
        try:
            check(bench, folder, name, bad)
        except Exception as error:
            CRASHES.mkdir(parents=True, exist_ok=True)
            kept = CRASHES / f"{hashlib.sha256(bad).hexdigest()[:12]}-{name.replace(' ', '_')}"
            kept.write_bytes(bad)
            raise AssertionError(f"{kept.name}: {type(error).__name__}: {error}") from error


@pytest.mark.slow
@pytest.mark.parametrize("sample", SAMPLES)
def test_a_thousand_damages_are_held_or_clean(bench: Bench, tmp_path: Path, sample: str) -> None:
    run(bench, tmp_path, sample, 1000)


@pytest.mark.fuzz
@pytest.mark.parametrize("sample", SAMPLES)
def test_many_damages_are_held_or_clean(bench: Bench, tmp_path: Path, sample: str) -> None:
    run(bench, tmp_path, sample, int(os.environ.get("SCRUB_FUZZ", "5000")))


@pytest.mark.parametrize("crash", sorted(CRASHES.glob("*")) or [None], ids=str)
def test_what_broke_once_does_not_break_again(
    bench: Bench, tmp_path: Path, crash: Path | None
) -> None:
    if crash is not None:
        check(bench, tmp_path, crash.name.split("-", 1)[1], crash.read_bytes())
