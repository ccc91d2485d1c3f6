"""scrub-decisions.jsonl: one decision a line, sorted, safe to merge line by line.

Git's `merge=union` of two such files is one again, lines that stand twice included. Two
different verdicts about one thing are an error that names both lines.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path

from scrubber.canonical import canonical, parse_canonical
from scrubber.decisions import (
    VERSION,
    Decision,
    Decisions,
    Scope,
    Verdict,
    is_high_risk,
    row_of,
    sorted_rows,
)
from scrubber.entities import CATALOGUE
from scrubber.errors import FolderError, UsageError
from scrubber.keys import shown

NAME = "scrub-decisions.jsonl"
REASON = 200
"""Characters that a reason may have."""
_FIELDS = frozenset(("entity", "id", "item", "mac", "reason", "scope", "v", "verdict"))
_HEX = re.compile(r"[0-9a-f]{32}")
_MOST = 64 << 20  # bytes
_SET = "Change decisions with `scrub decide --set` alone."


class OtherKey(UsageError):
    """Not one row of the file was made with the project's key."""


def read_decisions(path: Path, key: bytes, *, settled: bool = True) -> Decisions:
    """The decisions in a file; none if there is no file.

    `settled=False` lets two verdicts about one thing pass, for those who mend the file.
    Raises UsageError for a row that is damaged, edited, of another key or version, or that
    contradicts another; FolderError for a file that cannot be read.
    """
    rows: dict[str, tuple[int, Decision]] = {}
    every: list[Decision] = []
    lines = _lines(path)
    strangers: list[int] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        decision = _decision(line, key, f"line {number} of {shown(path)}")
        if decision is None:
            strangers.append(number)
            continue
        earlier = rows.setdefault(decision.id, (number, decision))
        if settled and earlier[1].verdict is not decision.verdict:
            raise UsageError(
                f"Lines {earlier[0]} and {number} of {shown(path)} contradict each other.",
                "Two people have decided differently about one thing.",
                f"Decide again: scrub decide --set {decision.id[:10]}="
                f"{earlier[1].verdict.value}|{decision.verdict.value} --reason '…'",
            )
        every.append(decision)
    if strangers:
        _refuse(path, strangers, everything=not every)
    kept = {row.id: row for row in reversed(sorted_rows(every))} if settled else {}
    return Decisions(key, sorted_rows(kept.values() if settled else every))


def _refuse(path: Path, numbers: list[int], *, everything: bool) -> None:
    if everything:
        raise OtherKey(
            f"The decisions in {shown(path)} were made with another project key.",
            "Without that key nobody can tell what they are about.",
            "Name the key with --key, import it with `scrub key import`, or decide anew.",
        )
    raise UsageError(
        f"Line {numbers[0]} of {shown(path)} was edited, or made with another project key.",
        "A decision counts only as it was made.",
        f"Take the line out, then decide again. {_SET}",
    )


def _lines(path: Path) -> list[str]:
    try:
        if path.stat().st_size > _MOST:
            raise UsageError(f"{shown(path)} is too large for a list of decisions.")
        return path.read_text("utf-8").split("\n")
    except FileNotFoundError:
        return []
    except UnicodeDecodeError as error:
        raise UsageError(f"{shown(path)} is not text in UTF-8.", fix=_SET) from error
    except OSError as error:
        raise FolderError(
            f"The decisions {shown(path)} cannot be read.",
            f"({error.strerror}).",
            "Check the path.",
        ) from error


def _decision(line: str, key: bytes, where: str) -> Decision | None:
    """One row, or None if it is not authentic. Raises UsageError for what is none."""
    try:
        row = parse_canonical(line)
    except (ValueError, json.JSONDecodeError) as error:
        mark = line.startswith(("<<<<<<<", "=======", ">>>>>>>", "|||||||"))
        raise UsageError(
            f"There is no decision in {where}.",
            "It is the mark of a merge."
            if mark
            else "It is not one JSON object in canonical form.",
            "Take the line out; git merges this file by itself with merge=union." if mark else _SET,
        ) from error
    if not isinstance(row, dict) or row.get("v") != VERSION:
        raise UsageError(
            f"The decision in {where} is of another version.", fix="Use the version that made it."
        )
    if row.keys() != _FIELDS or not all(type(row[name]) is str for name in _FIELDS - {"v"}):
        raise UsageError(f"The decision in {where} lacks a field or has one too many.", fix=_SET)
    try:
        made = Decision(
            row["id"], Scope(row["scope"]), Verdict(row["verdict"]),
            row["entity"], row["item"], row["reason"],
        )  # fmt: skip
    except ValueError as error:
        raise UsageError(f"Scope or verdict in {where} is none.", fix=_SET) from error
    if row_of(key, made)["mac"] != row["mac"]:
        return None
    if not _is_sound(made):
        raise UsageError(f"The decision in {where} is not one that can be made.", fix=_SET)
    return made


def _is_sound(row: Decision) -> bool:
    if not _HEX.fullmatch(row.id) or (row.item and not _HEX.fullmatch(row.item)):
        return False
    if row.entity and row.entity not in CATALOGUE:
        return False
    if not row.entity:
        return row.scope is Scope.ITEM
    wide = row.scope is not Scope.SPAN and row.verdict is Verdict.KEEP
    return row.verdict is not Verdict.DROP and not (wide and is_high_risk(row.entity))


def write_decisions(path: Path, key: bytes, rows: Iterable[Decision]) -> None:
    """Writes the whole file in one step, private to its owner. Raises FolderError."""
    text = "".join(canonical(row_of(key, row)) + "\n" for row in sorted_rows(rows))
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(fresh, path)
    except OSError as error:
        raise FolderError(
            f"The decisions {shown(path)} cannot be written.",
            f"({error.strerror}).",
            "Check the permissions, or name another file with --decisions.",
        ) from error
    finally:
        fresh.unlink(missing_ok=True)
