"""The policy file: which keys it may have, what they may hold, and how layers add up.

A typo must not weaken a policy, so every unknown name is refused with the
nearest one that exists.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from scrubber.companions import PAIRS
from scrubber.entities import CATALOGUE, Kind, entity
from scrubber.errors import FolderError, UsageError
from scrubber.path_globs import checked_glob
from scrubber.rulings import KINDS, SCOPES
from scrubber.tables.rules import ACTIONS

PRESETS = ("standard", "strict", "keep-credit")
PRIVATE_LISTS = frozenset({"people", "places", "words", "aliases", "seeds"})
VERDICTS = ("keep", "mask", "remove", "hold")

Section = dict[str, object]
Sections = dict[str, Section]
Checker = Callable[[object, str], object]


def nearest(wrong: str, known: Iterable[str], otherwise: str = "") -> str:
    """A sentence that offers the known name nearest to `wrong`."""
    near = difflib.get_close_matches(wrong, list(known), n=1)
    return f"Did you mean {near[0]!r}?" if near else otherwise


def _word(*allowed: str) -> Checker:
    def checked(value: object, where: str) -> object:
        if isinstance(value, str) and value in allowed:
            return value
        names = ", ".join(allowed)
        raise UsageError(
            f"{where} cannot be {value!r}.", f"It is one of: {names}.", nearest(str(value), allowed)
        )

    return checked


def _number(low: float, high: float) -> Checker:
    def checked(value: object, where: str) -> object:
        if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
            return value
        raise UsageError(f"{where} cannot be {value!r}.", f"It is a number from {low} to {high}.")

    return checked


def _entities(value: object, where: str) -> object:
    names = _strings(value, where)
    for name in names:
        entity(name)
    return tuple(sorted(set(names)))


_WITH_NAME = ("encoder", "spacy", "gliner", "transformers")  # then a colon and which one
_MODELS = ("encoder", "small", "none", *(f"{kind}:…" for kind in _WITH_NAME))


def _models(value: object, where: str) -> object:
    """One model or a list of them: `encoder`, `small`, `none`, or a kind and a name or folder."""
    names = (value,) if isinstance(value, str) else _strings(value, where)
    if not names or ("none" in names and len(names) > 1):
        raise UsageError(f"{where} cannot be {value!r}.", fix='Write one model, a list, or "none".')
    return tuple(dict.fromkeys(_one_model(name, where) for name in names))


def _one_model(name: str, where: str) -> str:
    kind, _, rest = name.partition(":")
    named = kind in _WITH_NAME and rest and rest.strip() == rest and rest.isprintable()
    if named or name in _MODELS[:3]:
        return name
    if re.fullmatch(r"[A-Za-z]{2,3}_\w+|/.*", name):
        fix = f'A spaCy model is written "spacy:{name}".'
    else:
        fix = nearest(name, _MODELS[:3])
    raise UsageError(f"{where} cannot be {name!r}.", f"It is one of: {', '.join(_MODELS)}.", fix)


def _languages(value: object, where: str) -> object:
    codes = _strings(value, where)
    for code in codes:
        if not re.fullmatch(r"[a-z]{2,3}", code):
            raise UsageError(f"{where}: {code!r} is no language code.", fix='Write "en", "de", …')
    return codes


def _globs(value: object, where: str) -> object:
    return tuple(checked_glob(one, where) for one in _strings(value, where))


def _quasi(value: object, where: str) -> object:
    """Columns for each glob, in the order of the file."""
    if isinstance(value, tuple):
        return value
    if not isinstance(value, Mapping):
        fix = 'Write qi = { "surveys/*.csv" = ["age", "postcode"] }.'
        raise UsageError(f"{where} must name columns for each glob.", fix=fix)
    found = []
    for glob, names in value.items():
        columns = _strings(names, where)
        if not 1 <= len(columns) <= 12:
            raise UsageError(f"{where} names {len(columns)} columns for one glob.", "1 to 12 are.")
        found.append((checked_glob(glob, where), columns))
    return tuple(found)


def _needs(value: object, where: str) -> object:
    """Media types as globs, each with the kind of release in front where another is wanted."""
    needs = _strings(value, where)
    for need in needs:
        kind, colon, media = need.rpartition(":")
        if colon and (kind not in KINDS or kind == "guardian"):
            kinds = [name for name in KINDS if name != "guardian"]
            raise UsageError(
                f"{where} asks for an unknown kind of release.",
                f"Kinds: {', '.join(kinds)}.",
                nearest(kind, kinds),
            )
        if not re.fullmatch(r"[a-z*?]+/[a-z0-9.+*?-]+", media):
            raise UsageError(
                f"{where}: {need!r} is no media type.", fix='Write "image/*", "property:image/*", …'
            )
    return needs


def _pairs(value: object, where: str) -> object:
    """Which files of one group share a verdict."""
    names = _strings(value, where)
    for name in names:
        _word(*PAIRS)(name, where)
    return tuple(sorted(set(names)))


def _strings(value: object, where: str) -> tuple[str, ...]:
    if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
        return tuple(value)
    raise UsageError(f"{where} must be a list of texts, not {value!r}.")


_VERDICT = _word(*VERDICTS)
_REVIEW = _word("note", "hold")
KEYS: dict[str, dict[str, Checker]] = {
    "kinds": {kind.value: _VERDICT for kind in Kind},
    "entities": dict.fromkeys(CATALOGUE, _VERDICT),
    "text": {
        "model": _models,
        "languages": _languages,
        "unknown_language": _REVIEW,
        "keep": _entities,
        "replace": _word("tags", "surrogates"),
    },
    "pictures": {"raw_previews": _word("offer", "extract")},
    "groups": {"together": _pairs},
    "names": {"mode": _word("private", "keep")},
    "sound": {"texts": _word("drop", "clean")},
    "review": {
        "small_model": _REVIEW,
        "not_checked": _REVIEW,
        "weak_per_1000_words": _number(0, 1000),
        "weak_least": _number(0, 1_000_000),
        "unknown_words": _number(0, 1),
        "unreadable": _number(0, 1),
    },
    "accept": {"not_checked": _entities},
    "releases": {"need": _needs, "paths": _globs, "purpose": _word(*SCOPES)},
    "tables": {"action": _word(*ACTIONS), "k": _number(2, 1_000_000), "qi": _quasi},
    "limits": {
        "max_file_mib": _number(1, 1 << 24),
        "max_depth": _number(0, 16),
        "expansion_ratio": _number(1, 10_000),
        "expansion_mib": _number(1, 1 << 20),
        "seconds": _number(1, 86_400),
        "mb_per_second": _number(0.01, 10_000),
        "worker_mib": _number(256, 1 << 20),
    },
}


@dataclass(frozen=True, slots=True)
class Rules:
    """Checked sections, the upper layers already laid over the lower ones."""

    sections: Sections

    def under(self, upper: Sections) -> Rules:
        """These rules with `upper` on top.

        A verdict that the upper layer gives for a kind or an entity also ends what the
        lower layer said for entities of that kind, in metadata and in texts.
        """
        merged = {name: dict(section) for name, section in self.sections.items()}
        kinds, entities = upper.get("kinds", {}), upper.get("entities", {})
        said = {
            row.name
            for row in CATALOGUE.values()
            if row.kind.value in kinds or row.name in entities
        }
        merged["entities"] = {
            name: verdict for name, verdict in merged["entities"].items() if name not in said
        }
        kept = self.words("text", "keep")
        merged["text"]["keep"] = tuple(name for name in kept if name not in said)
        for name, section in upper.items():
            merged[name] |= section
        return Rules(merged)

    def verdict(self, name: str) -> str:
        by_kind = self.sections["kinds"][CATALOGUE[name].kind.value]
        return str(self.sections["entities"].get(name, by_kind))

    def word(self, section: str, key: str) -> str:
        return str(self.sections[section][key])

    def words(self, section: str, key: str) -> tuple[str, ...]:
        return _strings(self.sections[section][key], f"{section}.{key}")

    def numbers(self, section: str) -> dict[str, float]:
        return {
            key: value
            for key, value in self.sections[section].items()
            if isinstance(value, int | float)
        }


def check(table: Mapping[str, object], where: str) -> Sections:
    """The sections of a parsed policy, each name and value checked. Raises UsageError."""
    sections: Sections = {}
    for name, section in table.items():
        if name in PRIVATE_LISTS:
            raise UsageError(
                f"{where} holds a private list: {name!r}.",
                "A policy is published by its digest and may be shared.",
                "Move the list to people.toml in the audit folder (see docs/policy.md).",
            )
        if name not in KEYS:
            raise UsageError(
                f"{where} has no section {name!r}.",
                fix=nearest(name, KEYS, f"Sections: {', '.join(KEYS)}."),
            )
        if not isinstance(section, Mapping):
            raise UsageError(f"[{name}] in {where} must be a table.")
        sections[name] = {key: _checked(name, key, value, where) for key, value in section.items()}
    return sections


def _checked(section: str, key: str, value: object, where: str) -> object:
    known = KEYS[section]
    if key in PRIVATE_LISTS:
        raise UsageError(
            f"{where} holds a private list: {section}.{key}.",
            fix="Move it to people.toml in the audit folder (see docs/policy.md).",
        )
    if key not in known:
        wanted = key.upper() if section == "entities" else key
        raise UsageError(
            f"{where} has no rule {section}.{key}.",
            fix=nearest(wanted, known, f"See docs/policy.md for what [{section}] may hold."),
        )
    return known[key](value, f"{section}.{key} in {where}")


def preset_rules(preset: str) -> Rules:
    """The rules of one of PRESETS."""
    text = (resources.files("scrubber") / "policies" / f"{preset}.toml").read_text("utf-8")
    return _layered(tomllib.loads(text), preset, root=preset == "standard")[1]


def read_rules(path: Path) -> tuple[str, str, Rules]:
    """(name, base preset, rules) of a policy file. Raises UsageError or FolderError."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise FolderError(
            f"The policy {path} cannot be read.", error.strerror or "", "Check the path."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"The policy {path} is not TOML.", str(error)) from error
    name = table.pop("name", path.stem)
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", name):
        raise UsageError(
            f"The policy {path} needs another name.",
            "The name is published: letters, digits, '.', '_' and '-', at most 64.",
        )
    if name in PRESETS:
        raise UsageError(
            f"The policy {path} calls itself {name!r}.",
            "That is a preset.",
            "Give it another name.",
        )
    base, rules = _layered(table, str(path))
    return name, base, rules


def _layered(table: dict[str, object], where: str, *, root: bool = False) -> tuple[str, Rules]:
    base = table.pop("base", "standard")
    sections = check(table, where)
    if root:
        return "standard", Rules(sections)
    if base not in PRESETS:
        raise UsageError(
            f"{where} starts from {base!r}, which is no preset.",
            fix=nearest(str(base), PRESETS, f"Presets: {', '.join(PRESETS)}."),
        )
    return str(base), preset_rules(str(base)).under(sections)
