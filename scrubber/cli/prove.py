"""`scrub prove`: show somebody what became of one original, and nothing else of the batch."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scrubber.cli.prove_check import check
from scrubber.errors import FolderError, UsageError, VerificationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reports.audit import AuditFolder
    from reports.proving import Case, Sighting
    from scrubber.keys import ProjectKey

LIMITS = (
    "It does not show who made the original, that everything private was found, or, without"
    " a time stamp of a third party, when."
)


@click.command(epilog="Exit: 0 done or it holds, 2 usage, 4 folders, 5 it does not hold.")
@click.option("--original", type=click.Path(path_type=Path), help="The original file, unchanged.")
@click.option("--batch", metavar="ID", help="Of this batch, not of the newest that has it.")
@click.option("--audit-dir", type=click.Path(path_type=Path), help="The private folder.")
@click.option("--out-folder", type=click.Path(path_type=Path), help="The published batch.")
@click.option("--key", "key_file", type=click.Path(path_type=Path), help="Another project key.")
@click.option("--name", is_flag=True, help="Also show what the original was called.")
@click.option(
    "--finding", "findings", multiple=True, type=int, metavar="N", help="Also open finding N."
)
@click.option("--list", "listed", is_flag=True, help="Number what was found; write nothing.")
@click.option("--reveal", is_flag=True, help="Show the values of the chosen findings here.")
@click.option("--out", type=click.Path(path_type=Path), help="Where proof.json goes.")
@click.option("--check", "proof", type=click.Path(path_type=Path), help="Check this proof instead.")
@click.option("--manifest", type=click.Path(path_type=Path), help="With --check: manifest.json.")
@click.option("--items", type=click.Path(path_type=Path), help="With --check: items.jsonl.")
@click.option("--value-file", type=click.Path(path_type=Path), help="With --check: a value.")
def command(
    original: Path | None,
    batch: str | None,
    audit_dir: Path | None,
    out_folder: Path | None,
    key_file: Path | None,
    name: bool,
    findings: tuple[int, ...],
    listed: bool,
    reveal: bool,
    out: Path | None,
    proof: Path | None,
    manifest: Path | None,
    items: Path | None,
    value_file: Path | None,
) -> int:
    """Prove that an original became a file of a published batch; or check such a proof.

    \b
    scrub prove --original photos/DSC_1207.jpg --list
    scrub prove --original photos/DSC_1207.jpg --finding 3
    scrub prove --check proof.json --manifest manifest.json --items items.jsonl
    """
    if proof is not None:
        writing = {
            "--batch": batch, "--audit-dir": audit_dir, "--out-folder": out_folder,
            "--key": key_file, "--name": name, "--finding": findings, "--list": listed,
            "--reveal": reveal, "--out": out,
        }  # fmt: skip
        _refuse(writing, "--check only reads a proof.")
        return check(proof, manifest, items, original, value_file)
    checking = {"--manifest": manifest, "--items": items, "--value-file": value_file}
    _refuse(checking, "They belong to --check.")
    if original is None:
        raise UsageError(
            "Which original?", "", "Name it with --original FILE, or a proof with --check."
        )
    if reveal and not findings:
        raise UsageError("Which values?", "", "Choose findings with --finding N; --list has them.")
    digest = _digest(original)
    audit, seen = _choose(original, digest, _folders(original, audit_dir), batch)
    case = _case(audit, seen, out_folder, _key(key_file))
    if listed:
        _list(original, case)
        return 0
    folder = audit.batch(seen.batch)
    _write(original, digest, case, folder, (findings, name, reveal), out)
    return 0


def _refuse(given: Mapping[str, object], why: str) -> None:
    wrong = [option for option, value in given.items() if value]
    if wrong:
        raise UsageError(f"{', '.join(wrong)} cannot stand here.", why)


def _digest(original: Path) -> str:
    import hashlib

    if not original.exists():
        raise UsageError(f"There is no file {original}.", fix="Check the path.")
    if not original.is_file():
        raise UsageError(f"{original} is not a file.", fix="Name one original.")
    try:
        with original.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise FolderError(
            f"{original} cannot be read.", f"{error.strerror}.", "Check its permissions."
        ) from error


def _folders(original: Path, audit_dir: Path | None) -> list[AuditFolder]:
    from reports.audit import AuditFolder
    from scrubber.cli.where import near
    from scrubber.keys import data_home

    if audit_dir is not None:
        return [AuditFolder.open(audit_dir)]
    places = [*near(original), *sorted((data_home() / "audit").glob("*"))]
    found = [AuditFolder.open(place) for place in places if (place / ".scrub-audit").is_file()]
    if not found:
        raise FolderError(
            f"No audit folder was found for {original}.",
            "It lies beside the folder that was cleaned, as NAME.audit.",
            "Name it with --audit-dir.",
        )
    return found


def _choose(
    original: Path, digest: str, folders: list[AuditFolder], batch: str | None
) -> tuple[AuditFolder, Sighting]:
    from reports.proving import sightings

    seen = [(audit, one) for audit in folders for one in sightings(audit, digest)]
    if not seen:
        places = ", ".join(str(audit.path) for audit in folders)
        raise UsageError(
            f"No log knows {original}.",
            f"No batch in {places} read a file with these bytes: it was changed since, left out,"
            " not readable then, or never there.",
            "Use the original as it was, or name another audit folder with --audit-dir.",
        )
    there = [row for row in seen if batch in (None, row[1].batch)]
    if not there:
        known = ", ".join(sorted({one.batch for _, one in seen}))
        raise UsageError(f"Batch {batch} does not have {original}.", f"These do: {known}.")
    can = [row for row in there if row[1].provable]
    if not can:
        first = there[0][1]
        raise UsageError(
            f"Nothing can be proved of {original}.",
            f"Batch {first.batch} has it as {first.outcome}: what was left out is in no tree.",
        )
    # A finished batch first, then a published file before a held one, then the newest.
    tail = original.absolute().as_posix()
    can.sort(key=lambda row: (not row[1].published, row[1].outcome == "held", -row[1].written_ns))
    best = [row for row in can if row[1].batch == can[0][1].batch]
    chosen = next((row for row in best if tail.endswith("/" + row[1].path)), best[0])
    _tell_others(chosen[1], [one for _, one in seen])
    return chosen


def _tell_others(chosen: Sighting, seen: list[Sighting]) -> None:
    from reports.quote import for_terminal

    twins = [one for one in seen if one.batch == chosen.batch and one != chosen]
    if twins:
        click.echo(
            f"{len(twins) + 1} files of this batch have these bytes; this is about"
            f" {for_terminal(chosen.path)}.",
            err=True,
        )
    others = sorted({one.batch for one in seen} - {chosen.batch})
    if others:
        shown = ", ".join(others[:5]) + (" …" if others[5:] else "")
        click.echo(f"Also in {shown} (choose with --batch).", err=True)


def _key(key_file: Path | None) -> ProjectKey:
    from scrubber.keys import key_path, load_key

    path = key_file or key_path()
    if not path.exists():
        raise UsageError(
            f"The project key is not there: {path}",
            "Salts and keys of every fact come from it; without it nothing can be proved.",
            "Restore it from your backup, or name it with --key.",
        )
    return load_key(key_file=path)[0]


def _case(audit: AuditFolder, seen: Sighting, out_folder: Path | None, key: ProjectKey) -> Case:
    from reports.audit import HEAD_COPY
    from reports.manifest import HEAD
    from reports.proving import open_case

    copy = audit.batch(seen.batch) / HEAD_COPY
    place = copy if out_folder is None else out_folder / HEAD
    try:
        head = place.read_bytes()
    except OSError as error:
        raise FolderError(
            f"The published manifest cannot be read: {place}",
            f"{error.strerror}.",
            "Name the published folder with --out-folder.",
        ) from error
    return open_case(audit, seen, head, key)


def _list(original: Path, case: Case) -> None:
    from reports.quote import for_terminal

    click.echo(f"{for_terminal(str(original))}: {_fate(case)}")
    for number, row in enumerate(case.findings, 1):
        where = for_terminal(str(row["where"]))
        click.echo(
            f"{number:>5}  {row['entity']:<20} {row['action']:<5} {row['length']:>7} bytes  {where}"
        )
    if not case.findings:
        click.echo("Nothing was found in it.")


def _fate(case: Case) -> str:
    from reports.quote import for_terminal

    if case.out_path is None:
        return f"was held back in batch {case.batch}, not published"
    line = f"line {case.leaf + 1} of {case.leaves}"
    return f"became {for_terminal(case.out_path)}, {line} of batch {case.batch}"


def _write(
    original: Path,
    digest: str,
    case: Case,
    folder: Path,
    wanted: tuple[tuple[int, ...], bool, bool],
    out: Path | None,
) -> None:
    from reports.proof import read_proof
    from reports.proving import place_for, proof_bytes, write_proof
    from reports.quote import for_terminal

    numbers, name, reveal = wanted
    data = proof_bytes(case, numbers, name=name)
    if read_proof(data, case.manifest).original != digest:  # by other code than wrote it
        raise VerificationError("The facts in the log are of another original.")
    target = place_for(folder, digest, numbers, name=name) if out is None else out
    write_proof(target, data, replace=out is None)
    click.echo(f"Proof: {for_terminal(os.fspath(target))}  ({len(data):,} bytes)")
    click.echo(f"It shows that this original {_fate(case)}.")
    for line in _confirmed(original, case, numbers, reveal):
        click.echo(line)
    click.echo(LIMITS)
    click.echo("Give it only to who must see it: it holds the SHA-256 of the original.")


def _confirmed(original: Path, case: Case, numbers: tuple[int, ...], reveal: bool) -> Iterator[str]:
    """Whether the opened values were found again in the original, a line each."""
    from reports.proving import finding_key
    from reports.quote import for_terminal
    from scrubber.confirm import Wanted, find_again

    wanted = [
        Wanted(number, finding_key(case, number), str(row["value"]), str(row["length"]))
        for number, row in enumerate(case.findings, 1)
        if number in numbers
    ]
    found = find_again(os.fspath(original), wanted) if wanted else {}
    for one in wanted:
        row = case.findings[one.number - 1]
        line = f"Finding {one.number}, {row['entity']} at {for_terminal(str(row['where']))}: "
        value = found.get(one.number)
        if value is None:
            yield line + "value not found again in the file; keep the original, it decides."
            continue
        yield line + "value confirmed."
        if value.runs:
            path = os.fspath(original)
            name = for_terminal("./" + path if path.startswith("-") else path)
            cuts = [f"tail -c +{start + 1} {name} | head -c {n}" for start, n in value.runs]
            yield f"    ( {'; '.join(cuts)} ) > value"
        if reveal:
            yield f"    {for_terminal(value.words)}"
