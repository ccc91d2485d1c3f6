"""What was masked on a guess, on the private page: files and places, no value."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from reports.doubts import FILE, Doubtful, read_doubts
from reports.html.gather import Whole
from reports.html.markup import code, name, text
from reports.html.words import count_of, entity_words
from scrubber.errors import FolderError
from scrubber.model import Doubt

_MOST = 200


def doubtful(whole: Whole) -> Iterator[str]:
    """A table of the guesses in written files; nothing where there are none or no list."""
    rows = list(islice(_guesses(Path(whole.folder)), _MOST + 1))
    if not rows:
        return
    yield (
        f"<h3>Masked on a guess</h3><p>A person may look at these: {code('scrub decide --list')} "
        "numbers them, and takes a decision about each.</p>"
    )
    body = "".join(
        f'<tr><th scope="row">{name(file.path)}</th><td>{text(entity_words(one.entity))}</td>'
        f"<td>{text(_place(one))}</td><td>{text(one.detector)}, {one.score:.2f}</td></tr>"
        for file, one in rows[:_MOST]
    )
    heads = "".join(
        f'<th scope="col">{word}</th>' for word in ("File", "Kind", "Where", "Recognizer, score")
    )
    yield (
        f'<table><caption class="vh">Masked on a guess</caption><thead><tr>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )
    if len(rows) > _MOST:
        yield f'<p class="more">More than {count_of(_MOST, "guess", "guesses")}.</p>'


def _guesses(folder: Path) -> Iterator[tuple[Doubtful, Doubt]]:
    if not (folder / FILE).is_file():
        return
    try:
        for file in read_doubts(folder)[1]:
            if isinstance(file, Doubtful) and not file.code:
                yield from ((file, one) for one in file.doubts if one.weak and not one.decided)
    except FolderError:
        return


def _place(one: Doubt) -> str:
    if one.line and one.where.startswith("line "):
        return f"line {one.line} column {one.column}"
    return one.where
