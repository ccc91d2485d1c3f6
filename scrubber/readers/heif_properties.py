"""Properties of HEIF items, and the units of coded pictures, for the second reader."""

from __future__ import annotations

from dataclasses import dataclass

from scrubber.errors import Damaged
from scrubber.readers import icc
from scrubber.readers.coded_units import extra_obus, is_extra_avc, is_extra_hevc

_BODY = {
    "ispe": 12, "pasp": 8, "clap": 32, "irot": 1, "imir": 1, "clli": 4, "mdcv": 24, "amve": 8,
    "lsel": 2, "a1op": 1, "reve": 32, "ndwt": 8,
}  # fmt: skip
_FREE_SIZE = {"pixi", "a1lx", "colr", "auxC", "hvcC", "av1C", "avcC"}


@dataclass(slots=True)
class Bytes:
    """A cursor over a part of the file. Raises Damaged at its end."""

    data: bytes
    at: int = 0

    def take(self, n: int) -> bytes:
        if n < 0 or self.at + n > len(self.data):
            raise Damaged("A box of the picture ends early.")
        self.at += n
        return self.data[self.at - n : self.at]

    def uint(self, n: int) -> int:
        return int.from_bytes(self.take(n), "big")

    @property
    def left(self) -> int:
        return len(self.data) - self.at


def is_property(name: str, data: bytes) -> bool:
    """True for a property that decoders read, in its own size and without messages."""
    if name in _BODY:
        return len(data) == _BODY[name]
    return name in _FREE_SIZE and _fits(name, data)


def _fits(name: str, data: bytes) -> bool:
    if name == "pixi":
        return len(data) == 5 + data[4] and 1 <= data[4] <= 4 and max(data[5:]) <= 32
    if name == "a1lx":
        return len(data) == (13 if data[0] & 1 else 7)
    if name == "auxC":
        return data.find(b"\0", 4) == len(data) - 1
    if name == "colr":
        return len(data) == 11 if data[:4] == b"nclx" else not icc.examine(data[4:])[1]
    if name == "hvcC":
        return _hevc_configuration(data)
    if name == "av1C":
        return not any(True for _ in extra_obus(data[4:]))
    return True


def _hevc_configuration(data: bytes) -> bool:
    box = Bytes(data)
    box.take(22)
    for _ in range(box.uint(1)):
        box.take(1)
        for _ in range(box.uint(2)):
            if is_extra_hevc(box.take(box.uint(2))):
                return False
    return not box.left


def extra_nal_units(data: bytes, width: int, avc: bool) -> bool:
    box = Bytes(data)
    while box.left:
        unit = box.take(box.uint(width))
        if is_extra_avc(unit) if avc else is_extra_hevc(unit):
            return True
    return False
