"""What a path says before anybody looks inside the file."""

from __future__ import annotations

from functools import cache

from detectors.known import KnownValues
from detectors.names import inspect_component
from scrubber.git.verdicts import FOUND, HELD, Verdict
from scrubber.junk import AUDIT_MARKER, judge_file
from scrubber.junk import judge_path as judge_below
from scrubber.model import Outcome

_TOLD = frozenset(("EMAIL_ADDRESS", "PHONE_NUMBER", "COORDINATES", "MAC_ADDRESS"))
_TEMPLATES = (".example", ".sample", ".template", ".dist", ".tmpl")
_LOOKED_INTO = frozenset(("vcs", "editor-junk", "own-file", "link-file", "audio-junk"))
_FIX = "Take it out with `git rm --cached`, and name it in .gitignore."


def judge_path(path: str) -> Verdict | None:
    """The verdict for a file that its name alone decides, or None: its content decides.

    Version control files, backups and lists are looked into like any other file of a
    repository; records of the operating system and of scrub, and files that hold keys,
    have no place in one.
    """
    leaf = path.rpartition("/")[2]
    if leaf == AUDIT_MARKER:
        return Verdict(
            FOUND, "own-file", "This is a private audit folder of scrub: it must not leave.",
            fix="Take the whole folder out: git rm -r --cached.",
        )  # fmt: skip
    judged = judge_file(leaf) or judge_below(path)
    if judged is None or leaf.lower().endswith(_TEMPLATES):
        return None
    outcome, code, why = judged
    if outcome is Outcome.HELD:
        return Verdict(HELD, code, why, fix=_FIX)
    return None if code in _LOOKED_INTO else Verdict(FOUND, code, why, fix=_FIX)


def entities_in(path: str, known: KnownValues) -> tuple[str, ...]:
    """Entities that a path gives away: addresses, numbers, positions, and listed values.

    Unknown words are left out: in a repository nearly every name has one.
    """
    found = {entity for part in path.split("/") if (entity := _entity(part)) in _TOLD}
    if len(known):
        found |= {entity for _, _, entity in known.find(path)}
    return tuple(sorted(found))


@cache
def _entity(component: str) -> str:
    return inspect_component(component).entity
