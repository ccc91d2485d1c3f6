"""MP3 frames inside another recording, for the second readers of WAV, Wave64 and CAF."""

from __future__ import annotations

from scrubber.errors import Damaged
from scrubber.model import Source
from scrubber.readers import mp3


class _Window:
    """Bytes [low, high) of a source as a source."""

    def __init__(self, source: Source, low: int, high: int) -> None:
        self._source, self._low, self.size = source, low, high - low

    def read(self, offset: int, n: int) -> bytes:
        if not 0 <= offset <= offset + n <= self.size:
            raise Damaged("The MP3 inside the recording is cut off.")
        return self._source.read(self._low + offset, n)


def inner_leftovers(source: Source, low: int, high: int) -> tuple[str, ...]:
    """What [low, high) holds besides MP3 frames that are heard."""
    reading = mp3.read(_Window(source, low, high))
    return tuple(f"in the MP3: {left}" for left in reading.leftovers)
