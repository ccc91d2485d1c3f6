"""Filled templates: texts of many genres in which every private span is known.

A file of `templates/` is one genre; blocks are parted by a line `%%`. `[[a|b|c]]` is a choice,
also with slots in it; it may be empty (`[[|x]]`). See training.fill for the slots. Files whose name
begins with `plain_` teach what is not private: they hold no labelled slot.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.detection.labelled import LABELS, Gold, Labelled
from training.fill import CHANGES, SLOT, Cast, label_of
from training.fill_words import paragraph, sentence

FOLDER = Path(__file__).parent / "templates"
ALL = frozenset(LABELS)
PLAIN_SHARE = 0.5
CHOICE = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
PROSE = ("news", "fiction", "tweets", "reviews", "sentences", "facts", "plain_prose")
A = re.compile(r"(?:^|[\s(])[Aa] $")
AN = re.compile(r"[AEIOaeio]|hour|8|18\D|11\D")
GAP = re.compile(r"[ ,]+")


@dataclass(frozen=True, slots=True)
class Slot:
    """One pair of braces of a template."""

    key: str
    number: str
    label: str
    change: str


Node = str | Slot | tuple[tuple["Node", ...], ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A template taken apart; `name` is genre:number, `plain` says that no slot has a label."""

    name: str
    nodes: tuple[Node, ...]

    @property
    def plain(self) -> bool:
        return not any(slot.label for slot in slots_of(self.nodes))


def slots_of(nodes: tuple[Node, ...]) -> Iterator[Slot]:
    """The slots of a template, those of every branch of a choice too."""
    for node in nodes:
        if isinstance(node, Slot):
            yield node
        elif isinstance(node, tuple):
            for branch in node:
                yield from slots_of(branch)


def _slots(text: str) -> tuple[Node, ...]:
    nodes: list[Node] = []
    at = 0
    for match in SLOT.finditer(text):
        key = match[1] + match[3]
        label = label_of(key)
        change = match[4] or ""
        if label is None or (change and change not in CHANGES):
            raise ValueError(f"no slot {match[0]}")
        if match.start() > at:
            nodes.append(text[at : match.start()])
        nodes.append(Slot(key, match[2], label, change))
        at = match.end()
    if at < len(text):
        nodes.append(text[at:])
    return tuple(nodes)


def _branches(text: str) -> list[str]:
    """The branches of a choice; a bar in braces belongs to the slot."""
    return re.split(r"\|(?![^{}]*\})", text)


def parse(text: str) -> tuple[Node, ...]:
    """The nodes of one template; raises ValueError for a slot that does not exist."""
    nodes: list[Node] = []
    at = 0
    for match in CHOICE.finditer(text):
        nodes += _slots(text[at : match.start()])
        nodes.append(tuple(_slots(branch) for branch in _branches(match[1])))
        at = match.end()
    nodes += _slots(text[at:])
    return tuple(nodes)


def blocks(path: Path) -> list[str]:
    """The templates of one file as written."""
    return [block.strip("\n") for block in re.split(r"(?m)^%%$", path.read_text("utf-8"))]


@cache
def templates() -> tuple[Template, ...]:
    """All templates, in order of their files; ValueError names the block that is wrong."""
    found = []
    for path in sorted(FOLDER.glob("*.txt")):
        for index, block in enumerate(blocks(path), 1):
            try:
                found.append(Template(f"{path.stem}:{index}", parse(block)))
            except ValueError as error:
                raise ValueError(f"{path.name}, template {index}: {error}") from error
    return tuple(found)


class _Page:
    """A text as it grows, with its spans."""

    __slots__ = ("length", "parts", "spans")

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.spans: list[Gold] = []
        self.length = 0

    def add(self, text: str, label: str = "") -> None:
        if self.parts and AN.match(text) and A.search(self.parts[-1]):
            self.parts[-1] = self.parts[-1][:-1] + "n "
            self.length += 1
        if label and text:
            self.spans.append((self.length, self.length + len(text), label))
        self.parts.append(text)
        self.length += len(text)


def _write(nodes: tuple[Node, ...], page: _Page, cast: Cast, rng: random.Random) -> None:
    for node in nodes:
        if isinstance(node, str):
            page.add(node)
        elif isinstance(node, Slot):
            value = cast.value(node.key, node.number)
            if node.change:
                value = CHANGES[node.change](rng, value)
            page.add(value, node.label)
        else:
            _write(rng.choice(node), page, cast, rng)


def _joined(text: str, spans: list[Gold]) -> tuple[Gold, ...]:
    """Parts of one thing become one span.

    A given name and the surname after it are one person; an address and the places beside it,
    parted by commas and blanks, are one address.
    """
    kept: list[Gold] = []
    for span in spans:
        if kept and _are_one(text, kept[-1], span):
            label = "PERSON" if span[2] == "PERSON" else "ADDRESS"
            kept[-1] = (kept[-1][0], span[1], label)
        else:
            kept.append(span)
    return tuple(kept)


def _are_one(text: str, left: Gold, right: Gold) -> bool:
    pair = {left[2], right[2]}
    if pair == {"PERSON"}:
        return text[left[1] : right[0]] == " "
    near = GAP.fullmatch(text, left[1], right[0]) is not None
    return near and "ADDRESS" in pair and pair <= {"ADDRESS", "LOCATION"}


def fill(template: Template, rng: random.Random, around: bool = False) -> Labelled:
    """One text from a template; with `around`, plain sentences may stand before and after."""
    page, cast = _Page(), Cast(rng)
    if around and rng.random() < 0.5:
        page.add(sentence(rng) + rng.choice((" ", " ", "\n\n")))
    _write(template.nodes, page, cast, rng)
    if around and rng.random() < 0.5:
        page.add(rng.choice((" ", " ", "\n\n")) + rng.choice((sentence, paragraph))(rng))
    text = "".join(page.parts)
    return Labelled(text, _joined(text, page.spans), ALL, "template", template.name)


def samples(seed: int, count: int) -> Iterator[Labelled]:
    """`count` filled templates; half of them hold nothing private. Same seed, same texts."""
    rng = random.Random(f"synthesis/{seed}")
    private = [template for template in templates() if not template.plain]
    plain = [template for template in templates() if template.plain]
    for _ in range(count):
        template = rng.choice(plain if rng.random() < PLAIN_SHARE else private)
        around = template.name.startswith(PROSE) and rng.random() < 0.35
        yield fill(template, rng, around)
