"""Other ways to write a person's name, and what an e-mail address says of one.

Some forms are as telling as the whole name and count everywhere: the family name first,
another script or none of its accents. Parts of a name, initials and login names are
shared by many people and count only near the place that taught them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from detectors.words import is_common

_TOKEN = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_PARTICLE_WORDS = """
van von de der den del della di da dos du la le el al bin ibn ben bint ten ter af av zu
zum mac mc st jr sr ii iii iv phd md esq mr mrs ms miss dr prof sir the and und et y e
"""
PARTICLES = frozenset(_PARTICLE_WORDS.split())
SPELLED_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "aa", "ø": "oe", "æ": "ae", "ð": "dh",
     "þ": "th", "œ": "oe", "ł": "l", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Å": "Aa", "Ø": "Oe",
     "Æ": "Ae", "Þ": "Th", "Ł": "L", "đ": "d", "Đ": "D"}
)  # fmt: skip
_ROLE_WORDS = """
info contact support admin administrator office hello mail team sales service help press
media news jobs hr billing accounts noreply no-reply donotreply postmaster webmaster
root abuse security privacy legal marketing enquiries inquiries orders shop booking
bookings reservations reception feedback test user example me you someone name git
"""
_ROLES = frozenset(_ROLE_WORDS.split())
_SHORTEST_PART = 3
_SHORTEST_LOGIN = 4


@dataclass(frozen=True, slots=True)
class Form:
    """`text` stands for the same person; `near`: only close to where the name was found."""

    text: str
    entity: str = "PERSON"
    near: bool = False


def forms_of_name(name: str) -> Iterator[Form]:
    """Other forms of a full name, of two to five words. Nothing for a single word."""
    words = _TOKEN.findall(name)
    told = [word for word in words if word.casefold() not in PARTICLES]
    names = [word for word in told if len(word) > 1]
    if not len(names) >= 2 or len(words) > 6:
        return
    given, family = names[0], names[-1]
    rest = " ".join(words[words.index(given) + 1 :]) if given in words else family
    yield Form(f"{rest} {given}")
    yield Form(f"{rest}, {given}")
    if len(names) > 2:
        yield Form(f"{given} {family}")
    for other in _in_latin(name):
        yield Form(other)
    yield from _near_forms(told, names)


def _near_forms(told: list[str], names: list[str]) -> Iterator[Form]:
    given, family = names[0], names[-1]
    for word in names:
        if len(word) >= _SHORTEST_PART:
            yield Form(word, near=True)
    yield Form(f"{given[0]}. {family}", near=True)
    yield Form(f"{given} {family[0]}.", near=True)
    if len(told) > 2:
        yield Form(f"{''.join(word[0] + '. ' for word in told[:-1])}{family}", near=True)
    for login in (given[0] + family, given + family[0], family + given[0]):
        if len(login) >= _SHORTEST_LOGIN and not is_common(login):
            yield Form(login.lower(), near=True)


def _in_latin(name: str) -> Iterator[str]:
    """The name in ASCII: by the habit of German and the Nordic languages, and letter by letter."""
    if name.isascii():
        return
    from anyascii import anyascii

    spelled = name.translate(SPELLED_OUT)
    for text in dict.fromkeys((anyascii(spelled), anyascii(name))):
        if text != name and text.strip():
            yield text


def forms_of_address(address: str) -> Iterator[Form]:
    """What the local part of an e-mail address says: `jane.doe` a name, `quillfeather` a login."""
    local = address.partition("@")[0].partition("+")[0]
    if local.casefold() in _ROLES:
        return
    words = [word for word in re.split(r"[._\-\d]+", local) if word]
    if all(word in _ROLES or is_common(word) for word in map(str.casefold, words)):
        return
    if len(words) >= 2 and all(map(str.isalpha, words)):
        if sum(map(len, words)) >= _SHORTEST_LOGIN + 1:
            yield Form(" ".join(words))
    elif len(local) > _SHORTEST_LOGIN and not is_common(local):
        yield Form(local, "USERNAME", near=len(local) < 6)
