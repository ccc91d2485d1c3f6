"""Recordings and films of 50 GB, that take no room: planned in bounded memory; 2 GB also written.

The files are holes with heads. A copy of one would be 50 GB of zeros, so only the large
file is parsed and planned; the walk through every byte is measured on a smaller one.
"""

from __future__ import annotations

import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from mp4_files import box, change, film

from scrubber.container_rows import ROWS

GIB = 1 << 30
SAMPLE = 8 << 20
_STBL = "moov/trak/mdia/minf/stbl"
_PLANTED = b"Example Artist\0\0"

_WORK = """
import sys
from scrubber.container_rows import ROWS
from scrubber.model import Action
from scrubber.nesting import parse
from scrubber.plan import plan
from scrubber.source import FileSource
from scrubber.transfer import transfer
row = next(row for row in ROWS if row.name == sys.argv[1])
with FileSource(sys.argv[2]) as source:
    parsed = parse(source, row)
    made = plan(parsed, lambda entity, value=b"": Action.DROP)
    if sys.argv[3]:
        transfer(source, made.joined, sys.argv[3])
status = open("/proc/self/status").read()
print(made.joined.size, sum(b - a for a, b in made.joined.coded))
print(int(status.partition("VmHWM:")[2].split()[0]) // 1024)
"""


def _wav(path: Path, size: int) -> None:
    """EBU Tech 3306: RF64, whose `ds64` states the sizes that no longer fit."""
    fmt = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 2, 48_000, 192_000, 4, 16)
    private = b"LIST" + struct.pack("<I", 28) + b"INFOIART" + struct.pack("<I", 16) + _PLANTED
    whole = 12 + 36 + len(fmt) + len(private) + 8 + size
    sizes = b"ds64" + struct.pack("<IQQQI", 28, whole - 8, size, size // 4, 0)
    head = b"RF64\xff\xff\xff\xffWAVE" + sizes + fmt + private + b"data\xff\xff\xff\xff"
    with path.open("wb") as file:
        file.write(head)
        file.truncate(whole)


def _w64(path: Path, size: int) -> None:
    """Sony Wave64: ids of 16 bytes and sizes of 8 that count the head."""
    tail = bytes.fromhex("f3acd3118cd100c04f8edb8a")
    fmt = struct.pack("<HHIIHH", 1, 2, 48_000, 192_000, 4, 16)
    head = b"wave" + tail + b"fmt " + tail + struct.pack("<Q", 24 + len(fmt)) + fmt
    head += b"data" + tail + struct.pack("<Q", 24 + size)
    whole = 24 + len(head) + size
    with path.open("wb") as file:
        file.write(bytes.fromhex("726966662e91cf11a5d628db04c10000") + struct.pack("<Q", whole))
        file.write(head)
        file.truncate(whole)


def _mp4(path: Path, size: int) -> None:
    """A film of `size` / 8 MiB pictures, each one AVC slice of zeros, the tables at the end."""
    made = film("libx264", audio="")
    count = size // SAMPLE
    at = made.index(b"mdat") - 4
    first = at + 16  # ISO/IEC 14496-12 §4.2: size 1, then a size of eight bytes
    places = b"".join((first + n * SAMPLE).to_bytes(8, "big") for n in range(count))
    tables = (
        box(b"stts", struct.pack(">4I", 0, 1, count, 512)),
        box(b"stsc", struct.pack(">5I", 0, 1, 1, 1, 1)),
        box(b"stsz", struct.pack(">3I", 0, SAMPLE, count)),
        box(b"co64", struct.pack(">2I", 0, count), places),
    )
    moov = made[made.index(b"moov") - 4 :]

    def edit(body: bytes) -> bytes:
        stsd = body[: int.from_bytes(body[:4], "big")]
        assert stsd[4:8] == b"stsd"
        return stsd + b"".join(tables)

    moov = change(moov, _STBL, edit)
    with path.open("wb") as file:
        file.write(made[:at] + struct.pack(">I4sQ", 1, b"mdat", 16 + count * SAMPLE))
        for n in range(count):
            file.seek(first + n * SAMPLE)
            file.write(struct.pack(">IB", SAMPLE - 4, 0x65))  # H.264 §7.3.1: a slice of its own
        file.seek(first + count * SAMPLE)
        file.write(moov)


_MAKE: dict[str, Callable[[Path, int], None]] = {"wav": _wav, "w64": _w64, "mp4": _mp4}


def _work(row: str, path: Path, out: str) -> tuple[int, int, int]:
    """Size of the output, bytes of content, peak of resident memory in MiB."""
    assert row in {each.name for each in ROWS}
    done = subprocess.run(
        [sys.executable, "-c", _WORK, row, str(path), out], capture_output=True, text=True
    )
    assert not done.returncode, done.stderr
    size, content, peak = map(int, done.stdout.split())
    return size, content, peak


@pytest.mark.slow
@pytest.mark.parametrize("row", sorted(_MAKE))
def test_fifty_gigabytes_are_planned_in_bounded_memory(tmp_path: Path, row: str) -> None:
    path = tmp_path / f"large.{row}"
    _MAKE[row](path, 50 * GIB)
    assert path.stat().st_blocks * 512 < GIB // 8
    size, content, peak = _work(row, path, "")
    assert content == 50 * GIB
    assert content < size <= path.stat().st_size
    assert peak < 128


@pytest.mark.slow
@pytest.mark.parametrize("row", sorted(_MAKE))
def test_two_gigabytes_are_written_in_bounded_memory(tmp_path: Path, row: str) -> None:
    path, out = tmp_path / f"large.{row}", tmp_path / "out"
    _MAKE[row](path, 2 * GIB)
    size, content, peak = _work(row, path, str(out))
    assert out.stat().st_size == size
    assert content == 2 * GIB
    assert peak < 128
    out.unlink()
