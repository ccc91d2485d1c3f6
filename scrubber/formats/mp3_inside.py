"""MP3 frames inside another recording (WAV, Wave64, CAF)."""

from __future__ import annotations

from scrubber.errors import Held, Unsupported
from scrubber.formats.mp3 import Mp3
from scrubber.ledger import Ledger
from scrubber.model import Role, Source


class _Run:
    """[start, end) of another source, with coordinates of its own."""

    def __init__(self, under: Source, start: int, end: int) -> None:
        self._under = under
        self._start = start
        self.size = end - start

    def read(self, offset: int, n: int) -> bytes:
        if offset < 0 or n < 0 or offset + n > self.size:
            raise Unsupported("The MP3 inside the recording ends too early.")
        return self._under.read(self._start + offset, n)


def frames_alone(source: Source, start: int, end: int) -> int:
    """Where the MP3 frames end that fill [start, end), but for fewer than eight zeros.

    Raises Unsupported when there is anything else: tags, gaps or info frames.
    """
    run = _Run(source, start, end)
    inner = Ledger(run.size)
    try:
        Mp3().split(run, inner)
        tiles = inner.tile()
    except Held as error:
        raise Unsupported("The MP3 inside the recording cannot be read.", error.what) from error
    last = tiles[-1]
    if last.end - last.start < 8 and not any(run.read(last.start, last.end - last.start)):
        tiles.pop()
    if any(inner.parts[tile.owners[0]].role is not Role.CODED for tile in tiles):
        raise Unsupported(
            "The MP3 inside the recording has tags of its own.", fix="Save it as an MP3."
        )
    return start + tiles[-1].end
