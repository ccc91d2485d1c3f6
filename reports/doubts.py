"""doubts.jsonl: what a person can decide about after a run, in the private folder.

One JSON line for the run, then one for each file that has something to decide about. Values
stand in it as keyed digests alone, places as in the log. docs/decisions.md says how it is used.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from scrubber.canonical import path_fields, path_from, plain
from scrubber.decisions import file_id, item_id
from scrubber.errors import FolderError
from scrubber.model import Batch, Doubt, ItemRecord, Outcome

FILE = "doubts.jsonl"
SCHEMA = "scrub.doubts/1"


@dataclass(frozen=True, slots=True)
class Run:
    """The run that the doubts are of: its id and policy, what it read, where it wrote."""

    batch: str
    policy: str
    inputs: tuple[str, ...]
    out: str


@dataclass(frozen=True, slots=True)
class Doubtful:
    """One file. `id` decides about the file itself, `item` names its path; `code` if held."""

    path: str
    sha256: str
    id: str
    item: str
    code: str
    what: str
    why: str
    doubts: tuple[Doubt, ...]


class DoubtWriter:
    """Writes the file beside the log while records stream by."""

    def __init__(
        self, folder: Path, batch: Batch, inputs: Sequence[Path], out: Path | None, key: bytes
    ) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        self._stream = os.fdopen(os.open(folder / FILE, flags, 0o600), "w", encoding="utf-8")
        self._key = key
        places = [path_fields(os.fspath(path)) for path in inputs]
        to = path_fields(os.fspath(out or ""), "out")
        of = {"batch": batch.id, "policy": batch.policy}
        self._line({"schema": SCHEMA, **of, "inputs": places, **to})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._stream.close()

    def item(self, record: ItemRecord) -> None:
        """Adds a file of which something can be decided."""
        if not record.sha256 or not (record.doubts or record.outcome is Outcome.HELD):
            return
        self._line(
            {
                **path_fields(record.path),
                "sha256": record.sha256,
                "id": file_id(self._key, record.path, record.sha256),
                "item": item_id(self._key, record.path),
                "code": (record.code or "") if record.outcome is Outcome.HELD else "",
                "what": plain(record.what),
                "why": plain(record.why),
                "doubts": [{**asdict(one), "where": plain(one.where)} for one in record.doubts],
            }
        )

    def states(self, states: Mapping[str, str]) -> None:
        """Ends the file with what became of each decision, by its id."""
        self._line({"states": dict(states)})

    def _line(self, row: dict[str, object]) -> None:
        self._stream.write(json.dumps(row, sort_keys=True, separators=(",", ":")) + "\n")


def read_doubts(folder: Path) -> tuple[Run, Iterator[Doubtful | dict[str, str]]]:
    """The run, its files in the order of the walk, and last the states of decisions by id.

    Raises FolderError.
    """
    path = folder / FILE
    try:
        stream = path.open(encoding="utf-8")
        head = json.loads(stream.readline())
        if head["schema"] != SCHEMA:
            raise ValueError("another schema")
        run = Run(
            str(head["batch"]),
            str(head["policy"]),
            tuple(path_from(one) for one in head["inputs"]),
            path_from(head, "out"),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FolderError(
            f"The list of the last run cannot be read: {path}",
            fix="Run `scrub PATH --out DIR` again, then decide.",
        ) from error
    return run, _files(stream, path)


def _files(stream: Any, path: Path) -> Iterator[Doubtful | dict[str, str]]:  # an open text file
    with stream:
        for line in stream:
            try:
                row = json.loads(line)
                if "states" in row:
                    yield {str(name): str(state) for name, state in row["states"].items()}
                    continue
                doubts = tuple(Doubt(**one) for one in row.pop("doubts"))
                shown = path_from(row)
                row.pop("path_hex", None)
                yield Doubtful(**{**row, "path": shown, "doubts": doubts})
            except (ValueError, KeyError, TypeError) as error:
                raise FolderError(
                    f"The list of the last run is damaged: {path}",
                    fix="Run `scrub PATH --out DIR` again, then decide.",
                ) from error
