"""XMP packets: by property, in any encoding, with every trap of part 3."""

from __future__ import annotations

import time

import pytest
from laws import assert_partition
from pictures import PLANTED, xmp_with

from scrubber.entities import CATALOGUE
from scrubber.errors import Damaged
from scrubber.formats.xmp import effective_orientation, split_xmp
from scrubber.formats.xmp_names import _ENTITIES, _FAMILIES, entity_of_property
from scrubber.join import chunks, join
from scrubber.ledger import ROOT, Ledger
from scrubber.model import Role
from scrubber.source import MemorySource

NAMESPACES = """ xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" xmlns:exif="http://ns.adobe.com/exif/1.0/"
 xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/"
 xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/" """


def packet(body: str = "", attributes: str = "", head: str = "", tail: str = "") -> bytes:
    return (
        f'{head}<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Toolkit 1.2">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about=""{NAMESPACES}{attributes}>{body}</rdf:Description>'
        f"</rdf:RDF></x:xmpmeta>{tail}"
    ).encode()


def split(data: bytes) -> Ledger:
    ledger = Ledger(len(data))
    split_xmp(ledger, MemorySource(data), ROOT, 0, len(data))
    assert_partition(ledger.tile(), len(data))
    return ledger


def properties(data: bytes) -> dict[str, tuple[str, str]]:
    """Path → entity and words."""
    found = {}
    ledger = split(data)
    for part in ledger.parts:
        if part.role is Role.PRIVATE and part.describe:
            raw = b"".join(data[start:end] for start, end in part.spans)
            found[ledger.path(part.id)] = (part.entity or "", part.describe(raw))
    return found


def test_elements_and_attributes_are_properties() -> None:
    found = properties(
        packet(
            "<dc:creator><rdf:Seq><rdf:li>Ann &amp; Bob</rdf:li></rdf:Seq></dc:creator>"
            "<dc:rights/>",
            ' photoshop:City="Springfield" exif:GPSLatitude=\'10,30.5N\' exif:FNumber="8"',
        )
    )
    assert found["XMP/dc:creator"] == ("CREATOR", "Ann & Bob")
    assert found["XMP/photoshop:City"] == ("PLACE_NAME", "Springfield")
    assert found["XMP/exif:GPSLatitude"] == ("GPS_POSITION", "10,30.5N")
    assert found["XMP/exif:FNumber"] == ("CAMERA_SETTINGS", "8")
    assert found["XMP/dc:rights"] == ("COPYRIGHT_NOTICE", "")
    assert found["XMP/x:xmptk"] == ("SOFTWARE", "Toolkit 1.2")


def test_names_of_faces_stand_apart() -> None:
    body = (
        '<mwg-rs:Regions rdf:parseType="Resource"><mwg-rs:RegionList><rdf:Bag>'
        '<rdf:li><rdf:Description mwg-rs:Name="Ann Example" mwg-rs:Type="Face"/></rdf:li>'
        "<rdf:li><mwg-rs:Name>Bob Example</mwg-rs:Name></rdf:li>"
        "</rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>"
    )
    data = packet(body)
    ledger = split(data)
    names = [
        data[start:end].decode()
        for part in ledger.parts
        if part.name == "item"
        for start, end in part.spans
    ]
    assert names == ["Ann Example", "Bob Example"]
    assert {p.entity for p in ledger.parts if p.name == "item"} == {"PERSON_IN_IMAGE"}


def test_several_creators_are_several_values() -> None:
    items = "".join(f"<rdf:li>{name}</rdf:li>" for name in ("Ann", "Bob"))
    found = split(packet(f"<dc:creator><rdf:Seq>{items}</rdf:Seq></dc:creator>"))
    assert sum(part.name == "item" for part in found.parts) == 2


def test_another_prefix_for_a_known_namespace() -> None:
    data = packet("<q:creator xmlns:q='http://purl.org/dc/elements/1.1/'>Ann</q:creator>")
    assert properties(data)["XMP/dc:creator"] == ("CREATOR", "Ann")


def test_a_free_property_is_no_name_of_a_part() -> None:
    data = packet("<pdfx:AnnExample xmlns:pdfx='http://ns.adobe.com/pdfx/1.3/'>x</pdfx:AnnExample>")
    assert properties(data)["XMP/other property"] == ("TAG", "x")


def test_slider_positions_are_one_part() -> None:
    sliders = "".join(f' crs:Slider{n}="{n}"' for n in range(300))
    ledger = split(packet(attributes=sliders))
    assert len(ledger.parts) < 20
    assert any(part.name == "crs:*" and len(part.spans) >= 1 for part in ledger.parts)


def test_dropping_one_property_leaves_the_others() -> None:
    data = xmp_with(6)
    ledger = split(data)
    for part in [p for p in ledger.parts if p.role is Role.PRIVATE and p.name != "item"]:
        joined = join(ledger, MemorySource(data), {part.id}, tiles=ledger.tile())
        without = b"".join(chunks(joined, MemorySource(data)))
        left = set(properties(without))
        assert left == set(properties(data)) - {ledger.path(part.id)}


def test_all_goes_when_every_property_goes() -> None:
    data = xmp_with(6)
    ledger = split(data)
    tiles = ledger.tile()
    gone = {p.id for p in ledger.parts if p.role in (Role.PRIVATE, Role.SLACK)}
    assert join(ledger, MemorySource(data), gone, tiles=tiles).size == 0


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-16"])
def test_wide_packets_are_one_part(encoding: str) -> None:
    data = xmp_with(6).decode().encode(encoding)
    found = properties(data)
    assert list(found) == ["XMP"]
    assert PLANTED.decode() in found["XMP"][1]
    assert effective_orientation(data) == 6


def test_a_second_packet_is_a_part_of_its_own() -> None:
    end = '<?xpacket end="w"?>'
    data = packet(tail=end) + packet("<dc:title>x</dc:title>")
    ledger = split(data)
    assert any(part.name == "second packet" for part in ledger.parts)


@pytest.mark.parametrize(
    "data",
    [
        packet(head='<!DOCTYPE x [<!ENTITY a "b">]>'),
        packet()[:-5],
        b"<a><b></a>",
        b"\xff\xfe<",
        b"",
        b"<a>" * 300 + b"</a>" * 300,
    ],
)
def test_no_dtd_no_damage_no_depth(data: bytes) -> None:
    with pytest.raises(Damaged):
        split(data)


@pytest.mark.parametrize("value", range(1, 9))
@pytest.mark.parametrize("form", [' tiff:Orientation="{}"', " tiff:Orientation = '{}'"])
def test_orientation_as_an_attribute(form: str, value: int) -> None:
    assert effective_orientation(packet(attributes=form.format(value))) == value


def test_orientation_as_an_element_and_none() -> None:
    assert effective_orientation(packet("<tiff:Orientation>8</tiff:Orientation>")) == 8
    assert effective_orientation(packet("<tiff:Orientation>9</tiff:Orientation>")) == 1
    assert effective_orientation(packet()) == 1


def test_every_entity_is_in_the_catalogue() -> None:
    assert {*_ENTITIES.values(), *_FAMILIES.values()} <= set(CATALOGUE)
    assert entity_of_property("nobody:knows") == "TAG"


def test_a_usual_packet_takes_less_than_a_millisecond() -> None:
    data = xmp_with(6)
    best = min(_seconds(data) for _ in range(20))
    assert best < 0.001


def _seconds(data: bytes) -> float:
    start = time.process_time()
    ledger = Ledger(len(data))
    split_xmp(ledger, MemorySource(data), ROOT, 0, len(data))
    return time.process_time() - start
