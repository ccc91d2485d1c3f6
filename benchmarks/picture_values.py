"""Small pictures, and blocks of metadata that hold one value, for every kind of picture."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from typing import Any

Plant = Callable[[bytes, bytes], bytes]
Places = tuple[tuple[str, Plant, bool], ...]


def image(mode: str = "RGB") -> Any:
    from PIL import Image

    ramp = Image.linear_gradient("L").resize((64, 48))
    if mode == "L":
        return ramp
    bands = [ramp, ramp.transpose(Image.Transpose.ROTATE_180), ramp.point(lambda v: v // 2)]
    shown = Image.merge("RGB", bands)
    return shown if mode == "RGB" else shown.convert(mode)


def saved(kind: str, mode: str = "RGB", **options: Any) -> Callable[[], bytes]:
    def make() -> bytes:
        if kind in ("HEIF", "AVIF"):
            import pillow_heif

            pillow_heif.register_heif_opener()
        if kind == "JXL":
            import pillow_jxl  # noqa: F401  # registers itself
        made = io.BytesIO()
        image(mode).save(made, kind, **options)
        return made.getvalue()

    return make


def exif_with(value: bytes, orientation: int = 6) -> bytes:
    from PIL import Image

    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = value.decode(), orientation
    return exif.tobytes()


def xmp_with(value: bytes) -> bytes:
    return (
        b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
        b'xmlns:dc="http://purl.org/dc/elements/1.1/" dc:source="' + value + b'"/></rdf:RDF>'
        b'</x:xmpmeta><?xpacket end="w"?>'
    )


def profile_with(value: bytes) -> bytes:
    """sRGB with a private tag (ICC.1 §7.3): its table moves all others by one entry."""
    from PIL import ImageCms

    data = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    count = int.from_bytes(data[128:132], "big")
    tags = [struct.unpack_from(">4sII", data, 132 + 12 * n) for n in range(count)]
    text = b"text\0\0\0\0" + value + b"\0"
    body = data[132 + 12 * count :] + text
    rows = b"".join(struct.pack(">4sII", name, at + 12, size) for name, at, size in tags)
    rows += struct.pack(">4sII", b"zqzq", len(data) + 12, len(text))
    whole = data[4:128] + struct.pack(">I", count + 1) + rows + body
    return struct.pack(">I", len(whole) + 4) + whole


def iptc_with(value: bytes) -> bytes:
    record = b"\x1c\x02\x78" + struct.pack(">H", len(value)) + value
    return b"8BIM\x04\x04\0\0" + struct.pack(">I", len(record)) + record + bytes(len(record) % 2)


def jumbf_with(value: bytes) -> bytes:
    described = b"jumd" + bytes(16) + b"\x03" + value + b"\0"
    inner = struct.pack(">I", len(described) + 4) + described
    return b"JP\0\1\0\0\0\1" + struct.pack(">I", len(inner) + 8) + b"jumb" + inner


def behind(wrap: Callable[[bytes], bytes] = bytes) -> Plant:
    return lambda data, value: data + wrap(value)
