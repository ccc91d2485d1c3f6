"""Folders that people give to `verify` and that are no batches, each told from the others."""

from __future__ import annotations

import os
from pathlib import Path

from reports.bag import PAYLOAD, PAYLOAD_MANIFEST, TAG_MANIFEST
from reports.manifest import HEAD, ITEMS
from scrubber.errors import FolderError, ScrubError, VerificationError
from scrubber.keys import AUDIT_MARKER

_MARKS = ("bagit.txt", HEAD, ITEMS, PAYLOAD_MANIFEST, TAG_MANIFEST)
"""A folder with one of them means to be a batch, and is judged as one."""

_FIX = "Give the folder that --out named."


def misplaced(folder: Path) -> ScrubError | None:
    """Why `folder` cannot be judged as a batch, and what was probably meant; None if it can."""
    if not folder.exists():
        return FolderError(f"There is no folder {folder}.", fix=_FIX)
    if not folder.is_dir():
        near = folder.name in (*_MARKS, f"{HEAD}.sig", f"{HEAD}.sig.tsr")
        fix = f"Give the folder it lies in: {folder.parent}" if near else _FIX
        return FolderError(f"{folder} is no folder.", "A batch is a folder.", fix)
    if not os.access(folder, os.R_OK | os.X_OK):
        return FolderError(f"{folder} cannot be read.", fix="Look at its permissions.")
    if os.path.lexists(folder / AUDIT_MARKER):
        return VerificationError(
            f"{folder} is a private audit folder, not a batch.",
            "It tells what was removed from which original: do not upload it.",
            _FIX,
        )
    if any(os.path.lexists(folder / name) for name in _MARKS):
        return None
    if ".partial-b-" in folder.name:
        return VerificationError(
            f"{folder} is the output of a run that has not finished.",
            fix="Run the same scrub command again; it goes on where it stopped.",
        )
    above = Path(os.path.abspath(folder)).parent
    if folder.name == PAYLOAD and os.path.lexists(above / HEAD):
        return VerificationError(
            f"{folder} is the content of a batch, without its lists.",
            fix=f"Give the folder it lies in: {above}",
        )
    return VerificationError(
        f"{folder} is not a batch that scrub made.",
        f"It holds neither {HEAD} nor any other of its lists.",
        _FIX,
    )
