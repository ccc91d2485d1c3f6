"""One pass from the source to the staged file.

Every byte of the source is read once: it feeds the digest of the original,
and, where it stays, the output and the content digest. Small files are in
memory already; large ones go through in blocks.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass

from scrubber.errors import ChangedWhileReading, FolderError
from scrubber.join import Joined
from scrubber.source import BLOCK, FileSource

EPOCH_NS = 315_532_800_000_000_000
"""1980-01-01T00:00:00Z, the modification time of everything that is written."""

_FULL = (
    errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EFBIG, errno.EACCES, errno.ENOENT,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    sha256: str
    size: int
    original_sha256: str
    content: str


def transfer(source: FileSource, joined: Joined, path: str, *, digest: bool = True) -> Written:
    """Writes what `joined` makes of `source` to the new file `path`.

    Without `digest` the content of a small file is not hashed: it is compared as bytes.
    Raises ChangedWhileReading if the source moved under it, FolderError when the
    destination cannot take it.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        try:
            data = source.data
            if data is not None:
                written = _from_memory(data, joined, descriptor, digest)
            else:
                written = _streamed(source, joined, descriptor)
            os.utime(descriptor, ns=(EPOCH_NS, EPOCH_NS))
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno in _FULL:
            raise FolderError(
                "The output folder cannot take more",
                f"({error.strerror}).",
                "Free some space or check its permissions, then run the same command again.",
            ) from error
        raise
    if not source.unchanged():
        raise ChangedWhileReading("The file changed while it was read.")
    return written


def _from_memory(data: bytes, joined: Joined, descriptor: int, digest: bool) -> Written:
    original = hashlib.sha256(data).hexdigest()
    if joined.identical:
        _write(descriptor, data)
        output = original
    else:
        view = memoryview(data)
        out = b"".join(
            piece if isinstance(piece, bytes) else view[piece[0] : piece[1]]
            for piece in joined.pieces
        )
        _write(descriptor, out)
        output = hashlib.sha256(out).hexdigest()
    content = content_digest(data, joined) if digest else ""
    return Written(output, joined.size, original, content)


def content_digest(data: bytes, joined: Joined) -> str:
    """SHA-256 over the runs of the source that carry the content and stay."""
    view = memoryview(data)
    digest = hashlib.sha256()
    for start, end in joined.coded:
        digest.update(view[start:end])
    return digest.hexdigest()


def same_runs(
    one: bytes, of_one: Sequence[tuple[int, int]], other: bytes, of_other: Sequence[tuple[int, int]]
) -> bool:
    """Whether the runs of both, each put end to end, are the same bytes."""
    left, right = list(reversed(of_one)), list(reversed(of_other))
    while left and right:
        (a, a_end), (b, b_end) = left.pop(), right.pop()
        n = min(a_end - a, b_end - b)
        if not one.startswith(other[b : b + n], a):
            return False
        if a + n < a_end:
            left.append((a + n, a_end))
        if b + n < b_end:
            right.append((b + n, b_end))
    return not left and not right


def _streamed(source: FileSource, joined: Joined, descriptor: int) -> Written:
    """Walks the source once, front to back; pieces come in the same order."""
    original, output, content = hashlib.sha256(), hashlib.sha256(), hashlib.sha256()
    coded = iter(joined.coded)
    run = next(coded, None)
    position = 0

    def advance(end: int, keep: bool) -> None:
        nonlocal position, run
        while position < end:
            block = source.read(position, min(BLOCK, end - position))
            original.update(block)
            if keep:
                _write(descriptor, block)
                output.update(block)
            stop = position + len(block)
            while run is not None and run[0] < stop:
                low, high = max(run[0], position), min(run[1], stop)
                if low < high:
                    content.update(memoryview(block)[low - position : high - position])
                if run[1] > stop:
                    break
                run = next(coded, None)
            position = stop

    for piece in joined.pieces:
        if isinstance(piece, bytes):
            _write(descriptor, piece)
            output.update(piece)
        else:
            advance(piece[0], keep=False)
            advance(piece[1], keep=True)
    advance(source.size, keep=False)
    return Written(output.hexdigest(), joined.size, original.hexdigest(), content.hexdigest())


def _write(descriptor: int, data: bytes | memoryview) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
