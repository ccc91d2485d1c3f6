"""The second reader of ASS and SSA subtitles.

It says that only sections and lines are there which say how to draw or what is said, that no
actor is named, and when each event is shown. The content digest is SHA-256 over the bytes
outside the edited spans.
"""

from __future__ import annotations

import hashlib
import re

from scrubber.errors import Damaged
from scrubber.model import Reading, Rendering, Source
from scrubber.readers.text import Edited, label, outside, whole
from scrubber.readers.text_checks import leftovers, private_shapes

_HEADER = frozenset(
    (
        "scripttype", "playresx", "playresy", "layoutresx", "layoutresy", "playdepth", "wrapstyle",
        "scaledborderandshadow", "collisions", "timer", "ycbcr matrix", "kerning",
    )
)  # fmt: skip
_ALLOWED = {
    "[script info]": _HEADER,
    "[v4 styles]": frozenset(("format", "style")),
    "[v4+ styles]": frozenset(("format", "style")),
    "[v4 styles+]": frozenset(("format", "style")),
    "[events]": frozenset(("format", "dialogue")),
}


def read(source: Source, edited: Edited = (), *, net: bool = True) -> Reading:
    """ASS subtitles. Raises Damaged for an event without its fields."""
    text, codec, mark = whole(source)
    found = dict.fromkeys(leftovers(text, net=net))
    times: list[str] = []
    allowed: frozenset[str] = frozenset()
    order = ["layer", "start", "end", "style", "name", "l", "r", "v", "effect", "text"]
    for line in text.split("\n"):
        bare = line.strip(" \t\r")
        if not bare:
            continue
        if bare.startswith("[") and bare.endswith("]"):
            if bare.lower() not in _ALLOWED:
                found["a section that is not of the subtitles"] = None
            allowed = _ALLOWED.get(bare.lower(), frozenset())
            continue
        key, _, rest = line.partition(":")
        name = key.strip().lower()
        if name not in allowed:
            found["a line that says nothing of what is shown"] = None
        if name == "format" and "dialogue" in allowed:
            order = [one.strip(" \t\r").lower() for one in rest.split(",")]
        elif name == "dialogue":
            row = dict(zip(order, rest.split(",", len(order) - 1), strict=False))
            if len(row) < len(order):
                raise Damaged("An event of the subtitles lacks fields.")
            times.append(f"{row['start'].strip()} {row['end'].strip()}")
            found.update(dict.fromkeys(_shown(row, net)))
    facts = {
        "encoding": label(codec, mark),
        "cues": len(times),
        "timings": hashlib.sha256("\n".join(times).encode()).hexdigest(),
    }
    return Reading("ass", outside(source, edited), Rendering.of(**facts), tuple(found))


def _shown(row: dict[str, str], net: bool) -> list[str]:
    """What stands in an event beside what is shown, and private shapes across its overrides."""
    found = []
    if row.get("name", "").strip() or row.get("actor", "").strip():
        found.append("the name of an actor")
    if any(not part.startswith("\\") for part in re.findall(r"\{([^{}]*)\}", row["text"])):
        found.append("a note in an event")
    if net:
        found += private_shapes(re.sub(r"\{[^{}]*\}", "", row["text"]))
    return found
