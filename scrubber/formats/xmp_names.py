"""XMP properties: name → the entity that it gives away.

Names as in ISO 16684-1/-2, the IPTC Photo Metadata Standard, the Metadata
Working Group's guidelines and the namespaces of makers and programs.
"""

from __future__ import annotations

import re

PREFIXES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/xap/1.0/mm/": "xmpMM",
    "http://ns.adobe.com/xap/1.0/rights/": "xmpRights",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://ns.adobe.com/tiff/1.0/": "tiff",
    "http://ns.adobe.com/exif/1.0/": "exif",
    "http://cipa.jp/exif/1.0/": "exifEX",
    "http://ns.adobe.com/exif/1.0/aux/": "aux",
    "http://ns.adobe.com/camera-raw-settings/1.0/": "crs",
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "Iptc4xmpCore",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "Iptc4xmpExt",
    "http://www.metadataworkinggroup.com/schemas/regions/": "mwg-rs",
    "http://ns.microsoft.com/photo/1.2/": "MP",
    "http://ns.microsoft.com/photo/1.0/": "MicrosoftPhoto",
}
"""Namespace → the prefix by which the property is looked up, whatever the file calls it."""

_TABLE = """
CREATOR dc:creator dc:contributor tiff:Artist photoshop:CaptionWriter photoshop:AuthorsPosition
CREATOR plus:ImageCreator plus:ImageCreatorName exifEX:Photographer exifEX:ImageEditor xmpDM:artist
CREATOR acdsee:author acdsee:byline
OWNER_NAME aux:OwnerName exifEX:CameraOwnerName xmpRights:Owner plus:CopyrightOwner plus:Licensor
ORGANIZATION dc:publisher Iptc4xmpExt:OrganisationInImageName Iptc4xmpExt:OrganisationInImageCode
COPYRIGHT_NOTICE dc:rights tiff:Copyright xmpRights:Marked
USAGE_TERMS xmpRights:UsageTerms xmpRights:WebStatement xmpRights:Certificate
CREDIT_LINE photoshop:Credit photoshop:Source
ADDRESS Iptc4xmpCore:CreatorContactInfo
TITLE dc:title photoshop:Headline xmp:Nickname xmpDM:album exifEX:ImageTitle
CAPTION dc:description photoshop:Instructions exif:UserComment tiff:ImageDescription
CAPTION Iptc4xmpExt:Event Iptc4xmpExt:ArtworkOrObject Iptc4xmpCore:AltTextAccessibility
CAPTION Iptc4xmpCore:ExtDescrAccessibility acdsee:caption acdsee:notes
KEYWORDS dc:subject photoshop:SupplementalCategories photoshop:Category xmp:Rating xmp:Label
KEYWORDS lr:hierarchicalSubject digiKam:TagsList MicrosoftPhoto:LastKeywordXMP mediapro:CatalogSets
KEYWORDS Iptc4xmpCore:SubjectCode Iptc4xmpCore:Scene Iptc4xmpCore:IntellectualGenre pdf:Keywords
KEYWORDS mediapro:Event MicrosoftPhoto:Rating MicrosoftPhoto:LastKeywordIPTC acdsee:keywords
PLACE_NAME photoshop:City photoshop:State photoshop:Country Iptc4xmpCore:Location
PLACE_NAME Iptc4xmpCore:CountryCode Iptc4xmpExt:LocationCreated Iptc4xmpExt:LocationShown
PLACE_NAME mediapro:Location exif:GPSAreaInformation
PERSON_IN_IMAGE Iptc4xmpExt:PersonInImage Iptc4xmpExt:PersonInImageWDetails mwg-rs:Regions
PERSON_IN_IMAGE MP:RegionInfo mediapro:People apple-fi:Regions MPRI:Regions
GPS_POSITION exif:GPSLatitude exif:GPSLongitude exif:GPSDestLatitude exif:GPSDestLongitude
GPS_POSITION drone-dji:GpsLatitude drone-dji:GpsLongitude drone-dji:GpsLongtitude
GPS_POSITION Camera:GPSXYAccuracy
CAPTURE_TIME xmp:CreateDate exif:DateTimeOriginal exif:DateTimeDigitized photoshop:DateCreated
CAPTURE_TIME dc:date exif:GPSTimeStamp acdsee:datetime MicrosoftPhoto:DateAcquired
EDIT_TIME xmp:ModifyDate xmp:MetadataDate tiff:DateTime
SOFTWARE xmp:CreatorTool tiff:Software pdf:Producer exifEX:CameraFirmware
DEVICE_MODEL tiff:Make tiff:Model aux:Lens aux:LensInfo aux:LensID exifEX:LensModel exifEX:LensMake
DEVICE_MODEL exifEX:LensSpecification drone-dji:Model drone-dji:CamModel
DEVICE_NAME tiff:HostComputer
CAMERA_SERIAL aux:SerialNumber exifEX:BodySerialNumber MicrosoftPhoto:CameraSerialNumber
CAMERA_SERIAL drone-dji:CameraSerialNumber drone-dji:DroneSerialNumber
LENS_SERIAL aux:LensSerialNumber exifEX:LensSerialNumber
MAKER_NOTE exif:MakerNote GCamera:HdrPlusMakernote GCamera:hdrp_makernote
UNIQUE_ID exif:ImageUniqueID Iptc4xmpExt:DigImageGUID dc:identifier xmp:Identifier
UNIQUE_ID photoshop:TransmissionReference photoshop:LegacyIPTCDigest
EDIT_HISTORY xmpMM:History xmpMM:DerivedFrom xmpMM:Ingredients xmpMM:Pantry xmpMM:Manifest
EDIT_HISTORY photoshop:History photoshop:TextLayers crs:RetouchInfo
DOCUMENT_ID photoshop:DocumentAncestors
FILE_PATH crs:RawFileName xmp:BaseURL exif:RelatedSoundFile
THUMBNAIL xmp:Thumbnails
COLOR_PROFILE photoshop:ICCProfile
PROVENANCE dcterms:provenance Iptc4xmpExt:DigitalSourceType
AI_PROMPT Iptc4xmpExt:AIPromptInformation Iptc4xmpExt:AIPromptWriterName Iptc4xmpExt:AISystemUsed
EMBEDDED_MEDIA Container:Directory GImage:Data GDepth:Data GAudio:Data
"""

_ENTITIES = {
    name: entity
    for entity, *names in (line.split() for line in _TABLE.strip().splitlines())
    for name in names
}

_FAMILIES = {
    "exif": "CAMERA_SETTINGS", "exifEX": "CAMERA_SETTINGS", "aux": "CAMERA_SETTINGS",
    "tiff": "TECHNICAL", "xmpMM": "DOCUMENT_ID", "xmpRights": "USAGE_TERMS", "plus": "USAGE_TERMS",
    "crs": "EDIT_HISTORY", "GPano": "CAMERA_SETTINGS", "GCamera": "MAKER_NOTE",
    "GDepth": "EMBEDDED_MEDIA", "GImage": "EMBEDDED_MEDIA", "GAudio": "EMBEDDED_MEDIA",
    "Container": "EMBEDDED_MEDIA", "drone-dji": "GPS_DETAIL", "Camera": "CAMERA_SETTINGS",
    "photoshop": "TECHNICAL", "hdrgm": "TECHNICAL", "HDRGainMap": "TECHNICAL",
    "digiKam": "KEYWORDS", "acdsee": "KEYWORDS", "mediapro": "KEYWORDS", "lr": "KEYWORDS",
    "mwg-rs": "PERSON_IN_IMAGE", "MP": "PERSON_IN_IMAGE", "c2pa": "PROVENANCE",
    "stEvt": "EDIT_HISTORY", "stRef": "DOCUMENT_ID",
}  # fmt: skip


def entity_of_property(name: str) -> str:
    """The entity of a property in prefix form, `TAG` if nothing tells."""
    found = _ENTITIES.get(name)
    if found is None:
        prefix, _, local = name.partition(":")
        found = "GPS_DETAIL" if local.startswith("GPS") else _FAMILIES.get(prefix, "TAG")
    return found


_KNOWN = {*_FAMILIES, *PREFIXES.values(), *(name.partition(":")[0] for name in _ENTITIES)}
_LOCAL = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,60}")


def name_of_property(name: str) -> str:
    """`name` if its prefix is known: a property can be named after anybody."""
    prefix, _, local = name.partition(":")
    return name if prefix in _KNOWN and _LOCAL.fullmatch(local) else "other property"
