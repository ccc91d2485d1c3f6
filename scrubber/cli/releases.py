"""`scrub releases add|check|revoke|status|pack`: signed consents, in the private folder."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reports.quote import for_terminal
from scrubber.cli.options import CONFIG, JSON, POLICY, settings
from scrubber.cli.streams import document as print_document
from scrubber.rulings import KINDS, SCOPES

if TYPE_CHECKING:
    from scrubber.cli.release_asks import Published
    from scrubber.release_check import Coverage
    from scrubber.rulings import Release, Rulings

CHECK_SCHEMA = "scrub.releases.check/1"
STATUS_SCHEMA = "scrub.releases.status/1"
_SHOWN = 20

PATHS = click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
AUDIT = click.option(
    "--audit-dir", type=click.Path(path_type=Path), help="The private folder with the list."
)
INPUT = click.option(
    "--input", "inputs", multiple=True, type=click.Path(path_type=Path), metavar="PATH",
    help="The folder that you clean; its audit folder is used.",
)  # fmt: skip


@click.group(epilog="The list and the documents are private; only opaque ids are published.")
def command() -> None:
    """Signed releases: who agreed to what, for which files."""


@command.command()
@PATHS
@AUDIT
@click.option("--kind", required=True, type=click.Choice(list(KINDS)), help="Whose consent.")
@click.option("--document", type=click.Path(path_type=Path), help="The signed paper; is copied.")
@click.option("--signed", required=True, metavar="DATE", help="Day of the signature: 2026-05-02.")
@click.option("--covers", multiple=True, metavar="GLOB", help="Files, such as 'coast/**'.")
@click.option("--scope", multiple=True, type=click.Choice(SCOPES), help="What it allows.")
@click.option("--shoot", multiple=True, metavar="DATE[/DATE]", help="Days of the recording.")
@click.option("--expires", metavar="DATE", help="Its last day.")
@click.option("--territory", multiple=True, metavar="WORD", help="Noted, not enforced: world.")
@click.option("--witnessed", is_flag=True, help="A witness signed too.")
@click.option("--minor", is_flag=True, help="The person is under age; needs --guardian.")
@click.option("--guardian", default="", metavar="ID", help="The guardian's release.")
@click.option("--replaces", default="", metavar="ID", help="An earlier one of the same person.")
def add(
    paths: tuple[Path, ...],
    audit_dir: Path | None,
    kind: str,
    document: Path | None,
    signed: str,
    covers: tuple[str, ...],
    scope: tuple[str, ...],
    shoot: tuple[str, ...],
    expires: str | None,
    territory: tuple[str, ...],
    witnessed: bool,
    minor: bool,
    guardian: str,
    replaces: str,
) -> int:
    """Register a release for the folder PATHS. Prints its id.

    \b
    scrub releases add ./portfolio --kind model --document signed.pdf \\
        --signed 2026-05-02 --scope ai-training --covers 'coast/**'
    """
    from reports.audit import AuditFolder
    from scrubber.cli.release_asks import audit_of
    from scrubber.errors import UsageError
    from scrubber.path_globs import checked_glob
    from scrubber.release_file import add as add_release
    from scrubber.releases import days
    from scrubber.rulings import Release

    if not scope:
        raise UsageError(
            "What does it allow?",
            "Without a scope a release allows nothing.",
            f"Add --scope, once for each of: {', '.join(SCOPES)}.",
        )
    if document is None and kind != "self":
        raise UsageError("Where is the signed paper?", fix="Add --document FILE.")
    if not covers and kind != "guardian":
        raise UsageError("Which files does it cover?", fix="Add --covers 'GLOB'.")
    if minor != bool(guardian):
        raise UsageError(
            "A minor's release needs a guardian's, and only a minor's does.",
            fix="Add the guardian's release first, then give --minor and --guardian ID.",
        )
    row = Release(
        id="",
        kind=kind,
        covers=tuple(checked_glob(glob, "--covers") for glob in covers),
        scope=tuple(dict.fromkeys(scope)),
        signed=days(signed, "--signed")[0],
        shoot=tuple(days(one, "--shoot") for one in shoot),
        expires=days(expires, "--expires")[1] if expires else None,
        minor=minor,
        guardian=guardian,
        replaces=replaces,
        witnessed=witnessed,
        territory=territory,
    )
    place = AuditFolder.create(audit_of(paths, audit_dir)).path
    made = add_release(place, row, document)
    click.echo(made.id)
    where = for_terminal(str(place / (made.document or "releases.toml")))
    click.echo(f"Kept in {where}", err=True)
    return 0


@command.command()
@PATHS
@AUDIT
@POLICY
@CONFIG
@JSON
def check(
    paths: tuple[Path, ...],
    audit_dir: Path | None,
    policy: str | None,
    config: Path | None,
    as_json: bool,
) -> int:
    """Are all releases in force, and what in PATHS is covered by none? Exit 1 if not."""
    from scrubber.cli.release_asks import audit_of, existing, rulings_at
    from scrubber.model import Item
    from scrubber.release_check import SEEN, coverage, problems
    from scrubber.walk import walk

    found, rules = settings(config, paths, policy, ())
    asked = rules.releases
    place = existing(audit_of(paths, audit_dir))
    rulings = rulings_at(place)
    wrong = problems(rulings, asked.purpose if asked.need else "")
    seen: Coverage | None = None
    if paths and place not in paths:
        entries = walk(paths, exclude=found.exclude, outside=[place])
        items = (entry for entry in entries if isinstance(entry, Item))
        seen = coverage(items, rulings, asked if asked.need else SEEN)
        wrong += [
            (row.id, "its globs match no file here (everything in a folder: 'folder/**')")
            for row in rulings.releases
            if row.covers and not seen.files[row.id]
        ]
    if as_json:
        print_document(_check_json(rulings, wrong, seen, bool(asked.need)))
    else:
        _say_check(rulings, wrong, seen, bool(asked.need))
    return 1 if wrong or (asked.need and seen is not None and seen.bare) else 0


def _check_json(
    rulings: Rulings, wrong: list[tuple[str, str]], seen: Coverage | None, needed: bool
) -> str:
    body: dict[str, object] = {
        "schema": CHECK_SCHEMA,
        "releases": len(rulings.releases),
        "problems": [{"release": name, "what": text} for name, text in wrong],
        "needed": needed,
    }
    if seen is not None:
        body |= {"files": seen.looked, "covered": seen.files, "uncovered": seen.bare}
    return json.dumps(body, indent=2)


def _say_check(
    rulings: Rulings, wrong: list[tuple[str, str]], seen: Coverage | None, needed: bool
) -> None:
    for name, text in wrong:
        click.echo(f"{name}: {text}.")
    bad = len({name for name, _ in wrong})
    total = len(rulings.releases)
    click.echo(f"{total} release{'s' * (total != 1)}, {bad} with a problem.")
    if seen is None:
        return
    for name, count in seen.files.items():
        click.echo(f"{name} covers {count:,} of {seen.looked:,} files.")
    if seen.bare:
        what = "to be covered, and not" if needed else "with pictures or sound, covered by none"
        click.echo(f"\nFiles {what}: {len(seen.bare):,}")
        for path in seen.bare[:_SHOWN]:
            click.echo(f"  {for_terminal(path)}")
        if len(seen.bare) > _SHOWN:
            click.echo(f"  … and {len(seen.bare) - _SHOWN:,} more (--json lists all)")
    if not needed:
        click.echo("The policy asks for no releases ([releases] need is empty).")


@command.command()
@click.argument("name", metavar="ID")
@PATHS
@AUDIT
@click.option("--reason", default="", help="For your list alone.")
def revoke(name: str, paths: tuple[Path, ...], audit_dir: Path | None, reason: str) -> int:
    """Mark a release as revoked. The next run holds what it covers."""
    from scrubber.cli.release_asks import audit_of, existing
    from scrubber.release_file import revoke as revoke_release

    place = existing(audit_of(paths, audit_dir))
    if not revoke_release(place, name, date.today(), reason):
        click.echo(f"{name} was revoked before.")
        return 0
    click.echo(f"{name} is revoked.")
    click.echo("What is uploaded already: scrub releases status --against ./clean", err=True)
    return 0


@command.command()
@PATHS
@AUDIT
@click.option("--against", type=click.Path(path_type=Path), metavar="DIR", help="A clean batch.")
@JSON
def status(
    paths: tuple[Path, ...], audit_dir: Path | None, against: Path | None, as_json: bool
) -> int:
    """List the releases; with --against, the published files whose release has ended."""
    from scrubber.cli.release_asks import audit_of, existing, published, rulings_at
    from scrubber.release_check import state

    place = existing(audit_of(paths, audit_dir))
    rulings = rulings_at(place)
    states = {row.id: state(row, rulings) for row in rulings.releases}
    batch = ""
    files: list[Published] = []
    if against is not None:
        ended = [row for row in rulings.releases if states[row.id]]
        batch, files = published(place, against, ended)
    if as_json:
        print_document(_status_json(rulings, states, batch, files, against is not None))
        return 0
    for row in rulings.releases:
        click.echo(_row(row, states[row.id]))
    if not rulings.releases:
        click.echo("No releases.")
    if against is not None:
        _say_against(batch, files)
    return 0


def _row(row: Release, flaw: str) -> str:
    until = f"until {row.expires}" if row.expires else "without end"
    words = "NOT in force: " + flaw if flaw else f"in force {until}"
    covers = " ".join(for_terminal(glob) for glob in row.covers) or "-"
    scope = ",".join(row.scope) or "-"
    return f"{row.id:<12} {row.kind:<10} {words}; allows {scope}; covers {covers}"


def _say_against(batch: str, files: list[Published]) -> None:
    if not files:
        click.echo(f"\nNothing in batch {batch} goes back to a release that has ended.")
        return
    click.echo(f"\nBatch {batch}: ask for these {len(files):,} files to be deleted:")
    for file in files:
        click.echo(f"{file.sha256}  data/{for_terminal(file.path)}  ({', '.join(file.releases)})")


def _status_json(
    rulings: Rulings, states: dict[str, str], batch: str, files: list[Published], asked: bool
) -> str:
    rows = [
        {
            "id": row.id,
            "kind": row.kind,
            "in_force": not states[row.id],
            "why_not": states[row.id],
            "signed": str(row.signed),
            "expires": str(row.expires) if row.expires else None,
            "revoked": row.revoked,
            "scope": list(row.scope),
            "covers": list(row.covers),
        }
        for row in rulings.releases
    ]
    body: dict[str, object] = {"schema": STATUS_SCHEMA, "releases": rows}
    if asked:
        body["against"] = {
            "batch": batch,
            "files": [
                {
                    "sha256": file.sha256,
                    "path": f"data/{file.path}",
                    "releases": list(file.releases),
                    "by": file.by,
                }
                for file in files
            ],
        }
    return json.dumps(body, indent=2)


@command.command()
@click.argument("names", metavar="ID…", nargs=-1, required=True)
@AUDIT
@INPUT
@click.option("--for", "recipient", required=True, metavar="NAME", help="Who gets them.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A new folder.")
def pack(
    names: tuple[str, ...],
    audit_dir: Path | None,
    inputs: tuple[Path, ...],
    recipient: str,
    out: Path,
) -> int:
    """Copy documents into a private folder of their own, for somebody who must see them."""
    from scrubber.cli.release_asks import audit_of, existing, rulings_at
    from scrubber.release_pack import pack as pack_releases

    place = existing(audit_of(inputs, audit_dir))
    packed = pack_releases(place, rulings_at(place), names, recipient, out, inputs)
    click.echo(f"{packed} documents for {for_terminal(recipient)} in {for_terminal(str(out))}")
    click.echo("They hold names and addresses. Send them another way than the batch.", err=True)
    return 0
