"""Bars as inline SVG: lengths in per cent and em, so they fit a phone and a wide screen.

Every chart says its numbers three times: as text beside the bar, in its
description for screen readers, and in the table or list that follows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports.html.markup import text

_ROW = 2.7
_BAR = 0.7


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a chart: what, how much, and how much in words."""

    label: str
    value: int
    shown: str


def bars(key: str, title: str, rows: Sequence[Bar]) -> str:
    """Horizontal bars, one below the other, labels above them. `key` is unique on the page."""
    most = max((row.value for row in rows), default=0) or 1
    told = "; ".join(f"{row.label}: {row.shown}" for row in rows)
    parts = [
        f'<figure class="chart"><figcaption>{text(title)}</figcaption>'
        f'<svg role="img" aria-labelledby="{key}-t {key}-d" height="{_em(len(rows) * _ROW)}">'
        f'<title id="{key}-t">{text(title)}</title><desc id="{key}-d">{text(told)}</desc>'
    ]
    for number, row in enumerate(rows):
        top = number * _ROW
        width = max(100 * row.value / most, 0.6 if row.value else 0)
        parts.append(
            f'<text y="{_em(top + 1)}">{text(row.label)}</text>'
            f'<text class="n" x="100%" y="{_em(top + 1)}">{text(row.shown)}</text>'
            f'<rect class="track" y="{_em(top + 1.45)}" width="100%" height="{_em(_BAR)}" rx="2"/>'
            f'<rect class="bar" y="{_em(top + 1.45)}" width="{width:.2f}%" '
            f'height="{_em(_BAR)}" rx="2"/>'
        )
    return "".join([*parts, "</svg></figure>"])


def strip(key: str, title: str, rows: Sequence[tuple[str, Bar]]) -> str:
    """One bar cut into pieces, each with a class that gives colour and pattern."""
    whole = sum(row.value for _, row in rows) or 1
    told = "; ".join(f"{row.label}: {row.shown}" for _, row in rows)
    parts = [
        f'<svg class="strip" role="img" aria-labelledby="{key}-t {key}-d" height="1.6em">'
        f'<title id="{key}-t">{text(title)}</title><desc id="{key}-d">{text(told)}</desc>',
        _PATTERNS,
    ]
    start = 0.0
    for kind, row in rows:
        width = 100 * row.value / whole
        parts.append(
            f'<rect class="{kind}" x="{start:.3f}%" width="{width:.3f}%" height="100%"/>'
            f'<rect class="{kind}-p" x="{start:.3f}%" width="{width:.3f}%" height="100%"/>'
        )
        start += width
    return "".join([*parts, "</svg>"])


def swatch(kind: str) -> str:
    """A square of one piece's colour and pattern, for the list that explains a strip."""
    return (
        '<svg class="swatch" aria-hidden="true" width="1em" height="1em">'
        f'<rect class="{kind}" width="100%" height="100%"/>'
        f'<rect class="{kind}-p" width="100%" height="100%"/></svg>'
    )


def _em(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") + "em"


_PATTERNS = (
    "<defs>"
    '<pattern id="p-held" width="8" height="8" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect class="ink" width="3" height="8"/></pattern>'
    '<pattern id="p-unchanged" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<circle class="ink" cx="3" cy="3" r="1.2"/></pattern>'
    '<pattern id="p-dropped" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<rect class="ink" width="6" height="1.5"/></pattern>'
    '<pattern id="p-excluded" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<rect class="ink" width="1.5" height="6"/></pattern>'
    "</defs>"
)
