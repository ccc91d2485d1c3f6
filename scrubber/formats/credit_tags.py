"""A credit in the own tags of recordings: names, copyright notice and a link to the licence.

ID3v2.4 §4.2, §4.3; APEv2; Vorbis I, comment field and header specification.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Texts = Mapping[str, Sequence[str]]


def id3_tag(texts: Texts) -> bytes:
    """An ID3v2.4 tag of up to three frames, without padding; no bytes if there is none."""
    frames = b""
    for name, text in credit_rows(texts):
        if name == "licence":
            frames += _frame(b"WCOP", text.encode("ascii"))
        else:
            frame = b"TPE1" if name == "creator" else b"TCOP"
            frames += _frame(frame, b"\3" + text.encode("utf-8"))
    return b"ID3\4\0\0" + _syncsafe(len(frames)) + frames if frames else b""


def vorbis_fields(texts: Texts) -> list[bytes]:
    """Comment fields, each with its length."""
    keys = {"creator": "ARTIST", "rights": "COPYRIGHT", "licence": "LICENSE"}
    rows = [f"{keys[name]}={text}".encode() for name, text in credit_rows(texts)]
    return [len(row).to_bytes(4, "little") + row for row in rows]


def ape_tag(texts: Texts) -> bytes:
    """An APEv2 tag with header and footer; no bytes if there is nothing in it."""
    keys = {"creator": b"Artist", "rights": b"Copyright", "licence": b"License"}
    rows = [(keys[name], text.encode("utf-8")) for name, text in credit_rows(texts)]
    items = b"".join(len(text).to_bytes(4, "little") + bytes(4) + key + b"\0" + text
                     for key, text in rows)  # fmt: skip
    sizes = (2000).to_bytes(4, "little") + (len(items) + 32).to_bytes(4, "little")
    ends = [
        b"APETAGEX" + sizes + len(rows).to_bytes(4, "little") + flags + bytes(8)
        for flags in (b"\0\0\0\xa0", b"\0\0\0\x80")
    ]
    return ends[0] + items + ends[1] if rows else b""


def credit_rows(texts: Texts) -> list[tuple[str, str]]:
    """Element and text of what tags can say, in a fixed order."""
    rows = [("creator", "; ".join(texts["creator"]))] if texts.get("creator") else []
    rows += [("rights", texts["rights"][0])] if texts.get("rights") else []
    rows += [("licence", one) for one in texts.get("licence", ())[:1] if one.isascii()]
    return rows


def _frame(name: bytes, body: bytes) -> bytes:
    return name + _syncsafe(len(body)) + b"\0\0" + body


def _syncsafe(value: int) -> bytes:
    return bytes(value >> shift & 0x7F for shift in (21, 14, 7, 0))
