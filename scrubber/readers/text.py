"""The second reader of plain texts, Markdown and source code.

The content digest is SHA-256 over the bytes outside the edited spans. The file is decoded
strictly by Python's incremental decoders in fixed blocks, not line by line.
"""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterable, Iterator

from scrubber.errors import Damaged
from scrubber.model import Reading, Rendering, Source
from scrubber.readers.text_checks import leftovers

_BLOCK = 1 << 18
_OVERLAP = 4096
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)

Edited = tuple[tuple[int, int], ...]


def read(source: Source, edited: Edited = (), *, net: bool = True) -> Reading:
    """What a text holds. `edited` are the runs of `source` that were not in the original.

    `net=False` leaves out the shapes of private values. Raises Damaged when it does not decode.
    """
    codec, mark = encoding(source)
    found: dict[str, None] = {}
    for block in overlapping(characters(source, codec, mark)):
        found.update(dict.fromkeys(leftovers(block, net=net)))
    rendering = Rendering.of(encoding=label(codec, mark))
    return Reading("text", outside(source, edited), rendering, tuple(found))


def label(codec: str, mark: int) -> str:
    """`8-bit` for UTF-8 and one-byte encodings without a mark, else codec and mark."""
    if not mark and codec in ("utf-8", "cp1252", "latin-1"):
        return "8-bit"
    return f"{codec}+mark" if mark else codec


def encoding(source: Source) -> tuple[str, int]:
    """Codec and length of the byte order mark: the first of four that decodes everything."""
    head = source.read(0, min(4, source.size))
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return codec, len(mark)
    sample = source.read(0, min(source.size, 65536))
    if b"\0" in sample:
        return ("utf-16-be" if sample[:1] == b"\0" else "utf-16-le"), 0
    for codec in ("utf-8", "latin-1"):
        if codec == "utf-8" and not _decodes(source, codec):
            continue
        if codec == "latin-1" and _has_c1(source):
            return "cp1252", 0
        return codec, 0
    raise Damaged("The text is in no encoding that can be read.")


def _has_c1(source: Source) -> bool:
    return any(
        any(0x80 <= byte < 0xA0 for byte in set(source.read(at, n))) for at, n in _steps(source)
    )


def _steps(source: Source) -> Iterator[tuple[int, int]]:
    for at in range(0, source.size, _BLOCK):
        yield at, min(_BLOCK, source.size - at)


def _decodes(source: Source, codec: str) -> bool:
    try:
        for _ in characters(source, codec, 0):
            pass
    except Damaged:
        return False
    return True


def characters(source: Source, codec: str, mark: int) -> Iterator[str]:
    """The text in blocks. Raises Damaged for bytes that do not decode and for NUL."""
    decoder = codecs.getincrementaldecoder(codec)("strict")
    try:
        for at, n in _steps(source):
            data = source.read(at, n)
            text = decoder.decode(data[mark:] if at == 0 else data)
            if "\0" in text:
                raise Damaged("The text holds NUL characters.")
            yield text
        yield decoder.decode(b"", True)
    except UnicodeDecodeError as error:
        raise Damaged(f"The text is not valid {codec.upper()}.") from error


def whole(source: Source) -> tuple[str, str, int]:
    """All characters, the codec and the length of the mark."""
    codec, mark = encoding(source)
    return "".join(characters(source, codec, mark)), codec, mark


def overlapping(blocks: Iterable[str]) -> Iterator[str]:
    """Each block behind the end of the one before; empty ones add nothing to look at."""
    before = ""
    for block in blocks:
        if not block:
            continue
        yield before + block
        before = block[-_OVERLAP:]


def outside(source: Source, edited: Edited) -> str:
    """SHA-256 over the bytes of `source` that no span of `edited` covers."""
    digest = hashlib.sha256()
    at = 0
    for start, end in (*sorted(edited), (source.size, source.size)):
        while at < start:
            n = min(_BLOCK, start - at)
            digest.update(source.read(at, n))
            at += n
        at = max(at, end)
    return digest.hexdigest()
