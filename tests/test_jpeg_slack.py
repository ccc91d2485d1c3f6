"""What stands behind the last block of a scan."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest
from laws import assert_laws, clean
from PIL import Image

from scrubber.errors import Unsupported
from scrubber.formats.jpeg import Jpeg
from scrubber.readers.jpeg import read


def picture(progressive: bool = False, quality: int = 85) -> bytes:
    draw = np.random.default_rng(7)
    pixels = np.cumsum(draw.integers(-3, 4, (120, 160, 3)), axis=1) + 128
    out = io.BytesIO()
    image = Image.fromarray(pixels.clip(0, 255).astype("uint8"))
    image.save(out, "JPEG", quality=quality, progressive=progressive)
    return out.getvalue()


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        box.writestr("client.txt", "Elizabeth Bennet, 415-555-0132")
    return out.getvalue().replace(b"\xff", b"\xfe")


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize(
    "hidden",
    [
        b"meet Elizabeth Bennet at the harbour",
        archive(),
        b"long " * 5000,
        "Bennet, Zürich".encode("utf-16-le"),
    ],
    ids=["text", "archive", "long", "utf-16"],
)
def test_readable_slack_goes_and_nothing_else(progressive: bool, hidden: bytes) -> None:
    data = picture(progressive)
    assert data.endswith(b"\xff\xd9")
    bad = data[:-2] + hidden + data[-2:]
    output = clean(Jpeg(), bad)
    assert hidden[:12] not in output
    assert len(output) <= len(data)
    with Image.open(io.BytesIO(data)) as before, Image.open(io.BytesIO(output)) as after:
        assert before.tobytes() == after.tobytes()
    assert output[-40:] == clean(Jpeg(), data)[-40:] or len(clean(Jpeg(), data)) - len(output) <= 1
    assert_laws(Jpeg(), read, bad)


def test_coded_bytes_that_read_like_text_stay() -> None:
    """The decoder decides, not the look: readable bytes inside the coded data are kept."""
    data = picture()
    at = len(data) - 600
    odd = data[:at] + b"A readable run of text" + data[at + 22 :]
    assert odd in (clean(Jpeg(), odd), odd)
    assert b"A readable run of text" in clean(Jpeg(), odd)


def test_text_before_a_restart_marker_holds_the_file() -> None:
    out = io.BytesIO()
    with Image.open(io.BytesIO(picture())) as image:
        image.save(out, "JPEG", restart_marker_blocks=4)
    data = out.getvalue()
    assert clean(Jpeg(), data) == data
    at = data.index(b"\xff\xd3")
    with pytest.raises(Unsupported, match="restart"):
        clean(Jpeg(), data[:at] + b"meet Elizabeth Bennet" + data[at:])
