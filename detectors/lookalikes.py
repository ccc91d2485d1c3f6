"""Letters of other scripts that look like Latin ones (after Unicode TS 39, confusables)."""

from __future__ import annotations

import regex

_CYRILLIC = dict(
    zip("АВЕЅІЈКМНОРСТХҮԜасеоорԁһіјӏѕухԛԝѵ", "ABESIJKMHOPCTXYWaceoopdhijlsyxqwv", strict=True)
)
_GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧανορυιχϲ", "ABEZHIKMNOPTYXavopuixc", strict=True))
_OTHER = {"ı": "i", "ɑ": "a", "ɡ": "g", "ⅼ": "l", "ʏ": "Y", "օ": "o", "ո": "n", "ս": "u", "հ": "h"}
TWINS = _CYRILLIC | _GREEK | _OTHER
_TABLE = str.maketrans(TWINS)
_ALIKE = "".join(sorted(TWINS))
# A word of one script is that script's; only a word that mixes Latin with twins is a trick.
_MIXED = regex.compile(
    rf"(?<![\p{{L}}\p{{M}}])(?=[\p{{L}}\p{{M}}\d._@-]*[A-Za-z])(?=[\p{{L}}\p{{M}}\d._@-]*[{_ALIKE}])"
    rf"[A-Za-z{_ALIKE}][A-Za-z{_ALIKE}\d]*"
)
_ANY = regex.compile(f"[{_ALIKE}]")


def latin(text: str) -> str:
    """`text` with look-alikes inside Latin words as the letters they look like, one for one."""
    if text.isascii() or not _ANY.search(text):
        return text
    return _MIXED.sub(lambda match: match[0].translate(_TABLE), text)
