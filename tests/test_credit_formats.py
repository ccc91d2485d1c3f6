"""keep-credit in each format that has a place for one; the judges are other people's readers."""

from __future__ import annotations

import io
import json
import subprocess
from pathlib import Path
from typing import Any

import mutagen
import mutagen.id3
import pytest
from jxl_files import LOSSY, box, boxed
from PIL import Image, ImageCms
from runs import Runs
from test_credit import MINING, NAME, PICTURE, XMP

from scrubber.containers import load_reader
from scrubber.errors import Damaged
from scrubber.identify import identify
from scrubber.model import Outcome
from scrubber.source import MemorySource

EVERYTHING = ("CREATOR", "COPYRIGHT_NOTICE", "CREDIT_LINE", "USAGE_TERMS")
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
PRIVATE = ("Exampleton", "SN839201", "PLANTED", "OwnerName")


def exif(turn: int = 1) -> bytes:
    tags = Image.Exif()
    tags[0x013B], tags[0x8298], tags[0x0110] = NAME, "(c) Q", "PLANTED"
    if turn > 1:
        tags[0x0112] = turn
    return tags.tobytes()


def saved(form: str, colour: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    PICTURE.convert(colour).save(out, form, **options)
    return out.getvalue()


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(tmp_path)


def cleaned(runs: Runs, files: dict[str, bytes], policy: str = "keep-credit") -> dict[str, bytes]:
    """The output of each file, by its suffix and the order in which they were given."""
    for name, data in files.items():
        (runs.inside / name).write_bytes(data)
    _, records = runs.here(policy=policy)
    assert not [(name, row.code, row.what, row.why) for name, row in records.items() if row.code]
    return {path.name: path.read_bytes() for path in (runs.out / "data").iterdir()}


def told(path: Path) -> dict[str, Any]:
    """What exiftool reads of the file."""
    said = subprocess.run(
        ["exiftool", "-j", "-struct", "-XMP:all", str(path)], capture_output=True, check=True
    )
    rows: list[dict[str, Any]] = json.loads(said.stdout)
    return rows[0]


def assert_credits(runs: Runs, files: dict[str, bytes], tmp_path: Path) -> dict[str, bytes]:
    """Cleaned with the credit and nothing else; again, it is the same; without, it is gone."""
    made = cleaned(runs, files)
    assert len(made) == len(files)
    for data in made.values():
        assert not [word for word in PRIVATE if word.encode() in data]
    again = Runs(tmp_path / "again")
    second = cleaned(again, made)
    assert sorted(second.values()) == sorted(made.values())
    _, records = again.here(policy="keep-credit", out=tmp_path / "third")
    assert {record.outcome for record in records.values()} == {Outcome.UNCHANGED}
    for data in made.values():
        assert_only_the_one_form(data)
    plain = Runs(tmp_path / "plain")
    for data in cleaned(plain, files, "standard").values():
        assert NAME.encode() not in data
        assert b"adobe:ns:meta" not in data
    return made


def assert_only_the_one_form(data: bytes) -> None:
    """With one more word, or in another spelling, the second reader sees no credit."""
    changes = [(b"xap/1.0/rights/", b"xap/1.0/rightz/"), (NAME.encode(), b"<b>ink</b>Quillfeath")]
    read = load_reader(identify(MemorySource(data)).container)
    assert any(row.startswith("credit: ") for row in read(MemorySource(data)).leftovers)
    for old, new in changes if b"adobe:ns:meta" in data else ():
        assert len(old) == len(new)
        left = read(MemorySource(data.replace(old, new))).leftovers
        assert left
        assert not any(row.startswith("credit: ") for row in left)


def assert_xmp(runs: Runs, files: dict[str, bytes], made: dict[str, bytes]) -> None:
    """exiftool reads back what XMP had, of those whose name says so, and else the names."""
    for path in sorted((runs.out / "data").iterdir()):
        said = told(path)
        assert NAME in said["Creator"], path
        if path.read_bytes().count(b"DataMining"):
            assert said["WebStatement"] == "https://example.com/licence?a=1&b=2"
            assert said["Credit"] == "Quill & Co"
            assert said["Rights"] in ("(c) <Q> 'n' Sons", "(c) Q")
    assert sum(MINING.encode() in data for data in made.values()) == sum(
        b"Exampleton" in data for data in files.values()
    )


def test_webp(runs: Runs, tmp_path: Path) -> None:
    moving = [PICTURE, PICTURE.rotate(90)]
    files = {
        "a.webp": saved("WEBP", xmp=XMP.encode()),
        "b.webp": saved("WEBP", exif=exif(6)),
        "c.webp": saved("WEBP", exif=exif(), xmp=XMP.encode(), lossless=True),
        "d.webp": saved("WEBP", xmp=XMP.encode(), save_all=True, append_images=moving),
    }
    files["e.webp"] = files["a.webp"].replace(b"VP8X\x0a\0\0\0\x04\0", b"VP8X\x0a\0\0\0\x04\x07")
    assert files["e.webp"] != files["a.webp"]
    made = assert_credits(runs, files, tmp_path)
    assert_xmp(runs, files, made)
    for data in made.values():
        with Image.open(io.BytesIO(data)) as picture:
            assert picture.info["xmp"].startswith(b"<?xpacket")


def test_tiff(runs: Runs, tmp_path: Path) -> None:
    files = {
        "a.tif": saved("TIFF", tiffinfo={700: XMP.encode()}),
        "b.tif": saved("TIFF", tiffinfo={315: NAME, 33432: "(c) Q", 274: 6}),
        "c.tif": saved("TIFF", tiffinfo={700: XMP.encode()}, icc_profile=PROFILE),
        "d.tif": saved("TIFF", tiffinfo={315: NAME}, icc_profile=PROFILE, compression="jpeg"),
        "e.tif": saved("TIFF", "1", tiffinfo={700: XMP.encode()}, big_tiff=True),
        "f.tif": saved("TIFF", tiffinfo={315: NAME}, save_all=True, append_images=[PICTURE.copy()]),
    }
    made = assert_credits(runs, files, tmp_path)
    assert_xmp(runs, files, made)
    for data in made.values():
        with Image.open(io.BytesIO(data)) as picture:
            picture.load()
            assert picture.tag_v2[700].startswith(b"<?xpacket")  # type: ignore[attr-defined]
    for path in (runs.out / "data").iterdir():
        said = subprocess.run(
            ["exiftool", "-validate", "-a", "-warning", path], capture_output=True
        )
        assert b"sequence" not in said.stdout


def heif(form: str, colour: str = "RGB", **options: object) -> bytes:
    pillow_heif = pytest.importorskip("pillow_heif")
    pillow_heif.register_heif_opener()
    pillow_heif.register_avif_opener() if hasattr(pillow_heif, "register_avif_opener") else None
    return saved(form, colour, **options)


@pytest.mark.parametrize("form", ["HEIF", "AVIF"])
def test_heif(runs: Runs, tmp_path: Path, form: str) -> None:
    suffix = {"HEIF": "heic", "AVIF": "avif"}[form]
    files = {
        f"a.{suffix}": heif(form, xmp=XMP.encode()),
        f"b.{suffix}": heif(form, exif=exif()),
        f"c.{suffix}": heif(form, "RGBA", exif=exif(), xmp=XMP.encode()),
    }
    if form == "AVIF":
        moving = {"save_all": True, "append_images": [PICTURE.rotate(90)], "duration": 100}
        files["d.avif"] = saved(form, xmp=XMP.encode(), **moving)
    made = assert_credits(runs, files, tmp_path)
    assert_xmp(runs, files, made)
    for data in made.values():
        with Image.open(io.BytesIO(data)) as picture:
            picture.load()
            if getattr(picture, "n_frames", 1) > 1:
                continue  # of a sequence, libavif looks beside the track alone
            assert picture.info["xmp"].startswith(b"<?xpacket")


def test_jxl(runs: Runs, tmp_path: Path) -> None:
    packet = box(b"xml ", XMP.encode())
    files = {
        "a.jxl": boxed(LOSSY, before=packet),
        "b.jxl": boxed(LOSSY, before=box(b"Exif", bytes(4) + exif().removeprefix(b"Exif\0\0"))),
        "c.jxl": boxed(LOSSY, behind=packet),
    }
    assert_xmp(runs, files, assert_credits(runs, files, tmp_path))


def test_gif(runs: Runs, tmp_path: Path) -> None:
    block = b"!\xff\x0bXMP DataXMP" + XMP.encode() + bytes([1, *range(255, -1, -1), 0])
    frames = [PICTURE, PICTURE.rotate(90)]
    still, moving = (
        saved("GIF", "P"),
        saved("GIF", "P", save_all=True, append_images=frames, loop=3),
    )
    files = {
        "a.gif": with_block(still, block),
        "b.gif": moving[:-1] + block + b"!\xfe\x07PLANTED\0" + moving[-1:],
    }
    made = assert_credits(runs, files, tmp_path)
    assert_xmp(runs, files, made)
    assert {Image.open(io.BytesIO(data)).info.get("loop") for data in made.values()} == {None, 3}


def with_block(data: bytes, block: bytes) -> bytes:
    at = 13 + (6 << (data[10] & 7))
    return data[:at] + block + data[at:]


def sound(tmp_path: Path, suffix: str, **tags: str) -> Path:
    path = tmp_path / f"sound.{suffix}"
    given = [word for key, value in tags.items() for word in ("-metadata", f"{key}={value}")]
    tone = ["-f", "lavfi", "-i", "sine=duration=0.3"]
    subprocess.run(["ffmpeg", "-v", "error", "-y", *tone, *given, path], check=True)
    return path


@pytest.mark.parametrize("suffix", ["mp3", "flac", "ogg", "opus"])
def test_sound(runs: Runs, tmp_path: Path, suffix: str) -> None:
    names = f"{NAME}; Ada Blott"
    full = {"artist": names, "copyright": "(c) 2024 Q", "title": "PLANTED", "composer": "PLANTED"}
    files = {
        f"a.{suffix}": sound(tmp_path, suffix, **full).read_bytes(),
        f"b.{suffix}": sound(tmp_path, suffix, artist=NAME, comment="PLANTED").read_bytes(),
        f"c.{suffix}": with_licence(sound(tmp_path, suffix, **full)),
    }
    made = assert_credits(runs, files, tmp_path)
    said = [mutagen.File(io.BytesIO(data), easy=True) for data in made.values()]
    assert not [row for row in said if set(row.keys()) - {"artist", "copyright", "license"}]
    assert sorted(row["artist"][0] for row in said) == [NAME, names, names]
    assert sum(b"https://example.com/licence" in data for data in made.values()) == 1
    for data in made.values():
        read = load_reader(identify(MemorySource(data)).container)
        for old, new in ((NAME.encode(), b"\n" + NAME[1:].encode()), (b"2024", b"20\t4")):
            changed = data.replace(old, new)
            assert changed == data or not named(read, changed)


def named(read: Any, data: bytes) -> bool:
    """Whether the second reader says that there is a credit."""
    try:
        return any(row.startswith("credit: ") for row in read(MemorySource(data)).leftovers)
    except Damaged:
        return False


def with_licence(path: Path) -> bytes:
    file = mutagen.File(path)
    if path.suffix == ".mp3":
        wcop: Any = mutagen.id3.WCOP  # mutagen has no types
        file.tags.add(wcop(url="https://example.com/licence"))
    else:
        file.tags["LICENSE"] = "https://example.com/licence"
    file.save()
    return path.read_bytes()


def test_a_credit_stands_beside_a_channel_mask(runs: Runs, tmp_path: Path) -> None:
    path = sound(tmp_path, "flac", artist=NAME, title="PLANTED")
    file = mutagen.File(path)
    file.tags["WAVEFORMATEXTENSIBLE_CHANNEL_MASK"] = "0x4"
    file.save()
    (data,) = assert_credits(runs, {"a.flac": path.read_bytes()}, tmp_path).values()
    said = mutagen.File(io.BytesIO(data)).tags
    assert {key: list(value) for key, value in said.as_dict().items()} == {
        "artist": [NAME], "waveformatextensible_channel_mask": ["0x4"],
    }  # fmt: skip
