"""The lines of shell by which git's hooks start scrub.

They name Python and the folder of scrub by absolute paths and start Python with `-I`: no
command that PATH finds first and no module that lies in the repository is run. Where scrub
has gone since, they stop the commit or push and say so. What git says on standard input
can be read once only, so a hook that goes on behind these lines gets it again.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

import scrubber

PRE_COMMIT, PRE_PUSH, PRE_RECEIVE = "pre-commit", "pre-push", "pre-receive"
EVENTS = (PRE_COMMIT, PRE_PUSH, PRE_RECEIVE)
READS = (PRE_PUSH, PRE_RECEIVE)
"""Events whose hooks are told the refs on standard input."""

START = "# >>> scrub: looks before git goes on; `scrub hook uninstall` removes these lines >>>"
END = "# <<< scrub <<<"
OWN = "# scrub made this file."
SHEBANG = "#!/bin/sh\n"
_RUN = "import sys; sys.path.append(sys.argv.pop(1)); from scrubber.cli import main; main()"
_WHAT = {PRE_COMMIT: "commit", PRE_PUSH: "push", PRE_RECEIVE: "push"}
_PYTHON = re.compile(r"^ *scrub_python=(.*)$", re.MULTILINE)
_HOME = re.compile(r"^ *scrub_home=(.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Program:
    """Where scrub is: the interpreter, and the folder that holds its packages. Absolute."""

    python: str
    home: str

    @property
    def there(self) -> bool:
        """Whether the lines that name it would start it."""
        app = os.path.join(self.home, "scrubber", "cli", "app.py")
        return os.access(self.python, os.X_OK) and os.path.isfile(app)


def this_program() -> Program:
    """The scrub that is running. Links of a virtual environment stay: they are its identity."""
    home = Path(scrubber.__file__).resolve().parent.parent
    return Program(os.path.abspath(sys.executable), os.fspath(home))


def program_in(text: str) -> Program | None:
    """The scrub that lines of ours name, or None if they name none."""
    found = [pattern.search(text) for pattern in (_PYTHON, _HOME)]
    words = [_word(match.group(1)) for match in found if match]
    return Program(words[0], words[1]) if len(words) == 2 and all(words) else None


def _word(quoted: str) -> str:
    try:
        words = shlex.split(quoted)
    except ValueError:
        return ""
    return words[0] if len(words) == 1 else ""


def function(event: str, program: Program) -> str:
    """A function `scrub_look` that looks at what `event` is about to let out."""
    what = _WHAT[event]
    return f"""\
scrub_look() {{
  scrub_python={shlex.quote(program.python)}
  scrub_home={shlex.quote(program.home)}
  if [ -x "$scrub_python" ] && [ -f "$scrub_home/scrubber/cli/app.py" ]; then
    "$scrub_python" -I -c {shlex.quote(_RUN)} "$scrub_home" hook run {event} "$@"
    return
  fi
  echo "scrub: it is no longer at $scrub_home, so nobody looked at this {what}; it stops here." >&2
  echo "       Install it again (pipx install prescrub), then run: prescrub hook install" >&2
  echo "       Or take the lines between the marks of scrub out of the hook: {event}" >&2
  return 4
}}
"""


def block(event: str, program: Program, *, own: bool = False) -> str:
    """The marked lines for a hook that is a shell script. `own`: for a file that we make."""
    look = _with_refs() if event in READS else 'scrub_look "$@" </dev/null || exit\n'
    mine = f"{OWN}\n" if own else ""
    return f"{START}\n{mine}{function(event, program)}{look}{END}\n"


def _with_refs() -> str:
    return """\
scrub_refs=$(cat)
if [ -n "$scrub_refs" ]; then
  printf '%s\\n' "$scrub_refs" | scrub_look "$@" || exit
  exec <<SCRUB_REFS
$scrub_refs
SCRUB_REFS
else
  exec </dev/null
fi
"""


def wrapper(event: str, program: Program, behind: str) -> str:
    """A whole hook: looks, then becomes the hook `behind` (a path below the hooks folder)."""
    then = f'exec "$(dirname -- "$0")"/{shlex.quote(behind)} "$@"\n'
    return SHEBANG + block(event, program, own=True) + then


def setting(event: str, program: Program) -> str:
    """The value of `hook.NAME.command`. git puts `"$@"` behind it and gives it to the shell."""
    return f"{function(event, program)}scrub_look"
