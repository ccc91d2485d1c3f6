"""What the parts of recordings and films are called by those who make them.

Formats name their parts as the standards do: `ID3v2.3/TPE1`, `bext/Originator`. Here are
the plain words beside them, and what the words of a part look like, whatever it is called.
"""

from __future__ import annotations

import re

BESIDE = "beside film and sound"
"""How the meaning of a stream that is neither begins."""

_WORDS_BY_NAME = """
artist: TPE1 TP1 IART ©ART ©art ARTIST TOPE
album artist: TPE2 aART ALBUMARTIST ALBUM_ARTIST
composer or songwriter: TCOM TCM TEXT TXT ©wrt ©com COMPOSER IMUS LYRICIST
engineer: IENG ENGINEER MIXER
technician who digitised it: ITCH
encoded by: TENC TEN ENCODED_BY ENCODED-BY
copyist, editor or remixer: TPE4 TP4
conductor: TPE3 TP3 CONDUCTOR
people and what they did: TIPL TMCL IPLS
title: TIT2 TT2 INAM ©nam TITLE titl Title title
album: TALB TAL IPRD ©alb ALBUM albm album
comment: COMM COM ICMT ©cmt COMMENT comment
lyrics: USLT ULT SYLT SLT ©lyr LYRICS UNSYNCEDLYRICS LYR
chapter: CHAP CTOC ChapString chpl
encoder: TSSE TSS ENCODER encoder ©enc ENCODER_SETTINGS ENCODER_OPTIONS vendor
program that wrote it: ISFT ©too ©swr MuxingApp WritingApp SOFTWARE ProducerAppID software
date: TDRC TYER TDAT TYE IDIT ICRD ©day DATE year DateUTC creationdate OriginationDate
date: CREATION_TIME times
time of day: OriginationTime TIME
place where it was made: ©xyz loci IARL LOCATION LOCATION_GPS Location location.ISO6709
place where it was made: location.name RECORDING_LOCATION
make of the device: ©mak make manu Make
model of the device: ©mod model modl Model
owner or buyer: TOWN OWNE ownr ©own apID akID
number of a purchase or library: UFID PRIV cnID atID plID geID sfID xid
rating, with the e-mail address of who gave it: POPM POP
cover picture: APIC PIC covr PICTURE picture METADATA_BLOCK_PICTURE
copyright: TCOP TCR ICOP cprt ©cpy COPYRIGHT
recorder or program that made it: Originator
number of the recorder: OriginatorReference UMID
what the recorder or session noted: Description
what was done to the sound: CodingHistory
clock of the session: TimeReference
session or project: PROJECT
take: TAKE SCENE TAPE
name of the file or folder: FileName SegmentFilename TOFN FILE_NAME PARENT_UID FAMILY_NAME
a file inside: GEOB GEO FileData
session of Pro Tools: minf elm1 regn
session of Logic: ResU LGWV
audio recorder's notes: bext iXML axml aXML cart
measurements of the recorder, with its position: guan wamd
message inside the pictures (encoder's settings, camera's data): messages
note of the encoder inside the sound: note
name of the encoder inside the film: compressorname
numbers of the encoder: preset
id that links takes or files: SegmentUUID content.identifier
camera's or lens's serial: CAME LENS camera.identifier
measurements of the camera, with its position: GPMF
time code: tmcd
bytes behind the end: trailer
"""
_BY_NAME = {
    name: row.partition(": ")[0]
    for row in _WORDS_BY_NAME.strip().splitlines()
    for name in row.partition(": ")[2].split()
}
_STREAMS = (
    ("gpmd", "camera's measurements along the film, with its position"),
    ("camm", "camera's movement and position along the film"),
    ("mebx", "phone's data along the film: movement, faces, position"),
    ("djmd", "drone's flight along the film, with its position"),
    ("rtmd", "camera's settings along the film"),
    ("tmcd", "time code: the time of day"),
    ("sbtl", "subtitles"), ("subt", "subtitles"), ("clcp", "captions"), ("subtitle", "subtitles"),
    ("text", "texts or chapters along the film"), ("meta", "data along the film"),
    ("vide", "a second film or its pictures of chapters"), ("soun", "a second sound"),
    ("video", "a second film"), ("audio", "a second sound"),
)  # fmt: skip
_STREAM = re.compile(r"(?:track|TrackEntry|stream) \d+ \(([^()]*)\)\Z")
_COVER = re.compile(r"(?:\bAPIC picture|\bPIC picture|PICTURE/picture|FileData|covr|picture)/")
_LOOKS = (
    (
        re.compile(r"[A-Za-z]:\\[^\\]|/(?:Users|home|Volumes|private|mnt)/|file://|\\\\\w"),
        "a path on somebody's computer",
    ),
    (re.compile(r"[\w.+-]+@[\w-]+\.\w"), "an e-mail address"),
    (re.compile(r"[+-]\d{1,3}\.\d{3,}[+-]\d{1,3}\.\d{3,}"), "a position"),
    (re.compile(r"https?://|www\."), "a link"),
)


def meaning(where: str) -> str:
    """What the part at the path `where` is in plain words; empty where its name says it."""
    if _COVER.search(where):
        return "in the cover picture"
    name = where.rpartition("/")[2]
    stream = _STREAM.search(where)
    if stream is not None:
        kinds = stream[1].split()
        words = next((told for kind, told in _STREAMS if kind in reversed(kinds)), "")
        return f"{BESIDE}: {words}" if words else BESIDE
    return _BY_NAME.get(name.removesuffix(" picture").rpartition(":")[2], "")


def looks_like(words: str) -> str:
    """What `words` look like, without saying any of them; empty if like nothing in particular."""
    return ", ".join(told for look, told in _LOOKS if look.search(words))
