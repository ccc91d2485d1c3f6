"""From words to a command, and from errors to exit codes.

0 all clean · 1 findings · 2 usage · 3 some items held · 4 a folder could not be
read or written · 5 verification failed · 70 a bug · 125 of its own, from `scrub gate`,
which else returns the code of what it runs · 130 interrupted
"""

from __future__ import annotations

import difflib
import importlib
import os
import sys
import traceback

import click

from scrubber.errors import ScrubError, UsageError

COMMANDS = {
    "inspect": "what does this file give away?",
    "check": "would anything be removed? (for CI and hooks)",
    "decide": "what is doubtful or held: list it, decide, and the next run obeys",
    "verify": "is this folder a whole, clean batch?",
    "where": "which original is this?",
    "measure": "who stands alone in this table?",
    "hook": "look at a commit or a push before it leaves",
    "fix": "clean what is staged in git",
    "key": "your keys: make, show, back up",
    "sign": "sign a finished batch",
    "gate": "run an uploader, if the batch is whole and clean",
    "timestamp": "when was it signed? asks for a time stamp, and keeps it",
    "prove": "this original became that file: show it to somebody",
    "report": "the private page of a batch; what was found in one original",
    "sample": "a few files of a batch, as a trial batch",
    "ledger": "what was sent to whom, what came back, what is due",
    "releases": "signed consents: add, check, revoke, status, pack",
    "explain": "a hold code or an entity, in words",
    "formats": "what can be cleaned",
}
_HELP = """\
Makes a folder safe to upload: cleans photos, recordings and texts, losslessly.

  scrub ./portfolio --out ./clean     clean everything; originals stay as they are
  prescrub ./portfolio                the same report, nothing written
  scrub inspect ./photo.jpg           what does this file give away?
  scrub verify ./clean                check a batch, yours or somebody else's

Before:  check, hook, fix, decide, measure, releases, formats, explain
After:   sign, gate, timestamp, key, report, where, prove, sample, ledger

`scrub COMMAND --help` says more, `scrub clean --help` lists the options of the first line.
"""


def run(arguments: list[str]) -> int:
    """Runs one command and returns its exit code. Prints errors; never a traceback."""
    try:
        from scrubber.cli.streams import steady
        from scrubber.stamp import check_packages

        steady()

        check_packages()
        name, rest = _command(arguments)
        if name is None:
            click.echo(_HELP)
            return 0
        module = importlib.import_module(f"scrubber.cli.{name}")
        code = module.command.main(args=rest, prog_name=_prog(name), standalone_mode=False)
        return int(code or 0)
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return _code(arguments, 2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("scrub: stopped.", err=True)
        return 130
    except (BrokenPipeError, SystemExit):  # click turns EPIPE into exit 1, which means findings
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 141
    except ScrubError as error:
        _say(error)
        return _code(arguments, error.exit_code)
    except Exception as error:
        return _code(arguments, _bug(error))


def _code(arguments: list[str], code: int) -> int:
    """The exit code of an error of ours; `gate` must not be taken for the program that it runs."""
    return 125 if arguments[:1] == ["gate"] else code


def _prog(name: str) -> str:
    return "scrub" if name == "clean" else f"scrub {name}"


def _command(arguments: list[str]) -> tuple[str | None, list[str]]:
    """The command's name and its arguments; a path alone means `clean`."""
    own = arguments
    if arguments[:1] == ["gate"] and "--" in arguments:  # behind it, words are the uploader's
        own = arguments[: arguments.index("--")]
    for before, word in zip(["", *own], own, strict=False):
        if not word and before != "--for":
            raise UsageError("One of the words is empty.", "A shell variable may be unset.")
    if not arguments or arguments == ["--help"] or arguments == ["-h"]:
        return None, []
    first = arguments[0]
    if first in (*COMMANDS, "clean"):
        if os.path.lexists(first) and not _for_git(arguments):
            raise UsageError(
                f"{first} is a command and also a path here.",
                fix=f"Write ./{first} for the path, or run the command from another folder.",
            )
        return first, arguments[1:]
    if not first.startswith("-") and not os.path.lexists(first) and os.sep not in first:
        near = difflib.get_close_matches(first, COMMANDS, n=1)
        if near:
            raise UsageError(
                f"There is no command and no path {first!r}.", fix=f"Did you mean {near[0]}?"
            )
    return "clean", arguments


def _for_git(arguments: list[str]) -> bool:
    """`scrub hook run` in a repository that has a folder `hook`: git cannot start it elsewhere."""
    if arguments[0] == "hook":
        return len(arguments) > 2 and arguments[1] == "run"
    words = [word.partition("=")[0] for word in arguments[1:]]
    return arguments[0] == "check" and ("--staged" in words or "--git" in words)


def _say(error: ScrubError) -> None:
    from reports.quote import for_terminal

    lines = [for_terminal(text) if _unsafe(text) else text for text in _texts(error)]
    click.echo(f"scrub: {lines[0]}", err=True)
    for line in lines[1:]:
        click.echo(f"       {line}", err=True)


def _texts(error: ScrubError) -> list[str]:
    return [text for text in (error.what, error.why, error.fix) if text]


def _unsafe(text: str) -> bool:
    return not text.isprintable() or "\ufffd" in text


def _bug(error: Exception) -> int:
    """One line for the user; where it happened, without content, for the report of a bug."""
    frames = traceback.extract_tb(error.__traceback__)
    where = next(
        (f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames)), ""
    )
    click.echo(f"scrub: a mistake of ours: {type(error).__name__} at {where}", err=True)
    click.echo("       The originals are as they were. Please report the line above.", err=True)
    if os.environ.get("SCRUB_TRACEBACK"):
        traceback.print_exception(error, file=sys.stderr)
    return 70
