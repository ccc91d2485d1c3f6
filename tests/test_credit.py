"""keep-credit: who made it stays, in one packet of a fixed form, and nothing else with it."""

from __future__ import annotations

import io
import zlib
from pathlib import Path

import piexif
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from runs import Runs

from reports.verify import verify_bag
from scrubber.credit import Credit, packet
from scrubber.errors import PolicyHold
from scrubber.model import Outcome
from scrubber.readers import jpeg, png
from scrubber.readers.xmp_credit import credit_in
from scrubber.recheck import Recheck, Wish
from scrubber.seeds import inside, spaced
from scrubber.source import MemorySource

NAME = "Marlowe Quillfeather"
MINING = "http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-AIMLTRAINING"
XMP = f"""<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:ps="http://ns.adobe.com/photoshop/1.0/"
 xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/"
 ps:City="Exampleton" ps:Credit="Quill &amp; Co" plus:DataMining="{MINING}"
 xmpRights:WebStatement="https://example.com/licence?a=1&amp;b=2">
<dc:creator><rdf:Seq><rdf:li>{NAME}</rdf:li><rdf:li>Ada "Ink" Blott</rdf:li></rdf:Seq></dc:creator>
<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">(c) &lt;Q&gt; 'n' Sons</rdf:li></rdf:Alt></dc:rights>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""  # noqa: E501 - as it stands in a file
PICTURE = Image.radial_gradient("L").resize((64, 48))


def photo(**tags: bytes) -> bytes:
    exif = {
        "0th": {
            piexif.ImageIFD.Artist: tags.get("artist", NAME.encode()),
            piexif.ImageIFD.Copyright: "© 2019, 2024 Marlowe Quillfeather".encode(),
            piexif.ImageIFD.Orientation: 6,
        },
        "Exif": {
            piexif.ExifIFD.CameraOwnerName: NAME.encode(),
            piexif.ExifIFD.BodySerialNumber: b"SN839201",
        },
    }
    out = io.BytesIO()
    PICTURE.save(out, "JPEG", exif=piexif.dump(exif))
    return out.getvalue()


def with_xmp(form: str) -> bytes:
    out = io.BytesIO()
    if form == "JPEG":
        PICTURE.save(out, form, xmp=XMP.encode())
    else:
        texts = PngInfo()
        texts.add_itxt("XML:com.adobe.xmp", XMP)
        texts.add_text("Comment", "PLANTED")
        PICTURE.save(out, form, pnginfo=texts)
    return out.getvalue()


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(tmp_path)


def cleaned(runs: Runs, policy: str = "keep-credit", **files: bytes) -> dict[str, bytes]:
    for name, data in files.items():
        (runs.inside / name.replace("_", ".")).write_bytes(data)
    runs.here(policy=policy)
    return {path.name: path.read_bytes() for path in (runs.out / "data").iterdir()}


def test_a_credit_stays_and_nothing_else(runs: Runs) -> None:
    made = cleaned(runs, a_jpg=photo(), b_jpg=with_xmp("JPEG"), c_png=with_xmp("PNG"))
    assert len(made) == 3
    for data in made.values():
        assert NAME.encode() in data
        for private in (b"SN839201", b"Exampleton", b"PLANTED", b"OwnerName"):
            assert private not in data
    for data in made.values():
        if b"DataMining" in data:
            assert MINING.encode() in data
            assert b"https://example.com/licence?a=1&amp;b=2" in data
            assert b"Ada &quot;Ink&quot; Blott" in data
    wish = Wish(
        str(runs.out / "data"), ("CREATOR", "COPYRIGHT_NOTICE", "CREDIT_LINE", "USAGE_TERMS")
    )
    assert verify_bag(runs.out, read_item=Recheck(wish).read_item).ok


def test_the_standard_policy_takes_it_out(runs: Runs) -> None:
    for data in cleaned(runs, "standard", a_jpg=photo(), b_jpg=with_xmp("JPEG")).values():
        assert NAME.encode() not in data
        assert b"adobe:ns:meta" not in data


def test_cleaning_twice_changes_nothing(runs: Runs, tmp_path: Path) -> None:
    first = cleaned(runs, a_jpg=photo(), b_jpg=with_xmp("JPEG"), c_png=with_xmp("PNG"))
    again = Runs(tmp_path / "again")
    second = cleaned(again, **{name.replace(".", "_"): data for name, data in first.items()})
    assert sorted(second.values()) == sorted(first.values())
    _, records = again.here(policy="keep-credit", out=tmp_path / "third")
    assert {record.outcome for record in records.values()} == {Outcome.UNCHANGED}


def test_a_name_on_the_users_list_is_not_let_out_by_a_credit(runs: Runs) -> None:
    runs.audit.mkdir(mode=0o700)
    (runs.audit / ".scrub-audit").write_text("")
    (runs.audit / "people.toml").write_text(f'[[people]]\nname = "{NAME}"\n')
    assert not cleaned(runs, a_jpg=photo())


def test_only_whole_words_of_a_credit_are_public() -> None:
    public = {spaced("(c) 2024 Joanna Smith")}
    assert inside("joanna  smith", public)
    assert not inside("Anna", public)


def test_an_address_in_a_credit_holds_the_file(runs: Runs) -> None:
    assert not cleaned(runs, a_jpg=photo(artist=b"mq@example.com"))


@pytest.mark.parametrize("text", ["call +1 212 555 0147", "q@example.com", "(020) 7946-0958 x"])
def test_what_reaches_somebody_is_no_credit(text: str) -> None:
    with pytest.raises(PolicyHold):
        Credit().add("CREATOR", "Artist", text, 1)


@pytest.mark.parametrize("text", ["© 1999-2024, 2025 Q", "Studio 54", "1984"])
def test_years_are_no_phone_numbers(text: str) -> None:
    assert Credit().add("COPYRIGHT_NOTICE", "Copyright", text, 1)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(b"<dc:rights>", b"<dc:rights x='1'>"),
        lambda data: data.replace(b"</dc:creator>", b"</dc:creator><!-- hidden -->"),
        lambda data: data.replace(b"</dc:creator>", b"</dc:creator> "),
        lambda data: data.replace(
            b"</rdf:Description>", b"<dc:title>x</dc:title></rdf:Description>"
        ),
        lambda data: data.replace(b" xmlns:dc=", b" xmlns:q='urn:hidden' xmlns:dc="),
        lambda data: data + b" ",
        lambda data: b"<!DOCTYPE x []>" + data,
    ],
)
def test_the_second_reader_takes_only_the_one_form(change) -> None:  # type: ignore[no-untyped-def]
    data = packet({"creator": [NAME, "A & B"], "rights": ["© 'Q' <2024>"], "mining": [MINING]})
    assert credit_in(data) == ("CREATOR", "COPYRIGHT_NOTICE", "USAGE_TERMS")
    assert change(data) != data
    assert credit_in(change(data)) == ()


def test_readers_name_a_credit_once() -> None:
    body = packet({"creator": [NAME]})
    segment = b"http://ns.adobe.com/xap/1.0/\0" + body
    app1 = b"\xff\xe1" + (len(segment) + 2).to_bytes(2, "big") + segment
    plain = io.BytesIO()
    PICTURE.save(plain, "JPEG")
    data = plain.getvalue()
    once = data[:2] + app1 + data[2:]
    assert jpeg.read(MemorySource(once)).leftovers == ("credit: CREATOR",)
    twice = jpeg.read(MemorySource(data[:2] + app1 + app1 + data[2:]))
    assert twice.leftovers == ("credit: CREATOR", "APP1")
    plain = io.BytesIO()
    PICTURE.save(plain, "PNG")
    data = plain.getvalue()
    chunk = b"iTXtXML:com.adobe.xmp\0\0\0\0\0" + body
    chunk = (len(chunk) - 4).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")
    assert png.read(MemorySource(data[:33] + chunk + data[33:])).leftovers == ("credit: CREATOR",)
