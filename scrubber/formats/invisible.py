"""Characters that nobody sees, and that can say anything (Unicode 15.1; UTR 36; UTS 51).

A run of them is a private part of the text. Some are needed where they stand: joiners
between letters of scripts that join and inside emoji, variation selectors after emoji and
ideographs, the three flags that are spelt in tag characters, one direction mark beside a
letter that runs from right to left. The test is the immediate neighbour, so that taking
a run away never makes another one needless.
"""

from __future__ import annotations

import re

_CLASS = (
    "\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\ue000-\uf8ff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U000f0000-\U0010ffff"
)
ANSI = r"\x1b(?:\[[0-?]{0,64}[ -/]{0,4}[@-~]|\][^\x07\x1b\n]{0,4096}(?:\x07|\x1b\\)|[ -/]?[0-~])"
RUN = re.compile(f"(?:{ANSI}|[{_CLASS}])+")
_JOINS = re.compile(
    "[\u0620-\u064a\u0660-\u06d3\u06d5\u06e5\u06ee-\u06ff\u0710-\u07ff\u0840-\u08c9\u0900-\u0dff"
    "\u0f40-\u0fbc\u1000-\u109f\u1780-\u17b3\u17b6-\u17dd\u1820-\u18aa\u1b00-\u1b4b\ua840-\ua871"
    "\ua880-\ua8c5\ua980-\ua9c0\ufb50-\ufdff\ufe70-\ufefc]"
)
_RIGHT_TO_LEFT = re.compile("[\u05d0-\u05f2\u0620-\u064a\u066e-\u06d5\u0710-\u07bf\ufb1d-\ufdfb]")
_EMOJI = re.compile(
    "[\xa9\xae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe"
    "\u2600-\u27bf\u2934\u2935\u2b05-\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_IDEOGRAPH = re.compile(
    "[\u3001-\u3002\u3400-\u9fff\uf900-\ufaff\uff01-\uff1f\U00020000-\U0003ffff]"
)
_MONGOLIAN = re.compile("[\u1820-\u18aa]")
_FLAG = re.compile(
    "\U0001f3f4(?:\U000e0067\U000e0062(?:\U000e0065\U000e006e\U000e0067|"
    "\U000e0073\U000e0063\U000e0074|\U000e0077\U000e006c\U000e0073)\U000e007f)"
)
_SPACES = re.compile(
    rf"(?<![ \t{_CLASS}])[ \t{_CLASS}]{{9,}}+(?=\r?\n|\Z)"  # invisible ones leave first
)
_BLANKS = re.compile(r"[ \t]+")


def invisible_runs(text: str) -> list[tuple[int, int]]:
    """Runs [start, end) of `text` that nobody sees and nothing needs, in order.

    ANSI escape sequences (ECMA-48) count whole; TAB, LF, CR and FF do not count.
    """
    if text.isascii() and text.isprintable():
        return []
    flags = {match.end() for match in _FLAG.finditer(text)} if "\U0001f3f4" in text else set()
    found: list[tuple[int, int]] = []
    for run in RUN.finditer(text):
        start, end = run.span()
        if end in flags:
            continue
        if end - start <= 2 and _needed(text, start, end):
            continue
        found += _pieces(text, start, end)
    return found


def visible(text: str) -> str:
    """`text` without its invisible runs."""
    kept, at = [], 0
    for start, end in invisible_runs(text):
        kept.append(text[at:start])
        at = end
    return "".join([*kept, text[at:]]) if kept else text


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The run without the variation selector that belongs to the character before it."""
    if _selects(text, start) and end - start > 1:
        start += 1
    return [(start, end)]


def _needed(text: str, start: int, end: int) -> bool:
    """Whether a run of one or two characters is needed where it stands."""
    if _selects(text, start):
        if end - start == 1:
            return True
        return text[start + 1] == "\u200d" and bool(_EMOJI.match(text, end))
    if end - start > 1:
        return False
    before, after = text[start - 1 : start], text[end : end + 1]
    character = text[start]
    if character in "\u200c\u200d" and before and after:
        if _JOINS.match(before) and _JOINS.match(after):
            return True
        return character == "\u200d" and bool(_EMOJI.match(before) and _EMOJI.match(after))
    if character in "\u200e\u200f\u061c":
        return bool(_RIGHT_TO_LEFT.match(before) or _RIGHT_TO_LEFT.match(after))
    return character in "\u180b\u180c\u180d\u180e" and bool(_MONGOLIAN.match(before))


def _selects(text: str, at: int) -> bool:
    """A presentation selector (UTS 51 §1.4.3) right after what it selects."""
    before = text[at - 1 : at]
    if text[at] not in "\ufe0e\ufe0f" or not before:
        return False
    if before in "#*0123456789":
        return text[at + 1 : at + 2] == "\u20e3"
    return bool(_EMOJI.match(before) or _IDEOGRAPH.match(before))


def trailing_spaces(text: str) -> list[tuple[int, int]]:
    """Mixed tabs and spaces, more than eight, before a line's end: whitespace steganography."""
    found: list[tuple[int, int]] = []
    for match in _SPACES.finditer(text):
        run = match.group()
        if "\t" in run and " " in run and run.count(" ") + run.count("\t") > 8:
            at = match.start()
            found += [(at + blank.start(), at + blank.end()) for blank in _BLANKS.finditer(run)]
    return found
