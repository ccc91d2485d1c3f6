"""BagIt 1.0 (RFC 8493): the files that make a folder a bag, written and read.

The reader trusts nothing: sizes are capped, paths must be relative and plain,
lines sorted and unique. Everything streams.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, NamedTuple, Self

from scrubber.errors import VerificationError

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
PAYLOAD = "data"
PAYLOAD_MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"
EPOCH = 315532800  # 1980-01-01T00:00:00Z, the earliest time that ZIP can write
LINE_LIMIT = 8192
TAG_FILE_LIMIT = 4 << 20

_BLOCK = 1 << 16
_LINE = re.compile(rb"([0-9a-f]{64})  (.+)", re.DOTALL)
_LINES = re.compile(rf"^([0-9a-f]{{64}})  ([^\n]{{1,{LINE_LIMIT // 4 - 68}}})\n", re.MULTILINE)
"""The same for many lines, none longer than the limit whatever its characters take."""


class TagFile:
    """A tag file in the making: counts and hashes what is written, synced when closed."""

    __slots__ = ("_digest", "_stream", "name", "size")

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.size = 0
        self._digest = sha256()
        self._stream: BinaryIO = open(folder / name, "xb", buffering=1 << 20)  # noqa: SIM115

    def write(self, data: bytes) -> None:
        self._stream.write(data)
        self._digest.update(data)
        self.size += len(data)

    def close(self) -> None:
        self._stream.flush()
        os.fsync(self._stream.fileno())
        os.fchmod(self._stream.fileno(), 0o644)
        self._stream.close()

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def write_tag_file(folder: Path, name: str, data: bytes) -> str:
    """Write one small tag file; returns its SHA-256 (hex)."""
    with TagFile(folder, name) as file:
        file.write(data)
    return file.sha256


def manifest_line(digest: str, path: str) -> bytes:
    """One line of a manifest. A path with CR, LF or `%` has no form that all tools agree on."""
    if any(char in path for char in "\r\n%"):
        raise ValueError("a name in a bag holds no line break and no percent sign")
    return f"{digest}  {path}\n".encode()


def bag_info(size: int, count: int, agent: str) -> bytes:
    """bag-info.txt: what it takes to notice a cut transfer (RFC 8493 section 2.2.2), no more."""
    return f"Payload-Oxum: {size}.{count}\nBag-Software-Agent: {agent}\n".encode()


def finish_bag(folder: Path) -> None:
    """Write bagit.txt, last and in one step: before it the folder is no bag for any reader."""
    temporary = f".bagit.{secrets.token_hex(8)}"
    write_tag_file(folder, temporary, DECLARATION)
    os.replace(folder / temporary, folder / "bagit.txt")


def settle(folder: Path) -> None:
    """Give `folder` and all below it mode 0644 or 0755 and the time 1980-01-01; sync folders.

    Raises VerificationError at a link or special file.
    """
    folders = [str(folder)]
    for path in folders:  # grows while it is read
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                elif entry.is_file(follow_symlinks=False):
                    _settle_file(entry)
                else:
                    raise VerificationError(f"The output holds a link or device: {entry.name!a}")
    for path in reversed(folders):
        os.chmod(path, 0o755)
        os.utime(path, (EPOCH, EPOCH))
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _settle_file(entry: os.DirEntry[str]) -> None:
    found = entry.stat(follow_symlinks=False)
    if found.st_mode & 0o7777 != 0o644:
        os.chmod(entry.path, 0o644)
    if found.st_mtime_ns != EPOCH * 10**9:
        os.utime(entry.path, (EPOCH, EPOCH))


class Entry(NamedTuple):
    """One line of a manifest."""

    path: str
    sha256: str


class BadLine(ValueError):
    """A line of a list that cannot be trusted; `number` counts from 1."""

    def __init__(self, number: int, what: str) -> None:
        super().__init__(f"line {number}: {what}")
        self.number = number


def read_blocks(stream: BinaryIO, limit: int = LINE_LIMIT) -> Iterator[bytes]:
    """Runs of whole lines, a few at a time; only the last may end inside a line, or a long one."""
    while block := stream.read(_BLOCK):
        yield block if block[-1] == 10 else block + stream.readline(limit + 1)


def split_lines(block: bytes, number: int, limit: int = LINE_LIMIT) -> Iterator[tuple[int, bytes]]:
    """The lines of a block with their numbers, of which `number` is the first, without line feeds.

    Raises BadLine for one that is longer than `limit` bytes or has no end.
    """
    *lines, rest = block.split(b"\n")
    for line in lines:
        if len(line) >= limit:
            raise BadLine(number, f"longer than {limit} bytes")
        yield number, line
        number += 1
    if rest:
        long = len(rest) >= limit
        raise BadLine(number, f"longer than {limit} bytes" if long else "ends without a line feed")


def read_manifest(stream: BinaryIO) -> Iterator[Entry]:
    """Entries of a manifest, which must be unique and sorted by bytes. Raises BadLine.

    Paths are not judged beyond that; see `unsafe_path`.
    """
    number, last = 0, ""  # text sorts as its UTF-8 does
    for block in read_blocks(stream):
        for number, digest, path in _entries(block, number + 1):  # noqa: B020 - goes on from there
            if path <= last:
                raise BadLine(number, "listed twice" if path == last else "not in order")
            last = path
            yield Entry(path, digest)


def _entries(block: bytes, number: int) -> Iterable[tuple[int, str, str]]:
    """Number, digest and path of each line; at once when every one of them is right."""
    try:
        rows = _LINES.findall(block.decode("utf-8"))
    except UnicodeDecodeError:
        rows = []
    if block[-1] == 10 and len(rows) == block.count(b"\n"):
        return ((number + at, digest, path) for at, (digest, path) in enumerate(rows))
    return _entries_singly(block, number)


def _entries_singly(block: bytes, first: int) -> Iterator[tuple[int, str, str]]:
    for number, line in split_lines(block, first):
        match = _LINE.fullmatch(line)
        if match is None:
            raise BadLine(number, "not `<64 hex digits>  <path>`")
        try:
            yield number, match[1].decode("ascii"), match[2].decode("utf-8")
        except UnicodeDecodeError:
            raise BadLine(number, "the path is not UTF-8") from None


def parse_bag_info(data: bytes) -> dict[str, str]:
    """Labels and values of bag-info.txt; labels are unique here. Raises ValueError."""
    found: dict[str, str] = {}
    for line in data.decode("utf-8").splitlines():
        label, colon, value = line.partition(": ")
        if not colon or label in found:
            raise ValueError("not one `Label: value` a line")
        found[label] = value
    return found
