"""Kingfisher (Apache-2.0), in this process: 480-odd shapes of providers' keys, and a few of ours.

Only its rules and its scanner are used. What it says is checked again: the value must stand
where it says, and must not be a placeholder. Nothing is ever sent anywhere: validation and
revocation are other classes, which are never touched.
"""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import re
import stat
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

from detectors.errors import DetectionIncomplete, ModelMissing
from detectors.recognizers import secret_checks as checks
from detectors.recognizers import secret_seeds
from detectors.rules import Hit, Rule

STRONG = 0.95
_SECONDS_PER_MB = 1.0
_LOCK = threading.Lock()
_SCANNERS: dict[int, Any] = {}

_KINDS = (
    (re.compile(r"private-key|age-secret|service-account$|wif|xprv|raw-key|stellar"), "PRIVATE_KEY"),
    (re.compile(r"webhook"), "WEBHOOK_URL"),
    (re.compile(r"uri$|connection-string|sensitive-url"), "CONNECTION_STRING"),
    (re.compile(r"password|curl-auth-user|pgpass"), "PASSWORD"),
    (re.compile(r"hash$|ntlm"), "PASSWORD_HASH"),
    (re.compile(r"token|jw[te]|oauth|pat\b|cookie|bot$|curl-auth-header|asana$|okta$"), "AUTH_TOKEN"),
)  # fmt: skip
_PUBLIC = re.compile(  # names and numbers that open nothing
    r"pub(?:lic)?-(?:api-)?key|client-id$|project-api-key|pub-key|public-api-token"
)


def _kind(name: str) -> str:
    return next((kind for shape, kind in _KINDS if shape.search(name)), "API_KEY")


RULES = tuple(
    Rule("kingfisher", kind, "", STRONG, code=True)
    for kind in ("API_KEY", *sorted({kind for _, kind in _KINDS}))
)


def find(text: str) -> Iterator[Hit]:
    """What Kingfisher sees in `text`, in code points. Raises DetectionIncomplete when it runs
    out of time or names a place that does not hold what it found, ModelMissing without it."""
    data = text.replace("\0", "\x01").encode("utf-8", "replace")  # a NUL makes it think of UTF-16
    if not data:
        return
    scanner = _scanner()
    limit = 20.0 + _SECONDS_PER_MB * len(data) / 1e6
    try:
        found = scanner.scan(data, timeout=limit)
    except TimeoutError as slow:
        raise DetectionIncomplete(
            f"The secret scanner ran out of time ({limit:g} s) on {len(text)} characters."
        ) from slow
    if not found:
        return
    places = _Places(data, len(data) == len(text))
    for one in found:
        name = one.rule_id
        if not one.visible and not name.endswith(("secret-access-key", "security-token", "secret")):
            continue
        if name == "scrub.seed-line":
            at = places.at(one.location["start_offset"])
            found_words = secret_seeds.find(one.secret)
            yield from (Hit(at + hit.start, at + hit.end, hit.rule) for hit in found_words)
            continue
        if _PUBLIC.search(name) or not _holds(name, one.secret):
            continue
        start, end = one.location["start_offset"], one.location["end_offset"]
        start, end = _confirm(data, one.secret.encode("utf-8", "replace"), start, end)
        yield Hit(places.at(start), places.at(end), RULES[0], _kind(name))


def _confirm(data: bytes, value: bytes, start: int, end: int) -> tuple[int, int]:
    """The place of `value`; the engine's whole match is never trusted without it."""
    if data[start:end] == value:
        return start, end
    at = data.find(value, max(0, start - 64), end + 64)
    if at < 0:
        at = data.find(value)
    if at < 0 or not value:
        raise DetectionIncomplete(
            "The secret scanner named a place that does not hold its finding."
        )
    return at, at + len(value)


def _holds(name: str, value: str) -> bool:
    if name in ("scrub.jwt", "scrub.jwe", "betterleaks.jwt"):
        return is_jwt(value) or (value.startswith("eyJ") and ".eyJ" in value)
    if name == "scrub.azure-key":
        return checks.entropy(value) >= 4.5
    if name == "scrub.okta":
        return checks.digits_and_letters(value) and checks.entropy(value) >= 4
    if name == "scrub.pgpass":
        return checks.not_placeholder(value) and not value.startswith("/")
    return checks.random_enough(value) if len(value) >= 16 else checks.not_placeholder(value)


def is_jwt(value: str) -> bool:
    """Does the first part decode to a JSON object with `alg` (RFC 7515 §4.1.1)?"""
    head = value.split(".", 1)[0]
    try:
        row = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (ValueError, binascii.Error):
        return False
    return isinstance(row, dict) and ("alg" in row or "typ" in row)


class _Places:
    """Bytes → code points, for offsets that mostly rise."""

    def __init__(self, data: bytes, ascii_only: bool) -> None:
        self._data, self._plain = data, ascii_only
        self._byte = self._char = 0

    def at(self, offset: int) -> int:
        if self._plain:
            return offset
        if offset < self._byte:
            self._byte = self._char = 0
        piece = self._data[self._byte : offset]
        self._char += len(piece) - sum(0x80 <= b < 0xC0 for b in piece)
        self._byte = offset
        return self._char


def _scanner() -> Any:
    """One scanner a process, made when the first text comes."""
    with _LOCK:
        if os.getpid() not in _SCANNERS:
            _SCANNERS.clear()
            _SCANNERS[os.getpid()] = _make()
        return _SCANNERS[os.getpid()]


def _make() -> Any:
    try:
        from kingfisher_sdk.rules import Rules
        from kingfisher_sdk.scanner import Scanner
    except (ImportError, OSError) as error:
        raise ModelMissing(
            "The secret scanner Kingfisher cannot be loaded.",
            "Install it with `pip install kingfisher-secret-scanner`; texts are held until then.",
        ) from error
    with resources.as_file(resources.files("detectors") / "data" / "secrets" / "rules.yml") as own:
        folder = cache_folder()
        if folder is None:
            return Scanner(Rules([own], cache=False), base64=False)
        with _alone(folder):
            _drop_changed(folder)
            rules = Rules([own], cache_dir=folder)
            _note(folder)
        return Scanner(rules, base64=False)


def cache_folder(env: dict[str, str] | None = None) -> Path | None:
    """A folder of the user's own for compiled rules, made if need be; None if none is safe.

    Compiled rules are run as they are: a folder that is a link, or that another user owns or
    may write to, is not used.
    """
    known = dict(os.environ) if env is None else env
    base = known.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):
        base = known.get("LOCALAPPDATA", "") if os.name == "nt" else ""
        base = base or os.path.join(os.path.expanduser("~"), ".cache")
    if not os.path.isabs(base):
        return None
    folder = Path(base, "scrub", "rules")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for place in (folder, folder.parent):
            status = place.lstat()
            if not stat.S_ISDIR(status.st_mode):
                return None
            if hasattr(os, "getuid") and (
                status.st_uid != os.getuid() or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
            ):
                return None
        if not os.access(folder, os.W_OK | os.X_OK):
            return None
    except OSError:
        return None
    return folder


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """The first worker compiles, the others wait and load what it stored."""
    try:
        import fcntl
    except ImportError:  # Windows: each compiles for itself the first time
        yield
        return
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _digests(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.glob("*.vscdb"))
    }


def _drop_changed(folder: Path) -> None:
    """Files that are not byte for byte what a run stored are removed, and compiled anew."""
    try:
        known = json.loads((folder / "digests.json").read_text(encoding="ascii"))
    except (OSError, ValueError):
        known = {}
    for name, digest in _digests(folder).items():
        if not isinstance(known, dict) or known.get(name) != digest:
            (folder / name).unlink(missing_ok=True)


def _note(folder: Path) -> None:
    row = json.dumps(_digests(folder)).encode("ascii")
    target = folder / "digests.json"
    try:
        if target.read_bytes() == row:
            return
    except OSError:
        pass
    handle, name = tempfile.mkstemp(dir=folder)
    with os.fdopen(handle, "wb") as out:
        out.write(row)
    os.replace(name, target)
