"""Files that belong together: what of a group is held with a part of it.

Groups come from names (`scrubber.companions`); which two of one group share a verdict
depends on what they are: `[groups] together` of the policy names such pairs.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence

from scrubber.canonical import plain
from scrubber.companions import CAPTIONS, FILMS, PHOTOS, RAWS, SOUNDS, Family, relate
from scrubber.errors import PartnerHeld
from scrubber.junk import suffix
from scrubber.model import Member, Outcome
from scrubber.raw_previews import TAIL

_CLASSES = (
    ("raw", RAWS), ("photo", PHOTOS), ("film", FILMS), ("sound", SOUNDS), ("words", CAPTIONS),
)  # fmt: skip
_PAIRS = {
    frozenset(("photo", "film")): "live",
    frozenset(("photo", "raw")): "raw",
    frozenset(("film", "sound")): "copies",
    **{frozenset(("words", other)): "captions" for other in ("raw", "photo", "film", "sound")},
    **{frozenset((one,)): "copies" for one in ("raw", "photo", "film", "sound", "words")},
}


def relation(one: str, other: str) -> str:
    """Which of PAIRS two files of one group are, by their names; "" for none."""
    if one == other + TAIL or other == one + TAIL:
        return ""  # the preview stands in for its raw file
    return _PAIRS.get(frozenset((_class(one), _class(other))), "")


def _class(path: str) -> str:
    ending = suffix(path.rpartition("/")[2])
    return next((name for name, endings in _CLASSES if ending in endings), ending)


class Beside:
    """What belongs to a file, by the names of its folder, which are read once for each folder."""

    def __init__(self) -> None:
        self._folder = ""
        self._family: Family | None = None
        self._members: dict[str, list[str]] = {}

    def of(self, path: str) -> tuple[tuple[str, bool], ...]:
        """(name, whether a run leaves it out) of the other files of its group, sorted."""
        folder, name = os.path.split(path)
        if self._family is None or folder != self._folder:
            self._folder, self._family = folder, relate(_files(folder or os.curdir))
            self._members = {}
            for one, group in sorted(self._family.groups.items()):
                self._members.setdefault(group, []).append(one)
        found = self._members.get(self._family.groups.get(name, ""), ())
        return tuple((one, one in self._family.follows) for one in found if one != name)


def _files(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as scan:
            return [one.name for one in scan if one.is_file(follow_symlinks=False)]
    except OSError:
        return []


def partners(
    groups: Iterable[Sequence[Member]], together: Collection[str]
) -> Iterator[tuple[int, PartnerHeld]]:
    """What is held for the sake of another file of its group, and the reason of each."""
    for group in groups if together else ():
        waiting = [one for one in group if one.outcome is Outcome.HELD]
        free = [one for one in group if one.outcome in (Outcome.CLEANED, Outcome.UNCHANGED)]
        while waiting:
            held = waiting.pop(0)
            for one in list(free):
                if relation(held.path, one.path) not in together:
                    continue
                free.remove(one)
                waiting.append(Member(one.index, one.path, Outcome.HELD, PartnerHeld.code))
                name = plain(held.path.rpartition("/")[2])
                yield (
                    one.index,
                    PartnerHeld(f"It belongs to {name},", f"which is held ({held.code})."),
                )
