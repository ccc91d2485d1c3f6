"""Second reader for the JPEG pictures of a film: what stands before the scan (ITU-T T.81)."""

from __future__ import annotations

import re

from scrubber.errors import Damaged

_TABLES = frozenset(range(0xC0, 0xD0)) | {0xDB, 0xDC, 0xDD, 0xDE, 0xDF, 0xE0, 0xEE}
_MEANT = re.compile(rb"AVID|CS=ITU601|Intel\(R\) JPEG Library|Metasoft MJPEG Codec")


def has_notes(picture: bytes) -> bool:
    """Whether a comment or application segment tells more than how to show `picture`."""
    rest = memoryview(picture)[2:]
    if picture[:2] != b"\xff\xd8":
        raise Damaged("A picture of the film does not start as JPEG.")
    while len(rest) > 4 and rest[0] == 0xFF:
        marker = rest[1]
        if marker == 0xDA:
            return False
        if marker == 0xFF:
            rest = rest[1:]
            continue
        size = rest[2] << 8 | rest[3]
        if marker not in _TABLES and not (marker == 0xFE and _MEANT.match(rest[4 : size + 2])):
            return True
        rest = rest[size + 2 :]
    raise Damaged("A picture of the film ends before its scan.")
