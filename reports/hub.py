"""The front matter of a data card: what the Hugging Face hub and `datasets` read of a batch.

`configs` point into data/, so that a loader takes the payload and not the record files. A
loader reads one kind of file, so a batch of several kinds has a configuration for each. Every
value is a JSON string or list, which YAML 1.2 reads as the same; nothing in it can act.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from reports.bag import PAYLOAD

_LOADERS = {  # as the hub names the kinds of its loaders
    "image": "images",
    "audio": "recordings",
    "video": "videos",
    "text/csv": "tables",
    "text/tab-separated-values": "tables",
    "application/json": "objects",
    "application/jsonl": "objects",
    "application/x-subrip": "texts",
    "text": "texts",
}
_SUFFIX = re.compile(r"\.[a-z0-9]{1,9}", re.ASCII)
_MODALITIES = {
    "images": "image", "recordings": "audio", "videos": "video", "tables": "tabular",
    "objects": "text", "texts": "text",
}  # fmt: skip
LICENSES = frozenset((
    "afl-3.0", "agpl-3.0", "apache-2.0", "artistic-2.0", "bsd", "bsd-2-clause", "bsd-3-clause",
    "bsl-1.0", "c-uda", "cc", "cc-by-2.0", "cc-by-2.5", "cc-by-3.0", "cc-by-4.0", "cc-by-nc-2.0",
    "cc-by-nc-3.0", "cc-by-nc-4.0", "cc-by-nc-nd-3.0", "cc-by-nc-nd-4.0", "cc-by-nc-sa-2.0",
    "cc-by-nc-sa-3.0", "cc-by-nc-sa-4.0", "cc-by-nd-4.0", "cc-by-sa-3.0", "cc-by-sa-4.0",
    "cc0-1.0", "cdla-permissive-1.0", "cdla-permissive-2.0", "cdla-sharing-1.0", "etalab-2.0",
    "eupl-1.1", "eupl-1.2", "gfdl", "gpl-3.0", "lgpl-3.0", "mit", "odbl", "odc-by", "pddl",
    "unlicense",
))  # fmt: skip
"""Identifiers that the hub knows, all in small letters; any other licence is `other` there."""
_SIZES = ("n<1K", "1K<n<10K", "10K<n<100K", "100K<n<1M", "1M<n<10M", "10M<n<100M")


class Kinds:
    """Which suffixes each kind of file has in the payload."""

    def __init__(self) -> None:
        self._suffixes: dict[str, set[str]] = {}

    def add(self, path: str, media_type: str) -> None:
        kind = _LOADERS.get(media_type) or _LOADERS.get(media_type.partition("/")[0])
        suffix = path[max(path.rfind("."), path.rfind("/") + 1) :]
        if kind and _SUFFIX.fullmatch(suffix.lower()):
            self._suffixes.setdefault(kind, set()).add(suffix)

    def patterns(self) -> dict[str, list[str]]:
        """Kind → globs below the batch that find its files, in a fixed order."""
        return {
            kind: [f"{PAYLOAD}/**/*{suffix}" for suffix in sorted(self._suffixes[kind])]
            for kind in dict.fromkeys(_LOADERS.values())
            if kind in self._suffixes
        }


def front_matter(items: int, kinds: Kinds, declared: Mapping[str, object]) -> list[str]:
    """The lines between `---` and `---`. Of what is declared, only what is said appears."""
    patterns = kinds.patterns()
    rows: dict[str, object] = {}
    if title := _line(declared.get("title")):
        rows["pretty_name"] = title
    rows |= _license(declared.get("license"))
    if languages := _languages(declared.get("language")):
        rows["language"] = languages
    if tasks := _texts(declared.get("tasks")):
        rows["task_categories"] = tasks
    rows["tags"] = ["prescrub", *dict.fromkeys(_MODALITIES[kind] for kind in patterns)]
    rows["size_categories"] = [size_category(items)]
    lines = [f"{name}: {_value(value)}" for name, value in rows.items()]
    return ["---", *lines, *_configs(patterns), "---", ""]


def size_category(items: int) -> str:
    """The hub's class of a number of files."""
    for power, name in enumerate(_SIZES):
        if items < 10 ** (power + 3):
            return name
    return "100M<n<1B"


def license_url(declared: object) -> str:
    """The licence as an address where one can be told, else as it was said."""
    said = _line(declared)
    known = re.fullmatch(r"[A-Za-z0-9.+-]+", said)
    return f"https://spdx.org/licenses/{said}" if known and said.lower() != "other" else said


def _license(declared: object) -> dict[str, object]:
    said = _line(declared)
    if not said:
        return {}
    if said.lower() in LICENSES:
        return {"license": said.lower()}
    name = re.sub(r"[^a-z0-9]+", "-", said.lower()).strip("-")[:60] or "stated"
    row: dict[str, object] = {"license": "other", "license_name": name}
    if re.fullmatch(r"https://[^\s\"'<>]+", said):
        row["license_link"] = said
    return row


def _languages(declared: object) -> list[str]:
    """ISO 639 codes, which are what the hub takes: `pt-BR` is `pt` there."""
    codes = (one.partition("-")[0].lower() for one in _texts(declared))
    return list(dict.fromkeys(code for code in codes if re.fullmatch(r"[a-z]{2,3}", code)))


def _configs(patterns: Mapping[str, Iterable[str]]) -> list[str]:
    """One configuration for all, or one for each kind."""
    if len(patterns) < 2:
        return ["configs:", *_config("default", [f"{PAYLOAD}/**"])]
    lines = ["configs:"]
    for kind, globs in patterns.items():
        lines += _config(kind, globs)
    return lines


def _config(name: str, globs: Iterable[str]) -> list[str]:
    return [
        f"- config_name: {name}",
        "  data_files:",
        "  - split: train",
        f"    path: {_value(list(globs))}",
    ]


def _texts(value: object) -> list[str]:
    rows = value if isinstance(value, list | tuple) else [value] if value else []
    return [line for row in rows if (line := _line(row))]


def _line(value: object) -> str:
    """One line that YAML can hold; nothing for what is no text."""
    if not isinstance(value, str):
        return ""
    return "".join(char if char.isprintable() else " " for char in value).strip()


def _value(value: object) -> str:
    """As JSON, and without the characters that begin markup where YAML is shown as it stands."""
    text = json.dumps(value, ensure_ascii=False)
    return re.sub("[<>&]", lambda match: f"\\u{ord(match[0]):04x}", text)
