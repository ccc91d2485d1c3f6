"""MP3 and its kin (ISO/IEC 11172-3, 13818-3 layers I to III, MPEG 2.5).

Kept: the audio frames, and the info frame in canonical form. Everything else
goes: tags of every kind at both ends, bytes before, between and after the
frames, a last frame that is cut off. The content digest is over the audio
frames in order, without info frames.

What stands inside an audio frame stays, also the name that LAME writes into
unused bits of its frames.
"""

from __future__ import annotations

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.audio_tags import Spoken, tags_after, tags_before
from scrubber.formats.credit_tags import Texts, id3_tag
from scrubber.formats.mp3_info import InfoFrame, info_frame
from scrubber.formats.mpeg_frames import Run, free_format, info_offset, next_run, rate_of, sizes
from scrubber.formats.words import Words
from scrubber.ledger import ROOT, CreditTags, Ledger, PartId
from scrubber.model import Role, Source

_MOST_RUNS = 20_000


class Mp3:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        self._split(source, ledger, None)

    def split_words(self, source: Source, ledger: Ledger) -> None:
        """Lyrics and chapters of the first tag stay, and names in them are masked."""
        self._split(source, ledger, Spoken(Words(source)))

    def _split(self, source: Source, ledger: Ledger, spoken: Spoken | None) -> None:
        ledger.not_checked.append("SPEECH")

        def credit(texts: Texts, _: PartId) -> bytes:
            frames = id3_tag(texts)[10:]
            beside = spoken.credit(ledger, [frames]) if spoken and frames else None
            return id3_tag(texts) if beside is None else beside

        ledger.credit = CreditTags(0, credit)
        start = tags_before(ledger, source, 0, source.size, spoken)
        end = tags_after(ledger, source, start)
        found = _runs(ledger, source, start, end)
        if not found:
            if free_format(source, start, end):
                raise Unsupported("The recording has no fixed bit rate (free format).")
            raise Damaged("The recording has no frames that follow each other.")
        sound = _claim(ledger, source, found)
        first = found[0]
        header = source.read(first.start, 4)
        ledger.render(
            frames=sum(run.frames for run in found) - sound.infos,
            rate=rate_of(first.code),
            channels=1 if header[3] >> 6 == 3 else 2,
            layer=4 - (first.code >> 9 & 3),
            delay=sound.delay,
            padding=sound.padding,
        )


def _runs(ledger: Ledger, source: Source, at: int, end: int) -> list[Run]:
    """Every run of frames. Tags and other bytes around them are claimed on the way."""
    found: list[Run] = []
    while True:
        run = next_run(source, at, end, first=not found)
        if run is None:
            break
        if at < run.start:
            name = "bytes between frames" if found else "bytes before the first frame"
            ledger.leaf(ROOT, name, Role.SLACK, at, run.start, entity="HIDDEN_DATA")
        found.append(run)
        if run.stream != found[0].stream:
            raise Unsupported(
                "The recording changes its version, layer or rate midway", f"(at {run.start})."
            )
        if len(found) > _MOST_RUNS:
            raise Damaged("The recording is broken into too many pieces.")
        at = tags_before(ledger, source, run.end, end)
    if found and at < end:
        tail = source.read(max(at, end - 64), end - max(at, end - 64))
        name, entity = "bytes after the last frame", "TRAILER"
        if b"Brava Software Inc." in tail:
            name, entity = "MusicMatch", "TAG"
        ledger.leaf(ROOT, name, Role.SLACK, at, end, entity=entity)
    return found


class _Sound:
    """What the info frames say; only the first frame of all is heard."""

    def __init__(self) -> None:
        self.infos = 0
        self.delay = 0
        self.padding = 0


def _claim(ledger: Ledger, source: Source, found: list[Run]) -> _Sound:
    sound = _Sound()
    for run in found:
        at = run.start
        for start in run.tagged:
            frame, info = _info(source, start, run)
            if info is None or not (start == found[0].start or _alone(source, frame, start, run)):
                continue
            if at < start:
                ledger.leaf(ROOT, "frames", Role.CODED, at, start)
            _info_parts(ledger, start, frame, info)
            if start == found[0].start:
                sound.delay, sound.padding = info.delay, info.padding
            sound.infos += 1
            at = start + len(frame)
        if at < run.end:
            ledger.leaf(ROOT, "frames", Role.CODED, at, run.end)
    if sound.infos == sum(run.frames for run in found):
        raise Damaged("The recording has an info frame and no sound.")
    return sound


def _info(source: Source, start: int, run: Run) -> tuple[bytes, InfoFrame | None]:
    size = sizes()[int.from_bytes(source.read(start + 1, 2), "big")]
    frame = source.read(start, size)
    return frame, info_frame(frame)


def _alone(source: Source, frame: bytes, start: int, run: Run) -> bool:
    """Whether a tagged frame further on is silent, and the next one borrows no bits from it."""
    side = frame[4 : info_offset(frame, b"Xing")]
    if side.strip(b"\0"):
        return False
    following = start + len(frame)
    if following + 8 > run.end:
        return True
    head = source.read(following, 8)
    at = 4 if head[1] & 1 else 6
    bits = int.from_bytes(head[at : at + 2], "big")
    return not (bits >> 7 if head[1] >> 3 & 3 == 3 else bits >> 8)  # main_data_begin


def _info_parts(ledger: Ledger, at: int, frame: bytes, info: InfoFrame) -> None:
    for field in info.fields:
        if field.start == field.end:
            continue
        start, end = at + field.start, at + field.end
        name = f"info frame/{field.name}"
        if frame[field.start : field.end] == field.canonical:
            ledger.leaf(ROOT, name, Role.DISPLAY, start, end)
        else:
            ledger.leaf(
                ROOT, name, Role.PRIVATE, start, end,
                entity=field.entity, on_drop=field.canonical,
                describe=_encoder if field.name == "encoder" else None,
            )  # fmt: skip


def _encoder(data: bytes) -> str:
    return data.split(b"\0")[0].decode("latin-1").strip()
