"""Signed releases: `releases.toml` in the audit folder, as rows that a run can ask.

The file and its documents are private. Nothing of them but opaque ids is ever
published. The format is described in docs/releases.md.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
import re
import stat
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from scrubber.errors import FolderError, UsageError
from scrubber.path_globs import checked_glob
from scrubber.policy_file import nearest
from scrubber.rulings import KINDS, SCOPES, Release, Rulings

RELEASES_NAME = "releases.toml"
DOCUMENTS = "releases"
_LARGEST = 4 << 20
_ID = re.compile(r"([a-z]{2})-[0-9a-f]{4,32}")
_HEX = re.compile(r"[0-9a-f]{64}")
_DOCUMENT = re.compile(r"releases/[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_NEEDED = ("id", "kind", "signed")
_HINT = "See docs/releases.md for the format."


@dataclass(frozen=True, slots=True)
class _Place:
    """Where something stands, for a message: file, row, and the line if it can be told."""

    file: Path
    row: int
    lines: tuple[tuple[str, int], ...]  # key → line; "" is the row itself

    def at(self, key: str = "") -> str:
        known = dict(self.lines)
        line = known.get(key) or known.get("")
        where = f"{self.file}, line {line}" if line else f"{self.file}, release {self.row}"
        return f"{where}: {key}" if key else where


def read_releases(folder: Path) -> tuple[Release, ...]:
    """The releases in audit folder `folder`, in their order; () without a file.

    Documents are not looked at. Raises FolderError for an unreadable file, UsageError
    for a mistake in it; no message quotes what stands there beside keys and ids.
    """
    path = folder / RELEASES_NAME
    text = read_text(path)
    return () if text is None else parse_releases(text, path)


def read_text(path: Path) -> str | None:
    """The file as text; None if there is none."""
    try:
        with open_plain(path) as stream:
            data = stream.read(_LARGEST + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise FolderError(f"{path} cannot be read", f"({error.strerror}).") from error
    if len(data) > _LARGEST:
        raise UsageError(f"{path} is larger than {_LARGEST >> 20} MiB.", fix=_HINT)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8.", fix=_HINT) from None


def open_plain(path: Path, flags: int = 0) -> io.BufferedReader:
    """Opens a plain file; a pipe is not waited for, and a folder is an OSError."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | flags)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "it is no file with bytes")
    return os.fdopen(handle, "rb")


def parse_releases(text: str, path: Path) -> tuple[Release, ...]:
    """The releases that `text` says; `path` is for messages. Raises UsageError."""
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        place = re.search(r"\(at [^)]*\)$", str(error))  # the rest may quote the file
        raise UsageError(
            f"{path} is not TOML{' ' + place[0] if place else ''}.", fix=_HINT
        ) from None
    for name in table:
        if name != "release":
            raise UsageError(
                f"{path} has something that is no release: {_shown(name)}.",
                "Every release begins with [[release]].",
                nearest(name, ("release",)),
            )
    rows = table.get("release", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UsageError(f"{path}: a release begins with [[release]].", fix=_HINT)
    lines = row_lines(text)
    found: dict[str, Release] = {}
    for number, row in enumerate(rows, 1):
        known = lines[number - 1] if len(lines) == len(rows) else {}
        release = _release(row, _Place(path, number, tuple(known.items())))
        if release.id in found:
            raise UsageError(f"{path} has two releases with the id {release.id}.")
        found[release.id] = release
    _refuse_circles(found, path)
    return tuple(found.values())


def _refuse_circles(rows: Mapping[str, Release], path: Path) -> None:
    for row in rows.values():
        seen, name = {row.id}, row.replaces
        while name in rows:
            if name in seen:
                raise UsageError(f"{path}: {name} replaces itself, by way of others.")
            seen.add(name)
            name = rows[name].replaces


def row_lines(text: str) -> list[dict[str, int]]:
    """For each `[[release]]` of a text: the line it begins at (""), and those of its keys."""
    rows: list[dict[str, int]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(r"\s*\[\[\s*release\s*\]\]", line):
            rows.append({"": number})
        elif rows and (key := re.match(r"\s*([A-Za-z_-]+)\s*=", line)):
            rows[-1].setdefault(key[1], number)
    return rows


def _shown(key: str) -> str:
    """A key for a message: names have no place among keys, but somebody may put one there."""
    return repr(key) if re.fullmatch(r"[A-Za-z_-]{1,24}", key) else "a key of another form"


# values ------------------------------------------------------------------------


def _release(row: Mapping[str, object], place: _Place) -> Release:
    for key in row:
        if key not in _FIELDS:
            raise UsageError(
                f"{place.at(key if re.fullmatch(r'[A-Za-z_-]{1,24}', key) else '')} is unknown.",
                f"Keys: {', '.join(_FIELDS)}.",
                nearest(key, _FIELDS),
            )
    for key in _NEEDED:
        if key not in row:
            raise UsageError(f"{place.at()}: the release has no {key}.", fix=_HINT)
    values = {key: _FIELDS[key](value, place.at(key)) for key, value in row.items()}
    values.pop("reason", None)
    values.setdefault("covers", ())
    release = Release(**values)  # type: ignore[arg-type]  # each field was checked by its reader
    begins = KINDS[release.kind]
    if not release.id.startswith(f"{begins}-"):
        raise UsageError(
            f"{place.at('id')} of a {release.kind} release begins with {begins}-.",
            fix=f"Write for example {begins}-7f3a91c2.",
        )
    if release.document and not release.sha256:
        return replace(release, doubt="has no sha256 in the list")
    return release


def _bad(where: str, must: str) -> UsageError:
    return UsageError(f"{where} must be {must}.", fix=_HINT)


def _id(value: object, where: str) -> str:
    if isinstance(value, str) and (match := _ID.fullmatch(value)) and match[1] in KINDS.values():
        return value
    raise _bad(where, "an opaque id: two letters for the kind, a hyphen, 4 to 32 hex digits")


def _kind(value: object, where: str) -> str:
    return _word(value, where, tuple(KINDS))


def _word(value: object, where: str, words: Iterable[str]) -> str:
    words = tuple(words)
    if isinstance(value, str) and value in words:
        return value
    near = nearest(value, words) if isinstance(value, str) else ""
    raise UsageError(f"{where} must be one of: {', '.join(words)}.", fix=near)


def _date(value: object, where: str) -> date:
    if isinstance(value, datetime):
        raise _bad(where, "a day without a time, such as 2026-05-02")
    if isinstance(value, date):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise _bad(where, "a day that exists, such as 2026-05-02")


def days(value: object, where: str) -> tuple[date, date]:
    """One day, or `FIRST/LAST`."""
    if isinstance(value, str) and "/" in value:
        first, _, last = value.partition("/")
        span = _date(first, where), _date(last, where)
        if span[0] > span[1]:
            raise _bad(where, "a range whose first day is not after its last")
        return span
    day = _date(value, where)
    return day, day


def _shoot(value: object, where: str) -> tuple[tuple[date, date], ...]:
    if not isinstance(value, list):
        raise _bad(where, 'a list of days, such as ["2026-05-02", "2026-06-01/2026-06-03"]')
    return tuple(days(one, where) for one in value)


def _flag(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise _bad(where, "true or false")
    return value


def _revoked(value: object, where: str) -> bool:
    return value if isinstance(value, bool) else bool(_date(value, where))


def _texts(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _bad(where, "a list of texts")
    return tuple(value)


def _scope(value: object, where: str) -> tuple[str, ...]:
    return tuple(_word(one, where, SCOPES) for one in _texts(value, where))


def _covers(value: object, where: str) -> tuple[str, ...]:
    return tuple(checked_glob(one, where) for one in _texts(value, where))


def _text(value: object, where: str) -> str:
    if isinstance(value, str) and len(value) <= 500 and value.isprintable():
        return value
    raise _bad(where, "one line of text")


def _sha256(value: object, where: str) -> str:
    if isinstance(value, str) and _HEX.fullmatch(value):
        return value
    raise _bad(where, "a SHA-256: 64 hex digits")


def _document(value: object, where: str) -> str:
    if isinstance(value, str) and _DOCUMENT.fullmatch(value):
        return value
    raise _bad(
        where, f"a file in {DOCUMENTS}/ of the audit folder, as `scrub releases add` puts it"
    )


_FIELDS: dict[str, Callable[[object, str], object]] = {
    "id": _id,
    "kind": _kind,
    "document": _document,
    "sha256": _sha256,
    "signed": _date,
    "shoot": _shoot,
    "witnessed": _flag,
    "minor": _flag,
    "guardian": _id,
    "replaces": _id,
    "scope": _scope,
    "expires": _date,
    "revoked": _revoked,
    "reason": _text,
    "territory": _texts,
    "covers": _covers,
}


# documents -----------------------------------------------------------------------


def examined(folder: Path, release: Release) -> tuple[Release, int]:
    """The release with what is wrong with its document, and the document's size in bytes.

    A release of kind `self` is the maker's own word and needs no document.
    """
    if not release.document:
        doubt = "" if release.kind == "self" else "is missing: the list names none"
        return replace(release, doubt=doubt), 0
    if release.doubt:
        return release, 0
    try:
        sha256, size = digest_of(folder / release.document)
    except FileNotFoundError:
        return replace(release, doubt="is missing from the audit folder"), 0
    except OSError as error:
        return replace(release, doubt=f"cannot be read ({error.strerror})"), 0
    if sha256 != release.sha256:
        return replace(release, doubt="is not the file that was registered"), size
    return release, size


def digest_of(path: Path) -> tuple[str, int]:
    """SHA-256 and size of a plain file; a link or a pipe is an OSError."""
    with open_plain(path, os.O_NOFOLLOW) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest(), stream.tell()


def load_rulings(folder: Path, *, asked: bool, today: date) -> Rulings:
    """What a run must know: the releases if the policy asks for any, and what no batch may hold.

    `folder` is the audit folder, which need not exist.
    """
    listed = read_releases(folder)
    papers = set(_unlisted(folder, {row.document for row in listed}))
    if not asked:
        papers |= {(row.sha256, _size(folder / row.document)) for row in listed if row.sha256}
        return Rulings(documents=tuple(sorted(papers)), today=today)
    rows = [examined(folder, row) for row in listed]
    papers |= {(row.sha256, size) for row, size in rows if size and not row.doubt}
    return Rulings(
        releases=tuple(row for row, _ in rows), documents=tuple(sorted(papers)), today=today
    )


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0


def _unlisted(folder: Path, listed: set[str]) -> Iterator[tuple[str, int]]:
    """Papers that lie in the folder and stand in no row: they are as private."""
    for path in sorted((folder / DOCUMENTS).glob("*")):
        if f"{DOCUMENTS}/{path.name}" not in listed:
            with contextlib.suppress(OSError):
                yield digest_of(path)
