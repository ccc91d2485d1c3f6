"""The sections of docs/held-back.md, which is also part of the package."""

from __future__ import annotations

import re
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_PLACES = (_HERE / "held-back.md", _HERE.parent / "docs" / "held-back.md")


def section(code: str) -> str:
    """The text below the heading of `code`, "" if there is none."""
    for place in _PLACES:
        if place.is_file():
            text = place.read_text("utf-8")
            match = re.search(rf"^##+ `?{re.escape(code)}`?\n(.*?)(?=^##+ |\Z)", text, re.S | re.M)
            return match[1].strip() if match else ""
    return ""
