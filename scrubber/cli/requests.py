"""What a recipient is asked to delete: the files of a batch by hash and path, as text and JSON.

It says nothing that the recipient does not know: paths and hashes are those of the batch.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.audit import AuditFolder
    from reports.manifest import Head

_HEX = re.compile(r"[0-9a-fA-F]{64}")


@dataclass(frozen=True, slots=True)
class Request:
    """Files of one batch to be deleted by one recipient: (SHA-256, path below the batch)."""

    batch: str
    to: str
    on: date
    manifest_sha256: str
    files: tuple[tuple[str, str], ...]
    whole: bool


def one_request(
    audit: AuditFolder, head: Head, digest: str, to: str, on: date, only: Sequence[str]
) -> Request:
    """The request for a batch, or for those of its files that `only` names by glob or SHA-256.

    Reads the private log, whose end must be that of the head. Raises VerificationError.
    """
    from reports.bag import PAYLOAD
    from scrubber.cli.batches import events
    from scrubber.path_globs import checked_glob, covered

    hashes = {text.lower() for text in only if _HEX.fullmatch(text)}
    globs = [checked_glob(text, "--only") for text in only if not _HEX.fullmatch(text)]
    globs = [glob.removeprefix(f"{PAYLOAD}/") for glob in globs]
    files = []
    for event in events(audit, head):
        item = event.get("item")
        if not isinstance(item, dict) or item["outcome"] not in ("cleaned", "unchanged"):
            continue
        path, sha256 = str(item["out_path"]), str(item["out_sha256"])
        if not only or sha256 in hashes or covered(globs, path):
            files.append((sha256, f"{PAYLOAD}/{path}"))
    whole = len(files) == head.items
    return Request(head.batch_id, to, on, digest, tuple(sorted(files, key=lambda f: f[1])), whole)


def as_text(requests: Sequence[Request]) -> str:
    """The requests as plain text; the lines of files are those that `sha256sum -c` reads."""
    return "\n".join("\n".join(_lines(request)) + "\n" for request in requests)


def _lines(request: Request) -> list[str]:
    from reports.quote import for_terminal

    count = len(request.files)
    what = "all" if request.whole else "these"
    return [
        f"# Request to delete, {request.on}, to {for_terminal(request.to)}",
        f"# Batch {request.batch}, its manifest.json has SHA-256 {request.manifest_sha256}",
        f"# Please delete {what} {count} {'file' if count == 1 else 'files'}, every copy and what"
        " was derived from them, and confirm it in writing, quoting that SHA-256.",
        *(f"{sha256}  {path}" for sha256, path in request.files),
    ]


def as_json(schema: str, requests: Sequence[Request]) -> str:
    """The same for programs."""
    rows = [
        {
            "batch": request.batch,
            "to": request.to,
            "on": request.on.isoformat(),
            "manifest_sha256": request.manifest_sha256,
            "whole_batch": request.whole,
            "files": [{"sha256": sha256, "path": path} for sha256, path in request.files],
        }
        for request in requests
    ]
    return json.dumps({"schema": schema, "requests": rows}, indent=1, ensure_ascii=False)


def write_both(out: Path, text: str, row: str) -> None:
    """FILE and FILE.json, new. Raises FolderError."""
    from scrubber.errors import FolderError

    for path, data in ((out, text), (out.with_name(f"{out.name}.json"), row + "\n")):
        try:
            with path.open("x", encoding="utf-8") as stream:
                stream.write(data)
        except FileExistsError:
            raise FolderError(f"{path} is there already.", fix="Choose another --out.") from None
        except OSError as error:
            raise FolderError(f"{path} cannot be written.", f"({error.strerror}).") from error
