"""Ogg Skeleton 3 and 4: a stream that describes the others, with the time of recording.

Players pass over it unless it moves the start of what they play.
"""

from __future__ import annotations

import struct

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.ogg_pages import LAST, Page
from scrubber.ledger import ROOT, Ledger, PartId
from scrubber.model import Role

_LARGEST = 16 << 20


class Skeleton:
    """One Skeleton stream; its pages are claimed as they pass by."""

    def __init__(self, ledger: Ledger) -> None:
        self.part: PartId = ledger.part(ROOT, "Skeleton", Role.PRIVATE, entity="CAPTURE_TIME")
        self.ended = False
        self._partial = bytearray()
        self._size = 0

    def take(self, ledger: Ledger, page: Page) -> None:
        """Raises Unsupported where it says that playing starts elsewhere than at the start."""
        if self.ended:
            raise Damaged(f"The page at offset {page.at} follows the end of its stream.")
        self.ended = bool(page.flags & LAST)
        self._size += len(page.body)
        if self._size > _LARGEST:
            raise Unsupported("The Skeleton stream of the file is larger than 16 MB.")
        ledger.claim(self.part, page.at, page.end)
        at = 0
        for value in page.lacing:
            self._partial += page.body[at : at + value]
            at += value
            if value < 255:
                _refuse_start(bytes(self._partial))
                self._partial.clear()


def _refuse_start(packet: bytes) -> None:
    """Skeleton 4, fishead and fisbone: presentation time, and the base granule of a stream."""
    moved = False
    if packet.startswith(b"fishead\0"):
        moved = len(packet) >= 28 and struct.unpack_from("<q", packet, 12)[0] != 0
    elif packet.startswith(b"fisbone\0"):
        moved = len(packet) >= 44 and struct.unpack_from("<q", packet, 36)[0] not in (0, -1)
    if moved:
        raise Unsupported("The Skeleton stream of the file moves the start of what is played.")
