"""What one path component gives away.

A component stays only if every word in it is a common word or a camera's counter.
Everything else is private: dates, numbers, names of apps, addresses, unknown words.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from detectors.tags import PATTERN, is_tag
from detectors.words import is_common

KINDS = (
    "photo",
    "video",
    "recording",
    "table",
    "code",
    "document",
    "data",
    "text",
    "archive",
    "file",
    "folder",
)
_PLACEHOLDER = re.compile(rf"(?:{'|'.join(KINDS)})-(?P<tag>{PATTERN})")
_TRAILING_TAG = re.compile(rf"(?P<stem>.+)-(?P<tag>{PATTERN})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a component is private, the entity that makes it so, and a word for why."""

    private: bool
    entity: str = ""
    reason: str = ""


_STAYS = Verdict(False)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_EVIDENCE = tuple(
    (re.compile(pattern, re.IGNORECASE), entity, reason)
    for pattern, entity, reason in (
        (r"[^\s@]+@[^\s@]+", "EMAIL_ADDRESS", "e-mail"),
        (r"(?<![0-9a-f])[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}(?![0-9a-f])", "UUID", "uuid"),
        (r"(?<![0-9a-f])(?=[a-f]*\d)[0-9a-f]{16,}(?![0-9a-f])", "UUID", "id"),
        (r"(?<![0-9a-f])(?:[0-9a-f]{2}[:_-]){5}[0-9a-f]{2}(?![0-9a-f])", "MAC_ADDRESS", "mac"),
        (r"(?<!\d)(?:\d{1,3}\.){3}\d{1,3}(?!\d)", "IP_ADDRESS", "ip-address"),
        (r"-?\d{1,3}\.\d{3,}[ ,_;x]+-?\d{1,3}\.\d{3,}", "COORDINATES", "position"),
        (
            r"\d{1,3}(?:\.\d+)? ?[°º]|\d{1,2}\.\d{3,}[ns]\W*\d{1,3}\.\d{3,}[ew]",
            "COORDINATES",
            "position",
        ),
        (
            r"(?<!\d)(?:19|20)\d\d[-_. ]?(?:0[1-9]|1[0-2])[-_. ]?"
            r"(?:0[1-9]|[12]\d|3[01])(?!\d)",
            "DATE",
            "date",
        ),
        (r"(?<!\d)(?:19|20)\d\d[-_. ](?:0[1-9]|1[0-2])(?!\d)", "DATE", "date"),
        (
            r"(?<!\d)(?:0?[1-9]|[12]\d|3[01])([-_. ])(?:0?[1-9]|[12]\d|3[01])\1"
            r"(?:(?:19|20)?\d\d)(?!\d)",
            "DATE",
            "date",
        ),
        (r"(?<!\d)1[4-9]\d{8}(?:\d{3})?(?!\d)", "DATE", "time-stamp"),
        (r"(?<![\w])\+?\(?\d(?:[ ()._/-]{0,2}\d){6,14}(?!\d)", "PHONE_NUMBER", "phone"),
        (
            r"whats ?app|telegram|instagram|facebook|snapchat|tiktok|messenger|wechat|viber",
            "SOFTWARE",
            "app",
        ),
        (r"(?:^|[_\W])(?:com|org|net|io|app)\.[a-z]\w*", "SOFTWARE", "app"),
        (r"\b(?:https?|www)[.:]", "URL", "link"),
    )
)

_CAMERA = re.compile(
    r"""(?:
      [_]?(?:DSC|IMG|MG|SDC)_?\d{4} | DSC_?0\d{4} | IMG_E\d{4} | IMG_?0\d{4}
    | (?:DSC[NF]|[CS]?IMG[P]?|PICT|SAM|MVI|MOV|VID|PANO|ST[ABC]|DJI|KIF|HPIM|HNI|SANY|CRW)_?\d{4}
    | P1\d{6} | L100\d{4} | R00\d{5} | G(?:OPR|P\d\d|[XHLS]\d\d)\d{4} | C\d{4} | 0\d{4}
    )(?![0-9A-Za-z])""",
    re.VERBOSE | re.IGNORECASE,
)
_CAMERA_FOLDER = re.compile(
    r"[1-9]\d\d_?(?:CANON|APPLE|NIKON|MSDCF|OLYMP|GOPRO|MEDIA|_?PANA|_?FUJI|CASIO|PENTX|RICOH|SIGMA|"
    r"LEICA|KODAK|SAMSU|SSCAM|HPIMG|IMAGE|PHOTO|VIDEO|ANDRO|EOS|NCFL|_?DJI)|DCIM|AVCHD|BDMV|PRIVATE",
    re.IGNORECASE,
)
_COUNTED = _set(
    "image img photo picture pic frame track chapter part page scan slide sample item figure fig"
    " scene shot take clip video audio volume file row line segment tile mask label sheet"
    " test train val rec recording"
)
_STREETS = _set(
    "street road avenue lane drive square boulevard alley terrace close crescent court way row"
    " apartment flat suite st rd ave blvd room unit house"
)
_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_CAMEL = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[^\W\d_]+?(?=[A-Z]|$)")
_FORM = re.compile(r"[\w ._(),+&'\[\]#!=~@-]+")
_BEFORE_NUMBER = _set("v s e p n x t c r d q h")
_AFTER_NUMBER = _set("st nd rd th x k p d px dpi mm cm ms s fps hz khz kbps mb kb gb")


def inspect_component(component: str) -> Verdict:
    """Judges one path component without its suffix (POSIX, surrogateescape).

    Private until every token is explained. Rule: DCF 2.0 counters and the counters that
    makers and phones use stay, at most two short numbers, no year.
    """
    if is_placeholder(component):
        return _STAYS
    component, _ = split_mark(component)
    try:
        component.encode()
    except UnicodeEncodeError:
        return Verdict(True, "FILE_PATH", "not-utf-8")
    text = unicodedata.normalize("NFKC", component)
    if _CAMERA_FOLDER.fullmatch(text):
        return _STAYS
    camera = _CAMERA.match(text)
    rest = text[camera.end() :] if camera else text
    for pattern, entity, reason in _EVIDENCE:
        if pattern.search(rest if camera else text):
            return Verdict(True, entity, reason)
    if not _FORM.fullmatch(text):
        return Verdict(True, "FILE_PATH", "characters")
    return _judge(rest, bool(camera))


def is_placeholder(component: str) -> bool:
    """Whether `component` is `<kind>-<tag>` as this project writes it."""
    match = _PLACEHOLDER.fullmatch(component)
    return bool(match and is_tag(match["tag"]))


def split_mark(component: str) -> tuple[str, str]:
    """A component and the `-<tag>` behind it that keeps it apart from another, or ""."""
    match = _TRAILING_TAG.fullmatch(component)
    if match and is_tag(match["tag"]):
        return match["stem"], f"-{match['tag']}"
    return component, ""


def _judge(text: str, counted: bool) -> Verdict:
    tokens = _tokens(text)
    if not tokens and not counted:
        return Verdict(True, "FILE_PATH", "no-word")
    numbers = 0
    street = False
    for at, token in enumerate(tokens):
        before = tokens[at - 1] if at else ""
        after = tokens[at + 1] if at + 1 < len(tokens) else ""
        if token.isdigit():
            numbers += 1
            if before.isdigit() or (counted and len(token) > 3) or not _small(token, before):
                return Verdict(True, *_number(token))
            continue
        street = street or (token.lower() in _STREETS and not _ordinal(token, before))
        if not _explained(token, before, after):
            return Verdict(True, "FILE_PATH", "unknown-word")
    if street and numbers:
        return Verdict(True, "ADDRESS", "address")
    if numbers > 2:
        return Verdict(True, "FILE_PATH", "numbers")
    return _STAYS


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    for chunk in re.findall(r"[^\W_]+", re.sub(r"(?<=[^\W\d_])'s\b", "", text)):
        if is_common(chunk):
            found.append(chunk)
            continue
        for token in _TOKEN.findall(chunk):
            whole = not token.isascii() or token.isdigit() or is_common(token)
            found += [token] if whole else _CAMEL.findall(token)
    return found


def _explained(token: str, before: str, after: str) -> bool:
    low = token.lower()
    if after.isdigit() and (low in _BEFORE_NUMBER or low in _COUNTED):
        return True
    if before.isdigit() and low in _AFTER_NUMBER:
        return True
    if len(token) == 1:
        return low == "a"
    return is_common(token)


def _ordinal(token: str, before: str) -> bool:
    return before.isdigit() and token.lower() in ("st", "rd")


def _small(number: str, before: str) -> bool:
    if not number.isascii():
        return False
    if len(number) > 4:
        zeros = len(number) - len(number.lstrip("0"))
        return before.lower() in _COUNTED and zeros >= len(number) - 4 and len(number) <= 8
    return not _is_year(number) or before.lower() in ("img", "dsc", "frame")


def _is_year(number: str) -> bool:
    return len(number) == 4 and 1900 <= int(number) <= 2099


def _number(number: str) -> tuple[str, str]:
    if _is_year(number):
        return "DATE", "year"
    return "FILE_PATH", "number"
