"""Photos as cameras and programs leave them."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence

from PIL import ImageCms

from sample_media.maker.landscape import jpeg, landscape, wide_gamut_profile
from sample_media.maker.planted import Plant, Sample
from sample_media.maker.tiff import BYTE, UNDEFINED, Entries, ascii_, exif, rationals, short

OWNER = "Elizabeth Bennet"
# Tags of TIFF 6.0 and Exif 3.0
DESCRIPTION, MAKE, MODEL, ORIENTATION, SOFTWARE = 0x010E, 0x010F, 0x0110, 0x0112, 0x0131
CHANGED, ARTIST, COPYRIGHT = 0x0132, 0x013B, 0x8298
VERSION, TAKEN, OFFSET_TAKEN, MAKER_NOTE, COMMENT = 0x9000, 0x9003, 0x9011, 0x927C, 0x9286
UNIQUE_ID, CAMERA_OWNER, BODY_SERIAL, LENS_SERIAL = 0xA420, 0xA430, 0xA431, 0xA435


def degrees(value: float) -> tuple[tuple[int, int], ...]:
    hundredths = round(abs(value) * 360_000)
    whole, rest = divmod(hundredths, 360_000)
    return (whole, 1), (rest // 6000, 1), (rest % 6000, 100)


def gps_ifd(latitude: float, longitude: float) -> Entries:
    return {
        0x0000: (BYTE, bytes([2, 3, 0, 0])),
        0x0001: ascii_("N" if latitude >= 0 else "S"),
        0x0002: rationals(*degrees(latitude)),
        0x0003: ascii_("E" if longitude >= 0 else "W"),
        0x0004: rationals(*degrees(longitude)),
        0x001D: ascii_("2024:05:01"),
    }


def gps_plants(latitude: float, longitude: float, where: str, inside: str = "") -> list[Plant]:
    return [
        Plant(
            "GPS_POSITION",
            f"{where}/IFD0/GPS/{name}",
            b"".join(struct.pack(">II", *pair) for pair in degrees(value)).hex(),
            "hex",
            inside,
        )
        for name, value in (("GPSLatitude", latitude), ("GPSLongitude", longitude))
    ]


def exif_segment(block: bytes) -> bytes:
    return segment(0xE1, b"Exif\0\0" + block)


def segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def with_segments(picture: bytes, segments: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """`picture` with segments after its JFIF header."""
    (length,) = struct.unpack(">H", picture[4:6])
    cut = 4 + length
    return picture[:cut] + b"".join(segments) + picture[cut:] + trailer


def small_jpeg_with_position(latitude: float, longitude: float, seed: int = 9) -> bytes:
    """A small picture that tells where it was made, for embedding."""
    block = exif({ARTIST: ascii_(OWNER)}, gps=gps_ifd(latitude, longitude))
    return with_segments(jpeg(landscape(seed, 96, 64)), [exif_segment(block)])


XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/"
 photoshop:City="Paris" xmpMM:DocumentID="xmp.did:5f0c2a10-0000-4000-8000-000000000042">
<dc:creator><rdf:Seq><rdf:li>Elizabeth Bennet</rdf:li></rdf:Seq></dc:creator>
<Iptc4xmpExt:PersonInImage><rdf:Bag><rdf:li>John Watson</rdf:li></rdf:Bag>
</Iptc4xmpExt:PersonInImage>
<mwg-rs:Regions rdf:parseType="Resource"><mwg-rs:RegionList><rdf:Bag><rdf:li
 rdf:parseType="Resource"><mwg-rs:Name>John Watson</mwg-rs:Name><mwg-rs:Type>Face</mwg-rs:Type>
</rdf:li></rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def _canon_maker_note(offset: int) -> bytes:
    """An IFD without a header, as Canon writes it: owner name 0x0009, serial number 0x000C.

    Its offsets count from the TIFF header, so it must know its own, `offset`.
    """
    owner = (OWNER.encode() + b"\0").ljust(32, b"\0")
    entries = struct.pack(">HHII", 0x0009, 2, len(owner), offset + 30)
    entries += struct.pack(">HHII", 0x000C, 4, 1, 1234567890)
    return struct.pack(">H", 2) + entries + bytes(4) + owner


def _iptc() -> bytes:
    """Photoshop's resource 0x0404 with IPTC-IIM records: by-line 2:80, city 2:90, caption 2:120."""
    records = b"".join(
        struct.pack(">BBBH", 0x1C, 2, number, len(text)) + text
        for number, text in ((80, OWNER.encode()), (90, b"Paris"), (120, b"John by the tower"))
    )
    resource = b"8BIM" + struct.pack(">HHI", 0x0404, 0, len(records)) + records
    return b"Photoshop 3.0\0" + resource + bytes(len(records) % 2)


def _icc_segment(profile: bytes) -> bytes:
    return segment(0xE2, b"ICC_PROFILE\0\x01\x01" + profile)


def canon() -> Sample:
    where, position = "APP1/Exif", (48.8584, 2.2945)  # the Eiffel Tower
    before_crop = small_jpeg_with_position(*position)
    block = exif(
        {
            MAKE: ascii_("Canon"),
            MODEL: ascii_("Canon EOS R6"),
            ORIENTATION: short(6),
            CHANGED: ascii_("2024:05:01 10:20:30"),
            ARTIST: ascii_(OWNER),
            COPYRIGHT: ascii_("(c) 2024 Elizabeth Bennet"),
        },
        {
            VERSION: (UNDEFINED, b"0232"),
            TAKEN: ascii_("2024:05:01 10:20:30"),
            MAKER_NOTE: (UNDEFINED, _canon_maker_note),
            CAMERA_OWNER: ascii_(OWNER),
            BODY_SERIAL: ascii_("042000000042"),
            LENS_SERIAL: ascii_("LENS-0000-42"),
        },
        gps_ifd(*position),
        before_crop,
    )
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    srgb = srgb[:24] + struct.pack(">6H", 2024, 5, 1, 10, 20, 30) + srgb[36:]  # when it was made
    packet = b"http://ns.adobe.com/xap/1.0/\0" + (XMP + "\n" + " " * 512).encode()
    data = with_segments(
        jpeg(landscape(1)),
        [
            exif_segment(block),
            segment(0xE1, packet),
            segment(0xED, _iptc()),
            _icc_segment(srgb),
            segment(0xFE, b"proof for elizabeth@example.com"),
        ],
        b"\0\0kept by the editor: John Watson, +1 415-555-0132",
    )
    return Sample(
        "photos/IMG_0042.JPG",
        data,
        "cleaned",
        about="everything at once; shown rotated (orientation 6), which must stay so",
        planted=[
            *gps_plants(*position, where),
            Plant("CREATOR", f"{where}/IFD0/Artist", OWNER),
            Plant("COPYRIGHT_NOTICE", f"{where}/IFD0/Copyright", "(c) 2024 Elizabeth Bennet"),
            Plant("DEVICE_MODEL", f"{where}/IFD0/Model", "Canon EOS R6"),
            Plant("CAPTURE_TIME", f"{where}/IFD0/ExifIFD/DateTimeOriginal", "2024:05:01 10:20:30"),
            Plant("OWNER_NAME", f"{where}/IFD0/ExifIFD/CameraOwnerName", OWNER),
            Plant("CAMERA_SERIAL", f"{where}/IFD0/ExifIFD/BodySerialNumber", "042000000042"),
            Plant("LENS_SERIAL", f"{where}/IFD0/ExifIFD/LensSerialNumber", "LENS-0000-42"),
            Plant(
                "MAKER_NOTE",
                f"{where}/IFD0/ExifIFD/MakerNote",
                struct.pack(">I", 1234567890).hex(),
                "hex",
            ),
            Plant("THUMBNAIL", f"{where}/IFD1/ThumbnailImage", before_crop[-64:].hex(), "hex"),
            Plant("PLACE_NAME", "APP1/XMP", 'photoshop:City="Paris"'),
            Plant("DOCUMENT_ID", "APP1/XMP", "xmp.did:5f0c2a10-0000-4000-8000-000000000042"),
            Plant("PERSON_IN_IMAGE", "APP1/XMP", "<mwg-rs:Name>John Watson"),
            Plant("CAPTION", "APP13/Photoshop/IPTC", "John by the tower"),
            Plant("CAPTION", "COM", "proof for elizabeth@example.com"),
            Plant("TRAILER", "trailer", "kept by the editor: John Watson, +1 415-555-0132"),
        ],
    )


def nikon() -> Sample:
    where, position = "APP1/Exif", (-33.8568, 151.2153)  # Sydney Opera House
    note = b"Nikon\0\x02\x11\0\0" + b"MM\0\x2a\0\0\0\x08" + struct.pack(">H", 1)
    note += struct.pack(">HHII", 0x001D, 2, 8, 26) + bytes(4) + b"3001942\0"
    block = exif(
        {
            DESCRIPTION: ascii_("Mary at the harbour"),
            MAKE: ascii_("NIKON CORPORATION"),
            MODEL: ascii_("NIKON Z 6"),
            SOFTWARE: ascii_("Ver.01.00"),
        },
        {
            VERSION: (UNDEFINED, b"0232"),
            OFFSET_TAKEN: ascii_("+10:00"),
            MAKER_NOTE: (UNDEFINED, note),
            COMMENT: (UNDEFINED, b"ASCII\0\0\0for Mary, room 12"),
            UNIQUE_ID: ascii_("0f" * 16),
        },
        gps_ifd(*position),
    )
    profile = wide_gamut_profile(OWNER)
    return Sample(
        "photos/DSC_1207.jpg",
        with_segments(
            jpeg(landscape(2), progressive=True), [exif_segment(block), _icc_segment(profile)]
        ),
        "cleaned",
        about="progressive, wide-gamut colours that must stay, a name in the colour profile",
        planted=[
            *gps_plants(*position, where),
            Plant("CAMERA_SERIAL", f"{where}/IFD0/ExifIFD/MakerNote", "3001942"),
            Plant("CAPTION", f"{where}/IFD0/ImageDescription", "Mary at the harbour"),
            Plant("CAPTION", f"{where}/IFD0/ExifIFD/UserComment", "for Mary, room 12"),
            Plant("UNIQUE_ID", f"{where}/IFD0/ExifIFD/ImageUniqueID", "0f" * 16),
            Plant("TIME_ZONE", f"{where}/IFD0/ExifIFD/OffsetTimeOriginal", "+10:00"),
            Plant("COLOR_PROFILE", "APP2/ICC_PROFILE/desc", f"calibrated for {OWNER}", "utf-16-be"),
        ],
    )


def already_clean() -> Sample:
    return Sample(
        "photos/IMG_0043.jpg",
        jpeg(landscape(3)),
        "unchanged",
        about="nothing to remove: the output has the same bytes",
    )


def generated() -> Sample:
    position = (37.8199, -122.4783)  # the Golden Gate
    prompt = "portrait of Mary Bennet, 221B Baker Street\nSteps: 20, Seed: 4242"
    block = exif({ARTIST: ascii_(OWNER)}, gps=gps_ifd(*position))
    sink = io.BytesIO()
    landscape(4, 240, 160).save(sink, "PNG")
    head, body = sink.getvalue()[:33], sink.getvalue()[33:]
    xmp = b"XML:com.adobe.xmp\0\x01\0\0\0" + zlib.compress(XMP.encode())
    chunks = [
        (b"tEXt", b"Author\0" + OWNER.encode()),
        (b"tEXt", b"parameters\0" + prompt.encode()),
        (b"zTXt", b"Comment\0\0" + zlib.compress(b"call +1 415-555-0132")),
        (b"iTXt", xmp),
        (b"eXIf", block),
        (b"tIME", struct.pack(">HBBBBB", 2024, 5, 1, 10, 20, 30)),
    ]
    packed = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return Sample(
        "photos/generated.png",
        head + packed + body + b"PK\0after the end: Mary Bennet",
        "cleaned",
        planted=[
            *gps_plants(*position, "eXIf/Exif"),
            Plant("CREATOR", "tEXt/Author", OWNER),
            Plant("AI_PROMPT", "tEXt/parameters", prompt),
            Plant("CAPTION", "zTXt/Comment", "call +1 415-555-0132", inside="deflate"),
            Plant(
                "PERSON_IN_IMAGE",
                "iTXt/XML:com.adobe.xmp",
                "<mwg-rs:Name>John Watson",
                inside="deflate",
            ),
            Plant("EDIT_TIME", "tIME", "07e805010a141e", "hex"),
            Plant("TRAILER", "trailer", "after the end: Mary Bennet"),
        ],
    )


def photos() -> list[Sample]:
    return [canon(), nikon(), already_clean(), generated()]
