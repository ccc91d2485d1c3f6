"""The front matter of a data card: what the Hugging Face hub and `datasets` read of a batch.

`configs` points into data/, so that a loader takes the payload and not the record files. A
folder has one loader, so it is sent to the kind of which there are most; the card says how to
load the others. Every value is a JSON string or list, which YAML reads as the same; nothing in
it can act.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping

from reports.bag import PAYLOAD

_LOADERS = {  # loader → the suffixes that it takes, of the kinds that scrub knows
    "imagefolder": (
        ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".apng", ".gif", ".bmp", ".dib", ".tif",
        ".tiff", ".webp",
    ),
    "audiofolder": (".mp3", ".wav", ".flac", ".ogg", ".opus", ".aiff"),
    "videofolder": (".mp4", ".mov", ".mkv", ".avi"),
    "csv": (".csv", ".tsv"),
    "json": (".json", ".jsonl", ".ndjson"),
    "text": (".txt",),
}  # fmt: skip
_LOADER_OF = {suffix: loader for loader, suffixes in _LOADERS.items() for suffix in suffixes}
_MODALITIES = {
    "imagefolder": "image", "audiofolder": "audio", "videofolder": "video", "csv": "tabular",
    "json": "text", "text": "text",
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
    """How many files of the payload each loader takes, and with which suffixes."""

    def __init__(self) -> None:
        self._count: Counter[str] = Counter()
        self._suffixes: dict[str, set[str]] = {}

    def add(self, path: str) -> None:
        """One file, by its path below data/."""
        suffix = path[max(path.rfind("."), path.rfind("/") + 1) :]
        if loader := _LOADER_OF.get(suffix.lower()):
            self._count[loader] += 1
            self._suffixes.setdefault(loader, set()).add(suffix)

    def globs(self) -> dict[str, list[str]]:
        """Loader → patterns of its files; the one with most files comes first."""
        order = list(_LOADERS)
        ranked = sorted(self._count, key=lambda name: (-self._count[name], order.index(name)))
        return {
            name: [f"{PAYLOAD}/**/*{suffix}" for suffix in sorted(self._suffixes[name])]
            for name in ranked
        }


def front_matter(items: int, kinds: Kinds, declared: Mapping[str, object]) -> list[str]:
    """The lines between `---` and `---`. Of what is declared, only what is said appears."""
    globs = kinds.globs()
    rows: dict[str, object] = {}
    if title := _line(declared.get("title")):
        rows["pretty_name"] = title
    rows |= _license(declared.get("license"))
    if languages := _languages(declared.get("language")):
        rows["language"] = languages
    if tasks := _texts(declared.get("tasks")):
        rows["task_categories"] = tasks
    rows["tags"] = [
        "prescrub",
        *dict.fromkeys(_MODALITIES[kind] for kind in _LOADERS if kind in globs),
    ]
    lines = [f"{name}: {_value(value)}" for name, value in rows.items()]
    lines.append(f"size_categories: [{json.dumps(size_category(items))}]")
    return ["---", *lines, *_configs(globs), "---", ""]


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


def _configs(globs: Mapping[str, list[str]]) -> list[str]:
    """One configuration: all configurations of a folder share the loader of the first."""
    first = next(iter(globs.values()), [f"{PAYLOAD}/**"])
    return [
        "configs:",
        "- config_name: default",
        "  data_files:",
        "  - split: train",
        f"    path: {_value(first)}",
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
