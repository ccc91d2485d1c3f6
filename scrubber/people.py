"""The private list: people, places and words that must not leave, wherever they stand.

It lives in `people.toml` in the audit folder or in the user's configuration folder,
never in a policy, a configuration or an input. The format is described in docs/policy.md.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable
from pathlib import Path

from scrubber.entities import entity
from scrubber.errors import FolderError, UsageError
from scrubber.policy_file import nearest

PEOPLE_NAME = "people.toml"
_DEFAULT_ENTITY = {"people": "PERSON", "places": "PLACE_NAME", "words": None}
_KEYS = ("name", "aliases", "entity")
_SHORTEST, _LONGEST = 2, 200


def people_files(audit_dir: Path | None = None) -> list[Path]:
    """The lists that exist: the user's own, then the audit folder's."""
    home = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    places = [Path(home).expanduser() / "prescrub" / PEOPLE_NAME]
    if audit_dir is not None:
        places.append(audit_dir / PEOPLE_NAME)
    return [path for path in places if path.is_file()]


def load_people(paths: Iterable[Path]) -> list[tuple[str, str]]:
    """(text, entity) for every name and alias in `paths`, sorted, each once.

    Raises FolderError for an unreadable file and UsageError for a mistake in one. No
    message holds a listed value: it names the file, the list and the row's number.
    """
    return sorted({pair for path in paths for pair in _read(path)})


def _read(path: Path) -> list[tuple[str, str]]:
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise FolderError(f"The list {path} cannot be read.", error.strerror or "") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        # The parser's own message may quote a line of the list.
        raise UsageError(
            f"The list {path} is not TOML.", fix="See docs/policy.md for its format."
        ) from None
    pairs: list[tuple[str, str]] = []
    for name, rows in table.items():
        if name not in _DEFAULT_ENTITY:
            raise UsageError(
                f"{path} has a list that is none of people, places and words.",
                fix=nearest(name, _DEFAULT_ENTITY),
            )
        if not isinstance(rows, list):
            raise UsageError(f"{path}: {name} must be rows that begin with [[{name}]].")
        for number, row in enumerate(rows, start=1):
            pairs += _row(row, _DEFAULT_ENTITY[name], f"{path}: row {number} of {name}")
    return pairs


def _row(row: object, default: str | None, where: str) -> list[tuple[str, str]]:
    if not isinstance(row, dict):
        raise UsageError(f"{where} must be a table with a name.")
    for key in row:
        if key not in _KEYS:
            raise UsageError(
                f"{where} has an unknown key.", f"Keys: {', '.join(_KEYS)}.", nearest(key, _KEYS)
            )
    named = row.get("entity", default)
    if not isinstance(named, str):
        raise UsageError(f"{where} must say its entity.", fix='Add entity = "ORGANIZATION", …')
    kind = entity(named).name
    aliases = row.get("aliases", [])
    if not isinstance(aliases, list):
        raise UsageError(f"{where}: aliases must be a list of texts.")
    pairs = [(_value(row.get("name"), where), kind)]
    for alias in aliases:
        text = _value(alias, where)
        pairs.append((text, _alias_entity(text, kind)))
    return pairs


def _value(value: object, where: str) -> str:
    text = " ".join(value.split()) if isinstance(value, str) else ""
    if _SHORTEST <= len(text) <= _LONGEST:
        return text
    raise UsageError(
        f"{where} has a value that is no text of {_SHORTEST} to {_LONGEST} characters."
    )


def _alias_entity(text: str, kind: str) -> str:
    if kind != "PERSON" or "@" not in text:
        return kind
    return "SOCIAL_HANDLE" if text.startswith("@") else "EMAIL_ADDRESS"
