"""Values that stand nowhere else, and all the forms in which they may still be found."""

from __future__ import annotations

import base64
import hashlib
import struct
from dataclasses import dataclass, field

DATE = "2011-03-07T05:09:11Z"
_UNIX = 1_299_474_551  # the same in seconds
LATITUDE, LONGITUDE = "12.3456", "98.7654"


@dataclass(frozen=True, slots=True)
class Needle:
    """What is looked for: any of `raw` in the bytes, any of `said` in what readers print."""

    place: str
    raw: tuple[bytes, ...]
    said: tuple[str, ...]


@dataclass(slots=True)
class Planter:
    """Hands out values, each with a word that stands nowhere else, and remembers them."""

    seed: str
    needles: dict[str, Needle] = field(default_factory=dict)

    def text(self, place: str) -> str:
        digest = hashlib.sha256(f"{self.seed}/{place}".encode()).digest()
        word = "zq" + "".join(chr(97 + byte % 26) for byte in digest[:12])
        self.needles[place] = Needle(place, encodings(word), (word,))
        return f"Example {word}"

    def fixed(self) -> None:
        """Values whose form the field prescribes: date, place, programme."""
        dates = (
            struct.pack(">I", _UNIX + 2_082_844_800),  # ISO/IEC 14496-12 §8.2.2: since 1904
            struct.pack("<Q", (_UNIX + 11_644_473_600) * 10**7),  # ASF §3.2: since 1601
            struct.pack(">q", (_UNIX - 978_307_200) * 10**9),  # RFC 9559 §5.1.2.11: since 2001
            b"2011-03-07",
        )
        self.needles["date"] = Needle("date", dates, ("2011-03-07", "2011:03:07"))
        fixed = struct.pack(">i", round(float(LATITUDE) * 65536))  # TS 26.244 §8: loci
        place = (LATITUDE.encode(), fixed)
        self.needles["location"] = Needle("location", place, (LATITUDE, LONGITUDE))
        writers = ("Lavf", "Lavc", "x264 - core", "Xiph.Org lib", "libopus")
        raw = tuple(name.encode() for name in writers)
        self.needles["encoder"] = Needle("encoder", raw, writers)


def encodings(word: str) -> tuple[bytes, ...]:
    """As UTF-8, UTF-16 of both orders, and within base64 at each of its three offsets."""
    data = word.encode()
    inside = []
    for shift in range(3):
        code = base64.b64encode(b"\0" * shift + data)
        inside.append(code[4 if shift else 0 : len(code) - 4])
    return (data, word.encode("utf-16-le"), word.encode("utf-16-be"), *inside)
