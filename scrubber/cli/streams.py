"""What goes to stdout and stderr, whatever encoding the terminal has."""

from __future__ import annotations

import io
import sys


def steady() -> None:
    """A character that the terminal's encoding lacks is shown as an escape, and stops nothing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def document(text: str) -> None:
    """One machine-readable document to stdout, in UTF-8 everywhere (RFC 8259 §8.1)."""
    data = text.encode("utf-8") + b"\n"
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:  # somebody has put a text of their own in its place
        sys.stdout.write(data.decode("utf-8"))
        return
    sys.stdout.flush()
    buffer.write(data)
    buffer.flush()
