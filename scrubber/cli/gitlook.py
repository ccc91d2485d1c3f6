"""How a change in git is told: files through the common writers, then a summary."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from reports.quote import for_terminal
from reports.rows import Seen, checked
from scrubber.cli.listing import FOR_FORGES, writer
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
    if span is None:
        return tell(check_staged(find(), wishes), shape, "commit", "scrub check --staged")
    words = f"scrub check --git {shlex.quote(span)}"
    return tell(check_range(find(), span, wishes), shape, "range", words)


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
        findings += [_finding(name, "", 0, 0)] * (count - known)
    return Seen(hit.path, changes=True, findings=tuple(findings), container=verdict.container)


def _finding(entity: str, where: str, line: int, column: int) -> Finding:
    return Finding(entity, where, Action.EDIT, "hook", 0, line=line, column=column)


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
    head = f"scrub: looked inside {report.inside} of {report.files} files"
    if report.commits:
        head += f" in {report.commits} commits"
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
    parts += [f"{others} other reasons" if others > 1 else "1 other reason"] if others else []
    _say(f"This {moment} is stopped: {', '.join(parts)}.")
    _advice(files, moment, held)


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
            f"Addresses of authors in {mail.commits} commits: {' and '.join(filter(None, kinds))}. "
            "`git log --format=%ae%n%ce | sort -u` shows them."
        )


def _left_out(report: Report) -> None:
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
        kinds = ", ".join(f"{name} in {n}" for name, n in sorted(report.not_checked.items()))
        _say(f"Nobody looked for {kinds} files.")


def _some(paths: list[str]) -> str:
    shown = ", ".join(map(for_terminal, paths[:_SHOWN]))
    return f"{shown} and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else shown


def _advice(files: list[Hit], moment: str, held: int) -> None:
    stops = [hit for hit in files if hit.blocks]
    if moment == "commit":
        _say("  Clean what is staged: scrub fix --staged")
    elif stops:
        oldest = next((hit.commits[-1] for hit in stops if hit.commits), "")
        _say("  A later commit does not take it out of an earlier one. Rewrite what is not pushed:")
        if oldest:
            _say(f"    git rebase -i {oldest[:10]}^    mark it `edit`, then:")
            _say("    scrub fix --staged && git commit --amend && git rebase --continue")
        path = shlex.quote(stops[0].path) if stops[0].path.isprintable() else "PATH"
        _say(f"  or take a file out of all history: git filter-repo --invert-paths --path {path}")
        _say("  A key that may have left already must be revoked, whatever the history says.")
    if held:
        _say('  Leave a file out: exclude = ["PATH"] under [hook] in scrub.toml, committed first.')


def _say(text: str) -> None:
    click.echo(text, err=True)
