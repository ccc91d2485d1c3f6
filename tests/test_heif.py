"""HEIC and AVIF: every place where something can hide, and the laws over real files."""

from __future__ import annotations

import base64
import io
import os
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from heif_files import Entry, File, box, coded, full, ispe, plain, u16, u32
from laws import assert_laws, clean
from PIL import Image
from robustness import assert_robust

from scrubber.errors import Damaged, Encrypted, Held, Unsupported
from scrubber.formats.heif import Heif
from scrubber.identify import identify
from scrubber.readers.heif import read
from scrubber.source import MemorySource

PLANTED = b"PLANTED-7f3a91"
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a>' + PLANTED + b"</a></x:xmpmeta>"


def with_item(file: File, entry: Entry, kind: bytes = b"", to: tuple[int, ...] = (1,)) -> File:
    file.entries.append(entry)
    if kind:
        file.references.append((kind, len(file.entries), to))
    return file


def with_property(file: File, data: bytes) -> File:
    """One more property, in the middle of the list, so that those behind it are renumbered."""
    file.properties.insert(1, data)
    first = file.entries[0]
    first.properties = (1, 2, 3, 4, 5)
    return file


def exif_tree() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = PLANTED.decode()
    exif[0x0112] = 6
    return bytes((0, 0, 0, 6)) + exif.tobytes()


def auxiliary(urn: bytes, extra: bytes = b"") -> bytes:
    return full(b"auxC", urn + b"\0", extra)


def second_picture(urn: bytes) -> File:
    data, _ = coded()
    file = plain()
    file.properties.append(auxiliary(urn, PLANTED))
    return with_item(file, Entry(b"av01", data, properties=(1, 2, 3, 5)), b"auxl")


def derived(kind: bytes, data: bytes) -> File:
    file = plain()
    file.entries[0].kind, first = b"grid", file.entries[0].data
    file.entries[0].data, file.entries[0].in_idat = data, True
    file.entries[0].properties = (1,)
    file.entries.append(Entry(b"av01", first, properties=(1, 2, 3, 4), flags=1))
    file.references.append((b"dimg", 1, (2,)))
    return file


def obu(kind: int, payload: bytes) -> bytes:
    return bytes([kind << 3 | 2, len(payload)]) + payload


def with_obu(kind: int, payload: bytes) -> File:
    file = plain()
    file.entries[0].data += obu(kind, payload)
    return file


def attributes(file: File, **values: object) -> File:
    for name, value in values.items():
        setattr(file, name, value)
    return file


PLACES: dict[str, Callable[[], File]] = {
    "Exif item": lambda: with_item(plain(), Entry(b"Exif", exif_tree()), b"cdsc"),
    "Exif item, not Exif": lambda: with_item(plain(), Entry(b"Exif", bytes(4) + PLANTED), b"cdsc"),
    "XMP item": lambda: with_item(
        plain(), Entry(b"mime", XMP, more=b"application/rdf+xml\0"), b"cdsc"
    ),
    "XMP item, deflated": lambda: with_item(
        plain(),
        Entry(b"mime", zlib.compress(XMP), more=b"application/rdf+xml\0deflate\0"),
        b"cdsc",
    ),
    "content type": lambda: with_item(plain(), Entry(b"mime", b"x", more=PLANTED + b"\0"), b"cdsc"),
    "uri item": lambda: with_item(plain(), Entry(b"uri ", b"x", more=PLANTED + b"\0")),
    "region item": lambda: with_item(plain(), Entry(b"rgan", PLANTED), b"cdsc"),
    "hidden item that nothing reaches": lambda: with_item(
        plain(), Entry(b"av01", coded()[0] + PLANTED, properties=(1, 3), flags=1)
    ),
    "thumbnail": lambda: with_item(
        plain(), Entry(b"av01", coded()[0] + obu(15, PLANTED), properties=(1, 3)), b"thmb"
    ),
    "depth map": lambda: second_picture(b"urn:mpeg:mpegB:cicp:systems:auxiliary:depth"),
    "matte": lambda: second_picture(b"urn:com:apple:photo:2018:aux:portraiteffectsmatte"),
    "behind the type of an alpha plane": lambda: second_picture(
        b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha"
    ),
    "item name": lambda: attributes(
        plain(), entries=[Entry(b"av01", coded()[0], name=PLANTED, properties=(1, 2, 3, 4))]
    ),
    "handler name": lambda: attributes(plain(), handler=PLANTED + b"\0"),
    "behind the handler name": lambda: attributes(plain(), handler=b"\0" + PLANTED),
    "vendor's brand": lambda: attributes(plain(), brands=b"mif1" + PLANTED[:12] + b"miaf"),
    "minor version": lambda: attributes(plain(), minor=PLANTED[:4]),
    "uuid box": lambda: attributes(plain(), before=box(b"uuid", bytes(16), PLANTED)),
    "free box": lambda: attributes(plain(), between=box(b"free", PLANTED)),
    "unknown box": lambda: attributes(plain(), after=box(b"zzzz", PLANTED)),
    "motion video": lambda: attributes(plain(), after=box(b"mpvd", PLANTED)),
    "second mdat": lambda: attributes(plain(), after=box(b"mdat", PLANTED)),
    "trailer": lambda: attributes(plain(), after=PLANTED),
    "mdat bytes that no item has": lambda: attributes(plain(), mdat_head=PLANTED),
    "unknown box in meta": lambda: attributes(plain(), in_meta=box(b"zzzz", PLANTED)),
    "xml box in meta": lambda: attributes(plain(), in_meta=full(b"xml ", PLANTED)),
    "data reference": lambda: attributes(
        plain(), in_meta=box(b"dinf", full(b"dref", u32(1), full(b"url ", PLANTED + b"\0")))
    ),
    "description property": lambda: with_property(
        plain(), full(b"udes", b"en\0", PLANTED, b"\0\0\0")
    ),
    "property that no item has": lambda: attributes(
        plain(), properties=[*plain().properties, full(b"udes", PLANTED)]
    ),
    "behind a size property": lambda: attributes(
        plain(), properties=[full(b"ispe", u32(64), u32(64), PLANTED), *plain().properties[1:]]
    ),
    "album group": lambda: attributes(
        plain(), groups=full(b"albc", u32(9), u32(1), u32(1), PLANTED)
    ),
    "behind the grid": lambda: derived(b"grid", b"\0\0\0\0" + u16(64) + u16(64) + PLANTED),
    "metadata OBU": lambda: with_obu(5, b"\x04" + PLANTED),
    "padding OBU": lambda: with_obu(15, PLANTED),
    "reserved OBU": lambda: with_obu(9, PLANTED),
    "metadata OBU in the configuration": lambda: attributes(
        plain(),
        properties=[
            *plain().properties[:2],
            box(b"av1C", plain().properties[2][8:12], obu(5, b"\x04" + PLANTED)),
            plain().properties[3],
        ],
    ),
}


PLAIN = plain().build()
UNREADABLE = ("Exif item, not Exif", "album group", "behind the grid")  # by the decoder, as built


def pixels(data: bytes) -> tuple[str, tuple[int, int], bytes]:
    with Image.open(io.BytesIO(data)) as picture:
        return picture.mode, picture.size, picture.tobytes()


def traces(data: bytes) -> list[str]:
    """Forms of the planted value that stand in `data`."""
    value = PLANTED.decode()
    forms = {
        "plain": PLANTED,
        "head": PLANTED[:4],
        "UTF-16": value.encode("utf-16-le"),
        "base64": base64.b64encode(PLANTED)[:-4],
    }
    return [name for name, form in forms.items() if form in data]


@pytest.mark.parametrize("place", PLACES)
def test_nothing_hides(place: str) -> None:
    data = PLACES[place]().build()
    assert traces(data) or "deflated" in place
    output = assert_laws(Heif(), read, data)
    assert not traces(output)
    assert zlib.compress(XMP) not in output
    assert pixels(output) == pixels(PLAIN if place in UNREADABLE else data)


@pytest.mark.parametrize("place", PLACES)
def test_the_second_reader_sees_what_is_left(place: str) -> None:
    data = PLACES[place]().build()
    try:
        assert read(MemorySource(data)).leftovers
    except Held:
        pass  # it may also refuse to follow the file


@pytest.mark.parametrize("wide", [False, True])
def test_properties_are_renumbered(wide: bool) -> None:
    file = attributes(with_property(plain(), full(b"udes", PLANTED)), wide_index=wide)
    data = file.build()
    output = assert_laws(Heif(), read, data)
    assert b"udes" not in output
    assert pixels(output) == pixels(data)


def test_offsets_may_count_from_any_base() -> None:
    file = with_item(derived(b"grid", b"\0\0\0\0" + u16(64) + u16(64)), Entry(b"Exif", exif_tree()))
    file.entries.insert(1, file.entries.pop())  # before the picture that stays
    file.entries[1].data += bytes(2000)
    file.references = [(b"dimg", 1, (3,)), (b"cdsc", 2, (1,))]
    data = attributes(file, based=True).build()
    assert not traces(assert_laws(Heif(), read, data))


def test_an_empty_table_of_references_goes() -> None:
    output = assert_laws(Heif(), read, attributes(plain(), no_references=True).build())
    assert b"iref" not in output
    assert pixels(output) == pixels(PLAIN)


def test_transparency_and_turn_stay() -> None:
    picture = Image.radial_gradient("L").resize((60, 40)).convert("RGB")
    picture.putalpha(Image.linear_gradient("L").resize((60, 40)))
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, PLANTED.decode()
    picture.save(out, "AVIF", exif=exif.tobytes(), xmp=XMP)
    output = assert_laws(Heif(), read, out.getvalue())
    assert pixels(output) == pixels(out.getvalue())
    assert pixels(output)[0] == "RGBA"
    assert not traces(output)
    assert b"irot" in output


def test_a_colour_profile_is_made_canonical() -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    out = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").save(out, "AVIF", icc_profile=profile)
    output = assert_laws(Heif(), read, out.getvalue())
    with Image.open(io.BytesIO(output)) as picture:
        kept = picture.info["icc_profile"]
    assert kept != profile
    assert pixels(output) == pixels(out.getvalue())


def tone_map() -> File:
    """ISO/IEC 23008-12 Amd 1: a derivation `tmap` of the picture and its gain map."""
    data, _ = coded()
    file = plain()
    file.entries.append(Entry(b"tmap", bytes(62), properties=(1,), in_idat=True))
    file.entries.append(Entry(b"av01", data, properties=(1, 2, 3), flags=1))
    file.references.append((b"dimg", 2, (1, 3)))
    file.groups = full(b"altr", u32(7), u32(2), u32(2), u32(1))
    return attributes(file, brands=b"mif1tmap")


def test_a_standard_gain_map_stays() -> None:
    data = tone_map().build()
    output = assert_laws(Heif(), read, data)
    assert output.count(b"infe") == 3
    assert b"tmap" in output
    assert b"altr" in output


HELD: dict[str, tuple[Callable[[], File], type[Held]]] = {
    "a sequence": (lambda: attributes(plain(), after=box(b"moov", bytes(8))), Unsupported),
    "another kind of item": (
        lambda: attributes(plain(), entries=[Entry(b"vvc1", b"x", properties=(1,))]),
        Unsupported,
    ),
    "no size": (
        lambda: attributes(plain(), entries=[Entry(b"av01", coded()[0], properties=(3,))]),
        Damaged,
    ),
    "a property that is not there": (
        lambda: attributes(plain(), entries=[Entry(b"av01", coded()[0], properties=(1, 9))]),
        Damaged,
    ),
    "a crop that hides pixels": (
        lambda: with_property(
            attributes(plain(), properties=[ispe(640, 480), *plain().properties[1:]]),
            box(b"clap", *(u32(n) for n in (320, 1, 480, 1, 0, 1, 0, 1))),
        ),
        Unsupported,
    ),
}


@pytest.mark.parametrize("case", HELD)
def test_what_cannot_be_followed_is_held(case: str) -> None:
    make, error = HELD[case]
    with pytest.raises(error):
        clean(Heif(), make().build())


def test_a_protected_picture_is_held() -> None:
    data = plain().build()
    at = data.index(b"infe") + 4 + 4 + 2
    with pytest.raises(Encrypted):
        clean(Heif(), data[:at] + b"\0\1" + data[at + 2 :])


def test_bytes_of_two_items_are_held() -> None:
    """An Exif item that claims a part of the picture's data must not take it along."""
    data = with_item(plain(), Entry(b"Exif", exif_tree()), b"cdsc").build()
    row = data.index(b"iloc") + 4 + 4 + 4 + 16 + 8  # offset of the second item
    first = data[row - 16 : row - 12]
    with pytest.raises(Held):
        clean(Heif(), data[:row] + first + data[row + 4 :])


def test_any_damage_ends_in_a_reason() -> None:
    file = with_item(derived(b"grid", b"\0\0\0\0" + u16(64) + u16(64)), Entry(b"Exif", exif_tree()))
    assert_robust(Heif(), read, file.build(), seed=7, n=400)
    assert_robust(Heif(), read, tone_map().build(), seed=8, n=300)


SHARED = Path(os.environ.get("SCRUB_SHARED") or Path(__file__).parents[2] / "shared") / "corpora"
REAL = sorted((SHARED / "exif-samples/heic").rglob("*.[hH][eE][iI]*"))


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_dir(), reason="the corpora are not beside this checkout")
@pytest.mark.parametrize(
    "path",
    sorted((SHARED / "exif-samples/heic").rglob("*.[hH][eE][iI]*")),
    ids=lambda path: path.name,
)
def test_real_pictures_keep_the_laws_and_their_pixels(path: Path) -> None:
    pillow_heif = pytest.importorskip("pillow_heif")
    data = path.read_bytes()
    output = assert_laws(Heif(), read, data)
    before, after = (pillow_heif.open_heif(io.BytesIO(row)) for row in (data, output))
    assert before.size == after.size
    assert bytes(before.data) == bytes(after.data)
    if exif := after.info.get("exif"):
        _says_headroom_only(exif)
    assert not after.info.get("xmp")


def _says_headroom_only(exif: bytes) -> None:
    """Apple's gain map is shown by two numbers of the maker note: 33 and 48."""
    tags = Image.Exif()
    tags.load(exif)
    assert set(tags) == {0x8769}
    inner = tags.get_ifd(0x8769)
    assert set(inner) == {0x927C}
    note = inner[0x927C]
    count = int.from_bytes(note[14:16], "big")
    kept = {int.from_bytes(note[at : at + 2], "big") for at in range(16, 16 + 12 * count, 12)}
    assert kept <= {33, 48}
    assert len(note) == 16 + 12 * count + 4 + 8 * count


@pytest.mark.parametrize(("coding", "name"), [(b"heic", "heic"), (b"avif", "avif")])
def test_the_short_form_is_held_as_what_it_is(coding: bytes, name: str) -> None:
    """ISO/IEC 23008-12 Amd 2: the coding stands in place of the minor version."""
    data = box(b"ftyp", b"mif3" + coding) + box(b"mini", PLANTED)
    assert identify(MemorySource(data)).container.name == name
    with pytest.raises(Unsupported, match=r"short form \(mini\)"):
        clean(Heif(), data)
