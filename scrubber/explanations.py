"""The sections of docs/held-back.md, which is also part of the package."""

from __future__ import annotations

import re
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_PLACES = (_HERE / "held-back.md", _HERE.parent / "docs" / "held-back.md")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")
_STRESS = re.compile(r"(?<![`*\w])(\*{1,2})(?=[A-Za-z])(.+?)\1", re.DOTALL)


def section(code: str) -> str:
    """The text below the heading of `code` as plain words, "" if there is none."""
    for place in _PLACES:
        if place.is_file():
            text = place.read_text("utf-8")
            match = re.search(rf"^## {re.escape(code)}\n(.*?)(?=^#+ |\Z)", text, re.S | re.M)
            return _plain(match[1]).strip() if match else ""
    return ""


def _plain(text: str) -> str:
    """`text` without the marks that Markdown needs."""
    return _STRESS.sub(r"\2", _LINK.sub(r"\1", text))
