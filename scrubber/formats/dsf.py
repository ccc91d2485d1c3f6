"""DSF (Sony, DSF File Format Specification 1.01): one-bit sound and one ID3 tag.

Kept: the format and the samples. The tag goes and with it the pointer to it;
what fills up the last block of each channel becomes zero unless it is one
byte repeated. The content digest is over the format, without its reserved
field, and the samples.
"""

from __future__ import annotations

import struct

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.audio_tags import tags_after
from scrubber.formats.bundle import bundle
from scrubber.formats.id3 import id3_parts, tag_size
from scrubber.ledger import ROOT, Ledger
from scrubber.model import Role, Source

_FORMAT, _DATA, _SAMPLES = 28, 80, 92


class Dsf:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        ledger.not_checked.append("SPEECH")
        head = source.read(0, min(_SAMPLES, source.size))
        if len(head) < _SAMPLES or head[:4] != b"DSD " or head[28:32] != b"fmt ":
            raise Damaged("The recording does not begin with its two headers.")
        own, total, pointer = struct.unpack_from("<QQQ", head, 4)
        size = struct.unpack_from("<Q", head, _DATA + 4)[0]
        if own != 28 or head[32:40] != (52).to_bytes(8, "little") or head[80:84] != b"data":
            raise Damaged("The headers of the recording have lengths that they cannot have.")
        stop = _DATA + size
        if size < 12 or stop > source.size:
            raise Damaged("The recording is cut off.")
        _format(ledger, head)
        _samples(ledger, source, head, stop)
        _pointers(ledger, source, total, pointer, stop)


def _format(ledger: Ledger, head: bytes) -> None:
    version, kind, layout, channels, rate, bits, samples, block = struct.unpack_from(
        "<IIIIIIQI", head, _FORMAT + 12
    )
    if version != 1 or kind != 0 or bits not in (1, 8) or not 0 < channels <= 6 or block != 4096:
        raise Unsupported("The recording has a format that is not known.")
    ledger.leaf(ROOT, "fmt", Role.FRAME, _FORMAT, _FORMAT + 12)
    ledger.leaf(ROOT, "fmt", Role.CODED, _FORMAT + 12, 76)
    blank = head[76:80] == bytes(4)
    ledger.leaf(
        ROOT, "fmt/reserved", Role.DISPLAY if blank else Role.SLACK, 76, 80,
        entity=None if blank else "PADDING", on_drop=None if blank else bytes(4),
    )  # fmt: skip
    ledger.leaf(ROOT, "data", Role.FRAME, _DATA, _SAMPLES)
    ledger.render(layout=layout, channels=channels, rate=rate, bits=bits, samples=samples)


def _samples(ledger: Ledger, source: Source, head: bytes, stop: int) -> None:
    """Blocks of 4096 bytes, one of each channel in turn; the last ones are filled up."""
    channels, bits, samples = (
        *struct.unpack_from("<I", head, 52), *struct.unpack_from("<IQ", head, 60),
    )  # fmt: skip
    used = samples if bits == 8 else -(-samples // 8)
    rounds, rest = divmod(stop - _SAMPLES, channels * 4096)
    if rest or rounds not in (-(-used // 4096), 1 if not used else -1):
        raise Damaged("The number of samples does not fit the data.")
    last = stop - channels * 4096 if rounds else stop
    if last > _SAMPLES:
        ledger.leaf(ROOT, "samples", Role.CODED, _SAMPLES, last)
    fill = rounds * 4096 - used
    for start in range(last, stop, 4096):
        end = start + 4096
        if start < end - fill:
            ledger.leaf(ROOT, "samples", Role.CODED, start, end - fill)
        if not fill:
            continue
        data = source.read(end - fill, fill)
        even = data == data[:1] * fill
        ledger.leaf(
            ROOT, "bytes after the samples", Role.DISPLAY if even else Role.SLACK, end - fill, end,
            entity=None if even else "PADDING", on_drop=None if even else bytes(fill),
        )  # fmt: skip


def _pointers(ledger: Ledger, source: Source, total: int, pointer: int, stop: int) -> None:
    """The size of the file and the place of the tag; what follows the samples goes."""
    data_end, end = stop, tags_after(ledger, source, stop)
    tag = None
    if stop <= pointer <= end - 10:
        size = tag_size(source.read(pointer, 10))
        if size and pointer + size <= end:
            rows = id3_parts(source, pointer, pointer + size)
            tag = bundle(ledger, ROOT, "ID3v2", "TAG", pointer, pointer + size, rows)
            if stop < pointer:
                _trailer(ledger, stop, pointer)
            stop = pointer + size
    if stop < end:
        _trailer(ledger, stop, end)
    ledger.leaf(ROOT, "DSD", Role.FRAME, 0, 12)
    wrong = not data_end <= total <= source.size
    ledger.leaf(
        ROOT, "size of the file", Role.SLACK if wrong else Role.FRAME, 12, 20,
        entity="HIDDEN_DATA" if wrong else None,
        on_drop=data_end.to_bytes(8, "little") if wrong else None,
    )  # fmt: skip
    if not wrong:
        ledger.length(12, 8, "little", 0, total)
    if tag is None and pointer:
        ledger.leaf(
            ROOT, "pointer", Role.SLACK, 20, 28, entity="HIDDEN_DATA", on_drop=bytes(8)
        )  # fmt: skip
    else:
        ledger.leaf(ROOT, "pointer", Role.FRAME, 20, 28)
        if tag is not None:
            ledger.offset(20, 8, "little", 0, pointer, null_if_gone=tag)


def _trailer(ledger: Ledger, start: int, end: int) -> None:
    ledger.leaf(ROOT, "bytes after the data", Role.SLACK, start, end, entity="TRAILER")
