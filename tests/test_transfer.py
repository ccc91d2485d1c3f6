"""One pass from a source to a file: small and large alike, and what can go wrong on the way."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrubber import source as sources
from scrubber.errors import ChangedWhileReading, Damaged, FolderError, Unreadable
from scrubber.join import chunks, join
from scrubber.ledger import ROOT, Ledger
from scrubber.model import Role
from scrubber.source import BLOCK, FileSource, MemorySource, Slice, blocks, sha256_of
from scrubber.transfer import EPOCH_NS, content_digest, same_runs, transfer

_ROLES = (Role.CODED, Role.DISPLAY, Role.PRIVATE)


def _ledger(size: int, cuts: list[int], roles: list[Role]) -> tuple[Ledger, list[int]]:
    """Runs between `cuts`, some blanked; and the numbers of those that go."""
    ledger = Ledger(size)
    edges = sorted({0, size, *cuts})
    for start, end, role in zip(edges, edges[1:], roles, strict=False):
        blank = b"blank" if role is Role.PRIVATE and start % 2 else None
        ledger.leaf(ROOT, "run", role, start, end, on_drop=blank)
    return ledger, [part.id for part in ledger.parts if part.role is Role.PRIVATE]


@given(st.data())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_streaming_equals_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, draw: st.DataObject
) -> None:
    """With blocks so small that every border falls somewhere inside one."""
    for module in ("scrubber.source", "scrubber.transfer"):
        monkeypatch.setattr(f"{module}.BLOCK", draw.draw(st.integers(1, 40)))
    monkeypatch.setattr(sources, "_WINDOW", draw.draw(st.integers(1, 50)))
    data = draw.draw(st.binary(max_size=300))
    cuts = draw.draw(st.lists(st.integers(0, len(data)), max_size=12))
    roles = draw.draw(st.lists(st.sampled_from(_ROLES), min_size=14, max_size=14))
    ledger, dropped = _ledger(len(data), cuts, roles)
    joined = join(ledger, MemorySource(data), dropped)
    expected = b"".join(chunks(joined, MemorySource(data)))
    path = tmp_path / "in"
    path.write_bytes(data)
    written = []
    for whole in (1 << 20, -1):
        monkeypatch.setattr(sources, "WHOLE", whole)
        out = tmp_path / "out"
        with FileSource(path) as source:
            assert (source.data is None) == (whole < 0)
            assert b"".join(chunks(joined, source)) == expected
            written.append(transfer(source, joined, str(out)))
        assert out.read_bytes() == expected
        assert out.stat().st_mtime_ns == EPOCH_NS
        out.unlink()
    assert written[0] == written[1]
    assert written[0].sha256 == hashlib.sha256(expected).hexdigest()
    assert written[0].original_sha256 == hashlib.sha256(data).hexdigest()
    assert written[0].size == len(expected)
    coded = b"".join(data[start:end] for start, end in joined.coded)
    assert written[0].content == hashlib.sha256(coded).hexdigest() == content_digest(data, joined)


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A file that is too large to be kept in memory."""
    path = tmp_path / "large"
    with path.open("wb") as file:
        for seed in range(34):
            file.write(random.Random(seed).randbytes(BLOCK))
    return path


def test_a_large_file_is_streamed(large: Path, tmp_path: Path) -> None:
    size = large.stat().st_size
    ledger, dropped = _ledger(
        size, [999, 5 << 20, (9 << 20) + 7], [Role.DISPLAY, Role.CODED, Role.PRIVATE, Role.CODED]
    )
    data = large.read_bytes()
    with FileSource(large) as source:
        assert source.data is None
        joined = join(ledger, source, dropped)
        written = transfer(source, joined, str(tmp_path / "out"))
        assert sha256_of(source) == written.original_sha256 == hashlib.sha256(data).hexdigest()
        identical = transfer(source, join(ledger, source), str(tmp_path / "same"))
    out = (tmp_path / "out").read_bytes()
    assert out == data[: 5 << 20] + data[(9 << 20) + 7 :]
    assert written.sha256 == hashlib.sha256(out).hexdigest()
    assert written.content == hashlib.sha256(out[999:]).hexdigest()
    assert identical.sha256 == identical.original_sha256 == written.original_sha256


def _grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def _shrink(path: Path) -> None:
    os.truncate(path, path.stat().st_size - BLOCK)


def _touch(path: Path) -> None:
    os.utime(path, ns=(1, 1))


@pytest.mark.parametrize("change", [_grow, _shrink, _touch])
@pytest.mark.parametrize("small", [True, False])
def test_a_file_that_changes_is_held(large: Path, tmp_path: Path, change, small: bool) -> None:  # type: ignore[no-untyped-def]
    if small:
        os.truncate(large, 2 * BLOCK)
    with FileSource(large) as source:
        assert source.unchanged()
        joined = join(_ledger(source.size, [], [Role.CODED])[0], source)
        change(large)
        assert not source.unchanged()
        with pytest.raises(ChangedWhileReading):
            transfer(source, joined, str(tmp_path / "out"))


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Path]:
    """A folder on a file system of 64 KiB."""
    folder = tmp_path / "full"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small file system can be mounted by root alone")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_names_the_folder(large: Path, full: Path) -> None:
    with FileSource(large) as source, pytest.raises(FolderError, match="cannot take more"):
        transfer(source, join(Ledger(source.size), source), str(full / "out"))


def test_a_device_that_is_full_names_the_folder(large: Path) -> None:
    """/dev/full takes nothing; it is opened here as a new file cannot be made there."""
    joined_size = large.stat().st_size
    with FileSource(large) as source:
        joined = join(Ledger(joined_size), source)
        real = os.open
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "open", lambda path, *rest: real("/dev/full", os.O_WRONLY))
            with pytest.raises(FolderError, match="No space left"):
                transfer(source, joined, "anything")


def test_a_folder_that_has_gone_is_a_folder_error(large: Path, tmp_path: Path) -> None:
    with FileSource(large) as source, pytest.raises(FolderError):
        transfer(source, join(Ledger(source.size), source), str(tmp_path / "gone" / "out"))


def test_nothing_is_overwritten(large: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"mine")
    with FileSource(large) as source, pytest.raises(FileExistsError):
        transfer(source, join(Ledger(source.size), source), str(tmp_path / "out"))
    assert (tmp_path / "out").read_bytes() == b"mine"


# sources ---------------------------------------------------------------------------------


@given(st.binary(max_size=200), st.lists(st.tuples(st.integers(-9, 220), st.integers(-9, 220))))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_source_reads_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, reads: list[tuple[int, int]]
) -> None:
    """Exactly what was asked for, or Damaged."""
    monkeypatch.setattr(sources, "WHOLE", -1)
    monkeypatch.setattr(sources, "_WINDOW", 16)
    path = tmp_path / "file"
    path.write_bytes(data)
    with FileSource(path) as file:
        for source in (
            MemorySource(data),
            file,
            Slice(MemorySource(b"<" + data + b">"), 1, 1 + len(data)),
        ):
            assert b"".join(blocks(source)) == data
            for offset, n in reads:
                if offset < 0 or n < 0 or offset + n > len(data):
                    with pytest.raises(Damaged):
                        source.read(offset, n)
                else:
                    assert source.read(offset, n) == data[offset : offset + n]


def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "link").symlink_to("file")
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "pipe", "missing", "."):
        with pytest.raises(Unreadable):
            FileSource(tmp_path / name)
    descriptors = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else 0
    with pytest.raises(Unreadable):
        FileSource("/dev/null")
    if descriptors:
        assert len(os.listdir("/proc/self/fd")) == descriptors


def test_runs_are_the_same_bytes_however_they_are_cut() -> None:
    one, other = b"..abcdef..gh", b"abc#defgh"
    assert same_runs(one, [(2, 8), (10, 12)], other, [(0, 3), (4, 9)])
    assert same_runs(one, [], other, [])
    assert not same_runs(one, [(2, 8)], other, [(0, 3), (4, 9)])
    assert not same_runs(one, [(2, 8), (10, 12)], other, [(0, 3), (4, 8)])
    assert not same_runs(one, [(2, 8), (10, 12)], b"abc#deXgh", [(0, 3), (4, 9)])
