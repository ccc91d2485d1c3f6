"""Is a value a credential, or only something that stands where one would stand?"""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise
from typing import Any

_PLACEHOLDER = re.compile(
    r"(?i)<[^>]*>?|\$\{|\$\(|^\$[A-Z_]+|\{\{|%\(|^%\w+%|\byour|your[-_]|example|x{4,}|\*{3,}|\.{3}|"
    r"os\.environ|process\.env|getenv|environ\[|^arn:|^op://|^vault:|placeholder|changeme|change[-_]?me|"
    r"redacted|dummy|foobar|insert|replace|todo|fixme|sample|\bnone\b|^null$|^undefined$|^true$|^false$|"
    r"^self\.|^this\.|settings\.|config\.|secrets\.|params\.|args\.|request\.|^env\.|not[-_ ]?set|\ue000"
)
_COMMON = frozenset(
    [
        "password",
        "passwd",
        "pass",
        "secret",
        "token",
        "string",
        "str",
        "bytes",
        "int",
        "bool",
        "text",
        "hidden",
        "required",
        "optional",
        "user",
        "username",
        "admin",
        "root",
        "test",
        "key",
        "value",
        "default",
        "type",
        "any",
        "object",
        "varchar",
        "char",
        "nullable",
    ]
)
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*(?:[.:/-]+[A-Za-z_]\w*)*(?:\(.*|\[.*)?")
_NOT_KEYS = re.compile(
    r"(?i)integrity|checksum|digest|public|token_?type|token_?(?:count|limit|length|size|id)s?$|tokens$|max_|"
    r"num_|_url$|_uri$|_path$|_file$|_name$|_field|_expir|_ttl|_header|tokeniz|author|keyword|monkey|"
    r"authentic|author|publickeytoken|_hash_|secretary|key_id$|pass_?through|bypass|compass|passport|passenger"
)
_STOP = frozenset(
    [
        "the",
        "and",
        "for",
        "with",
        "from",
        "that",
        "this",
        "was",
        "are",
        "you",
        "has",
        "had",
        "but",
        "not",
        "all",
        "can",
        "her",
        "him",
        "his",
        "its",
        "our",
        "out",
        "who",
        "how",
        "why",
    ]
)


def entropy(value: str) -> float:
    """Shannon entropy in bits a character."""
    total = len(value)
    return -sum(n / total * math.log2(n / total) for n in Counter(value).values()) if total else 0.0


def digits_and_letters(value: str) -> bool:
    return any(c.isdigit() for c in value) and any(c.isalpha() for c in value)


def not_placeholder(value: str) -> bool:
    low = value.strip().lower()
    return bool(low) and low not in _COMMON and not _PLACEHOLDER.search(value)


def random_enough(value: str) -> bool:
    """A generated token: no filler, not one character again and again."""
    return not re.search(r"(?i)x{6,}|\*{3}|\.{3}|0{10,}", value) and entropy(value) >= 2.8


def header_value(value: str) -> bool:
    return not_placeholder(value) and entropy(value) >= 2.3 and digits_and_letters(value)


def cli_value(value: str) -> bool:
    return not_placeholder(value) and not value.startswith(("-", "$")) and not _plain(value)


def has_key_body(match: Any) -> bool:
    """Key material after the header: documentation that only names the header is none."""
    return bool(re.search(r"[A-Za-z0-9+/]{16}", match[0].split("-----", 2)[-1]))


def assigned_value(key: str, value: str, *, quoted: bool) -> bool:
    """Is `key = value` a credential being set? Bare words and code are not."""
    value = value.strip()
    if _NOT_KEYS.search(key) or not not_placeholder(value) or len(set(value)) < 4:
        return False
    if re.match(r"sha\d+[-:]|h1:|https?://|/|\./|#[0-9a-f]{6}$", value):
        return False
    if not quoted:
        return not _IDENTIFIER.fullmatch(value) or _mixed(value) or _scrambled(value)
    if re.fullmatch(r"[A-Za-z]+", value):
        return _mixed(value) or _scrambled(value) or _says_password(key)
    if " " in value:
        return _says_password(key) and digits_and_letters(value) and value.count(" ") < 3
    if _plain(value):
        return False
    return entropy(value) >= 2.0 and (not value.isdigit() or _says_password(key))


def call_value(value: str) -> bool:
    """A value given to a call or a tool: with digits, or scrambled letters."""
    return cli_value(value) and (digits_and_letters(value) or _scrambled(value))


def _scrambled(value: str) -> bool:
    """Letters whose case changes as in a generated word, not as in CamelCase."""
    changes = sum(a.isupper() != b.isupper() for a, b in pairwise(value))
    camel = re.fullmatch(r"[a-z]*(?:[A-Z][a-z]{2,})+|[A-Z]+[a-z]+|\W*", value)
    known = camel or not value.isalnum() or len(value) < 16
    return not known and changes > 0.25 * len(value) and entropy(value) >= 3.2


def _says_password(key: str) -> bool:
    return bool(re.search(r"(?i)passw|passphrase|pwd|passcode", key))


def _mixed(value: str) -> bool:
    """Digits inside letters, as in a generated word: not `utf8`, not `x1`."""
    return (
        len(value) >= 8
        and len(re.findall(r"\d+", value)) >= 2
        and "(" not in value
        and "." not in value
        and entropy(value) >= 2.8
    )


def _plain(value: str) -> bool:
    """A lower-case name, a dotted path, a format string, a file name or a version."""
    return bool(
        re.fullmatch(
            r"[a-z]+(?:[_.:/-][a-z]+)*\d?|[A-Z]?[a-z]+(?:-[A-Z]?[a-z]+)+|[A-Z]+(?:_[A-Z]+)*|v?\d+(?:\.\d+)+|[\w./-]+\.(?:py|js|json|ya?ml|pem|key|txt|crt)",
            value,
        )
        or re.search(r"%[sdrfx]", value)
        or "{" in value
    )


def said_password(value: str) -> bool:
    """A word said as a password holds a digit or a symbol inside."""
    core = value.strip(".,!?;:)(\"'")
    if len(core) < 4 or not not_placeholder(core) or core.startswith(("http", "[")):
        return False
    if re.match(r"[A-Za-z_][\w.]*[(\[]", core):
        return False
    if core.isdigit():
        return True
    return digits_and_letters(core) or bool(
        re.search(r"[A-Za-z][^\w\s'.,/-]|[^\w\s'\"(.,/<-][A-Za-z]", core)
    )


def seed_words(value: str) -> bool:
    """Twelve to twenty-four words with no function word among them (BIP-39 has none), none twice."""
    tokens = value.split()
    return not _STOP & set(tokens) and len(set(tokens)) == len(tokens)
