"""What codes and names of the record are called on a page for people."""

from __future__ import annotations

from scrubber.entities import CATALOGUE, Kind
from scrubber.model import Outcome

OUTCOMES = {
    Outcome.CLEANED: "Cleaned",
    Outcome.UNCHANGED: "Already clean",
    Outcome.HELD: "Held back",
    Outcome.DROPPED: "Left out",
    Outcome.EXCLUDED: "Excluded by you",
}

KINDS = {
    Kind.LOCATION: "Places and positions",
    Kind.PERSON: "People",
    Kind.CONTACT: "Ways to reach somebody",
    Kind.IDENTIFIER: "Numbers that identify",
    Kind.DEVICE: "Cameras, devices, programs",
    Kind.TIME: "Dates and times",
    Kind.CREDIT: "Credits and rights",
    Kind.DESCRIPTION: "Titles, captions, keywords",
    Kind.HISTORY: "Edit history",
    Kind.EMBEDDED: "Copies and files inside files",
    Kind.HIDDEN: "Hidden data",
    Kind.SECRET: "Passwords and keys",
    Kind.TECHNICAL: "Technical details",
    Kind.SIGHT: "Seen or heard",
}

HELD = {
    "unknown-container": "Not a format that can be cleaned yet",
    "damaged": "Damaged file",
    "encrypted": "Protected by a password",
    "unsupported": "A feature that is not handled yet",
    "nested-unclean": "A file inside cannot be cleaned",
    "opaque-text": "Encoded data inside a text",
    "credential-store": "A file of keys or passwords",
    "too-large": "Too large",
    "timed-out": "Took too long",
    "worker-died": "Crashed the program that read it",
    "unreadable": "Could not be read",
    "verify-failed": "The cleaned copy did not pass its check",
    "changed-while-reading": "Changed while it was read",
    "swept-value": "Something removed elsewhere still stands in it",
    "not-settled": "Masking did not come to an end",
    "needs-review": "A person must look at it",
    "policy": "Held by your policy",
    "no-release": "A signed release is missing",
    "partner-held": "Belongs to a file that is held",
    "missing-extra": "Needs something that is not installed",
    "name": "The name cannot be written",
    "internal": "A mistake of ours",
}

LEFT_OUT = {
    "os-junk": "a system file",
    "editor-junk": "left by a program",
    "vcs": "version history",
    "companion": "only describes another file",
    "account-data": "tells of the owner of an export, or of its people",
    "chat-copy": "holds an export again",
    "audio-junk": "left by a sound editor",
    "link-file": "a shortcut",
    "own-file": "belongs to scrub",
    "symlink": "a link to somewhere else",
    "decided": "by your decision",
    "excluded": "by --exclude",
}

UNSEEN = {
    "FACE": (
        "Faces",
        "Look at every picture: is somebody in it who has not agreed to be?",
    ),
    "TEXT_IN_IMAGE": (
        "Words inside pictures",
        "Look for name plates, screens, letters, street signs, licence plates.",
    ),
    "HIDDEN_PIXELS": (
        "Pixels that are not shown",
        "Take the transparency out of these pictures, or crop and export them again, and look.",
    ),
    "SPEECH": (
        "Spoken words",
        "Listen for names, places and numbers that somebody says.",
    ),
    "PROSE_NAMES": (
        "Names in running text",
        "Read these texts: a model masked them, and it misses a few names.",
    ),
}
"""What nobody looked for: its heading, and what to do about it."""

_SPELLED = {
    "gps": "GPS", "id": "ID", "iban": "IBAN", "ip": "IP", "mac": "MAC", "uuid": "UUID",
    "url": "URL", "api": "API", "otp": "one-time code", "ai": "AI", "nrp": "Nationality, religion",
    "crypto": "wallet address",
}  # fmt: skip

_MEDIA = {
    "image/jpeg": "JPEG pictures",
    "image/png": "PNG pictures",
    "audio/mpeg": "MP3 recordings",
    "audio/flac": "FLAC recordings",
    "audio/wav": "WAV recordings",
    "audio/vnd.wave": "WAV recordings",
    "text/plain": "Texts",
    "text/markdown": "Markdown texts",
    "text/csv": "CSV tables",
    "text/tab-separated-values": "TSV tables",
    "application/json": "JSON files",
    "application/jsonl": "JSON Lines files",
    "application/x-ndjson": "JSON Lines files",
    "application/x-subrip": "SubRip subtitles",
    "text/vtt": "WebVTT subtitles",
    "text/x-source": "Source code and settings",
}


def entity_words(name: str) -> str:
    """`GPS_POSITION` as `GPS position`."""
    first, *rest = (_SPELLED.get(word, word) for word in name.lower().split("_"))
    return " ".join([first[:1].upper() + first[1:], *rest])


def inside(words: str) -> str:
    """Words as they stand inside a sentence: `Faces` as `faces`, `GPS position` as it is."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def kind_of(entity: str) -> Kind | None:
    """The family of an entity; None for a name of a later version."""
    row = CATALOGUE.get(entity)
    return row.kind if row else None


def media_words(media_type: str) -> str:
    """A media type in words; those without words stay as they are."""
    return _MEDIA.get(media_type, media_type)


def held_words(code: str) -> str:
    """The heading for a hold code."""
    return HELD.get(code, code.replace("-", " ").capitalize())


def count_of(number: int, thing: str, things: str = "") -> str:
    """`1 file`, `2,000 files`."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


def size_of(number: int) -> str:
    """A number of bytes as people write it, in steps of 1,000."""
    if number < 1000:
        return count_of(number, "byte")
    size = float(number)
    for unit in ("kB", "MB", "GB", "TB", "PB"):
        size /= 1000
        if size < 999.5 or unit == "PB":
            break
    return f"{size:.1f} {unit}" if size < 9.95 else f"{size:,.0f} {unit}"


def listed(parts: list[str]) -> str:
    """`a, b and c`."""
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)
