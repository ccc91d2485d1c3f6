"""What the commands of `scrub releases` share: the audit folder, and what a batch relied on."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scrubber.errors import FolderError, UsageError
from scrubber.keys import AUDIT_MARKER
from scrubber.rulings import Release, Rulings


def audit_of(paths: Sequence[Path], audit_dir: Path | None) -> Path:
    """The audit folder that a run over `paths` would use; it need not exist.

    Without paths: the one that stands here. Raises UsageError if that is not clear.
    """
    from scrubber.api import Options, audit_place
    from scrubber.config import load_config
    from scrubber.policy import load_policy

    for path in paths:
        if not os.path.lexists(path):
            raise FolderError(f"There is no {path}.", fix="Check the path.")
    if len(paths) == 1 and (paths[0] / AUDIT_MARKER).is_file():
        return paths[0]
    chosen = audit_dir or load_config(None, inputs=tuple(paths)).audit_dir
    if paths:
        options = Options(tuple(paths), None, load_policy("standard"), audit_dir=chosen)
        return audit_place(options)
    return chosen or _here()


def _here() -> Path:
    places = [Path()] if Path(AUDIT_MARKER).is_file() else []
    places += sorted(path for path in Path().glob("*.audit") if (path / AUDIT_MARKER).is_file())
    if len(places) == 1:
        return places[0]
    names = ", ".join(str(path) for path in places)
    raise UsageError(
        f"There is more than one audit folder here: {names}." if places else "Which releases?",
        "" if places else "There is no audit folder here.",
        "Name the folder that you clean, or the audit folder with --audit-dir.",
    )


def existing(place: Path) -> Path:
    """`place`, if it is an audit folder. Raises FolderError."""
    if (place / AUDIT_MARKER).is_file():
        return place
    if place.is_dir() and any(place.iterdir()):
        raise FolderError(f"{place} is no audit folder of scrub.")
    raise FolderError(
        f"There are no releases yet: {place} does not exist.",
        fix="`scrub releases add` makes it.",
    )


def rulings_at(place: Path) -> Rulings:
    """The releases there, examined, as of today."""
    from scrubber.releases import load_rulings

    return load_rulings(place, asked=True, today=date.today())


@dataclass(frozen=True, slots=True)
class Published:
    """A file of a batch that goes back to a release. `by` is "log" or "path"."""

    sha256: str
    path: str
    releases: tuple[str, ...]
    by: str


def published(place: Path, clean: Path, releases: Sequence[Release]) -> tuple[str, list[Published]]:
    """Id of the batch in `clean`, and its files that go back to one of `releases`.

    By the private log: what a release let go, and, where the policy asked for none,
    what a release covers by the path of the original. Raises FolderError, VerificationError.
    """
    from reports.audit import AuditFolder
    from reports.manifest import HEAD, parse_head

    try:
        batch = parse_head((clean / HEAD).read_bytes()).batch_id
    except OSError as error:
        raise FolderError(
            f"{clean} is no clean batch: {HEAD} cannot be read", f"({error.strerror})."
        ) from error
    except ValueError as error:
        raise FolderError(f"{clean / HEAD} is no manifest of scrub:", f"{error}.") from error
    audit = AuditFolder.open(place)
    if batch not in audit.batches():
        raise FolderError(
            f"{place} has no log of the batch in {clean} ({batch}).",
            fix="Name the audit folder of that batch with --audit-dir.",
        )
    return batch, list(_going_back(audit.read(batch), releases))


def _going_back(
    events: Iterator[dict[str, object]], releases: Sequence[Release]
) -> Iterator[Published]:
    from scrubber.canonical import path_from
    from scrubber.consent import kinds_that_fit
    from scrubber.path_globs import covered

    wanted = {row.id for row in releases}
    for event in events:
        item = event.get("item")
        if not isinstance(item, dict) or not item.get("out_path"):
            continue
        out = str(item["out_sha256"]), str(item["out_path"])
        if told := item.get("releases"):
            if ids := tuple(name for name in told if name in wanted):
                yield Published(*out, ids, "log")
            continue
        path, kinds = path_from(item), kinds_that_fit(str(item.get("media_type")))
        ids = tuple(
            row.id
            for row in releases
            if (row.kind in kinds or row.kind == "property") and covered(row.covers, path)
        )
        if ids:
            yield Published(*out, ids, "path")
