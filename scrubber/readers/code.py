"""The second reader of source code: that of plain text, with its digest and facts.

Code may say `\\u200b` in a string without holding the character, so only what stands there
as a character counts as hidden.
"""

from __future__ import annotations

from dataclasses import replace

from scrubber.model import Reading, Source
from scrubber.readers import text
from scrubber.readers.text import Edited


def read(source: Source, edited: Edited = (), *, net: bool = True) -> Reading:
    """Source code or settings, read as text. Raises Damaged when it does not decode."""
    return replace(text.read(source, edited, net=net), container="code")


def read_settings(source: Source, edited: Edited = (), *, net: bool = True) -> Reading:
    """Settings, read as text. Raises Damaged when they do not decode."""
    return replace(text.read(source, edited, net=net), container="settings")


def read_tex(source: Source, edited: Edited = (), *, net: bool = True) -> Reading:
    """TeX, read as text. Raises Damaged when it does not decode."""
    return replace(text.read(source, edited, net=net), container="tex")
