"""Tags that a reader shows of a file without any metadata: what a decoder needs, no more.

Names as ExifTool prints them with -G1, the number of a directory, item or track cut off. A tag
with values is structural with those alone: the fixed words that scrub writes.
"""

from __future__ import annotations

import re

_GROUPS = ("System", "Composite", "ExifTool", "File")  # what the reader works out, not the file
_TIFF = """BitsPerSample ColorMap Compression DotRange ExtraSamples FillOrder ImageHeight ImageWidth
ImageLength InkSet JPEGTables MaxSampleValue MinSampleValue OldSubfileType SubfileType
NewSubfileType Orientation PageNumber PhotometricInterpretation PlanarConfiguration Predictor
PrimaryChromaticities ReferenceBlackWhite ResolutionUnit RowsPerStrip SMaxSampleValue
SMinSampleValue SampleFormat SamplesPerPixel StripByteCounts StripOffsets T4Options T6Options
TileByteCounts TileLength TileOffsets TileWidth TransferFunction WhitePoint XPosition XResolution
YCbCrCoefficients YCbCrPositioning YCbCrSubSampling YPosition YResolution PreviewImage
PreviewImageStart PreviewImageLength SubIFDs NumberOfInks InterColorProfile ExifTag
HalftoneHints"""
_ICC = """CMMFlags ColorSpaceData ConnectionSpaceIlluminant DeviceAttributes PrimaryPlatform
ProfileClass ProfileConnectionSpace ProfileFileSignature ProfileID ProfileVersion RenderingIntent
AToB0 AToB1 AToB2 BToA0 BToA1 BToA2 BlueMatrixColumn BlueTRC ChromaticAdaptation Gamut GrayTRC
GreenMatrixColumn GreenTRC MediaBlackPoint MediaWhitePoint RedMatrixColumn RedTRC Technology
Luminance"""
_BMFF = """AV1ConfigurationVersion AuxiliaryImageType AverageFrameRate BitDepthChroma BitDepthLuma
ChromaFormat ChromaSamplePosition CleanAperture ColorPrimaries ColorProfiles CompatibleBrands
ConstantFrameRate ConstraintIndicatorFlags CurrentTime Duration GenProfileCompatibilityFlags
GeneralLevelIDC GeneralProfileIDC GeneralProfileSpace GeneralTierFlag HEVCConfigurationVersion
ImagePixelDepth ImageSpatialExtent InitialDelaySamples MajorBrand MatrixCoefficients
MatrixStructure MediaData MediaDataOffset MediaDataSize MinSpatialSegmentationIDC MinorVersion
MovieFragmentSequence MovieHeaderVersion NextTrackID NumTemporalLayers ParallelismType
PixelAspectRatio PosterTime PreferredRate PreferredVolume PreviewDuration PreviewTime
QuickTime_ColorRep_0x000a Rotation SelectionDuration SelectionTime SeqProfile SeqTier0
TemporalIDNested TimeScale TransferCharacteristics Unknown_imir Unknown_mvex Unknown_tfhd
Unknown_trun AVCConfiguration AudioBitsPerSample AudioChannels AudioFormat AudioSampleRate Balance
BitDepth ChunkOffset ChunkOffset64 CleanApertureDimensions CompositionTimeToSample CompressorID
CompositionToDecodeTimelineMapping EncodedPixelsDimensions GraphicsMode HandlerClass HandlerType
IdependentAndDisposableSamples ImageHeight ImageWidth LayoutFlags MediaDuration MediaHeaderVersion
MediaLanguageCode MediaTimeScale OpColor ProductionApertureDimensions PurchaseFileFormat
SampleGroupDescription SampleSizes SampleToChunk SampleToGroup SourceImageHeight SourceImageWidth
SyncSampleTable TimeToSampleTable TrackDuration TrackHeaderVersion TrackID TrackLayer TrackVolume
Unknown_alac Unknown_alis Unknown_edts Unknown_esds Unknown_mp4a VideoFieldOrder VideoFrameRate
XResolution YResolution PrimaryItemReference MetaImageSize PreviewImageSize"""
_REST = {
    "Adobe": "APP14Flags0 APP14Flags1 ColorTransform DCTEncodeVersion",
    "AIFF": "NumChannels NumSampleFrames SampleRate SampleSize CompressionType CompressorName"
    " FormatVersionTime",
    "ASF": "AudioChannels AudioCodecID AudioSampleRate DataPackets Duration ErrorCorrectionType"
    " FileLength Flags MaxBitrate MaxPacketSize MinPacketSize Preroll SendDuration StreamNumber"
    " StreamType TimeOffset ImageWidth ImageHeight",
    "FLAC": "BitsPerSample BlockSizeMax BlockSizeMin Channels FrameSizeMax FrameSizeMin"
    " MD5Signature SampleRate SeekTable TotalSamples",
    "GIF": "AnimationIterations BackgroundColor BitsPerPixel ColorResolutionDepth Duration"
    " FrameCount GIFVersion HasColorMap ImageHeight ImageWidth PixelAspectRatio TransparentColor",
    "JFIF": "JFIFVersion ResolutionUnit XResolution YResolution",
    "Jpeg": "BitsPerComponent CaptureXResolution CaptureXResolutionUnit CaptureYResolution"
    " CaptureYResolutionUnit ColorSpace ColorSpecApproximation ColorSpecMethod"
    " ColorSpecPrecedence CompatibleBrands Compression ImageHeight ImageWidth MajorBrand"
    " MinorVersion NumberOfComponents DisplayXResolution DisplayYResolution"
    " DisplayXResolutionUnit DisplayYResolutionUnit",
    "MAC": "BitsPerSample BlocksPerFrame Channels CompressionLevel FinalFrameBlocks SampleRate"
    " TotalFrames",
    "MPC": "FastSeek Gapless MaxBand Quality ReplayGainAlbumGain ReplayGainAlbumPeak"
    " ReplayGainTrackGain ReplayGainTrackPeak SampleRate TotalFrames",
    "MPEG": "AudioBitrate AudioLayer ChannelMode CopyrightFlag Emphasis IntensityStereo"
    " MPEGAudioVersion MSStereo OriginalMedia SampleRate VBRBytes VBRFrames VBRScale",
    "Opus": "AudioChannels OpusVersion OutputGain SampleRate",
    "PNG": "AnimationFrames AnimationPlays BitDepth BlueX BlueY ColorType Compression Filter Gamma"
    " GreenX GreenY ImageHeight ImageWidth Interlace Palette RedX RedY SRGBRendering"
    " SignificantBits Transparency WhitePointX WhitePointY BackgroundColor",
    "PNG-pHYs": "PixelUnits PixelsPerUnitX PixelsPerUnitY",
    "RIFF": "AlphaCompression AlphaFiltering AlphaPreprocessing AnimationLoopCount AvgBytesPerSec"
    " BackgroundColor BitsPerSample Duration Encoding HorizontalScale ImageHeight ImageWidth"
    " NumChannels SampleRate VP8Version VerticalScale WebP_Flags ChannelMask SubFormat"
    " ValidBitsPerSample NumberOfSamples DataSize64 RIFFSize64 NumberOfSamples64",
    "Speex": "SpeexVersion SampleRate AudioChannels NominalBitrate VBR",
    "Theora": "TheoraVersion ImageWidth ImageHeight XOffset YOffset FrameRate PixelAspectRatio"
    " ColorSpace NominalVideoBitrate Quality PixelFormat",
    "Vorbis": "AudioChannels NominalBitrate SampleRate VorbisVersion MaximumBitrate MinimumBitrate",
    "ICC-chrm": "ChromaticityChannel1 ChromaticityChannel2 ChromaticityChannel3"
    " ChromaticityChannels ChromaticityColorant",
    "ICC-meas": "MeasurementBacking MeasurementFlare MeasurementGeometry MeasurementIlluminant"
    " MeasurementObserver",
    "ICC-view": "ViewingCondIlluminant ViewingCondIlluminantType ViewingCondSurround",
    "ExifIFD": "ColorSpace",  # with the next: numbers that are Adobe RGB (DCF 2.0)
    "InteropIFD": "InteropIndex",
    "IFD": _TIFF,
    "SubIFD": _TIFF,
    "Meta": _BMFF,
    "QuickTime": _BMFF,
    "Track": _BMFF,
    "ICC_Profile": _ICC,
    "ICC-header": _ICC,
}
_MAP = (  # what a gain map needs: numbers, and where the map lies
    "Apple:HDRGain Apple:HDRHeadroom XMP-HDRGainMap:HDRGainMapVersion"
    " XMP-HDRGainMap:HDRGainMapHeadroom MPF:MPFVersion MPF:NumberOfImages MPF:MPImageList"
    " MPImage:DependentImage1EntryNumber MPImage:DependentImage2EntryNumber MPImage:MPImageFlags"
    " MPImage:MPImageFormat MPImage:MPImageLength MPImage:MPImageStart MPImage:MPImageType"
    " MPImage:MPImage2 MPImage:PreviewImage ExifIFD:ExifVersion"
    " XMP-apdi:NativeFormat XMP-apdi:StoredFormat"
)
STRUCTURAL = {f"{group}:{name}" for group, names in _REST.items() for name in names.split()}
STRUCTURAL.update(_MAP.split())
_ZERO = ("0000:00:00 00:00:00", "1601:01:01 00:00:00Z")
_NO_DATE = dict.fromkeys(("Create", "Modify"), _ZERO)
FIXED: dict[str, tuple[str, ...]] = {
    **{f"QuickTime:{name}Date": _ZERO for name in _NO_DATE},
    **{f"Track:{what}{name}Date": _ZERO for what in ("Media", "Track") for name in _NO_DATE},
    "ASF:CreationDate": _ZERO,
    "ASF:FileID": ("00000000-0000-0000-0000-000000000000",),
    "ICC-header:DeviceManufacturer": ("",),
    "ICC-header:DeviceModel": ("",),
    "ICC-header:ProfileCMMType": ("",),
    "ICC-header:ProfileCreator": ("",),
    "ICC-header:ProfileDateTime": ("1980:01:01 00:00:00", "2000:01:01 00:00:00"),
    "ICC_Profile:ProfileCopyright": ("Not stated",),
    "ICC_Profile:ProfileDescription": ("RGB profile", "GRAY profile", "CMYK profile"),
    "MPC:EncoderVersion": ("0",),
    "MPEG:Encoder": ("LAME3.100",),  # readers of delay and padding look for the name
    "PNG:ProfileName": ("icc",),
    "Track:EncoderVendor": ("",),
    "Track:EncoderVersion": ("0",),
    "Vorbis:Vendor": ("",),
    "XMP-apdi:AuxiliaryImageType": ("urn:com:apple:photo:2020:aux:hdrgainmap",),
}
_MADE_UP = re.compile(r"QuickTime_(HEVCConfig|ChannelLayout)_0x[0-9a-f]+$")
_EXIV2 = re.compile(r"Exif\.(Image|Thumbnail|SubImage)\d*\.(\w+)$")
_DIRECTORY = re.compile(r"(EXIF )?(IFD |SubIFD)\d+$")
_NUMBER = re.compile(r"\d+(?=:)")


def structural(tag: str, value: str) -> bool:
    """Whether ExifTool's `group:name` is one that every such file has."""
    group = tag.partition(":")[0]
    if group in _GROUPS:
        return True
    name = _NUMBER.sub("", tag, count=1) if not group.startswith("ICC") else tag
    if name in FIXED:
        return value.strip() in FIXED[name]
    return name in STRUCTURAL or bool(_MADE_UP.search(name))


_DCF = ("Exif.Photo.ColorSpace", "Exif.Photo.InteroperabilityTag", "Exif.Iop.InteroperabilityIndex")
_NOTE = (
    "Exif.Photo.MakerNote",
    "Xmp.HDRGainMap.HDRGainMapVersion",
    "Xmp.HDRGainMap.HDRGainMapHeadroom",
)
"""Of a gain map; ExifTool looks into the note, and must find the two numbers alone."""


def structural_exiv2(key: str) -> bool:
    """Whether Exiv2's key is one that every such file has. Of films it makes up keys of XMP."""
    found = _EXIV2.match(key)
    return key in _DCF + _NOTE or (found is not None and found[2] in _TIFF.split())


def structural_exifread(key: str) -> bool:
    """Whether ExifRead's `directory name` is one that every such file has."""
    group, _, name = key.rpartition(" ")
    if group in ("EXIF", "Interoperability"):
        return name in (
            "ColorSpace",
            "InteroperabilityOffset",
            "InteroperabilityIndex",
            "MakerNote",
        )
    directory = group in ("Image", "Thumbnail") or _DIRECTORY.match(group) is not None
    return directory and name in (*_TIFF.split(), "ExifOffset")
