"""Where bytes come from.

Formats and readers see sources, never paths. A file of up to `WHOLE` bytes is
read once and kept; a larger one is read in windows, so memory is bounded by
the window, not by the file. Reading goes through one descriptor opened
read-only, and `identity` tells whether the file changed under it.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator

from scrubber.errors import ChangedWhileReading, Damaged, Unreadable
from scrubber.model import Source

WHOLE = 32 << 20
BLOCK = 1 << 20
FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
"""Never through a link in the last component, never waiting for a pipe."""
_WINDOW = 1 << 16

Identity = tuple[int, int, int, int, int]


def identity_of(status: os.stat_result) -> Identity:
    """Device, inode, size and both times: what must not move while a file is read."""
    return (
        status.st_dev,
        status.st_ino,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
    )


class MemorySource:
    """Bytes that are already here: a decoded run, a blob, a small file."""

    __slots__ = ("data", "size")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.size = len(data)

    def read(self, offset: int, n: int) -> bytes:
        if offset < 0 or n < 0 or offset + n > self.size:
            raise Damaged(
                f"{n} bytes are declared at offset {offset}", f"but the data ends at {self.size}."
            )
        return self.data[offset : offset + n]


class FileSource:
    """One regular file, opened read-only and never followed through a link.

    Raises Unreadable when it cannot be opened or is no regular file.
    """

    __slots__ = ("_cache", "_cache_at", "_data", "_fd", "identity", "size")

    def __init__(self, path: str | bytes | os.PathLike[str]) -> None:
        try:
            self._fd = os.open(path, FLAGS)
        except OSError as error:
            raise Unreadable("The file cannot be opened", f"({error.strerror}).") from error
        status = os.fstat(self._fd)
        if not stat.S_ISREG(status.st_mode):
            os.close(self._fd)
            raise Unreadable("This is not a regular file.")
        self.size = status.st_size
        self.identity = identity_of(status)
        self._cache = b""
        self._cache_at = 0
        self._data: bytes | None = None
        if self.size <= WHOLE:
            try:
                self._data = self._pread(0, self.size)
            except BaseException:
                self.close()
                raise

    @property
    def data(self) -> bytes | None:
        """The whole file when it is small enough to be kept, else None."""
        return self._data

    def _pread(self, offset: int, n: int) -> bytes:
        chunks = []
        try:
            while n:
                chunk = os.pread(self._fd, min(n, 1 << 30), offset)
                if not chunk:
                    raise ChangedWhileReading("The file became shorter while it was read.")
                chunks.append(chunk)
                offset += len(chunk)
                n -= len(chunk)
        except OSError as error:
            raise Unreadable("The file cannot be read", f"({error.strerror}).") from error
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)

    def read(self, offset: int, n: int) -> bytes:
        if offset < 0 or n < 0 or offset + n > self.size:
            raise Damaged(
                f"{n} bytes are declared at offset {offset}", f"but the file ends at {self.size}."
            )
        if self._data is not None:
            return self._data[offset : offset + n]
        if n >= _WINDOW:
            return self._pread(offset, n)
        at = offset - self._cache_at
        if at < 0 or at + n > len(self._cache):
            self._cache_at = offset
            self._cache = self._pread(offset, min(_WINDOW, self.size - offset))
            at = 0
        return self._cache[at : at + n]

    def unchanged(self) -> bool:
        """True while size, times and inode are those seen when it was opened."""
        return identity_of(os.fstat(self._fd)) == self.identity

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def __enter__(self) -> FileSource:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class FilePart(FileSource):
    """The run [start, end) of a file, kept whole, as if it were a file of its own.

    Raises as FileSource does, and ChangedWhileReading if the file ends before the run.
    """

    __slots__ = ()

    def __init__(self, path: str | bytes | os.PathLike[str], start: int, end: int) -> None:
        super().__init__(path)
        try:
            self._data = self._pread(start, end - start)
        except BaseException:
            self.close()
            raise
        self.size = end - start


class Slice:
    """A run of another source, with coordinates of its own."""

    __slots__ = ("_start", "_under", "size")

    def __init__(self, under: Source, start: int, end: int) -> None:
        self._under = under
        self._start = start
        self.size = end - start

    def read(self, offset: int, n: int) -> bytes:
        if offset < 0 or n < 0 or offset + n > self.size:
            raise Damaged(
                f"{n} bytes are declared at offset {offset}", f"but the run ends at {self.size}."
            )
        return self._under.read(self._start + offset, n)


def blocks(source: Source, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """The bytes [start, end) in bounded blocks."""
    end = source.size if end is None else end
    while start < end:
        n = min(BLOCK, end - start)
        yield source.read(start, n)
        start += n


def sha256_of(source: Source) -> str:
    """Hex SHA-256 of everything in `source`."""
    digest = hashlib.sha256()
    for block in blocks(source):
        digest.update(block)
    return digest.hexdigest()
