"""How a change in git is told: files through the common writers, then a summary."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from reports.quote import for_terminal
from reports.rows import Seen, checked
from scrubber.cli.listing import FOR_FORGES, writer
from scrubber.cli.progress import Meter
from scrubber.containers import table
from scrubber.errors import UsageError
from scrubber.git.report import FILE, NAME, Hit, Report
from scrubber.git.verdicts import FOUND, HELD
from scrubber.git.wishes import Wishes
from scrubber.model import Action, Finding

SCHEMA = "scrub.hook/1"
_SHOWN = 5


def in_git(
    paths: tuple[Path, ...], staged: bool, span: str | None, wishes: Wishes, shape: str
) -> int:
    """`scrub check --staged` and `--git RANGE`: the hooks' scan, for CI."""
    from scrubber.git.gate import check_range, check_staged
    from scrubber.git.repository import find

    if paths or (staged and span is not None):
        raise UsageError("PATHS, --staged and --git name three different things.", "", "Give one.")
    with watched(wishes) as asked:
        if span is None:
            report = check_staged(find(), asked)
        else:
            report = check_range(find(), span, asked)
    if span is None:
        return tell(report, shape, "commit", "scrub check --staged")
    return tell(report, shape, "range", f"scrub check --git {shlex.quote(span)}")


def from_git() -> bytes:
    """What git gives on standard input. Raises UsageError where a person would have to type it."""
    if sys.stdin.isatty():
        raise UsageError(
            "git tells this hook on standard input what is pushed.",
            fix="To look at commits by hand: scrub check --git RANGE.",
        )
    return sys.stdin.buffer.read()


@contextmanager
def watched(wishes: Wishes) -> Iterator[Wishes]:
    """The wishes with a line of progress while it takes long."""
    meter = Meter()
    try:
        yield replace(wishes, progress=lambda done, total: meter("look", done, total, ""))
    finally:
        meter.clear()


def tell(report: Report, shape: str, moment: str, command: str) -> int:
    """Writes the report and returns the exit code. `moment`: commit, push or range."""
    hit: Hit

    def row(seen: Seen) -> dict[str, object] | None:
        made = checked(seen)
        if made is None:
            return None
        more = {"subject": hit.kind, "blocks": hit.blocks, "object": hit.oid}
        return {**made, **more, "commits": list(hit.commits)}

    out = writer(shape, SCHEMA, row, command)
    for hit in report.hits:
        if hit.kind != FILE and (shape in FOR_FORGES or shape == "text"):
            continue
        out.file(seen_of(hit))
        if shape == "text":
            _aside(hit)
    out.close(report.exit_code)
    _summary(report, moment)
    return report.exit_code


def seen_of(hit: Hit) -> Seen:
    """A hit in the words of the common writers."""
    verdict = hit.verdict
    if verdict.outcome == HELD or verdict.code:
        return Seen(hit.path, verdict.code, verdict.what, verdict.why, _fix(verdict.fix))
    findings = [_finding(*place) for place in verdict.places]
    for name, count in verdict.entities:
        known = sum(place[0] == name for place in verdict.places)
        findings += [_finding(name, "", 0, 0, 0)] * (count - known)
    return Seen(hit.path, changes=True, findings=tuple(findings), container=verdict.container)


def _finding(entity: str, where: str, line: int, column: int, length: int) -> Finding:
    return Finding(entity, where, Action.EDIT, "hook", length, line=line, column=column)


def _fix(text: str) -> str:
    return text.replace("with --exclude", "with `exclude` under [hook] in scrub.toml")


def _aside(hit: Hit) -> None:
    if not hit.blocks:
        click.echo("    (told, but does not stop it)")
    if hit.commits:
        shown = ", ".join(oid[:10] for oid in hit.commits[:_SHOWN])
        more = len(hit.commits) - _SHOWN
        click.echo(f"    in commit {shown}{f' and {more} more' if more > 0 else ''}")


# the summary, on the error stream ---------------------------------------------------


def _summary(report: Report, moment: str) -> None:
    files = [hit for hit in report.hits if hit.kind == FILE]
    stops = [hit for hit in report.hits if hit.blocks]
    head = f"scrub: looked inside {report.inside} of {_n(report.files, 'file')}"
    if report.commits:
        head += f" in {_n(report.commits, 'commit')}"
    _say(f"{head}.")
    _words(report)
    _left_out(report)
    found = sum(hit.blocks and hit.verdict.outcome == FOUND for hit in files)
    held = sum(hit.blocks and hit.verdict.outcome == HELD for hit in files)
    if not stops and not report.addresses_block:
        return
    parts = [f"{found} would have something taken out"] if found else []
    parts += [f"{held} could not be looked into"] if held else []
    others = len(stops) - found - held + report.addresses_block
    parts += [_n(others, "other reason")] if others else []
    _say(f"This {moment} does not pass: {', '.join(parts)}.")
    _advice([hit for hit in files if hit.blocks], moment)


def _words(report: Report) -> None:
    texts = [hit for hit in report.hits if hit.kind not in (FILE, NAME)]
    names = [hit for hit in report.hits if hit.kind == NAME]
    for label, hits in (("Messages", texts), ("File names", names)):
        if hits:
            shown = "; ".join(
                f"{for_terminal(hit.path)}: {seen_of(hit).words()}" for hit in hits[:_SHOWN]
            )
            more = f"; and {len(hits) - _SHOWN} more" if len(hits) > _SHOWN else ""
            _say(f"{label} that tell something: {shown}{more}.")
    mail = report.addresses
    if mail.personal or mail.machine:
        kinds = [f"{mail.personal} personal" if mail.personal else ""]
        kinds += [f"{mail.machine} made from a computer's name" if mail.machine else ""]
        _say(
            f"Addresses of people in {_n(mail.commits, 'commit or tag', 'commits and tags')}: "
            f"{' and '.join(filter(None, kinds))}. "
            "`git log --format=%ae%n%ce | sort -u` shows them."
        )


def _left_out(report: Report) -> None:
    if report.decided:
        _say(f"Decided to stay: {_n(report.decided, 'place')}.")
    if report.strange:
        _say(f"Not counted: the decisions in {report.strange}, made with another project key.")
    if report.submodules:
        _say(f"Submodules, not checked: {_some(report.submodules)}.")
    if report.excluded:
        _say(f"Left out by {report.origin or 'the command line'}: {_some(report.excluded)}.")
    if report.rules_changed:
        _say(
            f"This change sets rules itself ({_some(report.rules_changed)}); "
            f"it was judged by {report.origin or 'the defaults'}."
        )
    if report.not_checked:
        rows = sorted(report.not_checked.items())
        kinds = ", ".join(f"{name} in {_n(n, 'file')}" for name, n in rows)
        _say(f"Not looked for: {kinds}.")


def _some(paths: list[str]) -> str:
    shown = ", ".join(map(for_terminal, paths[:_SHOWN]))
    return f"{shown} and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else shown


def _advice(stops: list[Hit], moment: str) -> None:
    found = [hit for hit in stops if hit.verdict.outcome == FOUND]
    if moment == "commit" and found:
        _say("  Clean what is staged:  scrub fix --staged")
    elif found:
        _history(found)
    if any(hit.verdict.guesses for hit in found):
        _say('  Names that only the language model sees may pass:  guesses = "report"')
    if moment == "commit" and any(_is_text(hit) for hit in found):
        _say("  A false alarm:  run scrub over the repository, then scrub decide --list")
    if any(hit.verdict.outcome == HELD for hit in stops):
        _say('  Leave a file out:  exclude = ["PATH"]')
    if len(found) < len(stops) or any(hit.verdict.guesses for hit in found):
        _say("  Such a line stands under [hook] in scrub.toml, in a commit before this one.")


def _is_text(hit: Hit) -> bool:
    """Decisions count in texts alone."""
    row = table().get(hit.verdict.container)
    return row is not None and row.textual


def _history(found: list[Hit]) -> None:
    _say("  A later commit does not take it out of an earlier one. Rewrite what is not pushed:")
    placed = [hit for hit in found if hit.commits]
    if placed:
        _say(f"    git rebase -i {placed[-1].commits[-1][:10]}^   (--root for the first commit)")
        _say("    and where it stops: scrub fix --staged && git commit --amend")
        path = shlex.quote(placed[0].path) if placed[0].path.isprintable() else "PATH"
        _say("  or take a file out of all history:")
        _say(f"    git filter-repo --invert-paths --path={path}")
    _say("  A key that may have left already must be revoked, whatever the history says.")


def _n(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


def _say(text: str) -> None:
    click.echo(text, err=True)
