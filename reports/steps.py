"""Held items by reason and by next step: what helps one file need not help its neighbour."""

from __future__ import annotations

from dataclasses import dataclass, field

from scrubber.canonical import plain
from scrubber.errors import HOLD_CODES
from scrubber.model import ItemRecord, Skipped

_MOST = 24
"""Next steps of one reason; files with others come together, without one."""


@dataclass(frozen=True, slots=True)
class HeldSample:
    """One held item: its original path and what is wrong."""

    path: str
    what: str


@dataclass(slots=True)
class Step:
    """What to do next about `count` files, of which the first stand in `items`."""

    fix: str
    count: int = 0
    items: list[HeldSample] = field(default_factory=list)


@dataclass(slots=True)
class HeldBack:
    """All that was held; of each next step as many names as `names` says."""

    names: int
    _steps: dict[str, dict[str, Step]] = field(default_factory=dict)

    def add(self, record: ItemRecord | Skipped) -> None:
        code = record.code or "held"
        what, fix = ("", "") if isinstance(record, Skipped) else (record.what, record.fix)
        if not fix and code in HOLD_CODES:
            fix = HOLD_CODES[code].default_fix
        fix, steps = plain(fix), self._steps.setdefault(code, {})
        key = fix if fix in steps or len(steps) < _MOST else ""
        step = steps.setdefault(key, Step(key))
        step.count += 1
        if len(step.items) < self.names:
            reason = " ".join(text for text in (what, record.why) if text)
            step.items.append(HeldSample(record.path, reason))

    def __bool__(self) -> bool:
        return bool(self._steps)

    @property
    def codes(self) -> list[str]:
        """Reasons, the most frequent first."""
        return sorted(self._steps, key=lambda code: (-self.count(code), code))

    def count(self, code: str) -> int:
        return sum(step.count for step in self.steps(code))

    def steps(self, code: str) -> list[Step]:
        """Next steps of one reason, that of most files first."""
        return sorted(self._steps.get(code, {}).values(), key=lambda step: (-step.count, step.fix))
