"""Jupyter notebooks (nbformat 4): the cells and the language, nothing of who ran them.

Kept: kind and source of every cell. A source that is a list of lines is read as one text, since
a value can go on over the end of a line. Written anew: ids of cells, empty outputs and metadata,
the kernel, which otherwise names an environment of its owner. Outputs can be computed again.
"""

from __future__ import annotations

import json
from typing import Any

from scrubber.formats.chat_json import ChatJson
from scrubber.formats.chat_shape import NUMBER, Node, choice, counted, each, fixed, obj

_CODE = Node(string="code", lines=True)
_WORDS = Node(string="text", lines=True)
_KERNELS = {
    "python": ("Python 3", "python3"), "r": ("R", "ir"), "julia": ("Julia", "julia"),
    "bash": ("Bash", "bash"), "javascript": ("JavaScript", "javascript"),
    "typescript": ("TypeScript", "typescript"), "c++": ("C++", "cpp"), "rust": ("Rust", "rust"),
    "scala": ("Scala", "scala"), "sql": ("SQL", "sql"), "octave": ("Octave", "octave"),
}  # fmt: skip
_CELL = {"id": counted("cell-"), "metadata": fixed("{}")}
_CODE_CELL = obj(
    needs="cell_type source", cell_type=fixed('"code"'), source=_CODE, outputs=fixed("[]"),
    execution_count=fixed("null"), **_CELL,
)  # fmt: skip
_CELLS = {
    kind: obj(needs="cell_type source", cell_type=fixed(f'"{kind}"'), source=_WORDS, **_CELL)
    for kind in ("markdown", "raw")
}


def _cell(value: Any) -> Node | None:
    kind = value.get("cell_type") if isinstance(value, dict) else None
    return _CODE_CELL if kind == "code" else _CELLS.get(kind if isinstance(kind, str) else "")


def _metadata(value: Any) -> Node | None:
    """The kernel of the language in which the notebook is written, if it is a known one."""
    if not isinstance(value, dict):
        return obj()
    rows = [value.get(key) for key in ("kernelspec", "language_info")]
    kernel, info = (row if isinstance(row, dict) else {} for row in rows)
    language = str(kernel.get("language") or info.get("name") or "").lower()
    if language not in _KERNELS:
        return obj()
    shown, name = _KERNELS[language]
    spec = json.dumps({"display_name": shown, "language": language, "name": name})
    return obj(kernelspec=fixed(spec), language_info=fixed(json.dumps({"name": language})))


class Notebook(ChatJson):
    """See the module."""

    shape = obj(
        needs="cells nbformat",
        nbformat=NUMBER,
        nbformat_minor=NUMBER,
        metadata=choice(_metadata),
        cells=each(choice(_cell)),
    )
