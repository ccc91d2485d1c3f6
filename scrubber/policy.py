"""Policy: what happens to each kind of private thing. TOML in, one frozen value out.

Three presets (scrubber/policies/*.toml) and files of the user's own that start
from one of them. What a file does not say, its base says. Private lists (people,
places, words) are not policy: a policy is published by its digest. The format is
described in docs/policy.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from pathlib import Path

from scrubber.consent import NO_RELEASES, ReleaseRules
from scrubber.entities import CATALOGUE, entity
from scrubber.errors import UsageError
from scrubber.model import Action
from scrubber.policy_file import PRESETS, Rules, check, nearest, preset_rules, read_rules
from scrubber.risk import Budget
from scrubber.tables.rules import NO_TABLES, TableRules


class Verdict(StrEnum):
    """The word that stands in a policy."""

    KEEP = "keep"
    MASK = "mask"
    REMOVE = "remove"
    HOLD = "hold"


_ACTIONS = {
    Verdict.KEEP: Action.KEEP,
    Verdict.MASK: Action.EDIT,
    Verdict.REMOVE: Action.DROP,
    Verdict.HOLD: Action.HOLD,
}
_STRENGTH = {Verdict.KEEP: 0, Verdict.MASK: 1, Verdict.REMOVE: 1, Verdict.HOLD: 2}
_MIB = 1 << 20
_TEXT_RATE = 4_000.0  # bytes a second: cells of a table, two looks, on a busy machine


@dataclass(frozen=True, slots=True)
class Limits:
    """What one item may cost. Sizes in bytes, times in seconds."""

    max_file: int
    max_depth: int
    expansion_ratio: int
    expansion: int
    seconds: float
    bytes_per_second: float
    worker_memory: int

    def deadline(self, size: int, *, text: bool = False) -> float:
        """Seconds that an item of `size` bytes may take; a text is read by a language model."""
        rate = min(self.bytes_per_second, _TEXT_RATE) if text else self.bytes_per_second
        return self.seconds + size / rate

    def unpacked(self, size: int) -> int:
        """Bytes that an item of `size` bytes may unpack to."""
        return min(size * self.expansion_ratio, self.expansion)


@dataclass(frozen=True, slots=True)
class Policy:
    """The effective rules of one run.

    `verdicts` has a row for every entity of the catalogue, `text_keep` names those
    that stay in texts although they leave metadata.
    """

    name: str
    base: str
    verdicts: tuple[tuple[str, Verdict], ...]
    text_keep: tuple[str, ...]
    limits: Limits
    names_mode: str  # private, keep
    text_models: tuple[str, ...]  # none, or names as detectors/models.py lists them
    languages: tuple[str, ...]
    unknown_language: str  # hold, note
    small_model: str  # hold, note
    not_checked: str  # hold, note
    accepted: tuple[str, ...]  # entities that may stay unlooked-for
    budget: Budget  # of doubt, beyond which a text is held
    sound_texts: str  # drop, clean
    raw_previews: str = "offer"  # offer, extract: of camera raw files, which are held
    releases: ReleaseRules = NO_RELEASES  # which files need a signed release
    replace: str = "tags"  # tags, surrogates: what stands in a text for what was masked
    tables: TableRules = NO_TABLES  # which tables are measured
    together: tuple[str, ...] = ()  # pairs of one group of which none goes out alone

    def verdict(self, name: str) -> Verdict:
        """The policy's word for entity `name`. Raises UsageError outside the catalogue."""
        entity(name)
        return dict(self.verdicts)[name]

    def action(self, name: str) -> Action:
        """What happens to a part of entity `name`: KEEP, DROP, EDIT (mask) or HOLD."""
        return _ACTIONS[self.verdict(name)]

    def text_action(self, name: str) -> Action:
        """What happens to a span of entity `name` in a text: KEEP, EDIT or HOLD.

        A text has no part that could be dropped, so "remove" masks there too.
        """
        if name in self.text_keep:
            return Action.KEEP
        action = self.action(name)
        return Action.EDIT if action is Action.DROP else action

    def keeps(self, name: str) -> bool:
        """Is entity `name` kept wherever it stands?"""
        return self.action(name) is Action.KEEP

    @property
    def kept(self) -> tuple[str, ...]:
        """Entities that stay somewhere, in metadata or in texts, sorted."""
        always = (name for name, verdict in self.verdicts if verdict is Verdict.KEEP)
        words = ("LYRICS",) if self.sound_texts == "clean" else ()
        return tuple(sorted({*always, *self.text_keep, *words}))

    def unaccepted(self, not_checked: Iterable[str]) -> tuple[str, ...]:
        """Those of `not_checked` that the user has not accepted, sorted."""
        return tuple(sorted(set(not_checked) - set(self.accepted)))

    @property
    def surrogates(self) -> tuple[str, ...]:
        """Entities that get invented values instead of tags, sorted."""
        if self.replace == "tags":
            return ()
        from detectors.surrogates import ENTITIES  # loads the list of names

        return tuple(name for name in sorted(ENTITIES) if self.text_action(name) is not Action.KEEP)

    @property
    def sha256(self) -> str:
        """Digest of the effective rules, without the policy's name."""
        rules = asdict(self)
        del rules["name"], rules["base"]
        text = json.dumps(rules, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(text.encode("ascii")).hexdigest()

    def weaker_than(self, preset: str) -> list[str]:
        """One line for each rule that lets more through than `preset` does."""
        other = load_policy(preset)
        theirs = dict(other.verdicts)
        lines = [
            f"{name}: {verdict} instead of {theirs[name]}"
            for name, verdict in self.verdicts
            if _STRENGTH[verdict] < _STRENGTH[theirs[name]]
        ]
        lines += [
            f"{name}: kept in texts"
            for name in self.text_keep
            if other.text_action(name) is not Action.KEEP and not self.keeps(name)
        ]
        lines += [
            f"{label}: {mine!r} instead of {strong!r}"
            for label, mine, strong in (
                ("names.mode", self.names_mode, other.names_mode),
                ("text.model", "+".join(self.text_models), "+".join(other.text_models)),
                ("text.replace", self.replace, other.replace),
                ("sound.texts", self.sound_texts, other.sound_texts),
                ("text.unknown_language", self.unknown_language, other.unknown_language),
                ("review.small_model", self.small_model, other.small_model),
                ("review.not_checked", self.not_checked, other.not_checked),
            )
            if mine != strong and mine in {"keep", "none", "note", "surrogates", "clean"}
        ]
        lines += [
            f"review.{field.name}: {mine:g} instead of {strong:g}"
            for field in fields(Budget)
            for mine, strong in [
                (getattr(self.budget, field.name), getattr(other.budget, field.name))
            ]
            if mine > strong
        ]
        lines += [
            f"groups.together: without {name!r}"
            for name in other.together
            if name not in self.together
        ]
        return lines + [
            f"{name}: accepted without looking"
            for name in self.accepted
            if name not in other.accepted
        ]


def load_policy(
    name_or_path: str,
    overrides: Mapping[str, object] | None = None,
    keep: Sequence[str] = (),
) -> Policy:
    """The preset or policy file `name_or_path`, with `overrides` and kept entities on top.

    `overrides` has the shape of a policy file. Entities in `keep` stay in metadata and
    in texts. Raises UsageError for any unknown name, with the nearest one.
    """
    if name_or_path in PRESETS:
        name, base, rules = name_or_path, name_or_path, preset_rules(name_or_path)
    elif name_or_path.endswith(".toml") or Path(name_or_path).is_file():
        name, base, rules = read_rules(Path(name_or_path))
    else:
        raise UsageError(
            f"There is no policy {name_or_path!r}.",
            fix=nearest(name_or_path, PRESETS, "Give a preset or a path that ends in .toml."),
        )
    if overrides:
        rules = rules.under(check(overrides, "the overrides"))
    for kept in keep:
        entity(kept)
    rules = rules.under({"entities": dict.fromkeys(keep, "keep")})
    return _policy(name, base, rules)


def _policy(name: str, base: str, rules: Rules) -> Policy:
    numbers = rules.numbers("limits")
    limits = Limits(
        max_file=int(numbers["max_file_mib"] * _MIB),
        max_depth=int(numbers["max_depth"]),
        expansion_ratio=int(numbers["expansion_ratio"]),
        expansion=int(numbers["expansion_mib"] * _MIB),
        seconds=float(numbers["seconds"]),
        bytes_per_second=numbers["mb_per_second"] * 1e6,
        worker_memory=int(numbers["worker_mib"] * _MIB),
    )
    return Policy(
        name=name,
        base=base,
        verdicts=tuple((row, Verdict(rules.verdict(row))) for row in CATALOGUE),
        text_keep=rules.words("text", "keep"),
        limits=limits,
        names_mode=rules.word("names", "mode"),
        raw_previews=rules.word("pictures", "raw_previews"),
        text_models=rules.words("text", "model"),
        languages=rules.words("text", "languages"),
        replace=rules.word("text", "replace"),
        unknown_language=rules.word("text", "unknown_language"),
        small_model=rules.word("review", "small_model"),
        not_checked=rules.word("review", "not_checked"),
        accepted=rules.words("accept", "not_checked"),
        budget=_budget(rules.numbers("review")),
        sound_texts=rules.word("sound", "texts"),
        releases=ReleaseRules(
            need=rules.words("releases", "need"),
            paths=rules.words("releases", "paths"),
            purpose=rules.word("releases", "purpose"),
        ),
        tables=TableRules.of(rules.sections["tables"]),
        together=rules.words("groups", "together"),
    )


def _budget(numbers: Mapping[str, float]) -> Budget:
    return Budget(
        weak_per_1000_words=float(numbers["weak_per_1000_words"]),
        weak_least=int(numbers["weak_least"]),
        unknown_words=float(numbers["unknown_words"]),
        unreadable=float(numbers["unreadable"]),
    )
