"""Elements of Matroska (RFC 9559 §5.1) that players need, and names for those that go."""

from __future__ import annotations

from typing import NamedTuple

EBML, SEGMENT = 0x1A45DFA3, 0x18538067
SEEK_HEAD, INFO, TRACKS, CLUSTER = 0x114D9B74, 0x1549A966, 0x1654AE6B, 0x1F43B675
CUES, CHAPTERS, ATTACHMENTS, TAGS = 0x1C53BB6B, 0x1043A770, 0x1941A469, 0x1254C367
TOP = {SEEK_HEAD, INFO, TRACKS, CLUSTER, CUES, CHAPTERS, ATTACHMENTS, TAGS}

LONG = 1 << 40  # the longest time, in nanoseconds or ticks: some minutes, or years


class Rule(NamedTuple):
    """A number that players need. `kind`: "u"nsigned, "f"loat; `most`: the largest that is one."""

    name: str
    kind: str = "u"
    most: int = (1 << 32) - 1


def flag(name: str) -> Rule:
    return Rule(name, most=1)


def real(name: str) -> Rule:
    return Rule(name, "f")


NOTHING: dict[int, tuple[str, str]] = {}
HEADER = {  # RFC 8794 §11.2: the only values that are read
    0x4286: ("EBMLVersion", {1}),
    0x42F7: ("EBMLReadVersion", {1}),
    0x42F2: ("EBMLMaxIDLength", {4}),
    0x42F3: ("EBMLMaxSizeLength", {8}),
    0x4287: ("DocTypeVersion", set(range(1, 6))),
    0x4285: ("DocTypeReadVersion", set(range(1, 6))),
}
DOC_TYPE = 0x4282

TIMESTAMP_SCALE, DURATION, MUXING_APP, WRITING_APP = 0x2AD7B1, 0x4489, 0x4D80, 0x5741
INFO_GONE = {
    0x73A4: ("SegmentUUID", "UNIQUE_ID"),
    0x7384: ("SegmentFilename", "FILE_PATH"),
    0x3CB923: ("PrevUUID", "DOCUMENT_ID"),
    0x3C83AB: ("PrevFilename", "FILE_PATH"),
    0x3EB923: ("NextUUID", "DOCUMENT_ID"),
    0x3E83BB: ("NextFilename", "FILE_PATH"),
    0x4444: ("SegmentFamily", "DOCUMENT_ID"),
    0x6924: ("ChapterTranslate", "DOCUMENT_ID"),
    0x4461: ("DateUTC", "CAPTURE_TIME"),
    0x7BA9: ("Title", "TITLE"),
}

TRACK_ENTRY, NUMBER, UID, TYPE, CODEC_ID = 0xAE, 0xD7, 0x73C5, 0x83, 0x86
PRIVATE, LANGUAGE, LANGUAGE_BCP47, ENABLED = 0x63A2, 0x22B59C, 0x22B59D, 0xB9
VIDEO, AUDIO, OPERATION, ENCODINGS, MAPPING = 0xE0, 0xE1, 0xE2, 0x6D80, 0x41E4
COLOUR, MASTERING, PROJECTION, PROJECTION_PRIVATE, FOURCC = 0x55B0, 0x55D0, 0x7670, 0x7672, 0x2EB524
GROUPS = {COLOUR, PROJECTION}
FIELD_ORDER = 0x9D
TRACK = {
    NUMBER: Rule("TrackNumber", most=(1 << 28) - 2),
    TYPE: Rule("TrackType", most=254),
    ENABLED: flag("FlagEnabled"),
    0x88: flag("FlagDefault"),
    0x55AA: flag("FlagForced"),
    0x55AB: flag("FlagHearingImpaired"),
    0x55AC: flag("FlagVisualImpaired"),
    0x55AD: flag("FlagTextDescriptions"),
    0x55AE: flag("FlagOriginal"),
    0x55AF: flag("FlagCommentary"),
    0x9C: flag("FlagLacing"),
    0x23E383: Rule("DefaultDuration", most=LONG),
    0x234E7A: Rule("DefaultDecodedFieldDuration", most=LONG),
    0x23314F: real("TrackTimestampScale"),
    0x55EE: Rule("MaxBlockAdditionID"),
    0x56AA: Rule("CodecDelay", most=LONG),
    0x56BB: Rule("SeekPreRoll", most=LONG),
}
TRACK_GONE = {
    0x536E: ("Name", "TITLE"),
    0x258688: ("CodecName", "ENCODER"),
    0x3A9697: ("CodecSettings", "ENCODER"),
    0x3B4040: ("CodecInfoURL", "URL"),
    0x26B240: ("CodecDownloadURL", "URL"),
    0x7446: ("AttachmentLink", "DOCUMENT_ID"),
    0x6624: ("TrackTranslate", "DOCUMENT_ID"),
    0x6DE7: ("MinCache", "TECHNICAL"),
    0x6DF8: ("MaxCache", "TECHNICAL"),
    0x537F: ("TrackOffset", "TECHNICAL"),
    0xAA: ("CodecDecodeAll", "TECHNICAL"),
    0x6FAB: ("TrackOverlay", "TECHNICAL"),
}
PICTURE = {
    0x9A: Rule("FlagInterlaced", most=2),
    FIELD_ORDER: Rule("FieldOrder", most=14),
    0x53B8: Rule("StereoMode", most=14),
    0x53B9: Rule("OldStereoMode", most=3),
    0x53C0: flag("AlphaMode"),
    0xB0: Rule("PixelWidth"),
    0xBA: Rule("PixelHeight"),
    0x54AA: Rule("PixelCropBottom"),
    0x54BB: Rule("PixelCropTop"),
    0x54CC: Rule("PixelCropLeft"),
    0x54DD: Rule("PixelCropRight"),
    0x54B0: Rule("DisplayWidth"),
    0x54BA: Rule("DisplayHeight"),
    0x54B2: Rule("DisplayUnit", most=4),
    0x54B3: Rule("AspectRatioType", most=2),
    0x2FB523: real("GammaValue"),
    0x2383E3: real("FrameRate"),
}
COLOURS = {
    0x55B1: Rule("MatrixCoefficients", most=255),
    0x55B2: Rule("BitsPerChannel", most=64),
    0x55B3: Rule("ChromaSubsamplingHorz", most=16),
    0x55B4: Rule("ChromaSubsamplingVert", most=16),
    0x55B5: Rule("CbSubsamplingHorz", most=16),
    0x55B6: Rule("CbSubsamplingVert", most=16),
    0x55B7: Rule("ChromaSitingHorz", most=16),
    0x55B8: Rule("ChromaSitingVert", most=16),
    0x55B9: Rule("Range", most=3),
    0x55BA: Rule("TransferCharacteristics", most=255),
    0x55BB: Rule("Primaries", most=255),
    0x55BC: Rule("MaxCLL"),
    0x55BD: Rule("MaxFALL"),
}
LIGHT = {0x55D0 + place: real("MasteringMetadata") for place in range(1, 11)}
TURNED = {
    0x7671: Rule("ProjectionType", most=3),
    0x7673: real("ProjectionPoseYaw"),
    0x7674: real("ProjectionPosePitch"),
    0x7675: real("ProjectionPoseRoll"),
}
SOUND = {
    0xB5: real("SamplingFrequency"),
    0x78B5: real("OutputSamplingFrequency"),
    0x9F: Rule("Channels", most=255),
    0x6264: Rule("BitDepth", most=64),
    0x52F1: Rule("Emphasis", most=16),
}

MAPPING_GONE = {
    0x41A4: ("BlockAddIDName", "TITLE"),
    0x41F0: ("BlockAddIDValue", "TECHNICAL"),
}

TIMESTAMP, POSITION, PREV_SIZE, SILENT_TRACKS = 0xE7, 0xA7, 0xAB, 0x5854
SIMPLE_BLOCK, BLOCK_GROUP, BLOCK, ENCRYPTED_BLOCK = 0xA3, 0xA0, 0xA1, 0xAF
ADDITIONS, BLOCK_MORE, ADD_ID, ADDITIONAL = 0x75A1, 0xA6, 0xEE, 0xA5
BLOCK_DURATION, REFERENCE_PRIORITY, REFERENCE = 0x9B, 0xFA, 0xFB
CODEC_STATE, DISCARD_PADDING = 0xA4, 0x75A2
CLUSTER_GONE = {
    POSITION: "Position",
    PREV_SIZE: "PrevSize",
    SILENT_TRACKS: "SilentTracks",
}
