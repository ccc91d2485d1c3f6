"""What the words of an uploader may name: the batch, and nothing private on this machine.

A word is judged as every path that programs commonly read out of one. Nobody can tell a source
from a destination, so both are refused. What no rule sees, docs/upload.md lists.
"""

from __future__ import annotations

import difflib
import os
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from urllib.parse import unquote

from scrubber.errors import UsageError
from scrubber.keys import AUDIT_MARKER

NAMES = ("dir", "data", "list", "list0", "manifest")
"""What may stand in braces in a word."""

_NAME = re.compile(r"(?<![{%$])\{([a-z][a-z0-9_]*)\}(?!\})")
_GLUED = re.compile(r"-[A-Za-z]+(?=[@~/]|\.\.?(?:/|$)|\{)")
_LOCAL = re.compile(r":?local(?:,[^:]*)?:")  # rclone's backend for this machine
_THIS_HOST = re.compile(r"(?:[^@/]*@)?(?:localhost|127\.0\.0\.1|\[::1\]):")
_FILE = re.compile(r"file:(?://(?:localhost)?(?=/))?", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_SHELLS = frozenset({"sh", "bash", "dash", "zsh", "ksh", "fish", "ash", "su"})
_SAFE = re.compile(r"[\w@%+=:,./-]*")
_LOOKED_AT = 10_000
"""Things in a named folder that are looked at for an audit folder."""

_FIX = (
    "Name the batch alone: {data} stands for its files. If the word is a name and no path, start"
    " the command in another folder."
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place that may not be uploaded, and what it is in words."""

    path: Path
    what: str


@dataclass(slots=True)
class Guard:
    """Judges words against the batch in `folder` and what is private.

    `values` are the paths that the names in braces stand for, `lists` the folder of the lists.
    """

    folder: Path
    private: Sequence[Place]
    values: Mapping[str, str]
    lists: Path
    _ids: dict[str, tuple[int, int] | None] = field(default_factory=dict)

    def check(self, words: Sequence[str]) -> bool:
        """Whether a word names the batch. Raises UsageError for a word that is refused.

        The first word is the program and not judged: it is run, not uploaded.
        """
        named = [self._word(word, words[:at]) for at, word in enumerate(words) if at]
        return any(named)

    def _word(self, word: str, before: Sequence[str]) -> bool:
        if self._is_ours(word):
            return True
        named = [self._judge(word, path) for path in self._paths(word)]
        if _is_script(before):
            named += [
                self._judge(word, path)
                for piece in _pieces(word)
                for path in self._paths(os.path.expandvars(piece))
            ]
        return any(named)

    def _is_ours(self, word: str) -> bool:
        """Whether the whole word is a path in the batch, whatever signs are in its name."""
        whole = word.partition("=")[2] if word.startswith("--") else word
        path = _local(fill(whole, self.values))
        return path is not None and os.path.lexists(path) and self._holds(self.folder, path)

    def _paths(self, word: str) -> Iterator[str]:
        for candidate in candidates(word):
            path = _local(fill(candidate, self.values))
            if path is not None:
                yield path

    def _judge(self, word: str, path: str) -> bool:
        if self._holds(self.folder, path) or self._holds(self.lists, path):
            return True
        real = os.path.realpath(path)
        for place in self.private:
            if self._holds(place.path, path):
                raise _refused(word, f"{real} is {place.what}, or lies there", place.path)
            if self._holds(path, place.path):
                raise _refused(word, f"{real} holds {place.what}", place.path)
        if marked := audit_folder_at(path):
            raise _refused(word, f"{real} is, holds or lies in a private audit folder", marked)
        if self._holds(path, self.folder):
            raise _refused(word, f"{real} holds more than the batch", self.folder)
        return False

    def _holds(self, above: Path | str, path: Path | str) -> bool:
        """Whether `path` is `above` or lies in it: by name, or as the same folder elsewhere."""
        top, real = os.path.realpath(above), os.path.realpath(path)
        chain = [real, *map(str, Path(real).parents)]
        if top in chain:
            return True
        own = self._id(top)
        return own is not None and any(self._id(one) == own for one in chain)

    def _id(self, path: str) -> tuple[int, int] | None:
        if path not in self._ids:
            try:
                status = os.stat(path)
                self._ids[path] = (status.st_dev, status.st_ino)
            except (OSError, ValueError):
                self._ids[path] = None
        return self._ids[path]


def fill(word: str, values: Mapping[str, str]) -> str:
    """`word` with the names in braces replaced."""
    return _NAME.sub(lambda match: values.get(match[1], match[0]), word)


def check_names(words: Sequence[str], values: Mapping[str, str]) -> None:
    """Raises UsageError for a misspelt name, and for a path that a shell would read as more."""
    for at, word in enumerate(words):
        for match in _NAME.finditer(word):
            name = match[1]
            near = difflib.get_close_matches(name, NAMES, n=1, cutoff=0.7)
            if name not in NAMES and near and word[match.start() - 1 : match.start()] != "@":
                raise UsageError(
                    f"{match[0]} stands for nothing.", fix=f"Did you mean {{{near[0]}}}?"
                )
            if (
                name in NAMES
                and _is_script(words[:at])
                and not _SAFE.fullmatch(values.get(name, ""))
            ):
                raise UsageError(
                    f"{match[0]} stands in a script, and the path has signs that a shell reads.",
                    f"It is {values[name]}",
                    f"Hand it over as a word: sh -c 'rclone copy \"$1\" remote:' sh {match[0]}",
                )


def uses(words: Sequence[str], name: str) -> bool:
    """Whether {name} stands in a word."""
    return any(name in _names_in(word) for word in words)


def _names_in(word: str) -> list[str]:
    return [match[1] for match in _NAME.finditer(word)]


def candidates(word: str) -> Iterator[str]:
    """Everything in one word that a program may take for a path, the word first.

    `--opt=path`, `-Tpath`, `name=@path;type=…`, `type=bind,source=path`, `path:elsewhere`.
    """
    for segment in dict.fromkeys((word, *re.split(r"[,;]", word))):
        tails = [segment, *(segment[match.end() :] for match in re.finditer("=", segment))]
        if glued := _GLUED.match(segment):
            tails.append(segment[glued.end() :])
        for tail in tails:
            bare = tail.lstrip("@<")
            yield bare
            head, colon, _ = bare.partition(":")
            if colon and head:
                yield head


def _local(word: str) -> str | None:
    """`word` as a path on this machine, links not resolved; None if it is none.

    What may as well be a name (`portfolio`, `you/photos`) is a path if something is there.
    """
    for pattern in (_FILE, _LOCAL):
        if match := pattern.match(word):
            rest = word[match.end() :]
            return os.path.abspath(unquote(rest) if pattern is _FILE else rest)
    if match := _THIS_HOST.match(word):
        return os.path.join(os.path.expanduser("~"), word[match.end() :])
    if _SCHEME.match(word):
        return None
    home = os.path.expanduser(word)
    if os.path.isabs(home):
        return home
    if word in (".", "..") or word.startswith(("./", "../")) or (word and os.path.lexists(word)):
        return os.path.join(os.getcwd(), word)
    return None


def audit_folder_at(path: Path | str) -> Path | None:
    """The audit folder that `path` is, lies in, or holds one level below itself."""
    real = Path(os.path.realpath(path))
    if real.name == AUDIT_MARKER:
        return real.parent
    for folder in (real, *real.parents):
        if os.path.lexists(folder / AUDIT_MARKER):
            return folder
    try:
        with os.scandir(real) as scan:
            for entry in islice(scan, _LOOKED_AT):
                if os.path.lexists(os.path.join(entry.path, AUDIT_MARKER)):
                    return Path(entry.path)
    except OSError:  # a file, or nothing at all
        return None
    return None


def _is_script(before: Sequence[str]) -> bool:
    """Whether the word after `before` is what a shell is asked to run: `sh -c …`."""
    flag = before[-1] if before else ""
    return bool(re.fullmatch(r"-[a-z]*c|--command", flag)) and any(
        os.path.basename(word) in _SHELLS for word in before[:-1]
    )


def _pieces(script: str) -> list[str]:
    rough = re.split(r"[\s;&|()<>'\"`]+", script)
    try:
        return [*shlex.split(script), *rough]
    except ValueError:
        return rough


def _refused(word: str, why: str, place: Path) -> UsageError:
    told = f"{why}: {place}" if str(place) not in why else why
    return UsageError(f"The word {word} is refused.", f"{told}.", _FIX)
