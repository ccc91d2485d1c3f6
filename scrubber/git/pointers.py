"""Files that stand for others: Git LFS pointers, git-annex pointers and links.

The small file in the repository is nothing; what it names is what gets uploaded. Git LFS
pointer: git-lfs `docs/spec.md`, version 1 and the older version lines. git-annex: its
"pointer file" and "key format" pages; an object lies in `annex/objects/` below a folder
made from the key's MD5, in one of two spellings.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scrubber.errors import Damaged, Unreadable
from scrubber.git.repository import Repository

LARGEST = 1 << 15  # a pointer file of git-annex; those of Git LFS have less than 1024 bytes
_VERSIONS = (
    b"version https://git-lfs.github.com/spec/v1",
    b"version http://git-media.io/v/2",
    b"version https://hawser.github.com/spec/v1",
)
_LFS = re.compile(
    rb"(?:%s)\n(?:ext-\d-[a-zA-Z0-9.-]+ sha256:[0-9a-f]{64}\n)*"
    rb"oid sha256:([0-9a-f]{64})\nsize (0|[1-9]\d{0,18})\n?" % b"|".join(map(re.escape, _VERSIONS))
)
_ANNEX = re.compile(rb"/annex/objects/(?:[^\n/]+/)*([^\n/]+)\n?(?:/annex/[^\n]*\n?)*")
_ANNEX_LINK = re.compile(rb"(?:.*/)?\.git/(?:[^\n]*/)?annex/objects/(?:[^\n/]+/){2,3}([^\n/]+)")
_KEY = re.compile(rb"([A-Z0-9]+)((?:-[a-zA-Z]\d+)*)--(.+)")
_LETTERS = b"0123456789zqjxkmpgvwfZQJXKMPGVWF"  # of git-annex's mixed-case folders


@dataclass(frozen=True, slots=True)
class Pointer:
    """What a pointer names. `sha256` is empty where the key does not tell it."""

    system: str  # "Git LFS", "git-annex"
    name: str  # object id or key, for the way to the file
    size: int | None
    sha256: str = ""


def pointer_in(data: bytes, *, link: bool = False) -> Pointer | None:
    """The pointer that a small blob is, or None. Raises Damaged for one that is broken.

    `link` tells that the blob is the target of a symlink.
    """
    if link:
        match = _ANNEX_LINK.fullmatch(data)
        return _annex(match.group(1)) if match else None
    if data.startswith(b"/annex/objects/") and (match := _ANNEX.fullmatch(data)):
        return _annex(match.group(1))
    if not data.startswith(_VERSIONS) or b"oid " not in data:
        return None
    match = _LFS.fullmatch(data.replace(b"\r\n", b"\n"))
    if match is None:
        raise Damaged(
            "This looks like a Git LFS pointer, but is not a whole one,",
            "so the file behind it is not known.",
            "Add the file again with `git lfs` installed.",
        )
    oid = match.group(1).decode("ascii")
    return Pointer("Git LFS", oid, int(match.group(2)), oid)


def _annex(key: bytes) -> Pointer:
    match = _KEY.fullmatch(key)
    if match is None:
        raise Damaged("This git-annex pointer has a key that is not understood.")
    backend, fields, name = match.groups()
    sizes = re.findall(rb"-s(\d+)", fields)
    told = re.match(rb"[0-9a-f]{64}(?:\.|$)", name) if backend in (b"SHA256", b"SHA256E") else None
    sha256 = name[:64].decode("ascii") if told else ""
    return Pointer("git-annex", os.fsdecode(key), int(sizes[0]) if sizes else None, sha256)


@dataclass(frozen=True, slots=True)
class Stores:
    """Where the files behind pointers lie in this repository."""

    lfs: Path
    annex: Path

    @classmethod
    def of(cls, repository: Repository) -> Stores:
        """`lfs.storage` counts from the git folder; both stores are shared by work trees."""
        chosen = repository.config("lfs.storage", "path") or "lfs"
        return cls(repository.common_dir / chosen / "objects", repository.common_dir / "annex")

    def locate(self, pointer: Pointer) -> Path:
        """The file behind `pointer`. Raises Unreadable when it is not on this machine."""
        for place in self._places(pointer):
            if place.is_file():
                return place
        fetch = "git lfs fetch" if pointer.system == "Git LFS" else "git annex get"
        raise Unreadable(
            f"The file behind this {pointer.system} pointer is not on this machine,",
            "so nobody looked inside.",
            f"Bring it here with `{fetch}`, then try again.",
        )

    def _places(self, pointer: Pointer) -> Iterator[Path]:
        if pointer.system == "Git LFS":
            yield self.lfs / pointer.name[:2] / pointer.name[2:4] / pointer.name
            return
        key = pointer.name
        digest = hashlib.md5(os.fsencode(key), usedforsecurity=False).digest()
        lower = digest.hex()
        word = int.from_bytes(digest[:4], "little")
        letter = [chr(_LETTERS[word >> 6 * n & 31]) for n in range(4)]
        mixed = (letter[1] + letter[0], letter[3] + letter[2])
        for one, other in (mixed, (lower[:3], lower[3:6])):
            yield self.annex / "objects" / one / other / key / key
