"""Documents of releases in a private folder of their own, for somebody who must see them."""

from __future__ import annotations

import csv
import io
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from scrubber.errors import FolderError, UsageError
from scrubber.keys import AUDIT_MARKER
from scrubber.release_check import state
from scrubber.rulings import Release, Rulings

LIST = "releases.csv"
_COLUMNS = ("id", "kind", "signed", "expires", "scope", "territory", "witnessed", "file", "sha256")


def pack(
    audit: Path,
    rulings: Rulings,
    names: Sequence[str],
    recipient: str,
    out: Path,
    inputs: Sequence[Path] = (),
) -> int:
    """Copies the documents of `names`, with those of guardians, into the new folder `out`.

    Returns how many. Paths and globs stay out of the list. Raises UsageError for a
    release that is not in force or a place that could be uploaded, FolderError.
    """
    rows = _wanted(rulings, names)
    target = out.absolute()
    _refuse_place(target.resolve(), audit.resolve(), [path.resolve() for path in inputs])
    if os.path.lexists(target):
        raise FolderError(f"{out} exists already.", fix="Name a new folder.")
    try:
        target.mkdir(mode=0o700, parents=True)
        try:
            _write(target / AUDIT_MARKER, b"Signed releases, private. Not to be uploaded.\n")
            for row in rows:
                if row.document:
                    data = (audit / row.document).read_bytes()
                    _write(target / Path(row.document).name, data)
            _write(target / LIST, _table(rows, recipient))
        except BaseException:
            shutil.rmtree(target, ignore_errors=True)
            raise
    except OSError as error:
        raise FolderError(f"{out} cannot be written", f"({error.strerror}).") from error
    return sum(bool(row.document) for row in rows)


def _wanted(rulings: Rulings, names: Sequence[str]) -> list[Release]:
    known = {row.id: row for row in rulings.releases}
    wanted: dict[str, Release] = {}
    for name in names:
        if name not in known:
            raise UsageError(
                f"There is no release {name}.", fix="`scrub releases status` lists them."
            )
        row = known[name]
        if why := state(row, rulings):
            raise UsageError(f"Release {name} cannot be shown: {why}.")
        wanted[name] = row
        if row.minor:
            wanted[row.guardian] = known[row.guardian]
    return list(wanted.values())


def _refuse_place(target: Path, audit: Path, inputs: Sequence[Path]) -> None:
    """Not in a batch, an input or an audit folder, nor around one."""
    own = audit.with_suffix("") if audit.suffix == ".audit" else None
    for other in [*inputs, *([own] if own is not None and own.exists() else [])]:
        if target == other or other in target.parents:
            raise UsageError(
                f"{target} lies inside {other}, which is cleaned and uploaded.",
                fix="Choose a place outside it.",
            )
    for folder in target.parents:
        if (folder / "bagit.txt").is_file():
            raise UsageError(
                f"{target} lies inside the clean batch {folder}.", fix="Choose a place outside it."
            )
        if (folder / AUDIT_MARKER).is_file():
            raise UsageError(
                f"{target} lies inside the private folder {folder}.",
                fix="Choose a place outside it.",
            )


def _table(rows: Sequence[Release], recipient: str) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for row in rows:
        writer.writerow(
            [
                row.id,
                row.kind,
                row.signed,
                row.expires or "",
                " ".join(row.scope),
                " ".join(_plain(word) for word in row.territory),
                "yes" if row.witnessed else "no",
                Path(row.document).name,
                row.sha256,
            ]
        )
    return f"# for {_plain(recipient)}\n{out.getvalue()}".encode()


def _plain(text: str) -> str:
    """One line that no spreadsheet takes for a formula."""
    line = "".join(c if c.isprintable() else "?" for c in text)
    return "'" + line if line.startswith(("=", "+", "-", "@")) else line


def _write(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
