"""Does a signed release let this file go? The hold rule behind `no-release`.

A release *applies* to a file if its kind fits the media type, one of its globs covers
the path, and the day of the recording, where it is known, is one of its days. At least
one must apply, and every one that applies must be in force: two people in one picture
have two releases, and either of them can stop it. Silence never counts as consent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase

from scrubber.errors import NoRelease
from scrubber.path_globs import covered
from scrubber.rulings import Release, Rulings, expired, unsigned

Days = tuple[date, date]
"""First and last day; one day is both."""

_FITS = {
    "image": ("model", "self"),
    "video": ("model", "self"),
    "audio": ("voice", "self"),
}
_WRITTEN = ("co-author", "self")
_PEOPLE = ("model", "voice", "self")


@dataclass(frozen=True, slots=True)
class ReleaseRules:
    """The policy's section [releases]. `need` holds media types as globs, or KIND:GLOB."""

    need: tuple[str, ...] = ()
    paths: tuple[str, ...] = ("**",)
    purpose: str = "ai-training"


NO_RELEASES = ReleaseRules()
"""No file needs a release."""


@dataclass(frozen=True, slots=True)
class Consent:
    """What the record says: releases that let the file go, and whether their days fit.

    `people` is "released" or "". `dates` is yes, unknown, or "" where nothing was asked.
    """

    people: str = ""
    releases: tuple[str, ...] = ()
    dates: str = ""


NOT_ASKED = Consent()


def kinds_that_fit(media_type: str) -> tuple[str, ...]:
    """Kinds of release that a file of this media type needs one of."""
    return _FITS.get(media_type.partition("/")[0], _WRITTEN)


def _shows_people(media_type: str) -> bool:
    return media_type.partition("/")[0] in _FITS


def needs(rules: ReleaseRules, path: str, media_type: str) -> list[tuple[str, ...]]:
    """What the policy asks for: for each need, the kinds of release that would do."""
    asked: dict[tuple[str, ...], None] = {}
    for need in rules.need:
        kind, colon, glob = need.rpartition(":")
        if fnmatchcase(media_type, glob):
            asked[(kind,) if colon else kinds_that_fit(media_type)] = None
    return list(asked) if asked and covered(rules.paths, path) else []


def consent(
    rules: ReleaseRules, rulings: Rulings, path: str, media_type: str, taken: Sequence[Days]
) -> Consent:
    """The releases that let a file go. `taken`: days of the recording, as far as known.

    Raises NoRelease with the reason: nothing applies, or what applies is not in force.
    """
    asked = needs(rules, path, media_type)
    if not asked:
        return NOT_ASKED
    ids: set[str] = set()
    people = False
    dates = "yes"
    for kinds in asked:
        for release in _in_force(rules, rulings, path, kinds, taken):
            ids.add(release.id)
            people = people or (release.kind in _PEOPLE and _shows_people(media_type))
            dates = dates if within(release.shoot, taken) == "yes" else "unknown"
    return Consent("released" if people else "", tuple(sorted(ids)), dates)


def _in_force(
    rules: ReleaseRules,
    rulings: Rulings,
    path: str,
    kinds: tuple[str, ...],
    taken: Sequence[Days],
) -> list[Release]:
    fitting = [row for row in rulings.releases if row.kind in kinds and covered(row.covers, path)]
    applying = [row for row in fitting if within(row.shoot, taken) != "no"]
    if not applying:
        raise _nothing_applies(kinds, fitting)
    flaws = {row.id: flaw(row, rules.purpose, rulings) for row in applying}
    behind = _replaced(rulings.releases, [row for row in applying if not flaws[row.id]])
    for row in applying:
        if flaws[row.id] and row.id not in behind:
            raise NoRelease(f"Release {row.id} covers this file, but {flaws[row.id]}.")
    left = [row for row in applying if row.id not in behind]
    if not left:
        raise NoRelease("The releases that cover this file replace one another in a circle.")
    return left


def _nothing_applies(kinds: tuple[str, ...], fitting: Sequence[Release]) -> NoRelease:
    wanted = " or ".join(kinds)
    if not fitting:
        return NoRelease(
            f"The policy asks for a signed release ({wanted}),", "and none covers this file."
        )
    names = ", ".join(row.id for row in fitting[:3])
    return NoRelease(
        f"Release {names} covers this file's place,",
        "but was signed for other days than the one on which it was made.",
    )


def _replaced(releases: Iterable[Release], good: Sequence[Release]) -> set[str]:
    """Ids behind the good ones: what they replace, and what that replaced."""
    before = {row.id: row.replaces for row in releases if row.replaces}
    found: set[str] = set()
    for row in good:
        name = before.get(row.id, "")
        while name and name not in found:
            found.add(name)
            name = before.get(name, "")
    return found


def flaw(release: Release, purpose: str, rulings: Rulings) -> str:
    """Why a release is not in force, as the end of a sentence; "" if it is."""
    own = _own_flaw(release, purpose, rulings)
    if own or not release.minor:
        return own
    guardian = next((row for row in rulings.releases if row.id == release.guardian), None)
    if guardian is None or guardian.kind != "guardian":
        return "it is a minor's, and no guardian's release stands behind it"
    theirs = _own_flaw(guardian, purpose, rulings)
    return f"of the guardian's release, {guardian.id}: {theirs}" if theirs else ""


def _own_flaw(release: Release, purpose: str, rulings: Rulings) -> str:
    if release.revoked:
        return "it was revoked"
    if expired(release, rulings.today):
        return f"it expired after {release.expires}"
    if unsigned(release, rulings.today):
        return f"it is dated {release.signed}, which is still to come"
    if release.doubt:
        return f"its document {release.doubt}"
    if purpose not in release.scope:
        return f"it does not allow {purpose}"
    return ""


def within(shoot: Sequence[Days], taken: Sequence[Days]) -> str:
    """Whether every day of `taken` lies in one of the ranges: yes, no, or unknown."""
    if not shoot or not taken:
        return "unknown"
    answers = {_one_within(shoot, days) for days in taken}
    return "no" if "no" in answers else "unknown" if "unknown" in answers else "yes"


def _one_within(shoot: Sequence[Days], days: Days) -> str:
    if any(first <= days[0] and days[1] <= last for first, last in shoot):
        return "yes"
    overlaps = any(first <= days[1] and days[0] <= last for first, last in shoot)
    return "unknown" if overlaps else "no"
