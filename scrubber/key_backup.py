"""Keys in one file that a passphrase opens, and back again.

The file is an age file; in it is JSON: `project_key` in hex, and `signing_keys`, each with its
identity and its OpenSSH private key. `age -d FILE` shows it without our code.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from scrubber.age import WORK, decrypt, encrypt
from scrubber.errors import FolderError, UsageError
from scrubber.keys import (
    SIZE,
    create_private,
    key_path,
    load_key,
    read_private,
    refuse_audit_folder,
    shown,
)
from scrubber.sign_keys import (
    find_sign_key,
    identities,
    parse_private,
    private_text,
    sign_key_path,
)

SCHEMA = "scrub.keys/1"
_NOTE = ".backed-up"


@dataclass(frozen=True, slots=True)
class Keys:
    """Files of keys: path → content; and what they are, in words."""

    files: Mapping[Path, bytes] = field(repr=False)
    words: tuple[str, ...]


def gather(identity: str | None = None, env: Mapping[str, str] | None = None) -> Keys:
    """All keys there are, or only the signing key of one identity.

    Raises UsageError if there is none, FolderError for a key that cannot be read.
    """
    files: dict[Path, bytes] = {}
    words: list[str] = []
    if identity is None and os.path.lexists(key_path(env=env)):
        files[key_path(env=env)] = load_key(env=env)[0].secret
        words.append("the project key")
    for name in identities(env) if identity is None else [identity]:
        files[sign_key_path(name, env)] = private_text(find_sign_key(name, env).secret)
        words.append(_signing(name))
    if not files:
        raise UsageError("There are no keys yet.", "", "Make them with: scrub key new")
    return Keys(files, tuple(words))


def export(
    keys: Keys, target: Path, passphrase: bytes, *, env: Mapping[str, str] | None = None,
    work: int = WORK,
) -> None:  # fmt: skip
    """Writes `keys` to the new file `target` (0600), and notes that they are backed up.

    Raises as `check_target` does.
    """
    check_target(target)
    project = keys.files.get(key_path(env=env))
    rows = [
        {"identity": name, "private_key": keys.files[path].decode("ascii")}
        for name in identities(env)
        if (path := sign_key_path(name, env)) in keys.files
    ]
    content: dict[str, object] = {"schema": SCHEMA, "signing_keys": rows}
    if project is not None:
        content["project_key"] = project.hex()
    _write_new(target, encrypt(json.dumps(content, indent=1).encode(), passphrase, work))
    for path in keys.files:
        _note(path)


def check_target(target: Path) -> None:
    """Raises UsageError or FolderError for a place where no backup of keys may be written."""
    refuse_audit_folder(target)
    if os.path.lexists(target):
        raise UsageError(f"{shown(target)} exists.", "", "Choose a new name for the backup.")
    place = Path(os.path.abspath(target))
    if not place.parent.is_dir():
        raise FolderError(f"There is no folder {shown(place.parent)}.", "", "Make it first.")
    if any((parent / "bagit.txt").exists() for parent in place.parents):
        raise UsageError(
            f"{shown(target)} would lie in a batch.",
            "A batch is made to be given away.",
            "Choose another place for the backup.",
        )


def _write_new(target: Path, data: bytes) -> None:
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise FolderError(
            f"{shown(target)} cannot be written", f"({error.strerror}).", "Choose another place."
        ) from error


def _note(path: Path) -> None:
    """A note beside the key, with the day."""
    note = path.with_name(path.name + _NOTE)
    temporary = path.with_name(f".{note.name}.{secrets.token_hex(8)}")
    try:
        temporary.write_text(datetime.now(UTC).date().isoformat() + "\n", "ascii")
        temporary.chmod(0o600)
        os.replace(temporary, note)
    except OSError:  # the backup itself is written
        temporary.unlink(missing_ok=True)


def backed_up(path: Path) -> str:
    """The day (YYYY-MM-DD) on which the key at `path` was last exported, or ""."""
    try:
        return path.with_name(path.name + _NOTE).read_text("ascii").strip()[:10]
    except (OSError, UnicodeDecodeError):
        return ""


def restore(
    source: Path, passphrase: bytes, env: Mapping[str, str] | None = None
) -> tuple[list[str], list[str]]:
    """Puts the keys in `source` back: those that were put, those that were there already.

    All or nothing: raises UsageError if another key stands in the place of one of them, for a
    wrong passphrase, or for a file that is no backup.
    """
    keys = _read_backup(read_backup(source), source, passphrase, env)
    there = []
    for (path, data), word in zip(keys.files.items(), keys.words, strict=True):
        if os.path.lexists(path):
            if not _same(path, data):
                raise UsageError(
                    f"Another key is in the place of {word}: {shown(path)}",
                    "Keys are never overwritten: what was made with that one needs it.",
                    "Move it elsewhere first, or use another SCRUB_DATA_HOME.",
                )
            there.append(word)
    put = [word for word in keys.words if word not in there]
    for path, data in keys.files.items():
        if create_private(path, data):
            _note(path)
    return put, there


def read_backup(source: Path) -> bytes:
    """The bytes of a backup. Raises UsageError or FolderError."""
    try:
        with open(source, "rb") as stream:
            return stream.read((4 << 20) + 1)
    except FileNotFoundError:
        raise UsageError(f"There is no {shown(source)}.", "", "Check its name.") from None
    except OSError as error:
        raise FolderError(f"{shown(source)} cannot be read", f"({error.strerror}).") from error


def _same(path: Path, data: bytes) -> bool:
    """Whether the key at `path` is that in `data`; OpenSSH's form of one key differs each time."""
    found = read_private(path, 64 << 10)
    if len(data) == SIZE or len(found) == SIZE:
        return found == data
    return (
        parse_private(found, path).private_bytes_raw()
        == parse_private(data, path).private_bytes_raw()
    )


def _read_backup(
    data: bytes, source: Path, passphrase: bytes, env: Mapping[str, str] | None
) -> Keys:
    plain = decrypt(data, passphrase)
    files: dict[Path, bytes] = {}
    words: list[str] = []
    try:
        content = json.loads(plain)
        if content["schema"] != SCHEMA:
            raise ValueError
        if (text := content.get("project_key")) is not None:
            secret = bytes.fromhex(text)
            if len(secret) != SIZE:
                raise ValueError
            files[key_path(env=env)] = secret
            words.append("the project key")
        for row in content["signing_keys"]:
            path = sign_key_path(row["identity"], env)
            private = row["private_key"].encode("ascii")
            parse_private(private, source)
            if path in files:
                raise ValueError
            files[path] = private
            words.append(_signing(row["identity"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UsageError(
            f"{shown(source)} opens, but holds no keys of scrub.",
            "",
            "Use the file that `scrub key export` wrote.",
        ) from None
    return Keys(files, tuple(words))


def _signing(identity: str) -> str:
    return f"the signing key for {shown(Path(identity))}" if identity else "the signing key"
