"""What was removed stands nowhere in what is written or said, and nothing is sent anywhere."""

from __future__ import annotations

import base64
import io
import json
import shutil
import struct
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import piexif
import pytest
from PIL import Image, PngImagePlugin
from runs import PLAIN, Runs, photo

from scrubber.model import Outcome

PORTFOLIO = Path(__file__).parent.parent / "sample_media"
KEY = "AKIA" + "Q7ZP3LX9WM5RT2VB"  # no key: made up, and put together here

PLANTED = {
    "artist": "Zebulon Quackenbush",
    "serial": "SNX77310942",
    "latitude text": "48.858371N7",
    "comment": "MARK-comment-5521",
    "maker note": "MARK-makernote-5522",
    "description": "MARK-description-5523",
    "user comment": "MARK-usercomment-5524",
    "xmp": "MARK-xmp-5525",
    "iptc": "MARK-iptc-5526",
    "behind the end": "MARK-trailer-5527",
    "png text": "MARK-pngtext-5528",
    "png exif": "MARK-pngexif-5529",
    "wav info": "MARK-wavinfo-5530",
    "wav bext": "MARK-wavbext-5531",
    "phone": "+1 212 555 0163",
    "email": "zq.planted77@example.com",
    "key": KEY,
    "csv email": "csv.planted78@example.org",
    "csv name": "Ottoline Featherstonehaugh",
    "json email": "json.planted79@example.net",
    "json key": "key.planted80@example.com",
    "base64 email": "deep.planted81@example.com",
    "picture in json": "MARK-nested-5532",
    "subtitle phone": "+1 312 555 0178",
    "code email": "author.planted82@example.com",
    "held damaged": "MARK-damaged-5533",
    "held rtf": "MARK-rtf-5534",
    "held zip": "MARK-zip-5535",
    "held opaque": "MARK-opaque-5536",
    "nowhere": "MARK-nowhere-5537",
}
IN_A_NAME = "Philomena Ravenscroft"


def fill(runs: Runs) -> None:
    """A folder with every planted value at least once."""
    block = piexif.dump(
        {
            "0th": {
                piexif.ImageIFD.Artist: PLANTED["artist"].encode(),
                piexif.ImageIFD.ImageDescription: PLANTED["description"].encode(),
            },
            "Exif": {
                piexif.ExifIFD.BodySerialNumber: PLANTED["serial"].encode(),
                piexif.ExifIFD.MakerNote: PLANTED["maker note"].encode(),
                piexif.ExifIFD.UserComment: b"ASCII\0\0\0" + PLANTED["user comment"].encode(),
            },
            "GPS": {piexif.GPSIFD.GPSAreaInformation: PLANTED["latitude text"].encode()},
        }
    )
    xmp = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-'
        'syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:source='
        f'"{PLANTED["xmp"]}"/></rdf:RDF></x:xmpmeta>'
    ).encode()
    iptc = b"\x1c\x02\x78" + struct.pack(">H", len(PLANTED["iptc"])) + PLANTED["iptc"].encode()
    eight = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(iptc)) + iptc + bytes(len(iptc) % 2)
    out = io.BytesIO()
    Image.radial_gradient("L").resize((48, 32)).save(out, "JPEG", exif=block)
    data = out.getvalue()
    more = b"".join(
        b"\xff" + bytes((marker,)) + struct.pack(">H", len(payload) + 2) + payload
        for marker, payload in (
            (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp),
            (0xED, b"Photoshop 3.0\0" + eight),
            (0xFE, PLANTED["comment"].encode()),
        )
    )
    at = data.index(b"\xff\xdb")
    trailer = PLANTED["behind the end"].encode()
    runs.write("IMG_0001.jpg", data[:at] + more + data[at:] + trailer)
    runs.write(f"{IN_A_NAME}/IMG_0002.jpg", photo())
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", PLANTED["png text"])
    words.add_itxt("Title", PLANTED["png text"], zip=True)
    tagged = io.BytesIO()
    exif = piexif.dump({"0th": {piexif.ImageIFD.Copyright: PLANTED["png exif"].encode()}})
    Image.radial_gradient("L").resize((20, 20)).save(tagged, "PNG", pnginfo=words, exif=exif)
    runs.write("screen.png", tagged.getvalue())
    info = PLANTED["wav info"].encode() + b"\0"
    listed = b"INFOIART" + struct.pack("<I", len(info)) + info + bytes(len(info) % 2)
    bext = PLANTED["wav bext"].encode().ljust(602, b"\0")
    chunks = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16)
    chunks += b"bext" + struct.pack("<I", len(bext)) + bext
    chunks += b"LIST" + struct.pack("<I", len(listed)) + listed
    chunks += b"data" + struct.pack("<I", 800) + bytes(range(200)) * 4
    runs.write("take.wav", b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WAVE" + chunks)
    deep = base64.b64encode(b"Write to deep.planted81@example.com about the contract. " * 2)
    runs.write(
        "letter.txt",
        f"Please call {PLANTED['phone']} or write to {PLANTED['email']} today.\n"
        f"The key is {PLANTED['key']} for now.\nAttached: {deep.decode()}\n"
        f"With thanks to {PLANTED['artist']} for the pictures.\n",
    )
    runs.write(
        "people.csv",
        f"id,full_name,email\n1,{PLANTED['csv name']},{PLANTED['csv email']}\n2,,\n",
    )
    nested = photo(PLANTED["picture in json"])
    runs.write(
        "chat.jsonl",
        json.dumps({"to": PLANTED["json email"], PLANTED["json key"]: 1, "text": "hello there"})
        + "\n"
        + json.dumps({"image": "data:image/jpeg;base64," + base64.b64encode(nested).decode()})
        + "\n",
    )
    runs.write(
        "film.srt", f"1\n00:00:01,000 --> 00:00:02,000\nCall {PLANTED['subtitle phone']}\n\n"
    )
    runs.write("tool.py", f"# Author: {PLANTED['code email']}\nvalue = 1\n")
    runs.write("broken.jpg", b"\xff\xd8\xff\xe0" + PLANTED["held damaged"].encode())
    runs.write("note.rtf", b"{\\rtf1 " + PLANTED["held rtf"].encode() + b"}")
    runs.write("pack.zip", b"PK\x03\x04" + PLANTED["held zip"].encode() + bytes(60))
    noise = bytes((7 * n * n + n // 3) % 256 for n in range(300)) + PLANTED["held opaque"].encode()
    runs.write("opaque.txt", f"Here: {base64.b64encode(noise).decode()}\n")
    runs.write("table.csv", f"id,{PLANTED['email']}\n1,2\n")


def forms(value: bytes) -> Iterator[bytes]:
    """A value as it is, in UTF-16, in hex, and in base64 at each of three alignments."""
    texts = [value]
    try:
        text = value.decode()
        texts += [text.encode("utf-16-le"), text.encode("utf-16-be")]
    except UnicodeDecodeError:
        pass
    for raw in texts:
        yield raw
        yield raw.hex().encode()
        yield raw.hex().upper().encode()
        for shift in range(3):
            coded = base64.b64encode(bytes(shift) + raw)
            yield coded[(0, 2, 3)[shift] : len(coded) - 4]  # whole groups of this value alone


def leaks(value: bytes, places: dict[str, bytes]) -> list[str]:
    found = [form for form in forms(value) if len(form) >= 6]
    return [name for name, data in places.items() if any(form in data for form in found)]


def written(*folders: Path) -> dict[str, bytes]:
    return {
        f"{folder.name}/{path.relative_to(folder)}": path.read_bytes()
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
    }


class Told:
    """A finished run, and everything that it wrote or said."""

    def __init__(self, base: Path, fill_in: object) -> None:
        self.runs = Runs(base / "w")
        fill_in(self.runs)  # type: ignore[operator]  # a function of this file
        temporary = base / "tmp"
        temporary.mkdir()
        self.runs.env["TMPDIR"] = str(temporary)
        inside = self.runs.inside
        said = {
            "summary": self.runs.scrub(),
            "json": self.runs.scrub(inside, "--out", self.runs.out, "--json", "--verbose"),
            "check": self.runs.scrub("check", inside / "IMG_0001.jpg"),
            "inspect": self.runs.scrub("inspect", inside),
            "verify": self.runs.scrub("verify", self.runs.out),
        }
        self.codes = {name: done.returncode for name, done in said.items()}
        self.left_in_tmp = list(temporary.iterdir())
        self.out = written(self.runs.out)
        self.places = self.out | written(self.runs.audit)
        for name, done in said.items():
            self.places[name] = (done.stdout + done.stderr).encode("utf-8", "surrogateescape")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return Told(tmp_path_factory.mktemp("told"), fill)


def test_the_run_cleaned_what_it_can_and_held_the_rest(told: Told) -> None:
    row = json.loads(told.places["json"])
    assert told.codes["summary"] == 3
    assert {held["code"] for held in row["held"]} <= {
        *("damaged", "unknown-container", "opaque-text", "unsupported", "needs-review")
    }
    assert row["items_out"] >= 9
    assert told.codes["verify"] == 0


@pytest.mark.parametrize("name", PLANTED)
def test_no_planted_value_stands_in_anything_written_or_said(told: Told, name: str) -> None:
    assert leaks(PLANTED[name].encode(), told.places) == []


def test_a_planted_value_would_be_found(told: Told) -> None:
    originals = written(told.runs.inside)
    missing = [name for name, value in PLANTED.items() if not leaks(value.encode(), originals)]
    assert missing == ["nowhere"]  # shows that the search is not blind


def test_a_name_in_a_path_stands_only_in_the_private_log(told: Told) -> None:
    assert leaks(IN_A_NAME.encode(), told.out) == []


def test_nothing_is_left_in_the_temporary_folder(told: Told) -> None:
    assert told.left_in_tmp == []


def test_the_audit_folder_is_closed_to_others(told: Told) -> None:
    assert told.runs.audit.stat().st_mode & 0o777 == 0o700
    assert (told.runs.audit / ".gitignore").read_text() == "*\n"


def test_no_time_or_owner_of_the_originals_is_on_the_outputs(told: Told) -> None:
    for path in told.runs.out.rglob("*"):
        status = path.stat()
        assert status.st_mtime == 315532800
        assert status.st_mode & 0o777 == (0o755 if path.is_dir() else 0o644)


@pytest.mark.slow
def test_no_planted_value_of_the_sample_folder_is_left(tmp_path: Path) -> None:
    rows = tomllib.loads((PORTFOLIO / "EXPECTED.toml").read_text("utf-8"))["file"]

    def copy(runs: Runs) -> None:
        shutil.rmtree(runs.inside)
        shutil.copytree(PORTFOLIO / "portfolio", runs.inside, symlinks=True)

    told = Told(tmp_path, copy)
    paths = "\0".join(str(path) for path in told.runs.inside.rglob("*"))
    found = {}
    for row in rows:
        for planted in row.get("planted", ()):
            text, encoding = planted["value"], planted.get("encoding", "utf-8")
            value = bytes.fromhex(text) if encoding == "hex" else text.encode(encoding)
            if len(value) < 6 or text in paths:
                continue
            where = leaks(value, told.places)
            if "Thumbnail" in planted["where"]:  # the same small picture is content in one text
                where = [name for name in where if not name.endswith(".jsonl")]
            if where:
                found[f"{row['path']} {planted['where']}"] = where
    assert found == {}


# what a held file leaves behind -----------------------------------------------------------


def test_an_interrupted_run_leaves_no_value_in_clear(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scrubber import pipeline

    runs = Runs(tmp_path / "w")
    fill(runs)

    def stop(self: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline._Run, "sweep", stop)
    with pytest.raises(KeyboardInterrupt):
        runs.here()
    left = written(runs.audit, *runs.base.glob("out.partial-*"))
    assert any("journal" in name for name in left)
    assert any("frozen" in name for name in left)
    assert {name for name, value in PLANTED.items() if leaks(value.encode(), left)} == set()


def test_a_value_that_stays_in_a_kept_part_holds_the_file_and_is_not_written(
    tmp_path: Path,
) -> None:
    runs = Runs(tmp_path / "w")
    runs.write("IMG_0001.jpg", photo("Zebulon Quackenbush"))
    runs.write("letter.txt", "All the best from Zebulon Quackenbush and the others.\n")
    before = json.dumps(sorted(written(runs.inside)))
    runs.here()
    assert json.dumps(sorted(written(runs.inside))) == before
    places = written(runs.out, runs.audit)
    assert leaks(b"Zebulon Quackenbush", places) == []
    assert leaks(b"Quackenbush", places) == []


def test_a_mistake_in_a_format_holds_the_file_without_a_word_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scrubber.formats.jpeg import Jpeg

    def split(self: object, source: object, ledger: object) -> None:
        raise RuntimeError(f"cannot parse {PLANTED['artist']}")

    monkeypatch.setattr(Jpeg, "split", split)
    runs = Runs(tmp_path / "w")
    runs.write("IMG_0001.jpg", photo(PLANTED["artist"]))
    runs.write("plain.txt", PLAIN)
    result, records = runs.here()
    record = records["IMG_0001.jpg"]
    assert (record.outcome, record.code) == (Outcome.HELD, "internal")
    assert "RuntimeError" in record.why
    assert records["plain.txt"].outcome is Outcome.UNCHANGED
    assert result.exit_code == 3
    assert leaks(PLANTED["artist"].encode(), written(runs.out, runs.audit)) == []


# the network ------------------------------------------------------------------------------

OFFLINE = """
import sys
from pathlib import Path

def refuse(event, arguments):
    if event.startswith("socket."):
        frame, names = sys._getframe(), []
        while frame is not None:
            names.append(frame.f_code.co_name)
            frame = frame.f_back
        if "_has_ipv6" not in names:  # urllib3 asks at import what the kernel can do
            print("network:", event, file=sys.stderr)
        raise OSError("no network")

sys.addaudithook(refuse)
from scrubber.api import Options, clean
from scrubber.policy import load_policy
inside, out = map(Path, sys.argv[1:3])
found = Options(inputs=(inside,), out=out, policy=load_policy("standard"), isolate=False)
result = clean(found, lambda *_: None)
print(result.tally.items_out)
"""


def test_a_run_over_everything_opens_no_socket(tmp_path: Path) -> None:
    runs = Runs(tmp_path / "w")
    fill(runs)
    done = subprocess.run(
        [sys.executable, "-c", OFFLINE, runs.inside, runs.out],
        env=runs.env, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.stderr == ""
    assert int(done.stdout) >= 9


@pytest.mark.slow
def test_workers_do_their_work_without_a_network(tmp_path: Path) -> None:
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-n", "true"], capture_output=True).returncode:
        pytest.skip("no network namespaces here")
    runs = Runs(tmp_path / "w")
    runs.write("letter.txt", f"Write to {PLANTED['email']} or see example.co.uk today.\n")
    done = subprocess.run(
        [unshare, "-n", *runs.command()],
        env=runs.env,
        cwd=runs.base,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert leaks(PLANTED["email"].encode(), written(runs.out)) == []
