"""AC-3 and E-AC-3 (ETSI TS 102 366, ATSC A/52): frames that begin with 0B 77.

Kept: the frames. Tags at both ends, bytes before, between and after the
frames and a last frame that is cut off go. A frame that carries auxiliary
data, or an AC-3 frame with additional information, is held: both are free
bytes under a checksum. The content digest is over the frames in order.

Of E-AC-3 the additional information stays, because height channels need it;
so do time codes, and the unused bits at the end of a frame.
"""

from __future__ import annotations

import re

from scrubber.errors import Unsupported
from scrubber.formats.frame_chain import Framing, find_runs
from scrubber.ledger import ROOT, Ledger
from scrubber.model import Role, Source

_SYNC = re.compile(rb"\x0b\x77")
_LARGEST = 4096
_RATES = (48000, 44100, 32000)
_KBITS = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640)


class Ac3:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        ledger.not_checked.append("SPEECH")
        found = find_runs(source, ledger, Framing(_SYNC, 8, _LARGEST, _measure, _visit))
        for run in found:
            ledger.leaf(ROOT, "frames", Role.CODED, run.start, run.end)
        head = source.read(found[0].start, 8)
        ledger.render(
            frames=sum(run.frames for run in found),
            rate=_rate(head),
            layout=head[6] >> 5 if head[5] >> 3 <= 10 else head[4] >> 1 & 7,
            enhanced=head[5] >> 3 > 10,
        )


def _measure(data: bytes, at: int) -> tuple[int, int]:
    """Size in bytes, and the sampling rate as the stream: frames of both kinds may alternate."""
    if data[at] != 0x0B or data[at + 1] != 0x77:
        return 0, 0
    version, rate = data[at + 5] >> 3, data[at + 4] >> 6
    if version > 16:
        return 0, 0
    if version > 10:  # Annex E
        size = ((data[at + 2] & 7) << 8 | data[at + 3]) * 2 + 2
        return (size, rate) if size >= 16 and data[at + 2] >> 6 < 3 else (0, 0)
    code = data[at + 4] & 63
    if rate == 3 or code > 37:
        return 0, 0
    kbits = _KBITS[code >> 1]
    if rate == 1:
        return (kbits * 96000 // 44100 + (code & 1)) * 2, rate
    return kbits * (4 if rate == 0 else 6), rate


def _rate(head: bytes) -> int:
    code = head[4] >> 6
    if code < 3:
        return _RATES[code]
    return _RATES[min(head[4] >> 4 & 3, 2)] // 2


def _visit(base: int, data: bytes, starts: list[int]) -> None:
    for at in starts:
        size, _ = _measure(data, at)
        if data[at + size - 3] & 2:  # §4.4.4: auxdatae, before one bit and the last checksum
            raise Unsupported("A frame carries auxiliary data", f"(at offset {base + at}).")
        if data[at + 5] >> 3 in (8, 9, 10) and _adds(data[at + 6 : at + 32]):
            raise Unsupported("A frame carries additional information", f"(at offset {base + at}).")


def _adds(data: bytes) -> bool:
    """§4.3.2: whether `addbsie` is set; `data` begins with the channels' layout."""
    value, at = int.from_bytes(data, "big"), 0

    def take(n: int) -> int:
        nonlocal at
        at += n
        return value >> (len(data) * 8 - at) & (1 << n) - 1

    layout = take(3)
    take(2 * (layout & 1 and layout != 1) + 2 * (layout >> 2) + 2 * (layout == 2))
    take(1)
    for _ in range(2 if layout == 0 else 1):  # two programmes have each their own
        take(5)
        for width in (8, 8, 7):
            if take(1):
                take(width)
    take(2)
    for _ in range(2):
        if take(1):
            take(14)
    return bool(take(1))
