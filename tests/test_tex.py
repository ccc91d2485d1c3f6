"""TeX: prose between commands, comments apart."""

from __future__ import annotations

from functools import partial

from laws import assert_laws, ledger_of
from robustness import assert_robust

from scrubber.formats.tex import Tex
from scrubber.readers.code import read_tex
from scrubber.textual import recognise

structure = partial(read_tex, net=False)
TEXT = (
    b"\\documentclass{article}\n\\author{Ada Quill}\n% Bob Marlowe\n  % wrote it\n\n"
    b"50\\% of~them\n@book{q20,\n  author = {Quill, Ada},\n}\n"
)


def test_prose_comments_and_entries() -> None:
    made = ledger_of(Tex(), TEXT).passages
    assert made is not None
    rows = [(row.context.kind, row.text.strip()) for row in made()]
    assert rows == [
        ("prose", "\\documentclass{article}\n Ada Quill}"),
        ("comment", "% Bob Marlowe\n  % wrote it"),
        ("prose", "50% of them\n book{q20,\n  author = {Quill, Ada},\n}"),
    ]
    assert_laws(Tex(), structure, TEXT)


def test_bad_input_is_held_or_clean() -> None:
    assert_robust(Tex(), structure, TEXT, n=200, prefixes=100)


def test_it_is_told_by_its_suffix() -> None:
    assert recognise("\\begin{document}", "", "a.tex") == "tex"
    assert recognise("@book{x,}", "", "a.bib") == "tex"
