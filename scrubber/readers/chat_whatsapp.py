"""The second reader of WhatsApp exports: line by line, by the two stamps that scrub writes.

The content digest is SHA-256 over the bytes outside the edited spans.
"""

from __future__ import annotations

import re
from itertools import takewhile

from scrubber.errors import Damaged
from scrubber.model import Reading, Rendering, Source
from scrubber.readers.text import Edited, label, outside, whole
from scrubber.readers.text_checks import leftovers

_STAMPS = ("[01/01/00, 00:00:00] ", "01/01/00, 00:00 - ")
_TAG = re.compile(r"\[PERSON-[a-z2-7]{10}\]")
_UNSEEN = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\u202d\u202e"))


def read(source: Source, edited: Edited = (), *, net: bool = True) -> Reading:
    """What an export holds. Raises Damaged when it begins with no message."""
    text, codec, mark = whole(source)
    lines = [line.translate(_UNSEEN) for line in text.split("\n")]
    stamp = next((one for one in _STAMPS if lines[0].startswith(one)), None)
    if stamp is None:
        raise Damaged("The chat does not begin with a message.")
    found = dict.fromkeys(leftovers(text, net=net))
    messages = 0
    for line in lines:
        if line.startswith(stamp):
            messages += 1
            name, colon, _ = line[len(stamp) :].partition(":")
            if not colon:
                found["a message of nobody"] = None
            elif any(map(str.isalnum, _TAG.sub("", name))):
                found["a person's name"] = None
        elif _dated(line):
            found["a time of a message"] = None
    facts = Rendering.of(encoding=label(codec, mark), messages=messages)
    return Reading("whatsapp", outside(source, edited), facts, tuple(found))


def _dated(line: str) -> bool:
    """Whether a line begins with a date and a time, and a bracket or dash behind them."""
    begin = "".join(takewhile(lambda c: c.isdecimal() or c in ".,:/- [\u202f\u00a0", line[:40]))
    numbers = re.findall(r"\d+", begin)
    clock = re.search(r"\d:\d\d", begin) is not None
    return len(numbers) >= 5 and clock and begin.lstrip("[ ")[:1].isdecimal() and "/" in begin
