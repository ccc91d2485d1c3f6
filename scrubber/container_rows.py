# ruff: noqa: E501 - a table: one row a line
"""The rows of the container table: first what scrub handles, then what it knows by sight.

A new format is one row here: give the known row its `format` and `reader`.
"""

from __future__ import annotations

from typing import Any

from scrubber.containers import Container, Kind, Signature, at

_ZIP = at(0, b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_EBML = at(0, b"\x1a\x45\xdf\xa3")
_CFB = at(0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


def row(
    name: str,
    label: str,
    media_type: str,
    suffixes: str,
    kind: Kind,
    signatures: tuple[Signature, ...] = (),
    **more: Any,
) -> Container:
    """A row; `suffixes` are written with spaces between."""
    return Container(name, label, media_type, tuple(suffixes.split()), kind, signatures, **more)


def text(
    name: str, label: str, media_type: str, suffixes: str, kind: Kind, **more: Any
) -> Container:
    """A row that is recognised by its decoded text."""
    return row(name, label, media_type, suffixes, kind, textual=True, **more)


def riff(form: bytes, *magics: bytes) -> tuple[Signature, ...]:
    """RIFF and its kin: a four-letter tag, a size, a form type."""
    return tuple(((0, magic), (8, form)) for magic in magics or (b"RIFF",))


def brands(*names: bytes) -> tuple[Signature, ...]:
    """ISO/IEC 14496-12 §4.3: a `ftyp` box first, its major brand at offset 8."""
    return tuple(((4, b"ftyp"), (8, name)) for name in names)


def chat(name: str, label: str, format: str, suffix: str = ".json") -> Container:
    """A row of a chat or AI export, whose reader is called like the row."""
    return text(
        name, label, "application/jsonl" if suffix == ".jsonl" else "application/json", suffix,
        "chat", format=f"scrubber.formats.{format}",
        reader=f"scrubber.readers.chat_json:read_{name.replace('-', '_')}", spec="by its structure",
    )  # fmt: skip


MAKERS = (
    "Its colours and its picture can only be read with the maker's own notes, which can also hold"
    " serial numbers and faces, and no open standard says which bytes of them are which."
)
KEYED = (
    "The camera's serial number or its count of shots is part of the key to its colours:"
    " without them it could not be developed, and with them it names the camera."
)
DEVELOP = (
    "Develop it and export a JPEG, TIFF or DNG. The preview in it can be cleaned instead:"
    ' write raw_previews = "extract" under [pictures] in a policy of your own.'
)
LAYERED = (
    "It can hold hidden layers, earlier states, whole linked files and notes, of which a viewer"
    " shows nothing."
)
PACKED = "What is packed in it cannot be looked at one by one."
UNPACK = "Unpack it, look that nothing is in it that should not leave, and give scrub the folder."
CONTACTS = (
    "It is made of names, addresses and numbers of people: cleaned, nothing of it would be left."
)
DAYS = "It is made of people, places and days: cleaned, nothing of it would be left."
LEAVE = "Leave it out with --exclude, or list what may go out in a text or table."
# fmt: off
CODE_SUFFIXES = (
    ".py .pyi .js .mjs .cjs .ts .tsx .jsx .c .h .cc .cpp .cxx .hpp .hh .m .mm .cs .java .kt .kts "
    ".scala .go .rs .rb .php .pl .pm .lua .r .jl .swift .dart .ex .exs .erl .hs .ml .clj .lisp .el "
    ".sh .bash .zsh .fish .ps1 .bat .cmd .sql .css .scss .sass .less "
    ".gradle .cmake .mk .proto .graphql .tf .hcl .nix .vim .sty .cls "
    ".asm .s .v .vhd .f .f90 .pas .vb .groovy .glsl .hlsl .wgsl .cube .lock .gitignore .editorconfig"
)

HANDLED = (
    row("jpeg", "a JPEG picture", "image/jpeg", ".jpg .jpeg .jpe .jfif .jif", "photo", at(0, b"\xff\xd8\xff"),
        format="scrubber.formats.jpeg:Jpeg", reader="scrubber.readers.jpeg:read", runs=True,
        spec="ITU-T T.81 | ISO/IEC 10918-1; JFIF T.871; Exif 3.0 CIPA DC-008"),
    row("png", "a PNG picture", "image/png", ".png .apng", "photo", at(0, b"\x89PNG\r\n\x1a\n"),
        format="scrubber.formats.png:Png", reader="scrubber.readers.png:read",
        spec="W3C PNG, third edition"),
    row("mp3", "an MP3 recording", "audio/mpeg", ".mp3 .mp2 .mpga", "recording",
        format="scrubber.formats.mp3:Mp3", reader="scrubber.readers.mp3:read",
        spec="ISO/IEC 11172-3, 13818-3; ID3v2.4"),
    row("flac", "a FLAC recording", "audio/flac", ".flac", "recording", at(0, b"fLaC"),
        format="scrubber.formats.flac:Flac", reader="scrubber.readers.flac:read", spec="RFC 9639"),
    row("wav", "a WAV recording", "audio/wav", ".wav .wave .rf64 .bwf", "recording",
        riff(b"WAVE", b"RIFF", b"RF64", b"BW64", b"RIFX"),
        format="scrubber.formats.wav:Wav", reader="scrubber.readers.wav:read",
        spec="RIFF 1991; EBU Tech 3285, 3306; ITU-R BS.2088"),
    text("text", "plain text", "text/plain", ".txt .text .log .rst .adoc .org .me .conll .conllu .caption", "text",
         format="scrubber.formats.text:Text", reader="scrubber.readers.text:read", spec="RFC 2046 §4.1.3"),
    text("markdown", "Markdown text", "text/markdown", ".md .markdown .mdown .mkd .mdx .rmd .qmd", "text",
         format="scrubber.formats.text:Markdown", reader="scrubber.readers.text:read",
         spec="RFC 7763; CommonMark 0.31"),
    text("csv", "a CSV table", "text/csv", ".csv", "table",
         format="scrubber.formats.csv_table:Csv", reader="scrubber.readers.csv_table:read", spec="RFC 4180"),
    text("tsv", "a TSV table", "text/tab-separated-values", ".tsv .tab", "table",
         format="scrubber.formats.csv_table:Tsv", reader="scrubber.readers.csv_table:read_tsv",
         spec="IANA text/tab-separated-values"),
    text("json", "a JSON text", "application/json", ".json .jsonld .webmanifest .topojson", "data",
         format="scrubber.formats.json_text:Json", reader="scrubber.readers.json_text:read", spec="RFC 8259"),
    text("jsonl", "JSON lines", "application/jsonl", ".jsonl .ndjson .jsonlines", "data",
         format="scrubber.formats.json_text:Jsonl", reader="scrubber.readers.json_text:read_lines", spec="jsonlines.org; RFC 8259"),
    text("srt", "SubRip subtitles", "application/x-subrip", ".srt", "caption",
         format="scrubber.formats.subtitles:Srt", reader="scrubber.readers.subtitles:read_srt", spec="SubRip, by custom"),
    text("vtt", "WebVTT subtitles", "text/vtt", ".vtt", "caption",
         format="scrubber.formats.subtitles:Vtt", reader="scrubber.readers.subtitles:read_vtt", spec="W3C WebVTT"),
    text("code", "source code", "text/x-source", CODE_SUFFIXES, "code",
         format="scrubber.formats.code:Code", reader="scrubber.readers.code:read", spec="by suffix or a #! line"),
    text("settings", "a file of settings", "text/x-settings", ".yaml .yml .toml .ini .cfg .conf .properties .example .sample", "code",
         format="scrubber.formats.settings:Settings", reader="scrubber.readers.code:read_settings",
         spec="YAML 1.2; TOML 1.0; INI and properties, by custom"),
    text("tex", "a TeX document", "application/x-tex", ".tex .bib .ltx", "code",
         format="scrubber.formats.tex:Tex", reader="scrubber.readers.code:read_tex", spec="LaTeX and BibTeX, by custom"),
    row("exif", "an Exif tree", "application/x-exif", "", "metadata",
        format="scrubber.formats.exif:split_exif", nested=True,
        spec="Exif 3.0 CIPA DC-008 §4.6; TIFF 6.0"),
    row("icc", "an ICC colour profile", "application/vnd.iccprofile", ".icc .icm", "metadata", at(36, b"acsp"),
        format="scrubber.formats.icc:Icc", reader="scrubber.readers.icc:read", nested=True, spec="ICC.1:2022"),
    text("xmp", "an XMP packet", "application/rdf+xml", ".xmp", "metadata",
         format="scrubber.formats.xmp:split_xmp", nested=True, spec="ISO 16684-1"),
)

PICTURES = (
    row("heic", "a HEIC picture", "image/heic", ".heic .heif .hif .heics .heifs", "photo",
        brands(b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"mif2",
               b"mif3", b"1pic"),
        format="scrubber.formats.heif:Heif", reader="scrubber.readers.heif:read",
        spec="ISO/IEC 23008-12"),
    row("avif", "an AVIF picture", "image/avif", ".avif .avifs", "photo", brands(b"avif", b"avis"),
        format="scrubber.formats.heif:Heif", reader="scrubber.readers.heif:read", spec="AVIF 1.1"),
    row("webp", "a WebP picture", "image/webp", ".webp", "photo", riff(b"WEBP"),
        format="scrubber.formats.webp:Webp", reader="scrubber.readers.webp:read", spec="RFC 9649"),
    row("gif", "a GIF picture", "image/gif", ".gif", "picture", at(0, b"GIF87a", b"GIF89a"),
        format="scrubber.formats.gif:Gif", reader="scrubber.readers.gif:read", spec="GIF89a"),
    row("tiff", "a TIFF picture", "image/tiff", ".tif .tiff", "photo", at(0, b"II*\0", b"MM\0*"),
        format="scrubber.formats.tiff:Tiff", reader="scrubber.readers.tiff:read", spec="TIFF 6.0"),
    row("bigtiff", "a BigTIFF picture", "image/tiff", ".tif .tiff .tf8 .btf", "photo", at(0, b"II+\0\x08\0", b"MM\0+\0\x08"),
        format="scrubber.formats.tiff:Tiff", reader="scrubber.readers.tiff:read", spec="BigTIFF; TIFF 6.0"),
    row("dng", "a DNG raw picture", "image/x-adobe-dng", ".dng", "photo",
        format="scrubber.formats.dng:Dng", reader="scrubber.readers.dng:read", spec="DNG 1.7.1; TIFF 6.0"),
    row("cr2", "a Canon CR2 raw picture", "image/x-canon-cr2", ".cr2", "photo", (((0, b"II*\0"), (8, b"CR\x02\0")),),
        held=MAKERS, instead=DEVELOP),
    row("cr3", "a Canon CR3 raw picture", "image/x-canon-cr3", ".cr3", "photo", brands(b"crx "),
        held=MAKERS, instead=DEVELOP),
    row("crw", "a Canon CRW raw picture", "image/x-canon-crw", ".crw", "photo", at(6, b"HEAPCCDR"),
        held=MAKERS, instead=DEVELOP),
    row("nef", "a Nikon NEF raw picture", "image/x-nikon-nef", ".nef .nrw", "photo",
        held=KEYED, instead=DEVELOP),
    row("arw", "a Sony ARW raw picture", "image/x-sony-arw", ".arw .sr2 .srf", "photo",
        held=MAKERS, instead=DEVELOP),
    row("raf", "a Fujifilm RAF raw picture", "image/x-fuji-raf", ".raf", "photo", at(0, b"FUJIFILMCCD-RAW"),
        held=MAKERS, instead=DEVELOP),
    row("orf", "an Olympus ORF raw picture", "image/x-olympus-orf", ".orf .ori", "photo", at(0, b"IIRO", b"IIRS", b"MMOR"),
        held=MAKERS, instead=DEVELOP),
    row("rw2", "a Panasonic RW2 raw picture", "image/x-panasonic-rw2", ".rw2 .rwl .raw", "photo", at(0, b"IIU\0"),
        held=MAKERS, instead=DEVELOP),
    row("pef", "a Pentax PEF raw picture", "image/x-pentax-pef", ".pef", "photo",
        held=MAKERS, instead=DEVELOP),
    row("srw", "a Samsung SRW raw picture", "image/x-samsung-srw", ".srw", "photo",
        held=MAKERS, instead=DEVELOP),
    row("x3f", "a Sigma X3F raw picture", "image/x-sigma-x3f", ".x3f", "photo", at(0, b"FOVb"),
        held=MAKERS, instead=DEVELOP),
    row("mrw", "a Minolta MRW raw picture", "image/x-minolta-mrw", ".mrw", "photo", at(0, b"\0MRM"),
        held=MAKERS, instead=DEVELOP),
    row("raw", "a camera's raw picture", "image/x-raw", ".3fr .fff .iiq .kdc .dcr .dcs .erf .mef .mos .gpr .k25 .cap", "photo",
        held=MAKERS, instead=DEVELOP),
    row("jxl", "a JPEG XL picture", "image/jxl", ".jxl", "photo",
        at(0, b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n"),
        format="scrubber.formats.jxl:Jxl", reader="scrubber.readers.jxl:read",
        spec="ISO/IEC 18181-1, 18181-2"),
    row("jp2", "a JPEG 2000 picture", "image/jp2", ".jp2 .j2k .jpf .jpx .j2c .jpc .jph", "photo",
        at(0, b"\0\0\0\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51"),
        format="scrubber.formats.jp2:Jp2", reader="scrubber.readers.jp2:read",
        spec="ISO/IEC 15444-1; 15444-2 Annex M; 15444-15"),
    row("jxr", "a JPEG XR picture", "image/jxr", ".jxr .wdp .hdp", "photo", at(0, b"II\xbc\x01")),
    row("bmp", "a BMP picture", "image/bmp", ".bmp .dib", "picture",
        format="scrubber.formats.bmp:Bmp", reader="scrubber.readers.bmp:read",
        spec="Windows GDI BITMAPFILEHEADER, BITMAPV5HEADER; OS/2 2"),
    row("ico", "a Windows icon", "image/vnd.microsoft.icon", ".ico .cur", "picture",
        format="scrubber.formats.ico:Ico", reader="scrubber.readers.ico:read",
        spec="Windows ICONDIR and BITMAPINFOHEADER; W3C PNG"),
    row("icns", "a macOS icon", "image/icns", ".icns", "picture", at(0, b"icns")),
    row("psd", "a Photoshop picture", "image/vnd.adobe.photoshop", ".psd .psb", "picture", at(0, b"8BPS\0\x01", b"8BPS\0\x02"),
        held=LAYERED, instead="Export the picture as you want it seen: PNG, TIFF or JPEG."),
    row("xcf", "a GIMP picture", "image/x-xcf", ".xcf", "picture", at(0, b"gimp xcf")),
    row("kra", "a Krita picture", "application/x-krita", ".kra", "picture"),
    row("exr", "an OpenEXR picture", "image/x-exr", ".exr", "picture", at(0, b"v/1\x01")),
    row("hdr", "a Radiance HDR picture", "image/vnd.radiance", ".hdr .pic", "picture", at(0, b"#?RADIANCE", b"#?RGBE")),
    row("pnm", "a Netpbm picture", "image/x-portable-anymap", ".pnm .pbm .pgm .ppm .pam .pfm", "picture"),
    row("qoi", "a QOI picture", "image/qoi", ".qoi", "picture", at(0, b"qoif")),
    row("dds", "a DirectDraw texture", "image/vnd-ms.dds", ".dds", "picture", at(0, b"DDS \x7c\0\0\0")),
    row("ktx", "a KTX texture", "image/ktx", ".ktx .ktx2", "picture", at(0, b"\xabKTX 11\xbb", b"\xabKTX 20\xbb")),
    row("djvu", "a DjVu document", "image/vnd.djvu", ".djvu .djv", "document", at(0, b"AT&TFORM")),
    row("flif", "a FLIF picture", "image/flif", ".flif", "picture", at(0, b"FLIF")),
    row("bpg", "a BPG picture", "image/bpg", ".bpg", "picture", at(0, b"BPG\xfb")),
    row("wmf", "a Windows metafile", "image/wmf", ".wmf", "picture", at(0, b"\xd7\xcd\xc6\x9a")),
    row("emf", "an enhanced metafile", "image/emf", ".emf", "picture", (((0, b"\x01\0\0\0"), (40, b" EMF")),)),
    row("mng", "an MNG animation", "video/x-mng", ".mng .jng", "film", at(0, b"\x8aMNG\r\n\x1a\n", b"\x8bJNG\r\n\x1a\n")),
    text("svg", "an SVG picture", "image/svg+xml", ".svg", "picture",
         format="scrubber.formats.svg:Svg", reader="scrubber.readers.svg:read", spec="SVG 2; XML 1.0"),
    text("postscript", "a PostScript document", "application/postscript", ".ps .eps .ai", "document"),
    row("eps", "an EPS picture with a preview", "image/x-eps", ".eps", "picture", at(0, b"\xc5\xd0\xd3\xc6")),
    row("dicom", "a DICOM medical picture", "application/dicom", ".dcm .dicom", "picture", at(128, b"DICM")),
    row("nifti", "a NIfTI medical picture", "application/x-nifti", ".nii", "picture", at(344, b"n+1\0", b"ni1\0")),
    row("fits", "a FITS picture", "image/fits", ".fits .fit .fts", "picture", at(0, b"SIMPLE  =")),
)

RECORDINGS = (
    row("ogg", "an Ogg recording", "audio/ogg", ".ogg .oga .oggflac", "recording",
        (*at(0, b"OggS\0"), ((0, b"OggS\0"), (28, b"fishead\0"))),
        format="scrubber.formats.ogg:Ogg", reader="scrubber.readers.ogg:read",
        spec="RFC 3533; Vorbis I; RFC 9639 §10.1"),
    row("opus", "an Opus recording", "audio/opus", ".opus", "recording", (((0, b"OggS\0"), (28, b"OpusHead")),),
        format="scrubber.formats.ogg:Ogg", reader="scrubber.readers.ogg:read", spec="RFC 7845"),
    row("spx", "a Speex recording", "audio/ogg", ".spx", "recording", (((0, b"OggS\0"), (28, b"Speex   ")),),
        format="scrubber.formats.ogg:Ogg", reader="scrubber.readers.ogg:read", spec="RFC 5574; the Speex manual"),
    row("ogv", "an Ogg film", "video/ogg", ".ogv .ogx .oggtheora", "film", (((0, b"OggS\0"), (28, b"\x80theora")),)),
    row("aiff", "an AIFF recording", "audio/aiff", ".aif .aiff .aifc", "recording",
        riff(b"AIFF", b"FORM") + riff(b"AIFC", b"FORM"),
        format="scrubber.formats.aiff:Aiff", reader="scrubber.readers.aiff:read",
        spec="AIFF 1.3 (Apple 1989); AIFF-C (Apple 1991)"),
    row("aac", "an AAC recording", "audio/aac", ".aac .adts", "recording", at(0, b"ADIF"),
        format="scrubber.formats.aac:Aac", reader="scrubber.readers.aac:read", spec="ISO/IEC 13818-7, 14496-3"),
    row("m4a", "an M4A recording", "audio/mp4", ".m4a .m4b .m4p .m4r", "recording", brands(b"M4A ", b"M4B ", b"M4P ", b"aax "),
        format="scrubber.formats.mp4:Mp4", reader="scrubber.readers.mp4:read", spec="ISO/IEC 14496-14"),
    row("wma", "a Windows Media file", "audio/x-ms-wma", ".wma .wmv .asf", "recording",
        at(0, bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")),
        format="scrubber.formats.asf:Asf", reader="scrubber.readers.asf:read", spec="ASF 01.20.03"),
    row("ape", "a Monkey's Audio recording", "audio/x-ape", ".ape", "recording", at(0, b"MAC "),
        format="scrubber.formats.monkeys:Monkeys", reader="scrubber.readers.monkeys:read", spec="Monkey's Audio 3.98 and later"),
    row("wavpack", "a WavPack recording", "audio/x-wavpack", ".wv .wvc", "recording", at(0, b"wvpk"),
        format="scrubber.formats.wavpack:WavPack", reader="scrubber.readers.wavpack:read", spec="WavPack 4 and 5 file format"),
    row("musepack", "a Musepack recording", "audio/x-musepack", ".mpc .mp+ .mpp", "recording", at(0, b"MPCK", b"MP+"),
        format="scrubber.formats.musepack:Musepack", reader="scrubber.readers.musepack:read", spec="Musepack SV7, SV8"),
    row("tta", "a TTA recording", "audio/x-tta", ".tta", "recording", at(0, b"TTA1", b"TTA2"),
        format="scrubber.formats.tta:Tta", reader="scrubber.readers.tta:read", spec="TTA1"),
    row("tak", "a TAK recording", "audio/x-tak", ".tak", "recording", at(0, b"tBaK")),
    row("optimfrog", "an OptimFROG recording", "audio/x-ofr", ".ofr .ofs", "recording", at(0, b"OFR ")),
    row("dsf", "a DSF recording", "audio/x-dsf", ".dsf", "recording", at(0, b"DSD \x1c\0\0\0"),
        format="scrubber.formats.dsf:Dsf", reader="scrubber.readers.dsf:read", spec="DSF 1.01"),
    row("dff", "a DSDIFF recording", "audio/x-dff", ".dff", "recording", (((0, b"FRM8"), (12, b"DSD ")),),
        format="scrubber.formats.dff:Dff", reader="scrubber.readers.dff:read", spec="DSDIFF 1.5"),
    row("midi", "a MIDI file", "audio/midi", ".mid .midi .kar .rmi", "recording", at(0, b"MThd\0\0\0") + riff(b"RMID"),
        format="scrubber.formats.midi:Midi", reader="scrubber.readers.midi:read", spec="Standard MIDI Files 1.0 (RP-001)"),
    row("amr", "an AMR recording", "audio/amr", ".amr .awb", "recording", at(0, b"#!AMR"),
        format="scrubber.formats.amr:Amr", reader="scrubber.readers.amr:read", spec="RFC 4867 §5"),
    row("au", "a Sun AU recording", "audio/basic", ".au .snd", "recording", at(0, b".snd\0\0"),
        format="scrubber.formats.au:Au", reader="scrubber.readers.au:read", spec="Sun Microsystems 1992"),
    row("caf", "a CAF recording", "audio/x-caf", ".caf", "recording", at(0, b"caff\0\x01"),
        format="scrubber.formats.caf:Caf", reader="scrubber.readers.caf:read", spec="CAF 1.0 (Apple 2006)"),
    row("voc", "a VOC recording", "audio/x-voc", ".voc", "recording", at(0, b"Creative Voice File\x1a")),
    row("w64", "a Wave64 recording", "audio/x-w64", ".w64", "recording", at(0, b"riff\x2e\x91\xcf\x11"),
        format="scrubber.formats.w64:W64", reader="scrubber.readers.w64:read", spec="Sony Pictures Digital 2003"),
    row("rmp3", "an MP3 wrapped in RIFF", "audio/x-rmp3", ".rmp", "recording", riff(b"RMP3")),
    row("ac3", "an AC-3 recording", "audio/ac3", ".ac3 .eac3 .ec3", "recording", spec="ETSI TS 102 366",
        format="scrubber.formats.ac3:Ac3", reader="scrubber.readers.ac3:read"),
    row("dts", "a DTS recording", "audio/vnd.dts", ".dts", "recording", at(0, b"\x7f\xfe\x80\x01", b"\xfe\x7f\x01\x80")),
    row("realmedia", "a RealMedia file", "application/vnd.rn-realmedia", ".rm .rmvb .ra", "recording", at(0, b".RMF", b".ra\xfd")),
    row("aup", "an Audacity project", "application/x-audacity", ".aup3", "recording", (((0, b"SQLite format 3\0"), (68, b"AUDY")),)),
    row("id3-tag", "an ID3 tag without a recording", "application/x-id3", ".id3", "metadata"),
    row("ape-tag", "an APEv2 tag without a recording", "application/x-apev2", ".apev2", "metadata", at(0, b"APETAGEX")),
    row("tracker", "a tracker module", "audio/x-mod", ".mod .xm .it .s3m", "recording", at(0, b"Extended Module: ", b"IMPM") + at(44, b"SCRM")),
)

FILMS = (
    row("mp4", "an MP4 film", "video/mp4", ".mp4 .m4v .mpg4", "film", at(4, b"ftyp"),
        format="scrubber.formats.mp4:Mp4", reader="scrubber.readers.mp4:read", spec="ISO/IEC 14496-12, -14"),
    row("mov", "a QuickTime film", "video/quicktime", ".mov .qt", "film",
        brands(b"qt  ") + at(4, b"moov", b"mdat", b"wide", b"pnot", b"skip", b"free"),
        format="scrubber.formats.mp4:Mp4", reader="scrubber.readers.mp4:read", spec="QTFF"),
    row("3gp", "a 3GPP film", "video/3gpp", ".3gp .3g2 .3gpp", "film", brands(b"3gp", b"3g2", b"3ge", b"3gg"),
        format="scrubber.formats.mp4:Mp4", reader="scrubber.readers.mp4:read", spec="3GPP TS 26.244"),
    row("mkv", "a Matroska film", "video/x-matroska", ".mkv .mka .mks .mk3d", "film", _EBML,
        format="scrubber.formats.matroska:Matroska", reader="scrubber.readers.matroska:read", spec="RFC 9559; EBML RFC 8794"),
    row("webm", "a WebM film", "video/webm", ".webm", "film",
        format="scrubber.formats.matroska:Matroska", reader="scrubber.readers.matroska:read", spec="WebM; RFC 9559"),
    row("avi", "an AVI film", "video/x-msvideo", ".avi .divx", "film", riff(b"AVI ") + riff(b"AVIX")),
    row("ani", "an animated cursor", "application/x-navi-animation", ".ani", "picture", riff(b"ACON")),
    row("mpeg-ts", "an MPEG transport stream", "video/mp2t", ".ts .m2ts .mts .m2t", "film"),
    row("mpeg-ps", "an MPEG film", "video/mpeg", ".mpg .mpeg .vob .dat", "film", at(0, b"\0\0\x01\xba", b"\0\0\x01\xb3")),
    row("flv", "a Flash film", "video/x-flv", ".flv", "film", at(0, b"FLV\x01")),
    row("mxf", "an MXF film", "application/mxf", ".mxf", "film", at(0, bytes.fromhex("060e2b34020501010d010201"))),
    row("wtv", "a Windows TV recording", "video/x-wtv", ".wtv", "film", at(0, bytes.fromhex("b7d800203749da11"))),
    row("swf", "a Flash animation", "application/x-shockwave-flash", ".swf", "program", at(0, b"FWS", b"CWS", b"ZWS")),
    row("ivf", "an IVF film", "video/x-ivf", ".ivf", "film", at(0, b"DKIF\0\0")),
    row("braw", "a Blackmagic raw film", "video/x-braw", ".braw", "film", brands(b"braw")),
    row("r3d", "a RED raw film", "video/x-r3d", ".r3d", "film", at(4, b"RED1", b"RED2")),
)

DOCUMENTS = (
    row("pdf", "a PDF document", "application/pdf", ".pdf", "document", at(0, b"%PDF-"), spec="ISO 32000-2"),
    row("docx", "a Word document", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ".docx .docm .dotx", "document", spec="ECMA-376"),
    row("xlsx", "an Excel workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ".xlsx .xlsm .xltx .xlsb", "document", spec="ECMA-376"),
    row("pptx", "a PowerPoint presentation", "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ".pptx .pptm .ppsx", "document", spec="ECMA-376"),
    row("opc", "an Open Packaging file", "application/x-opc", ".vsdx .3mf .nupkg .xps .oxps", "document", spec="ECMA-376 part 2"),
    row("odf", "an OpenDocument file", "application/vnd.oasis.opendocument.text", ".odt .ods .odp .odg .odf .ott", "document", spec="OASIS ODF 1.3"),
    row("epub", "an EPUB book", "application/epub+zip", ".epub", "document", spec="EPUB 3.3"),
    row("mobi", "a Kindle book", "application/x-mobipocket-ebook", ".mobi .azw .azw3 .prc", "document", at(60, b"BOOKMOBI")),
    row("iwork", "an iWork document", "application/vnd.apple.pages", ".pages .numbers .key", "document"),
    row("doc", "an old Word document", "application/msword", ".doc .dot", "document"),
    row("xls", "an old Excel workbook", "application/vnd.ms-excel", ".xls .xlt", "document"),
    row("ppt", "an old PowerPoint presentation", "application/vnd.ms-powerpoint", ".ppt .pps", "document"),
    row("msg", "an Outlook message", "application/vnd.ms-outlook", ".msg", "mail"),
    row("cfb", "an OLE compound file", "application/x-ole-storage", ".vsd .pub .msi .mpp .db .wps", "document", _CFB, spec="MS-CFB"),
    row("onenote", "a OneNote notebook", "application/onenote", ".one", "document", at(0, bytes.fromhex("e4525c7b8cd8a74d"))),
    row("indd", "an InDesign document", "application/x-indesign", ".indd", "document", at(0, bytes.fromhex("0606edf5d81d46e5"))),
    row("chm", "a Windows help file", "application/vnd.ms-htmlhelp", ".chm", "document", at(0, b"ITSF\x03\0\0\0")),
    text("rtf", "an RTF document", "application/rtf", ".rtf", "document", spec="RTF 1.9.1"),
    text("html", "an HTML page", "text/html", ".html .htm .xhtml .shtml", "document",
         format="scrubber.formats.html:Html", reader="scrubber.readers.html:read", spec="HTML Living Standard"),
    text("mhtml", "a saved web page", "multipart/related", ".mht .mhtml", "document", spec="RFC 2557"),
    text("ipynb", "a Jupyter notebook", "application/x-ipynb+json", ".ipynb", "document",
         format="scrubber.formats.notebook:Notebook", reader="scrubber.readers.chat_json:read_notebook",
         spec="nbformat 4.5"),
    text("fb2", "a FictionBook", "application/x-fictionbook+xml", ".fb2", "document"),
    text("fodf", "a flat OpenDocument file", "application/vnd.oasis.opendocument.text-flat-xml", ".fodt .fods .fodp", "document"),
)

TEXTS = (
    text("xml", "an XML document", "application/xml",
         ".xml .xsd .xsl .xslt .rdf .plist .ttml .dae .musicxml .collection .rss .atom .opml .wsdl .xliff .xlf .tmx .resx .csproj .vbproj .fsproj .vcxproj .props .targets .storyboard .xib .xaml .fxml .nuspec .glif .tei .drawio", "data",
         format="scrubber.formats.xml_document:XmlDocument", reader="scrubber.readers.xml_document:read", spec="XML 1.0"),
    row("bplist", "a binary property list", "application/x-bplist", ".plist .webarchive", "data", at(0, b"bplist0")),
    text("aae", "a record of photo edits", "application/x-apple-adjustments", ".aae", "metadata"),
    text("takeout-sidecar", "a Google Takeout record of a photo", "application/json", ".json", "metadata"),
    text("takeout", "a Google Takeout export", "application/json", ".json", "location"),
    text("har", "a recording of web traffic", "application/json", ".har", "data", spec="HAR 1.2"),
    text("geojson", "GeoJSON places", "application/geo+json", ".geojson", "location", spec="RFC 7946"),
    text("gpx", "a GPX track", "application/gpx+xml", ".gpx", "location", spec="GPX 1.1"),
    text("kml", "a KML map", "application/vnd.google-earth.kml+xml", ".kml", "location", spec="OGC KML 2.3"),
    text("tcx", "a TCX workout", "application/vnd.garmin.tcx+xml", ".tcx", "location"),
    text("nmea", "an NMEA position log", "application/x-nmea", ".nmea", "location", spec="NMEA 0183"),
    text("igc", "an IGC flight log", "application/x-igc", ".igc", "location", spec="FAI IGC"),
    row("fit", "a FIT workout", "application/vnd.ant.fit", ".fit", "location", at(8, b".FIT")),
    row("kmz", "a KMZ map", "application/vnd.google-earth.kmz", ".kmz", "location"),
    text("telemetry-subtitle", "subtitles that carry a drone's or camera's position", "application/x-subrip", ".srt .vtt", "location"),
    text("vcard", "an address book card", "text/vcard", ".vcf .vcard", "contact", spec="RFC 6350",
         held=CONTACTS, instead=LEAVE),
    text("icalendar", "a calendar", "text/calendar", ".ics .ical .ifb .vcs", "contact", spec="RFC 5545",
         held=DAYS, instead=LEAVE),
    text("eml", "an e-mail", "message/rfc822", ".eml", "mail",
         format="scrubber.formats.mail:Eml", reader="scrubber.readers.mail:read_eml", spec="RFC 5322; MIME RFC 2045 to 2047"),
    text("mbox", "a mailbox", "application/mbox", ".mbox", "mail",
         format="scrubber.formats.mail:Mbox", reader="scrubber.readers.mail:read_mbox", spec="RFC 4155; RFC 5322"),
    row("pst", "an Outlook mailbox", "application/vnd.ms-outlook-pst", ".pst .ost", "mail", at(0, b"!BDN")),
    row("tnef", "a winmail.dat attachment", "application/ms-tnef", ".tnef", "mail", at(0, b"\x78\x9f\x3e\x22")),
    text("pem", "a key or certificate", "application/x-pem-file", ".pem .crt .cer .key .csr .pub .ppk", "secret", spec="RFC 7468"),
    text("pgp", "a PGP message or key", "application/pgp-encrypted", ".asc .pgp .gpg", "secret", spec="RFC 9580"),
    row("keystore", "a key store", "application/x-java-keystore", ".jks .keystore .kdbx", "secret",
        at(0, b"\xfe\xed\xfe\xed", b"\x03\xd9\xa2\x9a")),
    text("dotenv", "a file of environment variables", "text/x-dotenv", ".env", "secret"),
    text("netrc", "a file of logins", "text/x-netrc", ".netrc", "secret"),
    text("uuencode", "a uuencoded file", "text/x-uuencode", ".uu .uue", "archive", spec="POSIX uuencode"),
    text("yenc", "a yEnc file", "text/x-yenc", ".yenc .ntx", "archive", spec="yEnc 1.3"),
    text("git-patch", "a patch with its author", "text/x-patch", ".patch .diff", "code", spec="git format-patch"),
    text("ass", "ASS subtitles", "text/x-ssa", ".ass .ssa", "caption",
         format="scrubber.formats.ass:Ass", reader="scrubber.readers.ass:read", spec="Sub Station Alpha v4.00+, by custom"),
    text("lrc", "LRC lyrics", "application/x-lrc", ".lrc", "caption",
         format="scrubber.formats.lyrics:Lrc", reader="scrubber.readers.lyrics:read_lrc", spec="by custom"),
    text("sbv", "SBV subtitles", "text/x-sbv", ".sbv", "caption",
         format="scrubber.formats.lyrics:Sbv", reader="scrubber.readers.lyrics:read_sbv", spec="by custom"),
    text("microdvd", "MicroDVD subtitles", "text/x-microdvd", ".sub", "caption"),
    text("url-file", "a link to a web page", "application/x-url", ".url .webloc .desktop", "data"),
    text("json-comments", "JSON with comments", "application/json5", ".jsonc .json5", "data",
         held="Programs read its comments, its quotes and its last commas in different ways.",
         instead="Save it as plain JSON, and scrub that."),
)

CHATS = (
    chat("chatgpt", "an export of ChatGPT conversations", "chat_chatgpt:ChatGpt"),
    chat("claude-chats", "an export of Claude conversations", "chat_claude:ClaudeChats"),
    chat("claude-projects", "an export of Claude projects", "chat_claude:ClaudeProjects"),
    chat("slack-day", "a day of a Slack channel", "chat_slack:SlackDay"),
    chat("discord-channel", "a Discord channel", "chat_discord:DiscordChannel"),
    chat("discord-messages", "a list of messages of a Discord data package", "chat_discord:DiscordPackage"),
    chat("telegram", "a Telegram export", "chat_telegram:Telegram"),
    chat("meta-thread", "a Messenger or Instagram conversation", "chat_meta:MetaThread"),
    chat("google-chat", "a Google Chat conversation", "chat_google:GoogleChat"),
    chat("prompt-rows", "a set of training data for language models", "chat_prompts:PromptRows", ".jsonl"),
    chat("prompt-table", "a set of training data for language models", "chat_prompts:PromptTable"),
    chat("langsmith", "LangSmith traces", "chat_traces:LangSmith"),
    chat("langsmith-rows", "LangSmith traces", "chat_traces:LangSmithLines", ".jsonl"),
    chat("langfuse", "Langfuse traces", "chat_traces:Langfuse"),
    chat("langfuse-rows", "Langfuse traces", "chat_traces:LangfuseLines", ".jsonl"),
    text("whatsapp", "a chat that WhatsApp exported", "text/plain", ".txt", "chat",
         format="scrubber.formats.chat_whatsapp:WhatsApp", reader="scrubber.readers.chat_whatsapp:read", spec="by custom"),
    text("sms-backup", "a backup of text messages", "application/xml", ".xml", "chat",
         format="scrubber.formats.sms_backup:SmsBackup", reader="scrubber.readers.sms_backup:read", spec="SMS Backup & Restore"),
    text("chat-account", "an account file of an export: it tells of its owner and of the people in it", "application/json", ".json", "contact", drop="account-data"),
    text("chat-page", "a web page that holds a whole ChatGPT export again", "text/html", ".html", "chat", drop="chat-copy"),
)

ARCHIVES = (
    row("zip", "a ZIP archive", "application/zip", ".zip .cbz .zipx", "archive", _ZIP, spec="APPNOTE 6.3.10",
        held=PACKED, instead=UNPACK),
    row("jar", "a Java archive", "application/java-archive", ".jar .war .aar", "archive"),
    row("apk", "an Android app", "application/vnd.android.package-archive", ".apk .aab", "program"),
    row("ipa", "an iOS app", "application/x-ios-app", ".ipa", "program"),
    row("tar", "a TAR archive", "application/x-tar", ".tar", "archive", at(257, b"ustar"), spec="POSIX pax",
        held=PACKED, instead=UNPACK),
    row("gzip", "a gzip archive", "application/gzip", ".gz .tgz .svgz", "archive", at(0, b"\x1f\x8b\x08"), spec="RFC 1952",
        held=PACKED, instead=UNPACK),
    row("bzip2", "a bzip2 archive", "application/x-bzip2", ".bz2 .tbz2", "archive", at(0, b"BZh"),
        held=PACKED, instead=UNPACK),
    row("xz", "an xz archive", "application/x-xz", ".xz .txz", "archive", at(0, b"\xfd7zXZ\0"),
        held=PACKED, instead=UNPACK),
    row("lzma", "an LZMA archive", "application/x-lzma", ".lzma .lz", "archive", at(0, b"LZIP\x01", b"\x5d\0\0\x80\0")),
    row("zstd", "a Zstandard archive", "application/zstd", ".zst .tzst", "archive", at(0, b"\x28\xb5\x2f\xfd"), spec="RFC 8878",
        held=PACKED, instead=UNPACK),
    row("lz4", "an LZ4 archive", "application/x-lz4", ".lz4", "archive", at(0, b"\x04\x22\x4d\x18")),
    row("compress", "a compress archive", "application/x-compress", ".z", "archive", at(0, b"\x1f\x9d", b"\x1f\xa0")),
    row("7z", "a 7z archive", "application/x-7z-compressed", ".7z", "archive", at(0, b"7z\xbc\xaf\x27\x1c"),
        held=PACKED, instead=UNPACK),
    row("rar", "a RAR archive", "application/vnd.rar", ".rar .cbr", "archive", at(0, b"Rar!\x1a\x07"),
        held=PACKED, instead=UNPACK),
    row("cab", "a Windows cabinet", "application/vnd.ms-cab-compressed", ".cab", "archive", at(0, b"MSCF\0\0\0\0")),
    row("ar", "a Unix archive", "application/x-archive", ".a .deb .ar", "archive", at(0, b"!<arch>\n")),
    row("cpio", "a cpio archive", "application/x-cpio", ".cpio", "archive", at(0, b"070701", b"070702", b"070707", b"\xc7\x71")),
    row("rpm", "an RPM package", "application/x-rpm", ".rpm", "archive", at(0, b"\xed\xab\xee\xdb")),
    row("xar", "a macOS package", "application/x-xar", ".pkg .xar", "archive", at(0, b"xar!")),
    row("dmg", "a disk image", "application/x-apple-diskimage", ".dmg", "archive"),
    row("iso", "a disc image", "application/x-iso9660-image", ".iso", "archive", at(32769, b"CD001")),
    row("squashfs", "a SquashFS image", "application/vnd.squashfs", ".squashfs .snap", "archive", at(0, b"hsqs")),
    row("disk", "a virtual disk", "application/x-disk", ".vmdk .qcow2 .vdi .vhdx", "archive", at(0, b"KDMV", b"QFI\xfb", b"vhdxfile", b"conectix")),
    row("lha", "an LHA archive", "application/x-lzh-compressed", ".lzh .lha", "archive", at(2, b"-lh5-", b"-lh0-", b"-lh7-")),
    row("git-bundle", "a Git bundle", "application/x-git-bundle", ".bundle", "archive", at(0, b"# v2 git bundle\n", b"# v3 git bundle\n")),
    row("git-pack", "a Git pack", "application/x-git-pack", ".pack .idx", "archive", at(0, b"PACK\0\0\0", b"\xfftOc\0\0\0")),
    row("torrent", "a torrent", "application/x-bittorrent", ".torrent", "archive",
        at(0, b"d8:announce", b"d7:comment", b"d10:created by", b"d13:announce-list", b"d13:creation date", b"d4:info")),
    row("applesingle", "a macOS resource fork", "application/applefile", "", "metadata", at(0, b"\0\x05\x16\x00\0", b"\0\x05\x16\x07\0")),
    row("encrypted", "an encrypted container", "application/octet-stream", ".age .enc .aes", "archive",
        at(0, b"age-encryption.org/", b"Salted__", b"LUKS\xba\xbe")),
)

DATA = (
    row("sqlite", "an SQLite database", "application/vnd.sqlite3", ".sqlite .sqlite3 .db .db3", "data", at(0, b"SQLite format 3\0")),
    row("parquet", "a Parquet table", "application/vnd.apache.parquet", ".parquet .pq", "table", at(0, b"PAR1", b"PARE")),
    row("arrow", "an Arrow table", "application/vnd.apache.arrow.file", ".arrow .feather", "table", at(0, b"ARROW1\0\0", b"FEA1")),
    row("orc", "an ORC table", "application/x-orc", ".orc", "table", at(0, b"ORC\x0a")),
    row("avro", "an Avro table", "application/avro", ".avro", "table", at(0, b"Obj\x01")),
    row("hdf5", "an HDF5 file", "application/x-hdf5", ".h5 .hdf5 .nc .mat", "data", at(0, b"\x89HDF\r\n\x1a\n") + at(512, b"\x89HDF\r\n\x1a\n")),
    row("netcdf", "a NetCDF file", "application/x-netcdf", ".nc .cdf", "data", at(0, b"CDF\x01", b"CDF\x02", b"CDF\x05")),
    row("matlab", "a MATLAB file", "application/x-matlab-data", ".mat", "data", at(0, b"MATLAB 5.0 MAT-file")),
    row("npy", "a NumPy array", "application/x-npy", ".npy", "data", at(0, b"\x93NUMPY")),
    row("npz", "a NumPy archive", "application/x-npz", ".npz", "data"),
    row("pickle", "a Python pickle", "application/x-pickle", ".pkl .pickle .joblib .p", "program",
        at(0, b"\x80\x02}", b"\x80\x02]", b"\x80\x02c", b"\x80\x03}", b"\x80\x03]", b"\x80\x03c", b"\x80\x04\x95", b"\x80\x05\x95")),
    row("torch", "a PyTorch checkpoint", "application/x-pytorch", ".pt .pth .ckpt", "model"),
    row("safetensors", "model weights", "application/x-safetensors", ".safetensors", "model", at(8, b'{"')),
    row("gguf", "model weights", "application/x-gguf", ".gguf", "model", at(0, b"GGUF")),
    row("rds", "an R data file", "application/x-r-data", ".rds .rda .rdata", "data", at(0, b"RDX2\n", b"RDX3\n")),
    row("access", "an Access database", "application/x-msaccess", ".mdb .accdb", "data", at(4, b"Standard Jet DB", b"Standard ACE DB")),
    row("stata", "a Stata file", "application/x-stata", ".dta", "table", at(0, b"<stata_dta>")),
    row("sas", "an SPSS or SAS file", "application/x-spss-sav", ".sav .sas7bdat .xpt", "table", at(0, b"$FL2@(#)", b"$FL3@(#)", b"HEADER RECORD*******")),
    row("pcap", "a capture of network traffic", "application/vnd.tcpdump.pcap", ".pcap .pcapng .cap", "data",
        at(0, b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x4d\x3c\xb2\xa1", b"\x0a\x0d\x0d\x0a")),
    row("font", "a font", "font/ttf", ".ttf .otf .ttc .woff .woff2", "font",
        at(0, b"\0\x01\0\0\0", b"OTTO\0", b"ttcf", b"wOFF", b"wOF2", b"true\0")),
    row("exe", "a Windows program", "application/vnd.microsoft.portable-executable", ".exe .dll .sys .scr", "program"),
    row("elf", "a Linux program", "application/x-elf", ".so .o .elf", "program", at(0, b"\x7fELF")),
    row("mach-o", "a macOS program", "application/x-mach-binary", ".dylib", "program",
        at(0, b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xfe\xed\xfa\xcf", b"\xca\xfe\xba\xbe")),
    row("wasm", "a WebAssembly program", "application/wasm", ".wasm", "program", at(0, b"\0asm")),
    row("lnk", "a Windows shortcut", "application/x-ms-shortcut", ".lnk", "data", at(0, b"\x4c\0\0\0\x01\x14\x02\0")),
    row("macos-alias", "a macOS alias", "application/x-apple-alias", ".alias", "data", at(0, b"book\0\0\0\0mark")),
    row("ds-store", "a macOS folder record", "application/x-ds-store", "", "metadata", at(4, b"Bud1")),
    row("glb", "a glTF model", "model/gltf-binary", ".glb", "model", at(0, b"glTF\x02")),
    row("blend", "a Blender scene", "application/x-blender", ".blend", "model", at(0, b"BLENDER")),
    row("fbx", "an FBX model", "application/x-fbx", ".fbx", "model", at(0, b"Kaydara FBX Binary")),
    row("mesh", "a 3-D model", "model/x-ply", ".ply .usdc", "model", at(0, b"ply\nformat", b"ply\r\nformat", b"PXR-USDC")),
    row("dwg", "an AutoCAD drawing", "image/vnd.dwg", ".dwg", "document", at(0, b"AC10")),
    row("c2pa", "a provenance manifest", "application/c2pa", ".c2pa", "metadata", at(4, b"jumb")),
)
# fmt: on

ROWS: tuple[Container, ...] = (
    *HANDLED,
    *PICTURES,
    *RECORDINGS,
    *FILMS,
    *DOCUMENTS,
    *TEXTS,
    *CHATS,
    *ARCHIVES,
    *DATA,
)
