"""`scrub hook install`, `uninstall` and `status`."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypeVar

import click

from scrubber.cli.options import JSON, together

if TYPE_CHECKING:
    from scrubber.git.install import Hook, Hooks

SCHEMA = "scrub.hooks/1"
F = TypeVar("F", bound=Callable[..., Any])

_EVENTS = together(
    click.option("--pre-commit", "pre_commit", is_flag=True, help="Look before each commit."),
    click.option("--pre-push", "pre_push", is_flag=True, help="Look before each push."),
    click.option("--pre-receive", "pre_receive", is_flag=True, help="On a server: at each push."),
    click.option("--global", "everywhere", is_flag=True, help="For all repositories (git 2.54)."),
)
_DONE = {
    "made": "installed", "added": "added to the hook that was there",
    "wrapped": "put in front of the hook that was there", "renewed": "renewed",
    "same": "already there", "removed": "removed", "none": "was not there",
}  # fmt: skip
_STATES = {
    "on": "on",
    "absent": "not installed",
    "lost": "installed, but its scrub is gone: it stops everything. Run: prescrub hook install",
    "off": "installed, but this git does not run it. Run: prescrub hook install",
    "another": "on, with a scrub elsewhere",
}


@click.command(epilog="Exit: 0 installed, 2 another tool owns the hooks (its lines are printed).")
@together(_EVENTS, JSON)
def install(
    pre_commit: bool, pre_push: bool, pre_receive: bool, everywhere: bool, as_json: bool
) -> int:
    """Let git call scrub before each commit and push; what is there goes on to run.

    Without options: both; in a bare repository --pre-receive.
    """
    from scrubber.git.install import inside

    hooks, events = _asked(pre_commit, pre_push, pre_receive, everywhere)
    tool = hooks.tool(events)
    if tool is not None:
        click.echo(tool.lines, nl=False)
        _err(f"scrub: nothing was written. {tool.name} owns the hooks here ({_shown(tool.seen)}),")
        _err("       so the lines above must go there by hand.")
        return 2
    done = hooks.install(events)
    if as_json:
        return _document(done, 0)
    for hook in done:
        click.echo(f"{hook.event}: {_DONE[hook.done]} ({_shown(hook.place)})")
    if inside(hooks.repository, hooks.program):
        _err("scrub: it is installed inside this repository; a branch that brings such files could")
        _err("       take its place. An installation elsewhere (pipx) is safer.")
    if hooks.repository is not None and hooks.repository.git_dir != hooks.repository.common_dir:
        click.echo("It counts for all work trees of this repository.")
    return 0


@click.command()
@together(_EVENTS, JSON)
def uninstall(
    pre_commit: bool, pre_push: bool, pre_receive: bool, everywhere: bool, as_json: bool
) -> int:
    """Take scrub out of git's hooks; what others wrote stays as it was."""
    from scrubber.git.shell import EVENTS

    hooks, events = _asked(pre_commit, pre_push, pre_receive, everywhere, EVENTS)
    done = hooks.uninstall(events)
    if as_json:
        return _document(done, 0)
    removed = [hook for hook in done if hook.done == "removed"]
    for hook in removed:
        click.echo(f"{hook.event}: removed ({_shown(hook.place)})")
    if not removed:
        click.echo("There was nothing of scrub in the hooks.")
    return 0


@click.command(epilog="Exit: 0 every hook is on, 1 one is not.")
@together(_EVENTS, JSON)
def status(
    pre_commit: bool, pre_push: bool, pre_receive: bool, everywhere: bool, as_json: bool
) -> int:
    """Say which hooks call scrub."""
    hooks, events = _asked(pre_commit, pre_push, pre_receive, everywhere)
    found = hooks.status(events)
    on = {hook.event for hook in found if hook.state in ("on", "another")}
    code = 0 if on == set(events) else 1
    if as_json:
        return _document(found, code)
    for hook in found:
        place = f" ({_shown(hook.place)})" if hook.place else ""
        click.echo(f"{hook.event}: {_STATES[hook.state]}{place}")
    if all(hook.state == "absent" for hook in found) and (tool := hooks.tool(events)):
        click.echo(f"{tool.name} owns the hooks here ({_shown(tool.seen)}); it may call scrub.")
    return code


def _asked(
    pre_commit: bool, pre_push: bool, pre_receive: bool, everywhere: bool,
    default: tuple[str, ...] = (),
) -> tuple[Hooks, tuple[str, ...]]:  # fmt: skip
    from scrubber.git.install import Hooks
    from scrubber.git.repository import find
    from scrubber.git.shell import EVENTS

    hooks = Hooks.of(None if everywhere else find())
    flags = zip(EVENTS, (pre_commit, pre_push, pre_receive), strict=True)
    wanted = [event for event, flag in flags if flag]
    return hooks, hooks.events(wanted) if wanted or not default else default


def _document(hooks: list[Hook], code: int) -> int:
    from scrubber.cli.streams import document

    rows = [{name: value for name, value in asdict(hook).items() if value} for hook in hooks]
    document(json.dumps({"schema": SCHEMA, "hooks": rows}, indent=1))
    return code


def _shown(text: str) -> str:
    from reports.quote import for_terminal

    return for_terminal(text)


def _err(text: str) -> None:
    click.echo(text, err=True)
