"""Seeds: values that the batch teaches, looked for everywhere else.

Three teachers: metadata (Artist, owner, faces named in XMP, serials), names
of files and folders, and texts; the user's private list is the fourth.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from detectors.name_forms import forms_of_address, forms_of_name
from detectors.words import is_common
from scrubber.model import Action, Seed
from scrubber.plan import Found

CREDIT = "credit"
"""Origin of a text that stays as a credit: what stands in it is public, and not looked for."""

_METADATA = {
    "CREATOR": "PERSON",
    "OWNER_NAME": "PERSON",
    "PERSON_IN_IMAGE": "PERSON",
    "DEVICE_NAME": "DEVICE_NAME",
    "CAMERA_SERIAL": "CAMERA_SERIAL",
    "LENS_SERIAL": "LENS_SERIAL",
    "PLACE_NAME": "PLACE_NAME",
    "EMAIL_ADDRESS": "EMAIL_ADDRESS",
}
_SEPARATED = re.compile(r"\s*[;,/&|]\s*|\s+and\s+")
_WORDS = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")


def with_forms(seed: Seed, near: str) -> Iterator[Seed]:
    """Other forms of what `seed` names; those that many people share count at and below `near`.

    Without `near` they are left out: they would count for the whole batch.
    """
    if seed.entity == "PERSON":
        forms = forms_of_name(seed.text)
    elif seed.entity == "EMAIL_ADDRESS":
        forms = forms_of_address(seed.text)
    else:
        return
    for form in forms:
        if near or not form.near:
            yield Seed(form.entity, form.text, near if form.near else seed.scope, seed.origin)


def listed_seeds(people: Iterable[tuple[str, str]]) -> tuple[Seed, ...]:
    """The user's own list, pairs of text and entity, and the other forms of the names in it."""
    listed = [Seed(name, text, "", "people") for text, name in people]
    return (*listed, *(form for seed in listed for form in with_forms(seed, "")))


def from_metadata(found: Iterable[Found], near: str = "") -> list[Seed]:
    """What the parts that go say of people, devices and places.

    A field that lists several names teaches each of them as well as the whole. Parts of names
    count at and below `near`, the folder of the item.
    """
    seeds: dict[tuple[str, str], Seed] = {}
    for row in found:
        entity = _METADATA.get(row.entity)
        words = row.words.strip() if entity else ""
        if row.action is Action.KEEP:
            words = row.words.strip()
            seeds.setdefault(("", words), Seed(row.entity, words, "", CREDIT))
            continue
        if not entity or not words:
            continue
        pieces = [words]
        if entity == "PERSON":
            pieces += [piece for piece in _SEPARATED.split(words) if piece != words]
        for piece in pieces:
            seeds.setdefault((entity, piece), Seed(entity, piece, "", "metadata"))
    for taught in list(seeds.values()):
        if taught.origin != CREDIT:
            for form in with_forms(taught, near):
                seeds.setdefault((form.entity, form.text), form)
    return list(seeds.values())


def from_name(path: str) -> Iterator[Seed]:
    """Names of people in a path: two or more capitalised words in a row that are not common.

    `Jane Doe wedding/IMG_0001.jpg` teaches "Jane Doe", and "Jane" for what lies in that folder.
    """
    place = ""
    for component in path.split("/"):
        place = f"{place}/{component}" if place else component
        run: list[str] = []
        stem = component.rpartition(".")[0] or component
        for word in [*_WORDS.findall(stem.replace("_", " ").replace("-", " ")), ""]:
            if word[:1].isupper() and not word.isupper() and not is_common(word.lower()):
                run.append(word)
                continue
            if 2 <= len(run) <= 4:
                taught = Seed("PERSON", " ".join(run), "", "name")
                yield taught
                yield from with_forms(taught, place)
            run = []


def inside(text: str, public: set[str]) -> bool:
    """Does `text` stand, as whole words, in one of the credits that stay?"""
    words = spaced(text)
    return any(words in credit for credit in public)


def spaced(text: str) -> str:
    """Its words in lower case, each between blanks."""
    return " " + " ".join(re.findall(r"[^\W_]+", text.casefold())) + " "
