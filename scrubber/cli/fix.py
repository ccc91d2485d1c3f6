"""`scrub fix --staged`: takes out of the index what a hook has stopped for; and back again."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scrubber.cli.options import CONFIG, DECISIONS, JSON, POLICY, together
from scrubber.errors import UsageError

if TYPE_CHECKING:
    from scrubber.git.fix import Cleaned, Fixed, Left
    from scrubber.git.repository import Repository
    from scrubber.git.wishes import Wishes

SCHEMA = "scrub.fix/1"
_TREE = {
    "replaced": "the copy in the work tree too",
    "other": "the copy in the work tree is another and stays as it is",
    "absent": "there is no copy in the work tree",
}


@click.command(epilog="Exit: 0 what is staged would pass, 1 findings stay, 3 something is held.")
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--staged", is_flag=True, help="Clean what is staged; names stay.")
@click.option("--dry-run", "-n", "dry", is_flag=True, help="Say what would be cleaned.")
@click.option("--list", "listing", is_flag=True, help="List the originals that are kept.")
@click.option("--restore", metavar="PATH", help="Put a kept original back into the work tree.")
@click.option("--to", type=click.Path(path_type=Path), help="Restore to this file instead.")
@together(CONFIG, POLICY, JSON, DECISIONS)
def command(
    paths: tuple[str, ...],
    staged: bool,
    dry: bool,
    listing: bool,
    restore: str | None,
    to: Path | None,
    config: Path | None,
    policy: str | None,
    as_json: bool,
    decisions: Path | None,
) -> int:
    """Clean staged files in git's index; originals go into a private folder.

    \b
    scrub fix --staged                  everything that is staged
    scrub fix --staged photos/          only this
    scrub fix --restore photos/a.jpg    the original again, in the work tree

    A copy in the work tree is replaced only if it is the same as what was staged.
    """
    from scrubber.git.repository import find
    from scrubber.git.wishes import Wishes

    if [staged, listing, restore is not None].count(True) != 1:
        raise UsageError("Nothing to do.", "", "Give one of --staged, --list, --restore PATH.")
    if (paths and not staged) or (to is not None and restore is None) or (dry and not staged):
        raise UsageError(
            "PATHS and --dry-run belong to --staged, --to belongs to --restore.", "", "See --help."
        )
    repository = find()
    if listing:
        return _list(repository, as_json)
    if restore is not None:
        return _restore(repository, restore, to)
    return _fix(repository, paths, dry, Wishes(config, policy, decisions=decisions), as_json)


def _fix(
    repository: Repository, paths: tuple[str, ...], dry: bool, wanted: Wishes, as_json: bool
) -> int:
    from scrubber.cli.gitlook import watched
    from scrubber.cli.progress import Meter
    from scrubber.git.fix import below_root, fix_staged

    below = below_root(repository, paths)
    meter = Meter(quiet=as_json)
    with watched(wanted) as wishes:
        try:
            fixed = fix_staged(repository, wishes, below, dry=dry, progress=meter)
        finally:
            meter.clear()
    if as_json:
        _document(fixed, dry)
    else:
        _tell(fixed, dry)
    return fixed.after.exit_code


def _tell(fixed: Fixed, dry: bool) -> None:
    for path in fixed.finished:
        click.echo(f"{_shown(path)}: the copy in the work tree is clean now too")
    for one in fixed.cleaned:
        words = "would be cleaned" if dry else "cleaned"
        tree = "" if dry else f"; {_TREE[one.tree]}"
        click.echo(f"{_shown(one.row.path)}: {words}: {_entities(one)}{tree}")
    for left in fixed.left:
        click.echo(f"{_shown(left.path)}: stays staged as it is: {_why(left)}")
    if dry:
        _say(f"scrub: {_n(len(fixed.cleaned))} would be cleaned; nothing was changed.")
        return
    if fixed.cleaned:
        _say(f"scrub: {_n(len(fixed.cleaned))} cleaned. The originals are in {fixed.vault}")
        _say("       (scrub fix --list, scrub fix --restore PATH). Nobody else may see them.")
    _verdict(fixed)


def _verdict(fixed: Fixed) -> None:
    stops = [hit for hit in fixed.after.hits if hit.blocks]
    if not stops and not fixed.after.addresses_block:
        _say("scrub: what is staged passes now." if fixed.cleaned else "scrub: nothing to clean.")
        return
    counts = Counter(hit.verdict.outcome for hit in stops)
    parts = [f"{count} {outcome}" for outcome, count in sorted(counts.items())]
    _say(f"scrub: a commit would still not pass: {', '.join(parts) or 'addresses of people'}.")


def _entities(one: Cleaned) -> str:
    return ", ".join(f"{name} ×{n}" if n > 1 else name for name, n in one.row.entities)


def _why(left: Left) -> str:
    text = " ".join(filter(None, (left.what, left.why)))
    return f"{text} {left.fix}".strip()


def _document(fixed: Fixed, dry: bool) -> None:
    from reports.quote import for_json
    from scrubber.cli.streams import document

    cleaned = [
        {
            "path": for_json(one.row.path), "old": one.row.old, "new": one.row.new,
            "entities": dict(one.row.entities), "work_tree": one.tree, "lfs": one.row.lfs,
        }
        for one in fixed.cleaned
    ]  # fmt: skip
    left = [
        {
            "path": for_json(one.path), "code": one.code, "what": one.what, "why": one.why,
            "fix": one.fix,
        }
        for one in fixed.left
    ]  # fmt: skip
    row = {
        "schema": SCHEMA, "dry_run": dry, "cleaned": cleaned, "left": left,
        "finished": [for_json(path) for path in fixed.finished],
        "vault": str(fixed.vault), "passes": fixed.after.exit_code == 0,
    }  # fmt: skip
    document(json.dumps(row, indent=1))


def _list(repository: Repository, as_json: bool) -> int:
    from reports.quote import for_json
    from scrubber.cli.streams import document
    from scrubber.git.vault import Vault

    vault = Vault.of(repository)
    rows = vault.kept()
    if as_json:
        kept = [
            {
                "path": for_json(row.path), "time": row.time, "size": row.size,
                "sha256": row.sha256, "old": row.old, "new": row.new,
            }
            for row in rows
        ]  # fmt: skip
        document(json.dumps({"schema": SCHEMA, "vault": str(vault.folder), "kept": kept}, indent=1))
        return 0
    for row in rows:
        click.echo(f"{row.time}  {row.size:>12,}  {row.sha256[:12]}  {_shown(row.path)}")
    _say(f"scrub: {_n(len(rows), 'original')} in {vault.folder}; remove what you need no more.")
    return 0


def _restore(repository: Repository, path: str, to: Path | None) -> int:
    from scrubber.git.fix import below_root
    from scrubber.git.originals import restore

    row = restore(repository, below_root(repository, [path])[0], to)
    click.echo(f"{_shown(row.path)}: the original of {row.time} is at {_shown(str(to or path))}")
    if to is None:
        _say("scrub: the index still holds the clean one; `git add` would stage the original.")
    return 0


def _n(count: int, word: str = "file") -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def _shown(text: str) -> str:
    from reports.quote import for_terminal

    return for_terminal(text)


def _say(text: str) -> None:
    click.echo(text, err=True)
