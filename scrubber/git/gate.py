"""The three moments at which a change is looked at: a commit, a push, a range for CI."""

from __future__ import annotations

import shlex

from scrubber.errors import UsageError
from scrubber.git import pushed as push
from scrubber.git import staged as index
from scrubber.git.pushed import Pushed
from scrubber.git.report import Report, examine
from scrubber.git.repository import GitFailed, Repository
from scrubber.git.rules import basis_of
from scrubber.git.wishes import Wishes
from scrubber.git.workspace import workspace

_WORDS = ("--not", "--all", "--branches", "--tags", "--remotes")


def check_staged(repository: Repository, wishes: Wishes) -> Report:
    """What the next commit would hold. The rules are those of HEAD."""
    change = Pushed(entries=index.staged(repository))
    return _examine(repository, index.base_of(repository), change, wishes)


def check_push(repository: Repository, given: bytes, remote: str | None, wishes: Wishes) -> Report:
    """What the push that git describes on standard input would send."""
    known = push.known_remote(repository, remote)
    changes = push.updates(repository, given)
    change = push.pushed(repository, changes, known)
    return _examine(repository, push.base_of(repository, changes, known), change, wishes)


def check_received(repository: Repository, given: bytes, wishes: Wishes) -> Report:
    """What a server is about to accept; new objects may still lie in quarantine."""
    changes = push.received(repository, given)
    null = repository.null
    tips = [row.local_oid for row in changes if row.local_oid != null]
    change = push.objects_of(repository, tips, ("--not", "--all")) if tips else Pushed()
    base = repository.resolve("HEAD", "commit") or push.base_of(repository, changes, None)
    return _examine(repository, base, change, wishes)


def check_range(repository: Repository, text: str, wishes: Wishes) -> Report:
    """Everything in a revision range, in the words of `git rev-list`: `main..HEAD`.

    The rules are those of the oldest side of the range, or of its merge base.
    Raises UsageError for a range that names nothing.
    """
    given, options = [], []
    for word in shlex.split(text):
        if word in _WORDS or word.startswith("--remotes="):
            options.append(word)
        elif word.startswith("-"):
            raise UsageError(f"{word} cannot stand in a range.", f"These may: {', '.join(_WORDS)}.")
        elif options:
            raise UsageError(f"{word} stands behind an option.", "Revisions come first.")
        else:
            given += _revisions(repository, word)
    if not given and not options:
        raise UsageError("The range is empty.", "A variable of the CI may be unset.")
    change = push.objects_of(repository, given, options)
    return _examine(repository, _base_of_range(repository, given, options), change, wishes)


def _revisions(repository: Repository, word: str) -> list[str]:
    """Object ids for one word; `^` for what is left out. `000…..X` is all of X that is new."""
    left, dots, right = word.partition("...") if "..." in word else word.partition("..")
    if dots and left and not set(left) - {"0"} and len(left) >= 40:
        return [_oid(repository, right or "HEAD")]
    if not dots:
        bare = word.removeprefix("^")
        return [("^" if bare != word else "") + _oid(repository, bare)]
    one, other = _oid(repository, left or "HEAD"), _oid(repository, right or "HEAD")
    if dots == "..":
        return [f"^{one}", other]
    bases = repository.run("merge-base", "--all", one, other, ok=(0, 1)).decode("ascii").split()
    return [one, other, *(f"^{base}" for base in bases)]


def _oid(repository: Repository, name: str) -> str:
    found = repository.resolve(name)
    if found is None:
        raise GitFailed(
            f"There is no revision {name!r} here, so nothing was looked at.",
            "A checkout of CI is often shallow." if repository.shallow else "",
            "Fetch it first (with actions/checkout: fetch-depth: 0).",
        )
    return found


def _base_of_range(repository: Repository, given: list[str], options: list[str]) -> str | None:
    for word in given:
        if word.startswith("^") and (found := repository.resolve(word[1:], "commit")):
            return found
    words = ("rev-list", "--boundary", "--topo-order", "--stdin", *options)
    for line in repository.lines(*words, stdin=given):
        if line.startswith("-"):
            return line[1:]
    return None


def _examine(repository: Repository, base: str | None, change: Pushed, wishes: Wishes) -> Report:
    with workspace(repository) as work:
        copies = work / "rules"
        copies.mkdir(mode=0o700)
        basis = basis_of(repository, base, copies.resolve(), wishes)
        return examine(
            repository, basis, work, change, jobs=wishes.jobs, progress=wishes.progress
        )  # fmt: skip
