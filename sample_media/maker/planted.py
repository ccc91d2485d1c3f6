"""What is put into the samples, so that EXPECTED.toml can say it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Plant:
    """One private thing. `value` stands in the file in `encoding`: a codec of Python's, or hex.

    `inside` says what has to be undone first: nothing, base64, or deflate.
    """

    entity: str
    where: str
    value: str
    encoding: str = "utf-8"
    inside: str = ""


@dataclass(slots=True)
class Sample:
    """One file, what was planted in it, and what should come of it."""

    path: str
    data: bytes
    outcome: str  # cleaned, unchanged, held, dropped
    code: str = ""  # hold code or drop reason
    about: str = ""
    planted: list[Plant] = field(default_factory=list)
    stays: list[str] = field(default_factory=list)  # texts that must be in the output


def write(folder: Path, samples: list[Sample]) -> None:
    """The files below `folder`/portfolio, and EXPECTED.toml in `folder`."""
    lines = [
        "# Written by `python -m sample_media.maker`: every private thing in portfolio/, where it",
        "# stands, and what should come of the file. `encoding` is a codec or hex; `inside` says",
        "# what has to be undone first. `stays` lists texts that must be in the output.",
    ]
    for sample in sorted(samples, key=lambda one: one.path):
        target = folder / "portfolio" / sample.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(sample.data)
        lines += ["", "[[file]]", _row("path", sample.path), _row("outcome", sample.outcome)]
        lines += [_row("code", sample.code)] if sample.code else []
        lines += [_row("about", sample.about)] if sample.about else []
        lines += [f"stays = [{', '.join(map(_text, sample.stays))}]"] if sample.stays else []
        for plant in sample.planted:
            lines += ["", "[[file.planted]]", _row("entity", plant.entity)]
            lines += [_row("where", plant.where), _row("value", plant.value)]
            lines += [_row("encoding", plant.encoding)] if plant.encoding != "utf-8" else []
            lines += [_row("inside", plant.inside)] if plant.inside else []
    (folder / "EXPECTED.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _row(key: str, value: str) -> str:
    return f"{key} = {_text(value)}"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)  # a JSON string is a TOML string
