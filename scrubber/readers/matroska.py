"""Second reader for Matroska and WebM (RFC 9559; RFC 8794).

Content digest: SHA-256 over what follows the heads of all blocks (track, time, flags) of
the kept tracks, and the transparency beside them, in the order of the file.

The file is held against a list of what may stand where. Then the index is followed: every
position must lead to what it says, and no coded picture may hold a message.
"""

from __future__ import annotations

import hashlib
import struct

from scrubber.errors import Damaged, Encrypted, Unsupported
from scrubber.model import Reading, Rendering, Source
from scrubber.readers.matroska_credit import tags_credit
from scrubber.readers.matroska_file import File, Group, Track
from scrubber.readers.matroska_grammar import (
    LANGUAGE,
    LEAVES,
    MASTERS,
    PARENTS,
    is_real,
    known,
    private_is_clean,
)
from scrubber.readers.matroska_pictures import Look, holds_message, holds_note, looked_into
from scrubber.readers.matroska_tree import Node, nodes, width_of
from scrubber.readers.matroska_words import (
    Chapters,
    is_text,
    private_is_plain,
    text_leftovers,
)

_PIECE = 1 << 20
_FAR = 1 << 15


def read(source: Source, edited: tuple[tuple[int, int], ...] = ()) -> Reading:
    """Reads a film or recording. Raises Damaged, Encrypted or Unsupported."""
    file = File(source)
    names = [node.name for node in nodes(file.source, "", 0, source.size)]
    if names != ["EBML", "Segment"]:
        raise Unsupported("The file is not one EBML header and one Segment.")
    for node in list(nodes(file.source, "", 0, source.size)):
        if node.name == "EBML":
            kind = _leaves(file, node, []).get("4282")
            if kind is None or file.bytes(kind) not in (b"matroska", b"webm"):
                raise Unsupported("The file is neither Matroska nor WebM.")
        else:
            _segment(file, node)
    if not file.tracks:
        raise Damaged("The file has no track.")
    _follow(file)
    looks = {f"track{rank}": _look(track) for rank, track in enumerate(file.tracks.values(), 1)}
    return Reading(
        "mkv", file.digest.hexdigest(),
        Rendering.of(tracks=len(file.tracks), info="".join(file.info), words=file.words, **looks),
        tuple(file.leftovers),
    )  # fmt: skip


# the tree ----------------------------------------------------------------------------


def _is_placed(node: Node) -> bool:
    return PARENTS.get(node.name) == node.parent or (node.parent, node.name) in LEAVES


def _leaves(file: File, parent: Node, facts: list[str]) -> dict[str, Node]:
    """The values below `parent`, held against the list; what is shown is added to `facts`."""
    found: dict[str, Node] = {}
    for node in nodes(file.source, parent.name, parent.body, parent.end):
        if not _is_placed(node):
            file.left(f"{node.parent}/{node.name} at offset {node.at}")
            continue
        if node.name in found and node.name not in _SEVERAL:
            raise Damaged(f"{node.parent} says something twice.")
        found[node.name] = node
        if node.name in PARENTS:
            if parent.name in ("TrackEntry", "Video", "Colour", "ContentEncodings"):
                found.update(_below(file, node, facts))
            elif parent.name == "ContentEncoding":
                found.update(_leaves(file, node, facts))
            continue
        kind = LEAVES[node.parent, node.name]
        if kind[0] in "uU" and file.uint(node) >> int(kind[1:]):
            raise Damaged(f"A number in {node.parent} is too large.")
        if kind[0] == "F" and not is_real(file.bytes(node)):
            raise Damaged(f"A number in {node.parent} is too large.")
        if kind[0] in "UFX":
            facts.append(f"{node.name}={file.bytes(node).lstrip(bytes(1)).hex()};")
    return found


_SEVERAL = {"BlockAdditionMapping", "ContentEncoding"}


def _below(file: File, node: Node, facts: list[str]) -> dict[str, Node]:
    found = _leaves(file, node, facts)
    if node.name == "BlockAdditionMapping":
        sort = file.uint(found["41e7"]) if "41e7" in found else 0
        record = found.get("41ed")
        if sort not in (0x64766343, 0x64767643, 0x64767743) or record is None:
            file.left("BlockAdditionMapping")
        elif record.end - record.body != 24:
            file.left("BlockAddIDExtraData")
    return found


_TAGS = "1254c367"


def _segment(file: File, segment: Node) -> None:
    file.segment = segment.body
    rows = list(nodes(file.source, "Segment", segment.body, segment.end))
    for node in rows:
        file.places[node.at] = node.name
        if node.name == "Info":
            _info(file, node)
        elif node.name == "Tracks":
            for entry in nodes(file.source, "Tracks", node.body, node.end):
                _track(file, entry)
        elif node.name == "SeekHead":
            _seek_head(file, node)
        elif node.name == "Cues":
            _cues(file, node)
        elif node.name == "Chapters" and not file.words:
            found = Chapters(file.source, node)
            file.left("words: chapters")
            file.leftovers += found.left
            file.words = found.digest()
        elif node.name in ("EBML", "Segment"):
            raise Unsupported("The file holds a second film.")
        elif node.name != "Cluster" and not _credit(file, node):
            file.left(f"{node.name} at offset {node.at}")
    for node in rows:
        if node.name == "Cluster":
            _cluster(file, node)


def _credit(file: File, node: Node) -> bool:
    """Tags that are a credit and nothing else, once in a film."""
    found = tags_credit(file.source, node) if node.name == _TAGS and not file.credited else ()
    if found:
        file.credited = True
        file.left(f"credit: {', '.join(found)}")
    return bool(found)


def _info(file: File, node: Node) -> None:
    found = _leaves(file, node, file.info)
    for name in ("4d80", "5741"):
        if name in found and file.bytes(found[name]) != b"none":
            file.left("the name of a program")


def _track(file: File, node: Node) -> None:
    if node.name != "TrackEntry":
        file.left(f"{node.name} in Tracks")
        return
    track = Track()
    found = _leaves(file, node, track.facts)
    track.number, track.kind = file.uint(found["d7"]), file.uint(found["83"])
    track.codec = file.bytes(found["86"]).decode("ascii") if "86" in found else ""
    track.text = is_text(track.kind, track.codec)
    if track.text:
        _text_track(file, track, found)
        return
    if track.kind not in (1, 2):
        file.left(f"track {track.number} is neither film nor sound")
        return
    if not known(track.kind, track.codec):
        raise Unsupported("A track has an unknown codec.")
    if track.number in file.tracks:
        raise Damaged("Two tracks have one number.")
    file.tracks[track.number] = track
    if "73c5" in found and file.uint(found["73c5"]) != len(file.tracks):
        file.left("TrackUID")
    _check_bytes(file, found)
    if "63a2" in found:
        track.private = file.bytes(found["63a2"])
        if not private_is_clean(track.codec, track.private):
            file.left(f"CodecPrivate of track {track.number}")
    track.alpha = "53c0" in found and bool(file.uint(found["53c0"]))
    prefix = b""
    if "ContentEncoding" in found:
        if "4254" not in found or file.uint(found["4254"]) != 3:
            raise Unsupported("The blocks of a track are compressed.")
        if "4255" in found:
            prefix = file.bytes(found["4255"])
    track.look = Look(track.codec, track.private, prefix, "41e7" in found)


def _text_track(file: File, track: Track, found: dict[str, Node]) -> None:
    if track.number in file.tracks:
        raise Damaged("Two tracks have one number.")
    file.tracks[track.number] = track
    file.left(f"words: track {track.number}")
    _check_bytes(file, found)
    private = file.bytes(found["63a2"]) if "63a2" in found else None
    uid = file.uint(found["73c5"]) if "73c5" in found else len(file.tracks)
    if uid != len(file.tracks) or not private_is_plain(track.codec, private):
        file.left(f"TrackUID or CodecPrivate of track {track.number}")
    if found.keys() & {"ContentEncoding", "41e7", "Video", "Audio"}:
        file.left(f"descriptions in track {track.number}")


def _check_bytes(file: File, found: dict[str, Node]) -> None:
    """What is no number: languages, projections, the code of raw pictures."""
    for name in ("22b59c", "22b59d"):
        if name in found and not LANGUAGE.fullmatch(file.bytes(found[name])):
            file.left("Language")
    for name, sizes in (("7672", (0, 12, 20)), ("2eb524", (4,))):
        if name in found and found[name].end - found[name].body not in sizes:
            file.left(f"{name} in a track")


# clusters ------------------------------------------------------------------------------


def _cluster(file: File, cluster: Node) -> None:
    time, blocks = -1, 0
    for node in nodes(file.source, "Cluster", cluster.body, cluster.end):
        if node.name == "e7" and time < 0:
            time = file.uint(node)
            file.clusters[cluster.at] = cluster.body, time
        elif node.name == "a3" and time >= 0:
            blocks += 1
            _block(file, node, node, time, Group())
        elif node.name == "BlockGroup" and time >= 0:
            blocks += 1
            _group(file, node, time)
        elif node.name == "af":
            raise Encrypted("The blocks are encrypted.")
        else:
            file.left(f"Cluster/{node.name} at offset {node.at}")
    if not blocks:
        file.left(f"an empty cluster at offset {cluster.at}")


def _group(file: File, parent: Node, time: int) -> None:
    group, block = Group(), None
    for node in nodes(file.source, "BlockGroup", parent.body, parent.end):
        if node.name == "a1" and block is None:
            block = node
        elif node.name == "9b":
            group.duration = file.uint(node)
        elif node.name == "75a2":
            group.padding = int.from_bytes(file.bytes(node), "big", signed=True)
        elif node.name == "fb":
            group.refers = True
            if abs(int.from_bytes(file.bytes(node), "big", signed=True)) >> 20:
                file.left("a reference to a block too far away")
        elif node.name == "BlockAdditions":
            _additions(file, node, group)
        elif node.name != "fa":
            file.left(f"BlockGroup/{node.name} at offset {node.at}")
    if block is None:
        raise Damaged("A group has no block.")
    _block(file, parent, block, time, group)


def _additions(file: File, parent: Node, group: Group) -> None:
    for more in nodes(file.source, "BlockAdditions", parent.body, parent.end):
        found = _leaves(file, more, [])
        if "a5" not in found or ("ee" in found and file.uint(found["ee"]) != 1) or group.alpha:
            file.left(f"side data at offset {more.at}")
        else:
            group.alpha = found["a5"].body, found["a5"].end


def _block(file: File, outer: Node, node: Node, time: int, group: Group) -> None:
    head = file.source.read(node.body, min(7, node.end - node.body))
    width = width_of(head)
    if width > 4 or len(head) < width + 3:
        raise Damaged("A block is cut off.")
    number = int.from_bytes(head[:width], "big") - (1 << 7 * width)
    track = file.tracks.get(number)
    if track is None:
        file.left(f"a block of track {number}")
        return
    time += int.from_bytes(head[width : width + 2], "big", signed=True)
    flags = head[width + 2]
    if flags & 0x70:
        file.left("marks of a block")
    if outer.at in file.named:
        file.blocks[outer.at] = number
    track.blocks += 1
    row = (time, flags, group.refers, group.duration, group.padding)
    track.times.update(struct.pack("<qBBQq", *row))
    start = node.body + width + 3
    if track.text:
        if flags & 0x7F or group.refers or group.padding or group.alpha:
            file.left("marks of a block of text")
        file.leftovers += text_leftovers(
            track.codec, file.source.read(start, min(node.end - start, 1 << 17))
        )
        return
    runs = [(start, node.end)]
    if group.alpha:
        if not track.alpha or track.codec not in ("V_VP8", "V_VP9"):
            file.left("side data of a block")
        runs = [group.alpha, *runs] if group.alpha[0] < start else [*runs, group.alpha]
    for low, high in runs:
        for at in range(low, high, _PIECE):
            file.digest.update(file.source.read(at, min(_PIECE, high - at)))
    if start < node.end and _says_more(file, track, flags, start, node.end):
        file.left(f"a message in track {track.number}")


def _says_more(file: File, track: Track, flags: int, start: int, end: int) -> bool:
    """Whether a picture, or a frame of sound, holds a note that no decoder needs."""
    if track.kind == 1:
        if flags & 6 and looked_into(track.codec, track.private):
            raise Unsupported("Several pictures stand in one block.")
        return holds_message(file.source, track.look, start, end)
    plain = track.codec == "A_AAC" and not flags & 6 and not track.look.prefix
    return plain and holds_note(file.source, track.private, start, end)


# positions -----------------------------------------------------------------------------


def _seek_head(file: File, head: Node) -> None:
    for node in nodes(file.source, "SeekHead", head.body, head.end):
        if node.name != "Seek":
            file.left(f"SeekHead/{node.name} at offset {node.at}")
            continue
        found = _leaves(file, node, [])
        if set(found) != {"53ab", "53ac"}:
            file.left("a Seek that is none")
            continue
        file.seeks.append((file.uint(found["53ab"]), file.uint(found["53ac"])))


def _cues(file: File, cues: Node) -> None:
    for point in nodes(file.source, "Cues", cues.body, cues.end):
        if point.name != "CuePoint":
            file.left(f"Cues/{point.name} at offset {point.at}")
            continue
        time = -1
        positions = list[dict[str, int]]()
        for node in nodes(file.source, "CuePoint", point.body, point.end):
            if node.name == "b3" and time < 0:
                time = file.uint(node)
            elif node.name == "CueTrackPositions":
                found = _leaves(file, node, [])
                positions.append({name: file.uint(leaf) for name, leaf in found.items()})
            else:
                file.left(f"Cues/{node.name} at offset {node.at}")
        if not positions or time < 0:
            file.left(f"a cue at offset {point.at} that leads nowhere")
        file.cues.extend((time, row) for row in positions)
    for _, row in file.cues:
        if "f0" in row and "f1" in row:
            at = file.segment + row["f1"]
            target = next(nodes(file.source, "Segment", at, file.source.size), None)
            if target is not None and target.name == "Cluster":
                file.named.add(target.body + row["f0"])


def _follow(file: File) -> None:
    for name, position in file.seeks:
        here = file.places.get(file.segment + position)
        if here is None or MASTERS.get(f"{name:x}") != here:
            file.left("a Seek that leads nowhere")
    for time, row in file.cues:
        body, start = file.clusters.get(file.segment + row.get("f1", -1), (-1, 0))
        if body < 0 or row.get("f7") not in file.tracks or abs(time - start) > _FAR:
            file.left("a cue that leads nowhere")
        elif "f0" in row and file.blocks.get(body + row["f0"]) != row["f7"]:
            file.left("a cue that leads to no block")


def _look(track: Track) -> str:
    """As the format renders a track."""
    kind = {1: "video", 2: "audio"}.get(track.kind, "subtitle")
    shown = hashlib.sha256("".join(track.facts).encode()).hexdigest()[:16]
    times = track.times.hexdigest()[:16]
    return f"{kind} {track.codec} {shown} {track.blocks} {times}"
