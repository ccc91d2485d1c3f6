"""ICC profiles: the colours stay number for number, everything else goes."""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from laws import Held, clean
from pictures import PLANTED, srgb_profile
from PIL import Image, ImageCms
from robustness import assert_robust

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.icc import Icc, canonical_profile, colour_digest
from scrubber.readers.icc import examine, read
from scrubber.source import MemorySource

SHARED = Path(os.environ.get("SCRUB_SHARED", Path(__file__).parents[2] / "shared"))
HEADER_FIELDS = {
    "preferred CMM": (4, 8),
    "version's reserved bytes": (10, 12),
    "date": (24, 36),
    "platform": (40, 44),
    "vendor flags": (44, 46),
    "manufacturer": (48, 52),
    "model": (52, 56),
    "vendor attributes": (56, 60),
    "creator": (80, 84),
    "profile ID": (84, 100),
    "reserved": (100, 128),
}


def tags_of(profile: bytes) -> dict[bytes, bytes]:
    (count,) = struct.unpack_from(">I", profile, 128)
    rows = struct.iter_unpack(">4sII", profile[132 : 132 + 12 * count])
    return {sig: profile[at : at + size] for sig, at, size in rows}


def build(tags: dict[bytes, bytes], *, version: int = 2, space: bytes = b"RGB ") -> bytes:
    """A profile with its tags one after the other."""
    table, data, at = b"", b"", 132 + 12 * len(tags)
    for signature, tag in tags.items():
        table += struct.pack(">4sII", signature, at + len(data), len(tag))
        data += tag + bytes(-len(tag) % 4)
    head = bytearray(srgb_profile()[:128])
    head[:4] = struct.pack(">I", at + len(data))
    head[8:12] = bytes((version, 0x20, 0, 0))
    head[16:20] = space
    return bytes(head) + struct.pack(">I", len(tags)) + table + data


def text(words: bytes) -> bytes:
    return b"text" + bytes(4) + words + b"\0"


def xyz(*values: float) -> bytes:
    return b"XYZ " + bytes(4) + b"".join(struct.pack(">i", int(v * 65536)) for v in values)


def curve(gamma: float = 2.2) -> bytes:
    return b"curv" + bytes(4) + struct.pack(">IH", 1, int(gamma * 256))


def lut16(inputs: int = 3, outputs: int = 3, grid: int = 3) -> bytes:
    matrix = struct.pack(">9i", *(65536 * (i % 4 == 0) for i in range(9)))
    ramp = struct.pack(">HH", 0, 65535)
    nodes = b"".join(
        struct.pack(">H", (node * 7919 + out * 31) & 0xFFFF)
        for node in range(grid**inputs)
        for out in range(outputs)
    )
    head = b"mft2" + bytes(4) + bytes((inputs, outputs, grid, 0)) + matrix
    return head + struct.pack(">HH", 2, 2) + ramp * inputs + nodes + ramp * outputs


def lut_a2b(gap: bytes = b"", grid_rest: bytes = bytes(13)) -> bytes:
    """mAB with B curves, matrix, M curves, a grid and A curves; `gap` between two of them."""
    curves = (curve(1.0) + bytes(2)) * 3
    matrix = struct.pack(">12i", *(65536 * (i in (0, 4, 8)) for i in range(12)))
    nodes = bytes((i * 37) & 0xFF for i in range(8 * 3))
    clut = b"\2\2\2" + grid_rest + b"\1\0\0\0" + nodes
    b_at = 32
    matrix_at = b_at + len(curves) + len(gap)
    m_at = matrix_at + len(matrix)
    clut_at = m_at + len(curves)
    a_at = clut_at + len(clut)
    head = b"mAB " + bytes(4) + b"\3\3\0\0"
    head += struct.pack(">5I", b_at, matrix_at, m_at, clut_at, a_at)
    return head + curves + gap + matrix + curves + clut + curves


def matrix_profile(**more: bytes) -> dict[bytes, bytes]:
    tags = {
        b"desc": text(b"x"),
        b"cprt": text(b"y"),
        b"wtpt": xyz(0.9642, 1, 0.8249),
        b"rXYZ": xyz(0.436, 0.222, 0.0139),
        b"gXYZ": xyz(0.385, 0.717, 0.0971),
        b"bXYZ": xyz(0.143, 0.0606, 0.714),
        b"rTRC": curve(),
        b"gTRC": curve(),
        b"bTRC": curve(),
    }
    return tags | {name.encode(): value for name, value in more.items()}


def found_profiles() -> Iterator[tuple[str, bytes]]:
    """Every profile in the corpora and on this machine, each once."""
    seen = {srgb_profile()}
    yield "sRGB by LittleCMS", srgb_profile()
    files = sorted((SHARED / "corpora" / "exif-samples").glob("**/*.*"))
    files += sorted(Path("/usr/share/color").glob("**/*.ic[cm]"))
    for path in files:
        try:
            if path.suffix.lower() in (".icc", ".icm"):
                profile = path.read_bytes()
            else:
                with Image.open(path) as picture:
                    profile = picture.info.get("icc_profile") or b""
        except OSError:
            continue
        if profile and profile not in seen:
            seen.add(profile)
            yield path.name, profile


PROFILES = {
    **dict(found_profiles()),
    "matrix v2": build(matrix_profile()),
    "matrix v4": build(matrix_profile(), version=4),
    "grey": build({b"wtpt": xyz(0.9642, 1, 0.8249), b"kTRC": curve()}, space=b"GRAY"),
    "lut16": build({**matrix_profile(), b"A2B0": lut16(), b"B2A0": lut16()}),
    "mAB": build({**matrix_profile(), b"A2B0": lut_a2b()}, version=4),
}


def ramp(mode: str) -> Image.Image:
    channels = {"L": 1, "RGB": 3, "CMYK": 4}[mode]
    data = bytes((x * 15 * (c + 1)) & 0xFF for x in range(17 * 17 * 17) for c in range(channels))
    return Image.frombytes(mode, (17 * 17, 17), data)


def transformed(profile: bytes, intent: int) -> list[bytes]:
    """A grid through the profile and back, by LittleCMS; empty where it cannot."""
    space = profile[16:20]
    mode = {b"GRAY": "L", b"RGB ": "RGB", b"CMYK": "CMYK"}.get(space)
    if mode is None:
        return []
    other = ImageCms.createProfile("sRGB")
    made = []
    for forth in (True, False):
        handle = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        pair = (handle, other, mode, "RGB") if forth else (other, handle, "RGB", mode)
        try:
            transform = ImageCms.buildTransform(*pair, renderingIntent=intent)
            made.append(ImageCms.applyTransform(ramp(pair[2]), transform).tobytes())
        except (ImageCms.PyCMSError, OSError):
            continue
    return made


@pytest.mark.parametrize("name", PROFILES)
def test_colours_stay_and_the_rest_goes(name: str) -> None:
    profile = PROFILES[name]
    output = clean(Icc(), profile)
    reading = read(MemorySource(output))
    assert reading.leftovers == ()
    assert reading.content == colour_digest(profile) == examine(profile)[0]
    assert clean(Icc(), output) == output
    for intent in range(4):
        assert transformed(output, intent) == transformed(profile, intent)
    # LittleCMS writes no transform for some profiles that stand on a system.
    assert transformed(output, 0) or name.endswith((".icc", ".icm"))


@pytest.mark.parametrize("name", ["matrix v2", "mAB", "sRGB by LittleCMS"])
def test_littlecms_sees_fixed_words(name: str) -> None:
    handle = ImageCms.ImageCmsProfile(io.BytesIO(clean(Icc(), PROFILES[name])))
    assert handle.profile.profile_description == "RGB profile"
    assert handle.profile.copyright == "Not stated"
    assert handle.profile.manufacturer is None
    assert handle.profile.header_manufacturer == "\0\0\0\0"


@pytest.mark.parametrize("field", HEADER_FIELDS)
def test_header_fields_that_identify_are_fixed(field: str) -> None:
    start, end = HEADER_FIELDS[field]
    profile = bytearray(PROFILES["matrix v2"])
    profile[start:end] = PLANTED.ljust(28, b"\1")[: end - start]
    if field == "date":
        profile[start:end] = struct.pack(">6H", 2019, 7, 8, 9, 10, 11)
    assert examine(bytes(profile))[1]
    assert clean(Icc(), bytes(profile)) == clean(Icc(), PROFILES["matrix v2"])


PRIVATE_TAGS = (
    b"dmnd dmdd vued meta mmod vcgt ndin targ calt psid pseq scrd dscm MS00 lumi devs zzzz".split()
)


@pytest.mark.parametrize("signature", PRIVATE_TAGS)
def test_private_tags_go(signature: bytes) -> None:
    profile = build({**matrix_profile(), signature: text(PLANTED)})
    output = clean(Icc(), profile)
    assert PLANTED not in output
    assert output == clean(Icc(), PROFILES["matrix v2"])
    assert any(repr(signature.decode()) in name for name in examine(profile)[1])


def test_words_in_desc_and_cprt_go_in_both_versions() -> None:
    for version in (2, 4):
        tags = matrix_profile(desc=text(PLANTED), cprt=text(PLANTED))
        assert PLANTED not in clean(Icc(), build(tags, version=version))


GROWN = {
    "curve": {b"rTRC": curve() + PLANTED},
    "xyz": {b"wtpt": xyz(0.9642, 1, 0.8249) + PLANTED},
    "reserved bytes": {b"rTRC": b"curv" + PLANTED[:4] + curve()[8:]},
    "grid": {b"A2B0": lut16() + PLANTED},
    "gap in mAB": {b"A2B0": lut_a2b(gap=PLANTED)},
    "unused dimensions": {b"A2B0": lut_a2b(grid_rest=PLANTED[:13])},
}


@pytest.mark.parametrize("name", GROWN)
def test_bytes_that_no_transform_reads_go(name: str) -> None:
    profile = build({**matrix_profile(), **GROWN[name]}, version=4)
    output = clean(Icc(), profile)
    for size in (len(PLANTED), 13, 4):
        assert PLANTED[:size] not in output
    assert examine(profile)[1]
    for intent in range(4):
        assert transformed(output, intent) == transformed(profile, intent)


def test_gaps_and_tail_go() -> None:
    profile = PROFILES["matrix v2"]
    tail = profile + PLANTED
    assert clean(Icc(), tail) == clean(Icc(), profile)
    assert examine(clean(Icc(), profile) + PLANTED)[1] == ("bytes after the ICC profile",)
    grown = struct.pack(">I", len(tail)) + tail[4:]
    assert clean(Icc(), grown) == clean(Icc(), profile)
    assert "gaps in the ICC profile" in examine(grown)[1]


def test_tags_share_one_copy() -> None:
    tags = tags_of(clean(Icc(), PROFILES["matrix v2"]))
    output = clean(Icc(), PROFILES["matrix v2"])
    assert tags[b"rTRC"] == tags[b"gTRC"] == tags[b"bTRC"]
    assert output.count(curve()) == 1


def test_a_private_tag_that_overlaps_a_colour_goes() -> None:
    profile = bytearray(build({**matrix_profile(), b"zzzz": text(PLANTED)}))
    rows = 132 + 12 * list(tags_of(bytes(profile))).index(b"zzzz")
    curve_at = bytes(profile).index(curve())
    profile[rows + 4 : rows + 12] = struct.pack(">II", curve_at, len(profile) - curve_at)
    assert PLANTED not in clean(Icc(), bytes(profile))


def test_profiles_with_the_same_colours_become_the_same_bytes() -> None:
    one = build({**matrix_profile(desc=text(b"one")), b"zzzz": text(PLANTED)})
    other = build(dict(reversed(matrix_profile(desc=text(b"two")).items())))
    assert clean(Icc(), one) == clean(Icc(), other)


@pytest.mark.parametrize(
    ("profile", "error"),
    [
        (b"", Damaged),
        (b"x" * 200, Damaged),
        (PROFILES["matrix v2"][:200], Damaged),
        (b"\xff\xff\xff\xff" + PROFILES["matrix v2"][4:], Damaged),
        (build(matrix_profile(), version=5), Unsupported),
        (build({b"cprt": text(b"y")}), Damaged),
        (build({**matrix_profile(), b"rTRC": text(PLANTED)}), Unsupported),
        (build({**matrix_profile(), b"rTRC": b"curv" + bytes(4) + b"\xff" * 4}), Damaged),
        (build({**matrix_profile(), b"A2B0": lut16()[:90]}), Damaged),
        (PROFILES["matrix v2"].replace(b"mntr", b"link"), Unsupported),
    ],
)
def test_what_has_no_safe_reading_is_held(profile: bytes, error: type[Held]) -> None:
    with pytest.raises(error):
        clean(Icc(), profile)


def test_a_changed_colour_changes_the_digest() -> None:
    other = build(matrix_profile(rXYZ=xyz(0.437, 0.222, 0.0139)))
    assert colour_digest(other) != colour_digest(PROFILES["matrix v2"])
    assert examine(other)[0] != examine(PROFILES["matrix v2"])[0]


def test_canonical_profile_is_the_rebuilt_one() -> None:
    assert canonical_profile(PROFILES["mAB"]) == clean(Icc(), PROFILES["mAB"])


@pytest.mark.parametrize("name", ["matrix v2", "mAB", "lut16"])
def test_damage_is_held_or_cleaned(name: str) -> None:
    assert_robust(Icc(), read, PROFILES[name], n=600)
