"""Files that follow another: sidecars, previews, Takeout records; and groups that share a verdict.

Names decide here, one folder at a time; `classify_companion` decides by content later.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from scrubber.junk import suffix
from scrubber.model import Item, Outcome, Skipped

PHOTOS = frozenset(
    (
        ".jpg",
        ".jpeg",
        ".jpe",
        ".jfif",
        ".png",
        ".heic",
        ".heif",
        ".hif",
        ".avif",
        ".webp",
        ".gif",
        ".tif",
        ".tiff",
        ".jxl",
        ".jp2",
        ".bmp",
        ".psd",
        ".psb",
    )
)
RAWS = frozenset(
    (
        ".dng",
        ".cr2",
        ".cr3",
        ".crw",
        ".nef",
        ".nrw",
        ".arw",
        ".sr2",
        ".srf",
        ".raf",
        ".orf",
        ".rw2",
        ".rwl",
        ".pef",
        ".srw",
        ".x3f",
        ".mrw",
        ".3fr",
        ".fff",
        ".iiq",
        ".kdc",
        ".dcr",
        ".erf",
        ".mef",
        ".mos",
        ".gpr",
    )
)
FILMS = frozenset(
    (
        ".mov",
        ".mp4",
        ".m4v",
        ".avi",
        ".mkv",
        ".webm",
        ".mts",
        ".m2ts",
        ".3gp",
        ".mpg",
        ".insv",
        ".mp",
        ".mv",
        ".360",
    )
)
SOUNDS = frozenset(
    (
        ".wav",
        ".mp3",
        ".flac",
        ".m4a",
        ".aac",
        ".ogg",
        ".opus",
        ".aif",
        ".aiff",
        ".wma",
        ".ape",
        ".wv",
        ".amr",
    )
)
CAPTIONS = frozenset((".srt", ".vtt", ".ass", ".ssa", ".lrc", ".sbv", ".sub", ".txt", ".caption"))
PAIRS = ("captions", "copies", "live", "raw")
"""Pairs of one group that a policy can name: a recording or picture and its words, two pictures
or two recordings, a picture and its film, a camera's raw file and its picture."""

_MEDIA = PHOTOS | RAWS | FILMS | SOUNDS
_SIDECARS = frozenset(
    (
        ".xmp",
        ".aae",
        ".thm",
        ".lrv",
        ".lrf",
        ".pp3",
        ".dop",
        ".cos",
        ".on1",
        ".nksc",
        ".vrd",
        ".arp",
        ".ctg",
        ".mxmf",
        ".c2pa",
        ".bridgesort",
        ".cop",
        ".cot",
        ".comask",
        ".acr",
        ".nxd",
        ".moff",
        ".modd",
        ".bim",
        ".cpi",
        ".mpl",
        ".bdm",
        ".glv",
    )
)
_TAKEOUT_NAMES = frozenset(
    ("print-subscriptions.json", "shared_album_comments.json", "user-generated-memory-titles.json")
)
_SUPPLEMENT = "supplemental-metadata"
_CLIP = 51  # bytes of the longest name, ".json" included, that an export writes
_EDITED = re.compile(r"-(?:edited|bearbeitet|modifié|editado|modificato|bewerkt|edytowane)$", re.I)


@dataclass(frozen=True, slots=True)
class Family:
    """What one folder's names say: companion → what it follows ("" for an orphan), name → group."""

    follows: Mapping[str, str]
    groups: Mapping[str, str]
    companions: Mapping[str, tuple[str, ...]]
    open_now: frozenset[str] = field(default_factory=frozenset)


def relate(names: Collection[str]) -> Family:
    """The family of one folder's file names. Linear in their number."""
    media = [name for name in names if suffix(name) in _MEDIA]
    stems: dict[str, list[str]] = defaultdict(list)
    for name in media:
        stems[_stem(name).lower()].append(name)
    exact = {name.lower(): name for name in media}
    ordered = sorted(exact)
    follows: dict[str, str] = {}
    for name in names:
        target = _target(name, exact, stems, ordered)
        if target is not None:
            follows[name] = target
    companions: dict[str, list[str]] = defaultdict(list)
    for companion, target in follows.items():
        companions[target].append(companion)
    return Family(
        follows,
        _groups(names, follows, exact),
        {target: tuple(sorted(all_)) for target, all_ in companions.items() if target},
        frozenset(_open_now(names)),
    )


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name


def _target(
    name: str,
    exact: Mapping[str, str],
    stems: Mapping[str, list[str]],
    ordered: Sequence[str],
) -> str | None:
    """The media file that `name` follows, "" when it is an orphan, None when it follows nothing."""
    kind = suffix(name)
    low = name.lower()
    if kind == ".json":
        return _takeout(name, exact, ordered)
    if kind == ".xml":  # Sony writes C0001M01.XML beside C0001.MP4
        match = re.fullmatch(r"(.+)m\d\d\.xml", low)
        return stems[match.group(1)][0] if match and match.group(1) in stems else None
    if kind not in _SIDECARS:
        return None
    stem = _stem(low)
    if stem in exact:
        return exact[stem]
    if stem in stems:
        return stems[stem][0]
    # Capture One and DxO: name.ext.cop; GoPro: GL010001.LRV beside GX010001.MP4 or GH010001.MP4
    if kind in (".lrv", ".thm") and stem.startswith("gl"):
        for prefix in ("gx", "gh"):
            if prefix + stem[2:] in stems:
                return stems[prefix + stem[2:]][0]
    if stem.startswith("img_o") and "img_" + stem[5:] in stems:  # IMG_O0001.AAE
        return stems["img_" + stem[5:]][0]
    return ""


def _takeout(name: str, exact: Mapping[str, str], ordered: Sequence[str]) -> str | None:
    """A Takeout record by its name: the last segment is a prefix of `supplemental-metadata`.

    Exports clip names, so `x.jpg.supplemental-me.json`, `x.jpg.s.json` and even `x.j.json`
    occur; a counter moves from `x(1).jpg` to `x.jpg.supplemental-metadata(1).json`.
    """
    low = name.lower()
    if low in _TAKEOUT_NAMES:
        return ""
    base = low.removesuffix(".json")
    counter = ""
    if match := re.fullmatch(r"(.+)(\(\d+\))", base):
        base, counter = match.groups()
    stem, dot, segment = base.rpartition(".")
    supplemental = bool(dot and segment) and _SUPPLEMENT.startswith(segment)
    clipped = len(name.encode("utf-8", "surrogateescape")) >= _CLIP - 5
    photo = stem if supplemental else base
    if counter:
        head, point, tail = photo.rpartition(".")
        photo = f"{head}{counter}{point}{tail}" if point else f"{photo}{counter}"
    if supplemental and photo in exact:
        return exact[photo]
    if clipped and (at := bisect_left(ordered, photo)) < len(ordered):
        candidate = ordered[at]
        if candidate.startswith(photo):
            return exact[candidate]
    if supplemental and suffix(stem) in _MEDIA:
        return ""
    return None


def takeout_target(name: str, siblings: Iterable[str]) -> str:
    """The sibling that the record `name` follows, also in the older form `x.jpg.json`, or ""."""
    exact = {sibling.lower(): sibling for sibling in siblings if suffix(sibling) in _MEDIA}
    base = name.lower().removesuffix(".json")
    if match := re.fullmatch(r"(.+)(\.[a-z0-9]+)(\(\d+\))", base):
        base = match.group(1) + match.group(3) + match.group(2)
    return exact.get(base) or _takeout(name, exact, sorted(exact)) or ""


def _groups(
    names: Iterable[str], follows: Mapping[str, str], exact: Mapping[str, str]
) -> dict[str, str]:
    """Names with one stem of which one at least is media → their stem; companions go along."""
    members: dict[str, list[str]] = defaultdict(list)
    for name in names:
        lead = follows.get(name, name)
        if suffix(name) == ".json":  # also the older record of Takeout, x.jpg.json
            lead = lead if name in follows else exact.get(_stem(name).lower(), "")
        kind = suffix(lead)
        if kind in _MEDIA or kind in CAPTIONS:
            members[_group_stem(lead, kind)].append(name)
    return {
        name: stem
        for stem, group in members.items()
        if len(group) > 1 and any(suffix(name) in _MEDIA for name in group)
        for name in group
    }


def _group_stem(name: str, kind: str) -> str:
    """The stem that siblings share: edited copies and captions in a language count."""
    stem = _stem(name).lower()
    if kind in CAPTIONS:
        stem = re.sub(r"\.(?:[a-z]{2,3}(?:-[a-z0-9]{2,8})?|forced|sdh|cc)$", "", stem)
        stem = _stem(stem) if suffix(stem) in _MEDIA else stem
    stem = _EDITED.sub("", stem)
    return re.sub(r"^img_e(?=\d)", "img_", stem)


def _open_now(names: Collection[str]) -> Iterable[str]:
    """Documents beside which an editor's lock lies: `~$` replaces up to two letters."""
    locks = {name[2:].lower() for name in names if name.startswith("~$")}
    locks |= {name[7:-1].lower() for name in names if name.startswith(".~lock.")}
    if locks:
        for name in names:
            if {name.lower(), name[2:].lower(), name[1:].lower()} & locks:
                yield name


_AAE = b"adjustmentFormatIdentifier"
_XMP = re.compile(rb"<(?:x:xmpmeta|x:xapmeta|\?xpacket begin)")
_PP3 = re.compile(rb"\A\s*\[Version\]\s*AppVersion=", re.IGNORECASE)
_ALBUM = re.compile(rb'"(?:albumData|access|enrichments)"\s*:')
_SIDECAR_KEYS = (b'"photoTakenTime"', b'"geoData"', b'"geoDataExif"', b'"googlePhotosOrigin"')


def classify_companion(item: Item, head: bytes, siblings: Collection[str] = ()) -> Skipped | None:
    """The item as a companion, by its first bytes, or None when it stands for itself.

    `head` is the first 64 KiB or more; `siblings` are the file names of its folder, for `follows`.
    """
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.decode("utf-16", "ignore").encode()
    name = item.path.rpartition("/")[2]
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    why = ""
    if start.startswith(b"{") and sum(key in head for key in _SIDECAR_KEYS) >= 2:
        why = "Google Takeout keeps a photo's place, time and people here."
    elif start.startswith(b"{") and name.lower() == "metadata.json" and _ALBUM.search(head):
        why = "Google Takeout keeps an album's record here."
    elif start.startswith(b"<") and _XMP.search(head[:8192]):
        why = "This is a photo's XMP record."
    elif start.startswith((b"<", b"bplist0")) and _AAE in head:
        why = "This is a record of a photo's edits."
    elif _PP3.match(start):
        why = "This is a record of a photo's development."
    if not why:
        return None
    target = takeout_target(name, siblings) if suffix(name) == ".json" else None
    if target is None:
        exact = {sibling.lower(): sibling for sibling in siblings}
        target = exact.get(_stem(name).lower(), "")
    folder = item.path[: len(item.path) - len(name)]
    follows = folder + target if target else None
    return Skipped(item.path, Outcome.DROPPED, "companion", why, item.size, follows)
