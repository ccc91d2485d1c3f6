"""References to characters, as XML 1.0 (Fifth Edition) §4.1 and §4.6 define them."""

from __future__ import annotations

import re

REFERENCE = re.compile(r"&(?:#(\d{1,7})|#x([0-9A-Fa-f]{1,6})|(amp|lt|gt|quot|apos));", re.ASCII)
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


def point_of(match: re.Match[str]) -> int:
    """The number that a match of REFERENCE stands for, which may be no character of XML."""
    if match[3] is not None:
        return ord(_NAMED[match[3]])
    return int(match[1]) if match[1] is not None else int(match[2], 16)
