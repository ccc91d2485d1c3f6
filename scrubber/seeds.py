"""Seeds: values that the batch teaches, looked for everywhere else.

Three teachers: metadata (Artist, owner, faces named in XMP, serials), names
of files and folders, and texts; the user's private list is the fourth.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

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


def from_metadata(found: Iterable[Found]) -> list[Seed]:
    """What the parts that go say of people, devices and places.

    A field that lists several names teaches each of them as well as the whole.
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
    return list(seeds.values())


def from_name(path: str) -> Iterator[Seed]:
    """Names of people in a path: two or more capitalised words in a row that are not common.

    `Jane Doe wedding/IMG_0001.jpg` teaches "Jane Doe".
    """
    for component in path.split("/"):
        run: list[str] = []
        stem = component.rpartition(".")[0] or component
        for word in [*_WORDS.findall(stem.replace("_", " ").replace("-", " ")), ""]:
            if word[:1].isupper() and not word.isupper() and not is_common(word.lower()):
                run.append(word)
                continue
            if 2 <= len(run) <= 4:
                yield Seed("PERSON", " ".join(run), "", "name")
            run = []
