"""The second reader of SBV subtitles and LRC lyrics: line by line.

The content digest is SHA-256 over the bytes outside the edited spans. Times are counted and
hashed, stripped, with line feeds between them.
"""

from __future__ import annotations

import hashlib

from scrubber.errors import Damaged
from scrubber.model import Reading, Rendering, Source
from scrubber.readers.text import Edited, label, outside, whole
from scrubber.readers.text_checks import leftovers

_CLOCK = frozenset("0123456789:.")
_KEPT = ("[offset:", "[length:")


def read_sbv(source: Source, edited: Edited = (), *, net: bool = True) -> Reading:
    """SBV subtitles. Raises Damaged when they have no time."""
    text, codec, mark = whole(source)
    times = []
    for line in text.replace("\r\n", "\n").split("\n"):
        one, comma, other = line.strip(" \t").partition(",")
        if comma and _is_time(one) and _is_time(other) and line[:1].isdigit():
            times.append(line.strip(" \t"))
    return _reading("sbv", source, edited, times, text, label(codec, mark), net)


def _is_time(word: str) -> bool:
    return word.count(":") == 2 and word[-4:-3] == "." and _CLOCK.issuperset(word)


def read_lrc(source: Source, edited: Edited = (), *, net: bool = True) -> Reading:
    """LRC lyrics, of whose tags only offset and length may be left."""
    text, codec, mark = whole(source)
    times, tags = [], []
    for line in text.replace("\r\n", "\n").split("\n"):
        at, bare = 0, line.strip(" \t")
        while bare.startswith("[", at):
            end = bare.find("]", at)
            inner = bare[at + 1 : end]
            if end < 0 or ":" not in inner or not _CLOCK.issuperset(inner):
                break
            at = end + 1
            at += len(bare[at:]) - len(bare[at:].lstrip(" \t"))
        if at:
            times.append(bare[:at].strip())
        elif bare.startswith("[") and not times and not bare.startswith(_KEPT):
            tags.append(bare)
    reading = _reading("lrc", source, edited, times, text, label(codec, mark), net)
    if not tags:
        return reading
    return Reading(reading.container, reading.content, reading.rendering,
                   (*reading.leftovers, "a tag of the lyrics"))  # fmt: skip


def _reading(
    name: str, source: Source, edited: Edited, times: list[str], text: str, encoding: str, net: bool
) -> Reading:
    if not times:
        raise Damaged("No time stands in these subtitles.")
    digest = hashlib.sha256("\n".join(times).encode()).hexdigest()
    facts = Rendering.of(encoding=encoding, cues=len(times), timings=digest)
    return Reading(name, outside(source, edited), facts, leftovers(text, net=net))
