"""Invented values in place of private ones, of the same grammar and from reserved ranges.

The key, the entity and the normalised value decide: one value has one surrogate under one key.
Addresses are at example.com (RFC 2606), telephone numbers from the 555-01XX range of North
America or those that Ofcom keeps for drama, network addresses from RFC 5737, RFC 3849 and
RFC 7042, card numbers behind issuers' test prefixes, account numbers at a bank of zeros; check
digits are right. Names come from the package's lists. A surrogate that would be one of the known
values is not used.
"""

from __future__ import annotations

import hmac
import ipaddress
import re
from collections.abc import Callable, Sequence
from functools import cache

from detectors.known import KnownValues
from detectors.name_forms import PARTICLES
from detectors.persons import TOKEN, latin, read_name, title_in
from detectors.placeholders import normal_value
from detectors.recognizers.people import is_given, listed

_TRIES = 32
_ROOM = 100_000
_TEST_NETS = ("192.0.2.0", "198.51.100.0", "203.0.113.0")
_DRAMA = (
    "113496", "114496", "115496", "116496", "117496", "118496", "121496", "131496", "141496",
    "151496", "161496", "207946", "191498", "292018", "163296",
)  # fmt: skip
"""First six digits, without the zero in front, of Ofcom's numbers for drama; a zero follows."""
_IBAN = re.compile(r"[A-Za-z]{2}\d{2}[A-Za-z0-9]{11,30}")
_MAC = re.compile(r"(?:[0-9A-Fa-f]{2}([:-]?)){5}[0-9A-Fa-f]{2}")


class Draw:
    """Numbers that a key and a message decide."""

    def __init__(self, key: bytes, message: str, attempt: int) -> None:
        text = f"{message}\0{attempt}".encode("utf-8", "replace")
        self._rest = int.from_bytes(hmac.digest(key, text, "sha512"), "big")

    def below(self, limit: int) -> int:
        self._rest, number = divmod(self._rest, limit)
        return number

    def of(self, choices: Sequence[str]) -> str:
        return choices[self.below(len(choices))]

    def digits(self, count: int) -> str:
        return str(self.below(10**count)).zfill(count) if count else ""


class Surrogates:
    """Surrogates under one key (bytes, at least 16), none of which is one of `known`."""

    def __init__(self, key: bytes, known: KnownValues | None = None) -> None:
        self._key = hmac.digest(key, b"surrogates", "sha256")
        self._known = (
            KnownValues((text, entity, "") for text, entity, _ in known.values) if known else None
        )
        self._made: dict[tuple[str, str, str], str | None] = {}

    def of(self, entity: str, value: str, person: str = "") -> str | None:
        """A surrogate for `value`, None where there is none for its entity or its form.

        `person` is the full name of whom `value`, a part of a name, means.
        """
        if entity not in ENTITIES:
            return None
        row = entity, value, person
        if row not in self._made:
            if len(self._made) >= _ROOM:
                self._made.clear()
            self._made[row] = self._new(entity, value, person or value)
        return self._made[row]

    def _new(self, entity: str, value: str, person: str) -> str | None:
        message = f"{entity}\0{normal_value(entity, person)}"
        for attempt in range(_TRIES):
            if entity == "PERSON":
                words = self._person(person, attempt)
                if self._is_known(" ".join(words.values())):
                    continue
                made: str | None = _renamed(value, words, Draw(self._key, message, attempt))
            else:
                made = _MAKERS[entity](value, Draw(self._key, message, attempt))
            if made is None:
                return None
            if made != value and not self._is_known(made):
                return made
        return None

    def _person(self, person: str, attempt: int) -> dict[str, str]:
        """The folded words of a name, and the word that stands for each."""
        name = read_name(person)
        given = {word for word in name.words if is_given(word)}
        if not given and len(name.words) > 1:
            given = {min(name.words)}
        return {
            word: Draw(self._key, f"{name.key}\0{word}", attempt).of(_pool(word in given))
            for word in dict.fromkeys(name.words)
        }

    def _is_known(self, text: str) -> bool:
        known = self._known
        return known is not None and bool(known.find(text) or known.find_bytes(text.encode()))


@cache
def _pool(given: bool) -> tuple[str, ...]:
    """Names of the lists that nothing else can be taken for."""
    names = listed("given_names" if given else "family_names")
    other = listed("family_names" if given else "given_names")
    return tuple(
        sorted(
            name.title()
            for name in names - other
            if name.isascii() and 4 <= len(name) <= 9 and name.isalpha()
        )
    )


def _renamed(value: str, words: dict[str, str], draw: Draw) -> str:
    """`value` with other names, in its own grammar: title, order, case, initials, possessive."""
    title = title_in(value)
    rest = [word for word in words if word not in {latin(t) for t in TOKEN.findall(value)}]

    def other(match: re.Match[str]) -> str:
        token = match.group()
        stem, mark, tail = token.partition("’" if "’" in token else "'")
        if tail.casefold() != "s":
            stem, mark, tail = token, "", ""
        folded = latin(stem)
        if folded in PARTICLES:
            return token
        if len(folded) == 1:
            meant = next((word for word in rest if word[0] == folded), "")
            new = words[meant][0] if meant else chr(65 + draw.below(26))
        else:
            new = words.get(folded) or draw.of(_pool(False))
        return _cased(new, stem) + mark + tail

    return title + TOKEN.sub(other, value[len(title) :])


def _cased(new: str, old: str) -> str:
    if old.isupper() and (len(old) > 1 or len(new) == 1):
        return new.upper()
    return new.lower() if old.islower() else new


def _email(value: str, draw: Draw) -> str:
    given, family = draw.of(_pool(True)).lower(), draw.of(_pool(False)).lower()
    return f"{given}.{family}{draw.digits(2)}@example.{draw.of(('com', 'net', 'org'))}"


def _handle(value: str, draw: Draw) -> str:
    return ("@" if value[:1] == "@" else "") + draw.of(_pool(False)).lower() + draw.digits(3)


def _phone(value: str, draw: Draw) -> str:
    digits = "".join(char for char in value if char.isdigit())
    if any(map(str.isalpha, value)) or not digits.isascii():
        return _american(draw, "+1 {}-{}-{}")
    british = digits[:2] == "44" and len(digits) == 12
    if british or (digits[:1] == "0" and len(digits) == 11):
        mobile = digits[2 if british else 1] == "7"
        number = "7700900" if mobile else draw.of(_DRAMA) + "0"
        return _in_form(value, ("44" if british else "0") + number + draw.digits(3))
    if len(digits) == 7:
        return _in_form(value, f"55501{draw.digits(2)}")
    bare = _american(draw, "{}{}{}")
    if len(digits) == 11 and digits[0] == "1":
        return _in_form(value, "1" + bare)
    if len(digits) == 10 and digits[0] not in "01" and value.strip()[:1] != "+":
        return _in_form(value, bare)
    return "1" + bare if value.isdigit() else f"+1 {bare[:3]}-{bare[3:6]}-{bare[6:]}"


def _american(draw: Draw, form: str) -> str:
    area = f"{2 + draw.below(8)}{draw.below(9)}{draw.below(10)}"
    return form.format(area if area[1:] != "11" else f"{area[0]}12", "555", "01" + draw.digits(2))


def _in_form(value: str, digits: str) -> str:
    """`value` with `digits`, as many as it has, in place of its own."""
    fill = iter(digits)
    return "".join(next(fill) if char.isdigit() else char for char in value)


def _ip(value: str, draw: Draw) -> str | None:
    try:
        version = ipaddress.ip_address(value.strip()).version
    except ValueError:
        return None
    if version == 4:
        return draw.of(_TEST_NETS)[:-1] + str(1 + draw.below(254))
    return str(ipaddress.IPv6Address((0x20010DB8 << 96) + draw.below(1 << 64)))


def _mac(value: str, draw: Draw) -> str | None:
    match = _MAC.fullmatch(value.strip())
    if match is None:
        return None
    octets = ("00", "00", "5E", "00", "53", f"{draw.below(256):02X}")
    text = match[1].join(octets)
    return text if value.upper() == value else text.lower()


def _card(value: str, draw: Draw) -> str | None:
    count = sum(map(str.isdigit, value))
    if not 12 <= count <= 19 or not value.isascii():
        return None
    first = next(char for char in value if char.isdigit())
    head = {"5": "555555", "3": "340000"}.get(first, "400000")
    body = head + draw.digits(count - 7)
    return _in_form(value, body + _luhn(body))


def _luhn(body: str) -> str:
    """The check digit behind `body` (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, char in enumerate(reversed(body)):
        digit = int(char) * (2 if place % 2 == 0 else 1)
        total += digit - 9 if digit > 9 else digit
    return str(-total % 10)


def _iban(value: str, draw: Draw) -> str | None:
    """The same country and form, a bank of zeros, right check digits (ISO 13616-1)."""
    packed = "".join(value.split())
    if not _IBAN.fullmatch(packed):
        return None
    account, zeros = "", 4
    for char in packed[4:].upper():
        number = draw.below(10)
        account += ("0" if zeros > 0 else str(number)) if char.isdigit() else "X"
        zeros -= char.isdigit()
    country = packed[:2].upper()
    rest = "".join(str(int(char, 36)) for char in f"{account}{country}00")
    made = iter(f"{country}{98 - int(rest) % 97:02d}{account}")
    return "".join(char if char.isspace() else next(made) for char in value)


_MAKERS: dict[str, Callable[[str, Draw], str | None]] = {
    "EMAIL_ADDRESS": _email,
    "PHONE_NUMBER": _phone,
    "USERNAME": _handle,
    "SOCIAL_HANDLE": _handle,
    "IP_ADDRESS": _ip,
    "MAC_ADDRESS": _mac,
    "CREDIT_CARD": _card,
    "IBAN_CODE": _iban,
}
ENTITIES = frozenset({"PERSON", *_MAKERS})
"""What has surrogates; everything else keeps its placeholder."""
