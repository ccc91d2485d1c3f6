"""Is this folder the batch that it says it is, whole, and nothing else?

Made for folders that somebody else hands over: nothing is followed that leaves
the folder, every list is capped and must be sorted, and the lists and the tree
of files are walked side by side, so that memory does not grow with the batch.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

from reports.bag import (
    DECLARATION,
    LINE_LIMIT,
    PAYLOAD,
    PAYLOAD_MANIFEST,
    TAG_FILE_LIMIT,
    TAG_MANIFEST,
    BadLine,
    parse_bag_info,
    read_manifest,
)
from reports.digest import OPEN_FLAGS, file_digest
from reports.manifest import CARD, HEAD, ITEMS, Head, parse_head, read_items
from reports.payload import CheckFiles, ListError, Payload, Progress, ReadItem, check_here
from reports.portable import unsafe_path
from reports.problems import Problem, Problems
from reports.rights import check_rights_file

__all__ = ["CheckFiles", "Problem", "Progress", "ReadItem", "VerifyReport", "verify_bag"]

NEEDED_SUBJECTS = frozenset({"bag-info.txt", "bagit.txt", ITEMS, PAYLOAD_MANIFEST, CARD})
UNLISTED = frozenset({HEAD, TAG_MANIFEST, f"{HEAD}.sig", f"{HEAD}.sig.tsr"})
"""Tag files that cannot be subjects of the head."""

ENTRIES = 10_000
"""Things beside the payload that are looked at; a batch has about ten."""


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """The result. `more` counts problems beyond those listed; `items` the files that were read."""

    ok: bool
    problems: list[Problem]
    items: int
    more: int = 0
    head: Head | None = None
    signed: bool = False  # a signature lies beside the head; it is not judged here


def verify_bag(
    folder: Path,
    *,
    progress: Progress | None = None,
    read_item: ReadItem | None = None,
    check_files: CheckFiles | None = None,
    payload: Path | None = None,
) -> VerifyReport:
    """Check a batch: digests, lists, head, nothing extra, names, and no bad thing by intent.

    `payload` is where the content lies if not in `folder/data`. `read_item` is
    called for every file whose digest is right; `check_files` takes the place of
    both, digests included. A signature is not judged: that takes the signer's
    key. Never raises for what the folder holds.
    """
    problems = Problems()
    names = _tag_files(folder, problems, with_payload=payload is None)
    head = _head(folder, names, problems)
    _bagit(folder, names, problems)
    if head is not None:
        _subjects(folder, head, names, problems)
        check_rights_file(folder, head, names, problems)
    _tag_manifest(folder, head.items if head else 0, names, problems)
    place = payload or folder / PAYLOAD
    content = Payload(place, head, problems)
    linked = payload is None and (folder / PAYLOAD).is_symlink()
    if {ITEMS, PAYLOAD_MANIFEST} <= names and not linked:
        first = len(problems.found)
        _payload(folder, content, problems, check_files or check_here(place, read_item), progress)
        problems.found[first:] = sorted(problems.found[first:], key=lambda one: one.path)
        if "bag-info.txt" in names:
            _oxum(folder, content, problems)
    return VerifyReport(
        ok=not problems.found,
        problems=problems.found,
        items=content.items,
        more=problems.more,
        head=head,
        signed=f"{HEAD}.sig" in names,
    )


def _tag_files(folder: Path, problems: Problems, *, with_payload: bool) -> set[str]:
    """Names of the regular files beside the payload; links, folders and fetch.txt are reported."""
    names: set[str] = set()
    try:
        with os.scandir(folder) as scan:
            entries = sorted(islice(scan, ENTRIES), key=lambda entry: entry.name)
    except OSError as error:
        problems.add("", "unreadable", f"The folder cannot be read: {error.strerror}.")
        return names
    if len(entries) == ENTRIES:
        problems.add("", "extra", f"{ENTRIES} things or more lie beside the payload.")
    payload_seen = False
    for entry in entries:
        if entry.name == PAYLOAD and with_payload and entry.is_dir(follow_symlinks=False):
            payload_seen = True
        elif entry.name == "fetch.txt":
            problems.add("fetch.txt", "fetch", "The bag asks to fetch files from elsewhere.")
        elif entry.is_symlink():
            problems.add(entry.name, "link", "A link, where a file or nothing should be.")
        elif entry.is_file(follow_symlinks=False):
            names.add(entry.name)
        else:
            problems.add(entry.name, "extra", "Beside the payload stands what no list names.")
    if with_payload and not payload_seen:
        problems.add(PAYLOAD, "missing", "There is no payload folder.")
    return names


def _small(folder: Path, name: str, problems: Problems) -> bytes | None:
    """The content of a tag file that must be small."""
    try:
        with open(os.open(folder / name, OPEN_FLAGS), "rb") as stream:
            data = stream.read(TAG_FILE_LIMIT + 1)
    except OSError as error:
        problems.add(name, "unreadable", f"It cannot be read: {error.strerror}.")
        return None
    if len(data) > TAG_FILE_LIMIT:
        problems.add(name, "too-large", f"It is larger than {TAG_FILE_LIMIT} bytes.")
        return None
    return data


def _head(folder: Path, names: set[str], problems: Problems) -> Head | None:
    if HEAD not in names:
        problems.add(HEAD, "missing", "The head of the batch is missing.")
        return None
    data = _small(folder, HEAD, problems)
    if data is None:
        return None
    try:
        return parse_head(data)
    except ValueError as error:
        problems.add(HEAD, "malformed", f"Not a head of this scheme: {error}.")
        return None


def kept_entities(folder: Path) -> tuple[str, ...]:
    """What the batch says it keeps; nothing when its head cannot be read, which is a problem."""
    head = _head(folder, {HEAD}, Problems())
    return () if head is None else head.kept


def surrogate_entities(folder: Path) -> tuple[str, ...]:
    """Entities that, as the batch says, invented values stand for in its texts."""
    head = _head(folder, {HEAD}, Problems())
    return () if head is None else head.surrogates


def _sha256(path: Path, items: int) -> str | None:
    lists = path.name in (ITEMS, PAYLOAD_MANIFEST)
    found = file_digest(path, TAG_FILE_LIMIT + (LINE_LIMIT * items if lists else 0))
    return None if found is None else found[0]


def _bagit(folder: Path, names: set[str], problems: Problems) -> None:
    if "bagit.txt" not in names:
        problems.add("bagit.txt", "missing", "The batch was not finished, or this is no bag.")
    elif _small(folder, "bagit.txt", problems) not in (DECLARATION, None):
        problems.add("bagit.txt", "malformed", "Not the declaration of BagIt 1.0 in UTF-8.")


def _subjects(folder: Path, head: Head, names: set[str], problems: Problems) -> None:
    for name in sorted(NEEDED_SUBJECTS - head.subjects.keys()):
        problems.add(name, "unlisted", "The head does not vouch for this file.")
    for name in sorted(names - head.subjects.keys() - UNLISTED):
        if name not in NEEDED_SUBJECTS:
            problems.add(name, "extra", "Beside the payload stands what no list names.")
    for name in sorted(head.subjects):
        if name not in names:
            problems.add(name, "missing", "The head vouches for a file that is not there.")
        elif _sha256(folder / name, head.items) != head.subjects[name]:
            problems.add(name, "changed", "Its digest is not the one in the head.")


def _tag_manifest(folder: Path, items: int, names: set[str], problems: Problems) -> None:
    if TAG_MANIFEST not in names:
        problems.add(TAG_MANIFEST, "missing", "The list of tag files is missing.")
        return
    due = names - {TAG_MANIFEST, f"{HEAD}.sig", f"{HEAD}.sig.tsr"}
    try:
        with open(os.open(folder / TAG_MANIFEST, OPEN_FLAGS), "rb") as stream:
            for entry in read_manifest(stream):
                if unsafe_path(entry.path):
                    problems.add(TAG_MANIFEST, "unsafe-path", "It lists a path outside the folder.")
                elif entry.path not in due:
                    problems.add(entry.path, "missing", "A listed tag file is not there.")
                elif _sha256(folder / entry.path, items) != entry.sha256:
                    problems.add(entry.path, "changed", "Its digest is not the listed one.")
                due.discard(entry.path)
    except (OSError, BadLine) as error:
        problems.add(TAG_MANIFEST, "malformed", f"Not a manifest: {error}.")
        return
    for name in sorted(due):
        problems.add(name, "unlisted", "The list of tag files does not name it.")


def _payload(
    folder: Path,
    payload: Payload,
    problems: Problems,
    check_files: CheckFiles,
    progress: Progress | None,
) -> None:
    with ExitStack() as stack:
        try:
            manifest, items = (
                stack.enter_context(open(os.open(folder / name, OPEN_FLAGS), "rb"))
                for name in (PAYLOAD_MANIFEST, ITEMS)
            )
        except OSError as error:
            problems.add(ITEMS, "unreadable", f"A list cannot be read: {error.strerror}.")
            return
        payload.check(
            named(read_manifest(manifest), PAYLOAD_MANIFEST),
            named(read_items(items), ITEMS),
            check_files,
            progress,
        )


def _oxum(folder: Path, payload: Payload, problems: Problems) -> None:
    data = _small(folder, "bag-info.txt", problems)
    try:
        info = parse_bag_info(data or b"")
    except ValueError as error:
        problems.add("bag-info.txt", "malformed", f"{error}.")
        return
    if info.get("Payload-Oxum") != f"{payload.size}.{payload.items}":
        problems.add("bag-info.txt", "count", "Payload-Oxum is not the size and number of files.")


T = TypeVar("T")


def named(lines: Iterator[T], name: str) -> Iterator[T]:
    """`lines`, with what goes wrong turned into an error that knows which list it was."""
    try:
        yield from lines
    except BadLine as error:
        raise ListError(name, str(error)) from None
    except OSError as error:
        raise ListError(name, f"it cannot be read: {error.strerror}") from None
