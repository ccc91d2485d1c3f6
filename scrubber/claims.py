"""The creator's own words in the public record: what is declared, which rights, which terms.

Three sections of `scrub.toml` that go into manifest.json, and, for the rights, into
rights.json. What is not said is absent: there is no default permission. The entries of
`rights` are those of the CAWG Training and Data Mining Assertion 1.1 and of the PLUS
property Data Mining; docs/rights.md has them all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime

SECTIONS = ("declared", "rights", "terms")
USES = ("allowed", "notAllowed", "constrained")
"""What an entry of the CAWG assertion may say, spelled as there."""
ENTRIES = (
    "cawg.ai_training",
    "cawg.ai_generative_training",
    "cawg.ai_inference",
    "cawg.data_mining",
)
DATA_MINING = (
    "DMI-UNSPECIFIED",
    "DMI-ALLOWED",
    "DMI-PROHIBITED",
    "DMI-PROHIBITED-AIMLTRAINING",
    "DMI-PROHIBITED-GENAIMLTRAINING",
    "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING",
    "DMI-PROHIBITED-SEECONSTRAINT",
    "DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR",
    "DMI-PROHIBITED-SEELINKEDRIGHTSEXPR",
)
"""Codes of the PLUS vocabulary for plus:DataMining, which IPTC Photo Metadata uses."""
REPORTS = {"none": 0, "monthly": 1, "quarterly": 3, "half-yearly": 6, "yearly": 12}
"""How often the buyer reports, and the months between two reports."""

_PERMISSION = ("allowed", "prohibited", "with-consent")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}")  # RFC 5646, its shape
_COUNTRY = re.compile(r"[A-Z]{2}")  # ISO 3166-1 alpha-2, its shape
_WHEN = r"\d{4}(?:-(?:0[1-9]|1[0-2]))?"
_CAPTURED = re.compile(rf"{_WHEN}(?:/{_WHEN})?")  # ISO 8601-1, 5.5: year or month, or an interval
_LICENSE = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9.+-]{0,63}|https://[!#-;=?-~]{4,190}"
)  # SPDX, or a URL
_TASK = re.compile(r"[a-z0-9]+(-[a-z0-9]+){0,7}")
_HEX = re.compile(r"[0-9a-f]{64}")
_SHORT, _LONG, _MANY = 200, 1000, 20

Check = Callable[[object], object]
"""Takes the value of one key, gives its public form. Raises ValueError with what it must be."""


def _text(limit: int) -> Check:
    def check(value: object) -> object:
        if not isinstance(value, str) or not value.strip():
            raise ValueError("must be a text that is not empty")
        if len(value) > limit:
            raise ValueError(f"is longer than {limit} characters")
        if not value.isprintable() or value != unicodedata.normalize("NFC", value):
            raise ValueError("must be one line of plain text, without invisible characters (NFC)")
        return value

    return check


def _one_of(*allowed: str) -> Check:
    def check(value: object) -> object:
        if isinstance(value, str) and value in allowed:
            return value
        raise ValueError(f"must be one of: {', '.join(allowed)}")

    return check


def _shape(pattern: re.Pattern[str], words: str) -> Check:
    def check(value: object) -> object:
        if isinstance(value, str) and pattern.fullmatch(value):
            return value
        raise ValueError(f"must be {words}")

    return check


def _list_of(one: Check) -> Check:
    """A list without repetition; a single text counts as a list of one."""

    def check(value: object) -> object:
        rows = value if isinstance(value, list | tuple) else [value]
        if not 1 <= len(rows) <= _MANY:
            raise ValueError(f"must hold 1 to {_MANY} entries")
        checked = [one(row) for row in rows]
        if len(set(map(str, checked))) != len(checked):
            raise ValueError("says the same twice")
        return checked

    return check


def _captured(value: object) -> object:
    if not isinstance(value, str) or not _CAPTURED.fullmatch(value):
        raise ValueError('must be a year or month, or two of them: "2024", "2024-05/2025-01"')
    first, _, last = value.partition("/")
    if last and (len(first) != len(last) or first > last):
        raise ValueError("must begin before it ends, and both sides in years or both in months")
    return value


def _yes_no(value: object) -> object:
    if isinstance(value, bool):
        return value
    raise ValueError("must be true or false")


def _date(value: object) -> object:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    try:
        if isinstance(value, str) and date.fromisoformat(value).isoformat() == value:
            return value
    except ValueError:
        pass
    raise ValueError("must be a date such as 2027-11-24")


def _constraints(value: object) -> object:
    if not isinstance(value, Mapping) or not value:
        raise ValueError("must be a table of entries and their constraints")
    for name in value:
        if name not in ENTRIES:
            raise ValueError(f"has an entry that is none of: {', '.join(ENTRIES)}")
    return {str(name): _text(_LONG)(text) for name, text in value.items()}


KEYS: dict[str, dict[str, Check]] = {
    "declared": {
        "title": _text(_SHORT),
        "creator": _text(_SHORT),
        "country": _list_of(_shape(_COUNTRY, 'a code of ISO 3166 in two capitals, such as "NO"')),
        "captured": _captured,
        "language": _list_of(_shape(_LANGUAGE, 'a language tag such as "en" or "pt-BR"')),
        "synthetic": _one_of("none", "some", "all"),
        "license": _shape(
            _LICENSE, "an SPDX identifier such as CC-BY-4.0, or an address with https"
        ),
        "tasks": _list_of(_shape(_TASK, 'a name such as "image-classification"')),
    },
    "rights": {
        **dict.fromkeys(ENTRIES, _one_of(*USES)),
        "constraint_info": _constraints,
        "plus": _one_of(*DATA_MINING),
        "other_constraints": _text(_LONG),
    },
    "terms": {
        "exclusive": _yes_no,
        "until": _date,
        "deletion": _one_of("at-end", "on-request", "none"),
        "likeness": _one_of(*_PERMISSION),
        "sublicense": _one_of(*_PERMISSION),
        "reidentification": _one_of(*_PERMISSION),
        "reports": _one_of(*REPORTS),
        "contract_commit": _shape(_HEX, "a commitment of 64 hex digits"),
    },
}
"""Public keys of each section, in the order in which they are shown."""


def check_section(name: str, section: object) -> dict[str, object]:
    """The public form of one section. Raises ValueError that says which key is wrong and why."""
    if not isinstance(section, Mapping) or not section:
        raise ValueError(f"{name} is no table, or empty")
    checked: dict[str, object] = {}
    for key, value in section.items():
        if key not in KEYS[name]:
            raise ValueError(f"{name} has an unknown key")
        try:
            checked[key] = KEYS[name][key](value)
        except ValueError as error:
            raise ValueError(f"{name}: {key} {error}") from None
    if name == "rights":
        check_rights(checked)
    return checked


def check_public(sections: Mapping[str, object]) -> None:
    """Refuse a public record whose sections are not exactly of this form. Raises ValueError."""
    for name in SECTIONS:
        if name in sections and check_section(name, sections[name]) != sections[name]:
            raise ValueError(f"{name} is not in its public form")


def check_rights(rights: Mapping[str, object]) -> None:
    """Refuse rights that contradict themselves. Raises ValueError."""
    told = rights.get("constraint_info")
    texts = told if isinstance(told, Mapping) else {}
    for entry in ENTRIES:
        if (rights.get(entry) == "constrained") != (entry in texts):
            # CAWG: constrained without more information counts as notAllowed.
            raise ValueError(f"rights: {entry} is constrained exactly if constraint_info says how")
    code = rights.get("plus")
    if (code == "DMI-PROHIBITED-SEECONSTRAINT") != ("other_constraints" in rights):
        raise ValueError(
            "rights: other_constraints belongs to DMI-PROHIBITED-SEECONSTRAINT, and that to it"
        )
    for entry in _FORBIDDEN.get(str(code), ()):
        if rights.get(entry) == "allowed":
            raise ValueError(f"rights: {entry} is allowed, and plus says {code}")
    if code == "DMI-ALLOWED" and (
        strict := [entry for entry in ENTRIES if rights.get(entry, "allowed") != "allowed"]
    ):
        raise ValueError(f"rights: plus says {code}, and {strict[0]} is not allowed")


_TRAINING = ("cawg.ai_training", "cawg.ai_generative_training")
_FORBIDDEN: dict[str, tuple[str, ...]] = {
    "DMI-PROHIBITED": (*_TRAINING, "cawg.data_mining"),
    "DMI-PROHIBITED-AIMLTRAINING": _TRAINING,
    "DMI-PROHIBITED-GENAIMLTRAINING": ("cawg.ai_generative_training",),
    "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING": (*_TRAINING, "cawg.data_mining"),
}


def texts(claims: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Free texts of the sections with their names, `declared.creator`: what may hold anything."""
    for name, key in (
        ("declared", "title"),
        ("declared", "creator"),
        ("declared", "license"),
        ("rights", "other_constraints"),
    ):
        section = claims.get(name)
        value = section.get(key) if isinstance(section, Mapping) else None
        if isinstance(value, str):
            yield f"{name}.{key}", value
    rights = claims.get("rights")
    told = rights.get("constraint_info") if isinstance(rights, Mapping) else None
    for entry, text in told.items() if isinstance(told, Mapping) else ():
        yield f"rights.{entry}", str(text)


TEXTS = (
    "declared.title",
    "declared.creator",
    "declared.license",
    "rights.other_constraints",
    *(f"rights.{entry}" for entry in ENTRIES),
)
"""Names of all free texts, as `publish_anyway` takes them."""


def rows(claims: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
    """(section, key, words) of all that the creator says, for people; in a fixed order."""
    for name in SECTIONS:
        section = claims.get(name)
        if not isinstance(section, Mapping):
            continue
        told = section.get("constraint_info", {})
        for key in KEYS[name]:
            if key not in section or key == "constraint_info":
                continue
            words = _words(section[key])
            if isinstance(told, Mapping) and key in told:
                words = f"{words}: {told[key]}"
            yield name, key, words


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
