"""Canonical JSON by restriction: the bytes that are hashed, signed and logged.

Only ASCII keys, strings without lone surrogates, integers below 2^53,
booleans, null, lists and objects are allowed. For these the standard
library's sorted, compact output equals RFC 8785 byte for byte.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

LIMIT = 2**53
"""RFC 8785 section 3.2.2.3: integers at or beyond this lose precision in some readers."""

_encode = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, check_circular=False
).encode


def canonical(value: object) -> str:
    """The canonical text of `value`.

    Raises ValueError for anything outside the restricted set: floats, other
    types, keys that are not ASCII, integers of 2^53 and more, lone surrogates.
    """
    _check(value, 0)
    return _encode(value)


def encode_checked(value: Mapping[str, str | int | bool | None]) -> str:
    """As `canonical`, for a flat object whose types the caller has made itself. Fast."""
    return _encode(value)


def encode_own(value: Mapping[str, object]) -> str:
    """As `canonical`, without its checks, for what the caller has built of such values alone."""
    return _encode(value)


encode_text: Callable[[str], str] = json.encoder.encode_basestring
"""The canonical text of one string, in quotes."""


def parse_canonical(line: str | bytes) -> object:
    """Parse a text that must be canonical; raises ValueError if it is not.

    Encoding the parsed value again and comparing refuses duplicate keys, white
    space, floats, another key order and other escapes in one step.
    """
    text = line.decode("utf-8") if isinstance(line, bytes) else line
    try:
        value: object = json.loads(text)
        same = _encode(value) == text
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not same:
        raise ValueError("not canonical JSON (duplicate keys, spaces, or another order)")
    if type(value) is not dict or not all(type(entry) is str for entry in value.values()):
        _check(value, 0)
    return value


def path_fields(path: str, name: str = "path") -> dict[str, str]:
    """Fields for a surrogateescape-decoded path, without loss.

    A path that is not valid UTF-8 gets a second field `<name>_hex` with its
    bytes, and a readable stand-in in the first.
    """
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        raw = path.encode("utf-8", "surrogateescape")
        return {name: raw.decode("utf-8", "replace"), f"{name}_hex": raw.hex()}
    return {name: path}


def path_from(fields: Mapping[str, object], name: str = "path") -> str:
    """The path that `path_fields` took apart."""
    raw = fields.get(f"{name}_hex")
    if isinstance(raw, str):
        return bytes.fromhex(raw).decode("utf-8", "surrogateescape")
    return str(fields[name])


def plain(text: str) -> str:
    """`text` with lone surrogates written as backslash escapes, so that it can be encoded."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace").decode("utf-8")
    return text


def _check(value: object, depth: int) -> None:
    if depth > 64:
        raise ValueError("nested too deeply")
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, int):
        if not -LIMIT < value < LIMIT:
            raise ValueError(f"integer out of range: {value}")
    elif isinstance(value, (list, tuple)):
        for entry in value:
            _check(entry, depth + 1)
    elif isinstance(value, dict):
        for key, entry in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise ValueError(f"key is not ASCII text: {key!r}")
            _check(entry, depth + 1)
    else:
        raise ValueError(f"no canonical form for {type(value).__name__}")


def _check_text(text: str) -> None:
    if text.isascii():
        return
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError("text holds a lone surrogate") from error
