"""What stands before and behind an upload: the batch, what is private here, and no change."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scrubber.cli.progress import Meter
from scrubber.errors import FolderError, VerificationError
from scrubber.gate import Place, uses

if TYPE_CHECKING:
    from reports.audit import AuditFolder
    from reports.manifest import Head
    from reports.seal import Demand, Seal
    from scrubber.imprint import Imprint


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch that `scrub verify` accepts. `told` is the folder as the user named it."""

    folder: Path
    told: Path
    head: Head
    digest: str
    seal: Seal
    demand: Demand

    @classmethod
    def accepted(cls, folder: Path, told: Path, demand: Demand, meter: Meter) -> Batch:
        """Raises FolderError or VerificationError for what is no whole, clean batch."""
        from reports.seal import judge
        from scrubber.cli.batches import whole

        head, digest = whole(folder, meter)
        seal = judge(folder, demand)
        if seal.problems:
            raise VerificationError(
                f"{told} is whole, but its signature is not what it must be.",
                seal.problems[0].what,
                f"See scrub verify {told}",
            )
        return cls(folder, told, head, digest, seal, demand)

    def must_be(self, purpose: str | None, *, signed: bool) -> None:
        """Raises VerificationError for a batch that is not what the options ask for."""
        predicate = self.head.statement["predicate"]
        assert isinstance(predicate, dict)  # parse_head checked
        made_for = predicate["batch"]["purpose"]
        if signed and not self.seal.fingerprint:
            raise VerificationError(
                f"{self.told} is not signed.",
                "--require-signature asks for that.",
                f"To sign: scrub sign {self.told}",
            )
        if purpose is not None and purpose != made_for:
            raise VerificationError(
                f"{self.told} is a batch for the purpose {made_for!r}, and not {purpose!r}.",
                "--purpose asks for that.",
                "Give the right folder; `scrub sample` makes a trial.",
            )

    def words(self) -> str:
        count = self.head.items
        files = "1 file" if count == 1 else f"{count} files"
        return f"WHOLE AND CLEAN: {files}, nothing extra. {self.seal.words()}"

    def still(self, before: Imprint | None, meter: Meter) -> None:
        """Raises VerificationError if lists, files or signature are not those that were accepted.

        Nor, unless `before` is None, may anything have been written meanwhile and undone.
        """
        from hashlib import sha256

        from reports.bag import PAYLOAD, TAG_FILE_LIMIT
        from reports.manifest import HEAD
        from reports.quote import for_terminal
        from reports.seal import judge
        from reports.signature import read_small
        from reports.verify import verify_bag
        from scrubber.imprint import touched
        from scrubber.recheck import Wish, in_workers

        wish = Wish(str(self.folder / PAYLOAD), structure=False)
        report = verify_bag(
            self.folder,
            check_files=in_workers(wish, os.cpu_count() or 1, {}),
            progress=lambda done, total: meter("verify again", done, total, ""),
        )
        meter.clear()
        if report.problems:
            first = report.problems[0]
            raise VerificationError(f"{for_terminal(first.path)}: {first.what}")
        head = read_small(self.folder / HEAD, TAG_FILE_LIMIT)
        if sha256(head).hexdigest() != self.digest:
            raise VerificationError("It is another batch than before.")
        seal = judge(self.folder, self.demand)
        if seal.problems or seal.fingerprint != self.seal.fingerprint:
            raise VerificationError("Its signature is another than before.")
        if before is not None and imprint_of(self.folder) != before:
            name = touched(self.folder, before)
            where = f"at {for_terminal(name)}" if name else "there"
            raise VerificationError(
                f"Something was written {where}, and is as it was again.",
                "A file may have come and gone. If the uploader itself links or moves files, say"
                " --touches.",
            )


def imprint_of(folder: Path) -> Imprint:
    """Raises FolderError."""
    from scrubber.imprint import imprint

    try:
        return imprint(folder)
    except OSError as error:
        place = error.filename or folder
        raise FolderError(f"{place} cannot be read", f"({error.strerror}).") from error


def private_places(head: Head, folder: Path, audit_dir: Path | None) -> tuple[list[Place], bool]:
    """What may not be uploaded, and whether the private log of the batch was found.

    Audit folders near the batch and in the data directory, the folder beside each that it is
    named after, the originals that the log of the batch names, and the folder of keys.
    """
    from scrubber.cli.batches import audit_folders
    from scrubber.keys import data_home

    near, places, known = folder / "manifest.json", [], False
    try:
        audits = audit_folders(near, None)
        if audit_dir is not None:
            audits = [*audit_folders(near, audit_dir), *audits]
        for audit in audits:
            if head.batch_id in audit.batches():
                known = True
                places += [Place(path, "the originals") for path in _inputs(audit, head.batch_id)]
            beside = audit.path.with_name(audit.path.name.removesuffix(".audit"))
            if beside != audit.path and beside.exists():
                places.append(Place(beside, "a folder of originals"))
            places.append(Place(audit.path, "a private audit folder"))
    except OSError as error:
        raise FolderError(
            f"{error.filename} cannot be read", f"({error.strerror}).", "Name --audit-dir."
        ) from error
    if data_home().exists():
        places.append(Place(data_home(), "the folder of your keys"))
    return places, known


def _inputs(audit: AuditFolder, batch: str) -> Iterator[Path]:
    from scrubber.canonical import path_from

    found = next(audit.read(batch), {}).get("inputs")
    for row in found if isinstance(found, list) else ():
        yield Path(path_from(row))


@contextmanager
def lists_folder() -> Iterator[Path]:
    """A private temporary folder for the lists."""
    with tempfile.TemporaryDirectory(prefix="scrub-gate-") as name:
        yield Path(name)


def values_of(folder: Path, lists: Path) -> dict[str, str]:
    """What each name in braces stands for."""
    from reports.bag import PAYLOAD
    from reports.manifest import HEAD

    return {
        "dir": str(folder),
        "data": str(folder / PAYLOAD),
        "manifest": str(folder / HEAD),
        "list": str(lists / "list"),
        "list0": str(lists / "list0"),
    }


def write_lists(folder: Path, lists: Path, words: Sequence[str]) -> None:
    """Writes those lists of payload paths that `words` ask for, in the order of the manifest.

    With NUL each path begins with `./`: rsync and tar take some first characters for comments
    and options, and rsync does so after --from0 too.
    """
    from reports.bag import PAYLOAD, PAYLOAD_MANIFEST, read_manifest

    for name, start, end in (("list", b"", b"\n"), ("list0", b"./", b"\0")):
        if uses(words, name):
            handle = os.open(lists / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(handle, "wb") as out, open(folder / PAYLOAD_MANIFEST, "rb") as manifest:
                for entry in read_manifest(manifest):
                    path = entry.path.removeprefix(f"{PAYLOAD}/").encode("utf-8")
                    out.write(start + path + end)
