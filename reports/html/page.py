"""report.html: the whole page, in pieces, from a gathered batch.

One file: no script, nothing remote, one style sheet that the content security
policy names by its digest (CSP Level 3, section 2.3.1).
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.resources import files as resources

from reports.html import sections
from reports.html.checklist import checklist
from reports.html.gather import Whole
from reports.html.markup import text
from reports.summary import verdict

_SECTIONS = (
    ("held", "Held back", "Held back: what needs you", sections.held),
    ("kept", "Kept", "Kept on purpose", sections.kept),
    ("removed", "Removed", "Removed", sections.removed),
    ("files", "File by file", "File by file", sections.files),
    ("unseen", "Not looked at", "What was not looked at", sections.unseen),
    ("verify", "Verify", "How to verify", sections.verify),
)


def page(whole: Whole) -> Iterator[str]:
    """The page as pieces of text; the same for the same batch."""
    style = stylesheet()
    yield (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy(style)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        '<meta name="referrer" content="no-referrer">'
        '<meta name="robots" content="noindex">'
        f"<title>{text(_title(whole))}</title><style>{style}</style></head>\n<body>"
        '<a class="skip" href="#main">Skip to the verdict</a>\n'
        '<header class="private" role="banner"><p><strong>Private. Do not upload or send this '
        "page.</strong> It holds the names of your original files.</p></header>\n"
        '<main id="main">'
    )
    yield from sections.head(whole)
    yield '\n<nav aria-label="On this page"><ul>'
    for key, short, _, _ in _SECTIONS:
        yield f'<li><a href="#s-{key}">{short}</a></li>'
    yield '<li><a href="#s-checklist">Licence checklist</a></li></ul></nav>\n'
    for key, _, title, body in _SECTIONS:
        yield f'<section id="s-{key}" aria-labelledby="{key}"><h2 id="{key}">{title}</h2>'
        yield from body(whole)
        yield "</section>\n"
    yield (
        '<section id="s-checklist" aria-labelledby="checklist"><h2 id="checklist">Before you '
        "upload: what to settle in the licence</h2>"
    )
    yield checklist(whole)
    yield "</section>\n</main></body></html>\n"


def policy(style: str) -> str:
    """A content security policy that allows this style sheet and nothing else."""
    digest = base64.b64encode(sha256(style.encode("utf-8")).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@cache
def stylesheet() -> str:
    """page.css without its comments and line ends; it needs no escape inside `style`."""
    lines = resources("reports.html").joinpath("page.css").read_text("utf-8").splitlines()
    return "".join(line.strip() for line in lines if not line.lstrip().startswith("/*"))


def _title(whole: Whole) -> str:
    words = verdict(sections.summary_of(whole))[1]
    return f"{words} – private report of scrub, batch {whole.about.batch}"
