"""The main job over everything real that we have, judged by tools that are not ours."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import av
import pytest
from PIL import Image, ImageCms, ImageOps

from scrubber.api import Options, Result, clean
from scrubber.model import ItemRecord, Outcome
from scrubber.policy import load_policy
from scrubber.readers.decoded import decoded_digest
from scrubber.source import FileSource

SHARED = Path(os.environ.get("SCRUB_SHARED") or Path(__file__).parents[2] / "shared") / "corpora"
WRITTEN = (Outcome.CLEANED, Outcome.UNCHANGED)
PRIVATE_GROUPS = (
    "ExifIFD", "GPS", "InteropIFD", "IFD1", "SubIFD", "MakerNotes", "PrintIM", "XMP", "IPTC",
    "Photoshop", "MPF", "JUMBF", "CBOR", "FlashPix", "Ducky", "PictureInfo", "APP", "CIFF",
    "RMETA", "SEAL", "AROT", "Trailer", "Samsung", "Google", "Vivo", "OnePlus", "Insta360",
    "NikonApp", "MIE", "AFCP", "FotoStation", "PhotoMechanic", "CanonVRD", "ID3", "APE",
    "Lyrics3", "Vorbis", "RIFF",
)  # fmt: skip
HARMLESS = {
    "RIFF:Encoding", "RIFF:NumChannels", "RIFF:SampleRate", "RIFF:AvgBytesPerSec",
    "RIFF:BitsPerSample", "RIFF:ChannelMask", "RIFF:SubFormat", "RIFF:ValidBitsPerSample",
    "RIFF:NumberOfSamples", "APP14:DCTEncodeVersion", "APP14:APP14Flags0", "APP14:APP14Flags1",
    "APP14:ColorTransform", "RIFF:DataSize64", "RIFF:RIFFSize64", "RIFF:NumberOfSamples64",
}  # fmt: skip

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the corpora are not beside this checkout"),
]


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, list[ItemRecord]]:
    root = tmp_path_factory.mktemp("corpora")
    os.environ["SCRUB_DATA_HOME"] = str(root / "home")
    source = root / "in"
    shutil.copytree(SHARED / "exif-samples" / "jpg", source / "jpg")
    audio = SHARED / "mutagen" / "tests" / "data"
    (source / "audio").mkdir()
    for path in sorted(audio.iterdir()):
        if path.suffix in (".mp3", ".flac", ".wav", ".id3", ".apev2"):
            shutil.copyfile(path, source / "audio" / path.name)
    (source / "text").mkdir()
    for path in (SHARED / "wnut17" / "README.md", SHARED / "wikigold" / "README.rst"):
        if path.is_file():
            shutil.copyfile(path, source / "text" / path.name)
    records: list[ItemRecord] = []
    options = Options(
        (source,), root / "out", load_policy("standard"), audit_dir=root / "audit", jobs=2
    )
    result: Result = clean(options, lambda *_: None, records.append)
    assert result.tally.outcomes
    os.environ.pop("SCRUB_DATA_HOME")
    return source, root / "out" / "data", records


def pairs(batch: tuple[Path, Path, list[ItemRecord]]) -> Iterator[tuple[Path, Path, ItemRecord]]:
    source, data, records = batch
    lines = (data.parent / "items.jsonl").read_text("utf-8").splitlines()
    by_digest = {json.loads(line)["sha256"]: json.loads(line)["path"] for line in lines}
    for record in records:
        if record.outcome in WRITTEN:
            yield source / record.path, data / by_digest[str(record.out_sha256)], record


def test_everything_is_cleaned_or_held_with_a_reason(
    batch: tuple[Path, Path, list[ItemRecord]],
) -> None:
    counts: dict[str, int] = {}
    for record in batch[2]:
        counts[record.outcome.value] = counts.get(record.outcome.value, 0) + 1
        if record.outcome is Outcome.HELD:
            assert record.code not in (None, "internal", "verify-failed", "timed-out")
            assert record.what
    pictures = [record for record in batch[2] if record.path.startswith("jpg/")]
    held = [r for r in pictures if r.outcome is Outcome.HELD]
    assert counts["cleaned"] > 100
    assert [record.path for record in held] == ["jpg/corrupted.jpg"]


def test_pixels_samples_and_their_show_are_the_same(
    batch: tuple[Path, Path, list[ItemRecord]],
) -> None:
    for before, after, record in pairs(batch):
        if record.container in ("jpeg", "png", "mp3", "flac", "wav"):
            with FileSource(before) as one, FileSource(after) as other:
                if decoded_digest(record.container, one) == decoded_digest(record.container, other):
                    continue
            # Of an MP3 that ends inside a frame, that frame alone goes.
            assert record.container == "mp3", record.path
            whole, cut = sounds(before), sounds(after)
            assert cut == whole[:-1], record.path


def sounds(path: Path) -> list[str]:
    """A digest of each decoded frame, nothing trimmed."""
    with av.open(str(path), "r", metadata_errors="replace") as box:
        stream = box.streams.audio[0]
        stream.codec_context.options = {"flags2": "+skip_manual"}
        return [
            hashlib.sha256(frame.to_ndarray().tobytes()).hexdigest() for frame in box.decode(stream)
        ]


def test_colours_are_the_same(batch: tuple[Path, Path, list[ItemRecord]]) -> None:
    seen = 0
    for before, after, record in pairs(batch):
        if record.container != "jpeg":
            continue
        with Image.open(before) as one, Image.open(after) as other:
            profiles = [picture.info.get("icc_profile") for picture in (one, other)]
            assert (profiles[0] is None) == (profiles[1] is None), record.path
            if profiles[0] is None or one.mode != "RGB":
                continue
            seen += 1
            small = ImageOps.fit(one, (64, 64))
            shown = [
                ImageCms.profileToProfile(
                    small,
                    ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                    ImageCms.createProfile("sRGB"),
                )
                for profile in profiles
            ]
            assert shown[0].tobytes() == shown[1].tobytes(), record.path
    assert seen > 10


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
def test_exiftool_sees_nothing_private(batch: tuple[Path, Path, list[ItemRecord]]) -> None:
    done = subprocess.run(
        ["exiftool", "-j", "-G1", "-a", "-u", "-U", "-ee", "-r", str(batch[1])],
        capture_output=True,
        text=True,
        check=False,
    )
    for row in json.loads(done.stdout):
        for tag, value in row.items():
            group = tag.partition(":")[0]
            if tag in HARMLESS or tag == "IFD0:Orientation":
                continue
            if tag.startswith("ExifIFD:ColorSpace") or tag.startswith("InteropIFD:InteropIndex"):
                continue
            bad = group == "IFD0" or any(group.startswith(name) for name in PRIVATE_GROUPS)
            assert not bad, (row["SourceFile"], tag, str(value)[:40])
            assert "Warning" not in tag or "ICC" in str(value), (row["SourceFile"], tag, value)


@pytest.mark.skipif(shutil.which("exiv2") is None, reason="exiv2 is not installed")
def test_exiv2_sees_nothing_private(batch: tuple[Path, Path, list[ItemRecord]]) -> None:
    allowed = ("Exif.Image.Orientation", "Exif.Image.ExifTag", "Exif.Photo.ColorSpace",
               "Exif.Photo.InteroperabilityTag", "Exif.Iop.InteroperabilityIndex")  # fmt: skip
    for _, after, record in pairs(batch):
        if record.container == "jpeg":
            done = subprocess.run(
                ["exiv2", "-pa", "-g", "", str(after)], capture_output=True, text=True, check=False
            )
            for line in done.stdout.splitlines():
                assert line.startswith(allowed), (record.path, line)


@pytest.mark.skipif(shutil.which("ffprobe") is None, reason="ffprobe is not installed")
def test_ffprobe_sees_no_tags(batch: tuple[Path, Path, list[ItemRecord]]) -> None:
    for _, after, record in pairs(batch):
        if record.container in ("mp3", "flac", "wav"):
            done = subprocess.run(
                ["ffprobe", "-v", "error", "-of", "json", "-show_format", "-show_streams",
                 str(after)],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            seen = json.loads(done.stdout)
            tags = dict(seen.get("format", {}).get("tags", {}))
            for stream in seen.get("streams", []):
                assert stream["codec_type"] == "audio", record.path
                tags.update(stream.get("tags", {}))
            tags = {name: value for name, value in tags.items() if name.lower() != "encoder"}
            assert tags == {}, record.path
