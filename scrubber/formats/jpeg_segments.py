"""What APPn segments hold, by their signature: name, entity.

Signatures are facts of ITU-T T.86, JFIF, Exif, XMP part 3, and of makers'
files as the metadata tools of the field name them.
"""

from __future__ import annotations

SIGNATURES: tuple[tuple[int, bytes, str, str], ...] = (
    (0, b"JFXX\0", "JFXX", "THUMBNAIL"),
    (0, b"AVI1", "AVI1", "TECHNICAL"),
    (0, b"Ocad", "Ocad", "SOFTWARE"),
    (1, b"http://ns.adobe.com/xmp/extension/\0", "ExtendedXMP", "EDIT_HISTORY"),
    (1, b"QVCI\0", "Casio", "MAKER_NOTE"),
    (1, b"FLIR\0", "FLIR", "EMBEDDED_MEDIA"),
    (1, b"PARROT\0", "Parrot", "MAKER_NOTE"),
    (1, b"<exif:", "Exif as XML", "TAG"),
    (1, b"<?xpacket", "XMP without a name", "TAG"),
    (1, b"XMP\0", "XMP of another name", "TAG"),
    (2, b"FPXR\0", "FlashPix", "TAG"),
    (2, b"MPF\0", "MPF", "UNIQUE_ID"),
    (2, b"urn:iso:std:iso:ts:21496:-1\0", "ISO 21496-1", "TECHNICAL"),
    (2, b"QVGA\0", "PreviewImage", "PREVIEW"),
    (2, b"BGTH", "PreviewImage", "PREVIEW"),
    (2, b"\xff\xd8\xff", "PreviewImage", "PREVIEW"),
    (3, b"Meta\0\0", "Kodak Meta", "MAKER_NOTE"),
    (3, b"META\0\0", "Kodak Meta", "MAKER_NOTE"),
    (3, b"Exif\0\0", "Kodak Meta", "MAKER_NOTE"),
    (3, b"Stim\0", "Stim", "CAMERA_SETTINGS"),
    (3, b"_JPSJPS_", "JPS", "CAPTION"),
    (3, b"\xff\xd8\xff", "PreviewImage", "PREVIEW"),
    (4, b"SCALADO\0", "Scalado", "TECHNICAL"),
    (4, b"Qualcomm Dual Camera", "Qualcomm", "MAKER_NOTE"),
    (4, b"FPXR\0", "FlashPix", "TAG"),
    (5, b"RMETA\0", "Ricoh RMETA", "PLACE_NAME"),
    (5, b"ssuniqueid\0", "Samsung UniqueID", "UNIQUE_ID"),
    (6, b"EPPIM\0", "EPPIM", "MAKER_NOTE"),
    (6, b"NITF\0", "NITF", "TAG"),
    (6, b"TDHD", "HP TDHD", "MAKER_NOTE"),
    (6, b"GoPro\0", "GoPro", "GPS_POSITION"),
    (6, b"DTAT", "DJI", "MAKER_NOTE"),
    (7, b"PENTAX \0", "Pentax", "MAKER_NOTE"),
    (7, b"RICOH\0", "Ricoh", "MAKER_NOTE"),
    (7, b"HUAWEI\0\0", "Huawei", "MAKER_NOTE"),
    (7, b"DJI-DBG\0", "DJI-DBG", "MAKER_NOTE"),
    (7, b"\x1aQualcomm Camera", "Qualcomm", "MAKER_NOTE"),
    (8, b"SPIFF\0", "SPIFF", "TAG"),
    (8, b"SEAL\0", "SEAL", "PROVENANCE"),
    (9, b"Media Jukebox\0", "MediaJukebox", "TAG"),
    (9, b"SEAL\0", "SEAL", "PROVENANCE"),
    (10, b"UNICODE\0", "Comment", "CAPTION"),
    (10, b"AROT\0\0", "AROT", "TECHNICAL"),
    (11, b"HDR_RI ", "JPEG-HDR", "TECHNICAL"),
    (11, b"JP", "JUMBF", "PROVENANCE"),
    (12, b"Ducky", "Ducky", "CAPTION"),
    (12, b"[picture info]", "PictureInfo", "CAMERA_SETTINGS"),
    (13, b"Adobe_CM", "Adobe_CM", "TECHNICAL"),
    (13, b"Adobe_Photoshop2.5:", "Photoshop 2.5", "EDIT_HISTORY"),
    (15, b"Q ", "GraphicConverter", "SOFTWARE"),
)


def name_of(number: int, payload: bytes) -> tuple[str, str]:
    """Name and entity of an APPn segment that is dropped whole."""
    if number == 0 and payload[6:14] == b"HEAPJPGM":
        return "CIFF", "MAKER_NOTE"
    if number == 2 and payload[4:10] == b"IJPEG\0":
        return "InfiRay", "MAKER_NOTE"
    for app, signature, name, entity in SIGNATURES:
        if app == number and payload.startswith(signature):
            return name, entity
    return "unknown", "HIDDEN_DATA"
