"""Writes releases.toml: rows are added and revoked as text, so comments and order stay.

What was written is read again before it takes the file's place.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from scrubber.errors import FolderError, UsageError
from scrubber.releases import (
    DOCUMENTS,
    RELEASES_NAME,
    open_plain,
    parse_releases,
    read_text,
    row_lines,
)
from scrubber.rulings import KINDS, Release

_HEAD = "# Signed releases. Private: never upload this folder.\n"
_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}")


def draw_id(kind: str, taken: set[str]) -> str:
    """A new random id: it says the kind, and nothing else."""
    while True:
        name = f"{KINDS[kind]}-{secrets.token_hex(4)}"
        if name not in taken:
            return name


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One writer at a time; makes the folder of documents."""
    try:
        (folder / DOCUMENTS).mkdir(mode=0o700, exist_ok=True)
        handle = os.open(folder / DOCUMENTS, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise FolderError(f"{folder / DOCUMENTS} cannot be used", f"({error.strerror}).") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def add(folder: Path, release: Release, document: Path | None) -> Release:
    """Copies the document into the audit folder and appends the row; returns it as written.

    An id is drawn, `release.id` is ignored. Raises UsageError or FolderError.
    """
    with locked(folder):
        path = folder / RELEASES_NAME
        text = read_text(path)
        known = {row.id: row for row in parse_releases(text, path)} if text else {}
        _check_other(known, release.guardian, "guardian")
        _check_other(known, release.replaces, "")
        row = replace(release, id=draw_id(release.kind, set(known)))
        if document is not None:
            row = _with_document(folder, row, document)
        try:
            before = _HEAD if not text else text if text.endswith("\n") else text + "\n"
            _write(path, f"{before}\n{as_toml(row)}", row)
        except BaseException:
            if row.document:
                (folder / row.document).unlink(missing_ok=True)
            raise
        return row


def _check_other(known: dict[str, Release], name: str, kind: str) -> None:
    if not name:
        return
    if name not in known:
        raise UsageError(f"There is no release {name}.", fix="`scrub releases status` lists them.")
    if kind and known[name].kind != kind:
        raise UsageError(
            f"Release {name} is no {kind}'s.", fix=f"Add that one first, with --kind {kind}."
        )


def revoke(folder: Path, name: str, today: date, reason: str = "") -> bool:
    """Marks a release as revoked from today on; False if it was revoked before."""
    with locked(folder):
        path = folder / RELEASES_NAME
        text = read_text(path) or ""
        rows = parse_releases(text, path)
        found = next((row for row in rows if row.id == name), None)
        if found is None:
            raise UsageError(
                f"There is no release {name} in {path}.", fix="`scrub releases status` lists them."
            )
        if found.revoked:
            return False
        lines = text.splitlines(keepends=True)
        at = row_lines(text)
        if len(at) != len(rows):
            raise _by_hand(path, name)
        keys = at[rows.index(found)]
        _set(lines, keys, "revoked", today.isoformat())
        if reason:
            _set(lines, keys, "reason", quoted(reason))
        _write(path, "".join(lines), replace(found, revoked=True))
        return True


def _set(lines: list[str], keys: dict[str, int], key: str, value: str) -> None:
    """Gives `key` a value: in its line, or in a new one below the id, on the same line number."""
    if key in keys:
        index = keys[key] - 1
        old = re.match(r"(\s*[a-z]+\s*=\s*)(?:true|false|\"[^\"\\]*\")(.*)", lines[index], re.S)
        if old is not None:
            lines[index] = f"{old[1]}{value}{old[2]}"
        return
    index = keys["id"] - 1
    if not lines[index].endswith("\n"):
        lines[index] += "\n"
    lines[index] += f"{key} = {value}\n"


def _by_hand(path: Path, name: str) -> UsageError:
    return UsageError(
        f"{path} is written in a way that scrub cannot change.",
        fix=f"Write revoked = true into the release {name} yourself.",
    )


def _write(path: Path, text: str, must_hold: Release) -> None:
    """Replaces the file, 0600, if the new text says `must_hold`."""
    rows = {row.id: row for row in parse_releases(text, path)}
    if rows.get(must_hold.id) != must_hold:
        raise _by_hand(path, must_hold.id)
    try:
        handle, name = tempfile.mkstemp(prefix=".releases-", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        raise FolderError(f"{path} cannot be written", f"({error.strerror}).") from error


def as_toml(row: Release) -> str:
    """One release as it stands in the file."""
    lines = ["[[release]]", f"id = {quoted(row.id)}", f"kind = {quoted(row.kind)}"]
    if row.document:
        lines += [f"document = {quoted(row.document)}", f"sha256 = {quoted(row.sha256)}"]
    lines.append(f"signed = {row.signed}")
    if row.shoot:
        spans = [str(a) if a == b else f"{a}/{b}" for a, b in row.shoot]
        lines.append(f"shoot = {_list(spans)}")
    lines += [f"{key} = true" for key in ("witnessed", "minor") if getattr(row, key)]
    lines += [
        f"{key} = {quoted(getattr(row, key))}"
        for key in ("guardian", "replaces")
        if getattr(row, key)
    ]
    lines.append(f"scope = {_list(row.scope)}")
    if row.expires:
        lines.append(f"expires = {row.expires}")
    lines.append("revoked = false")
    if row.territory:
        lines.append(f"territory = {_list(row.territory)}")
    lines.append(f"covers = {_list(row.covers)}")
    return "\n".join(lines) + "\n"


def _list(values: tuple[str, ...] | list[str]) -> str:
    return f"[{', '.join(map(quoted, values))}]"


def quoted(text: str) -> str:
    """A TOML basic string. Raises UsageError for what no such string can hold."""
    if any(not c.isprintable() for c in text):
        raise UsageError(
            "One of the values has a character that cannot be written down.",
            "Control characters and names that are not UTF-8 have no place in the list.",
            "In a glob, write ? or * in its place.",
        )
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _with_document(folder: Path, row: Release, document: Path) -> Release:
    """Copies `document` under an opaque name, 0600, with its digest."""
    suffix = document.suffix.lower()
    place = f"{DOCUMENTS}/{row.id}{suffix if _SUFFIX.fullmatch(suffix) else ''}"
    digest = hashlib.sha256()
    try:
        stream = open_plain(document)
    except OSError as error:
        raise FolderError(f"{document} cannot be read", f"({error.strerror}).") from error
    with stream:
        if not os.fstat(stream.fileno()).st_size:
            raise FolderError(f"{document} is empty.", fix="Name the signed document.")
        try:
            target = os.open(folder / place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(target, "wb") as copy:
                while block := stream.read(1 << 20):
                    digest.update(block)
                    copy.write(block)
                copy.flush()
                os.fsync(copy.fileno())
        except OSError as error:
            (folder / place).unlink(missing_ok=True)
            raise FolderError(f"{place} cannot be written", f"({error.strerror}).") from error
    return replace(row, document=place, sha256=digest.hexdigest())
