"""The second reader of SubRip and WebVTT subtitles.

The content digest is SHA-256 over the bytes outside the edited spans. Cues are counted by
their arrows, and the timing lines, stripped, are hashed with line feeds between them.
"""

from __future__ import annotations

import hashlib
import html
import re

from scrubber.errors import Damaged
from scrubber.model import Reading, Rendering, Source
from scrubber.readers.text import Edited, label, outside, whole
from scrubber.readers.text_checks import leftovers, private_shapes

_TAG = re.compile(r"<[^<>]{0,200}>")
_DIGITS = frozenset("0123456789")


def read_srt(source: Source, edited: Edited = (), *, net: bool = True) -> Reading:
    """SubRip subtitles. Raises Damaged for a timing line that has no two times."""
    return _read(source, edited, "srt", net)


def read_vtt(source: Source, edited: Edited = (), *, net: bool = True) -> Reading:
    """WebVTT subtitles, whose header, notes and unknown header lines must be gone."""
    return _read(source, edited, "vtt", net)


def _read(source: Source, edited: Edited, container: str, net: bool) -> Reading:
    text, codec, mark = whole(source)
    times = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if "-->" in line:
            _check(line)
            times.append(line.strip(" \t"))
    found = list(leftovers(text, net=net))
    if net:
        shown = html.unescape(_TAG.sub("", text))
        found += [name for name in private_shapes(shown) if name not in found]
    if container == "vtt":
        found += _extras(text)
    facts = {
        "encoding": label(codec, mark),
        "cues": len(times),
        "timings": hashlib.sha256("\n".join(times).encode()).hexdigest(),
    }
    return Reading(container, outside(source, edited), Rendering.of(**facts), tuple(found))


def _check(line: str) -> None:
    begin, _, rest = line.partition("-->")
    words = rest.split()
    for stamp in (begin.strip(), words[0] if words else ""):
        clock, _, fraction = stamp.replace(",", ".").rpartition(".")
        pieces = [*clock.split(":"), fraction]
        if len(pieces) not in (3, 4) or not all(p and _DIGITS.issuperset(p) for p in pieces):
            raise Damaged("A timing line has no two times.")


def _extras(text: str) -> list[str]:
    """What no player shows: text behind the signature, header lines, notes."""
    blocks = text.replace("\r\n", "\n").replace("\r", "\n").split("\n\n")
    head, *lines = blocks[0].split("\n")
    found = ["text in the WebVTT header"] if head != "WEBVTT" else []
    if "-->" not in blocks[0] and any(
        not line.startswith(("Kind:", "Language:", "X-TIMESTAMP-MAP=")) for line in lines if line
    ):
        found.append("a WebVTT header line")
    first_lines = (block.lstrip("\n").split("\n")[0] for block in blocks[1:] if "-->" not in block)
    if any(line == "NOTE" or line.startswith(("NOTE ", "NOTE\t")) for line in first_lines):
        found.append("a WebVTT note")
    return found
