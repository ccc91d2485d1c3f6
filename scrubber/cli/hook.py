"""`scrub hook`: what git runs before a commit or a push."""

from __future__ import annotations

import os
from pathlib import Path

import click

from scrubber.cli.hooks import install, status, uninstall
from scrubber.cli.listing import FORMAT
from scrubber.cli.options import CONFIG, DECISIONS, POLICY, together


@click.group()
def command() -> None:
    """Look at what git is about to commit or push, and stop it if something private is in it."""


for each in (install, uninstall, status):
    command.add_command(each)


@command.group("run", epilog="Exit: 0 may pass, 1 findings, 3 something is held, else an error.")
def run() -> None:
    """Look once, as git's hooks do. Reads only: work tree and index stay as they are."""


@run.command("pre-commit")
@together(CONFIG, POLICY, FORMAT, DECISIONS)
def pre_commit(
    config: Path | None, policy: str | None, shape: str | None, decisions: Path | None
) -> int:
    """Look at what is staged."""
    from scrubber.cli.gitlook import tell, watched
    from scrubber.git.gate import check_staged
    from scrubber.git.repository import find
    from scrubber.git.wishes import Wishes

    with watched(Wishes(config, policy, decisions=decisions)) as wishes:
        report = check_staged(find(), wishes)
    return tell(report, shape or "text", "commit", "scrub hook run pre-commit")


@run.command("pre-push")
@click.argument("remote", required=False)
@click.argument("url", required=False)
@together(CONFIG, POLICY, FORMAT, DECISIONS)
def pre_push(
    remote: str | None,
    url: str | None,
    config: Path | None,
    policy: str | None,
    shape: str | None,
    decisions: Path | None,
) -> int:
    """Look at every object that a push would send; git says on standard input which refs."""
    from scrubber.cli.gitlook import from_git, tell, watched
    from scrubber.git.framework import span_of
    from scrubber.git.gate import check_push, check_range
    from scrubber.git.repository import find
    from scrubber.git.wishes import Wishes

    given = from_git()
    span = "" if given else span_of(os.environ)
    with watched(Wishes(config, policy, decisions=decisions)) as wishes:
        if span:
            report = check_range(find(), span, wishes)
        else:
            report = check_push(find(), given, remote, wishes)
    return tell(report, shape or "text", "push", "scrub hook run pre-push")


@run.command("pre-receive")
@together(CONFIG, POLICY, FORMAT, DECISIONS)
def pre_receive(
    config: Path | None, policy: str | None, shape: str | None, decisions: Path | None
) -> int:
    """On a server: look at what is being pushed to it, before any ref moves."""
    from scrubber.cli.gitlook import from_git, tell, watched
    from scrubber.git.gate import check_received
    from scrubber.git.repository import find
    from scrubber.git.wishes import Wishes

    with watched(Wishes(config, policy, decisions=decisions)) as wishes:
        report = check_received(find(), from_git(), wishes)
    return tell(report, shape or "text", "push", "scrub hook run pre-receive")
