"""Progress on stderr: one line on a terminal, a line every ten seconds elsewhere."""

from __future__ import annotations

import shutil
import sys
import time
from typing import TextIO

from reports.quote import for_terminal

_WORDS = {
    "walk": "looking for files",
    "learn": "reading and cleaning",
    "freeze": "planning names",
    "clean": "masking texts",
    "sweep": "sweeping",
    "record": "writing the record",
    "verify": "verifying",
    "look": "looking inside",
}
_EVERY = 10.0
_FRAME = 0.1


class Meter:
    """Called with step, done, total and the file; prints as rarely as is useful."""

    def __init__(self, stream: TextIO | None = None, *, quiet: bool = False) -> None:
        self._stream = stream or sys.stderr
        self._quiet = quiet
        self._tty = self._stream.isatty()
        self._last = 0.0
        self._started = time.monotonic()
        self._shown = False

    def __call__(self, step: str, done: int, total: int, name: str) -> None:
        now = time.monotonic()
        if self._quiet or now - self._last < (_FRAME if self._tty else _EVERY):
            return
        if not self._tty and now - self._started < _EVERY:
            return
        self._last = now
        words = _WORDS.get(step, step)
        line = f"{words} {done}/{total}" if total else words
        if name:
            line += f"  {for_terminal(name)}"
        if self._tty:
            width = shutil.get_terminal_size().columns - 1
            self._stream.write("\r" + line[:width].ljust(width))
            self._shown = True
        else:
            self._stream.write(line + "\n")
        self._stream.flush()

    def clear(self) -> None:
        """Takes the line away before results are printed."""
        if self._shown:
            width = shutil.get_terminal_size().columns - 1
            self._stream.write("\r" + " " * width + "\r")
            self._stream.flush()
            self._shown = False
