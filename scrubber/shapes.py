"""What a reader still finds, less what the policy keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterable

_ENTITIES = {
    "an e-mail address": ("EMAIL_ADDRESS",),
    "a phone number": ("PHONE_NUMBER",),
    "a private key": ("PRIVATE_KEY",),
    "a cloud key": ("API_KEY",),
    "a service token": ("API_KEY", "AUTH_TOKEN"),
    "a payment key": ("API_KEY",),
}
CREDIT = "credit: "
WORDS = "words: "
"""How a reader says that words stand in a recording or film, which a policy may keep."""
_ENCODED = " in an encoded run"


def unkept(leftovers: Iterable[str], keeps: Callable[[str], bool]) -> tuple[str, ...]:
    """`leftovers` without the shapes of values whose entity `keeps` says may stay in a text."""
    return tuple(words for words in leftovers if not _kept(words.removesuffix(_ENCODED), keeps))


def _kept(words: str, keeps: Callable[[str], bool]) -> bool:
    if words.startswith(CREDIT):
        return all(keeps(entity) for entity in words.removeprefix(CREDIT).split(", "))
    if words.startswith(WORDS):
        return keeps("LYRICS")
    return any(map(keeps, _ENTITIES.get(words, ())))
