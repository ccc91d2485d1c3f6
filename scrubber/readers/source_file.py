"""A source as the file object that libraries want."""

from __future__ import annotations

import io
import os
from typing import Any

from scrubber.model import Source


class SourceFile(io.RawIOBase):
    """Read-only and seekable; nothing is held but the position."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._source.size}[whence]
        if base + offset < 0:
            raise OSError("The position is before the start.")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: Any) -> int:  # a writable buffer, which typing cannot name
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def read(self, size: int | None = -1) -> bytes:
        n = self._left() if size is None or size < 0 else min(size, self._left())
        data = self._source.read(self._at, n) if n else b""
        self._at += n
        return data

    def _left(self) -> int:
        return max(self._source.size - self._at, 0)
