"""The makers of encoders in what decoders are told: MPEG-4 pictures and AMR speech in MP4."""

from __future__ import annotations

import io

import av
from laws import assert_laws, clean
from mp4_files import decoded, film
from test_amr import made
from test_mp4 import faulty

from scrubber.formats.mp4 import Mp4
from scrubber.readers.mp4 import read
from scrubber.source import MemorySource


def test_the_name_of_an_mpeg_4_encoder_without_faults_goes() -> None:
    data = film("mpeg4", "", "mp4")
    output = assert_laws(Mp4(), read, data)
    assert decoded(output) == decoded(data)
    assert b"\0\0\1\xb2Lavc" in data
    assert b"\0\0\1\xb2    " in output
    named = output.replace(b"\0\0\1\xb2" + b" " * 13, b"\0\0\1\xb2Lavc62.28.102")
    assert named != output
    assert read(MemorySource(named)).leftovers == ("mp4v/esds",)
    assert b"\0\0\1\xb2Lavc51.40." in clean(Mp4(), faulty(data))


def test_the_maker_of_a_speech_encoder_goes() -> None:
    body = io.BytesIO()
    with av.open(io.BytesIO(made()), "r") as speech, av.open(body, "w", "3gp") as box:
        stream = box.add_stream_from_template(speech.streams.audio[0])
        for packet in speech.demux():
            if packet.dts is not None:
                packet.stream = stream
                box.mux(packet)
    data = body.getvalue()
    at = data.index(b"damr") + 4
    named = data[:at] + b"Anne\7" + data[at + 5 :]
    output = assert_laws(Mp4(), read, named)
    assert output[output.index(b"damr") + 4 :][:5] == bytes(5)
    at = output.index(b"damr") + 4
    assert read(MemorySource(output)).leftovers == ()
    bad = output[:at] + b"Anne\7" + output[at + 5 :]
    assert read(MemorySource(bad)).leftovers == ("samr/damr",)
