"""Decisions and releases: what a person has said about single values and files.

They are inputs of every plan, beside the policy. A decision names its value by
a keyed digest, so that the list can be kept without holding the value. Where
policy and decision differ, the stricter one counts.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from scrubber.model import Action

_STRENGTH = {Action.KEEP: 0, Action.EDIT: 1, Action.DROP: 1, Action.HOLD: 2}


@dataclass(frozen=True, slots=True)
class Decision:
    """`value` is `value_id` of what was decided about; `reason` is for the private log."""

    value: str
    action: Action
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Release:
    """A signed consent, by its opaque id, and the paths (globs) that it covers."""

    id: str
    kind: str
    covers: tuple[str, ...]


@dataclass(frozen=True)
class Rulings:
    """All decisions and releases of a run. `key` is the project's decisions key."""

    key: bytes = b""
    decisions: tuple[Decision, ...] = ()
    releases: tuple[Release, ...] = ()
    _by_value: Mapping[str, Action] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        table = {row.value: row.action for row in self.decisions}
        object.__setattr__(self, "_by_value", table)

    def action(self, entity: str, value: bytes, policy: Action) -> Action:
        """What happens to `value`: the decision about it, unless the policy holds it."""
        if not self._by_value:
            return policy
        decided = self._by_value.get(value_id(self.key, entity, value))
        if decided is None or (policy is Action.HOLD and _STRENGTH[decided] < 2):
            return policy
        return decided

    @property
    def digest(self) -> str:
        """Digest of everything said, for reuse; "" when nothing was."""
        if not self.decisions and not self.releases:
            return ""
        rows = [[asdict(row) for row in self.decisions], [asdict(row) for row in self.releases]]
        return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()


NO_RULINGS = Rulings()
"""Nobody has said anything yet."""


def value_id(key: bytes, entity: str, value: bytes) -> str:
    """Hex HMAC-SHA-256 over entity, NUL and the value: names a value without holding it."""
    return hmac.digest(key, entity.encode() + b"\0" + value, "sha256").hex()
