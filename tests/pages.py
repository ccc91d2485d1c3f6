"""Private pages for tests: batches of records, and the page as a tree that is easy to ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path

from batches import make_records

from reports.html import About, Gathered, Whole, page
from reports.samples import Samples
from reports.tally import count
from scrubber.entities import CATALOGUE
from scrubber.errors import HOLD_CODES
from scrubber.model import ItemRecord, Outcome, Tally

VOID = {"br", "meta", "wbr", "hr", "img", "input", "link"}

HOSTILE = (
    "<script>alert(1)</script>.jpg",
    '"><img src=x onerror=alert(1)>.jpg',
    "' onmouseover='alert(1).jpg",
    "]]></style></title><h1>SAFE TO UPLOAD</h1>.png",
    "<!-- --!> -->&lt;&#60;&amp.txt",
    "<b>both</b>\n&amp;<i>.jpg",
    "two\nlines\r\tand a tab.txt",
    "abc\u202egpj.exe",
    "\u2066isolated\u2069 \u200bzero\ufeffwidth.txt",
    "caf\udce9 \udcff.jpg",
    "nul\x00bell\x07esc\x1b[31mred.txt",
    "שלום/عالم.jpg",
    " leading and trailing ",
    "a" * 10_000,
    "/".join(["b" * 200] * 20),
    "javascript:alert(1)//.svg",
    "{{7*7}}${7*7}<%= 7 %>.md",
    "\U0001f600" * 50,
    "z\u0301\u0302\u0303" * 60,
)


@dataclass
class Node:
    """One element: its name, attributes, children, and the text in it."""

    tag: str
    attributes: dict[str, str]
    children: list[Node | str] = field(default_factory=list)

    def all(self, *tags: str) -> Iterator[Node]:
        for child in self.children:
            if isinstance(child, Node):
                if not tags or child.tag in tags:
                    yield child
                yield from child.all(*tags)

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def by_id(self, key: str) -> Node:
        return next(node for node in self.all() if node.attributes.get("id") == key)


class Strict(HTMLParser):
    """Builds the tree, and refuses what a browser would have to repair."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"{tag} says {names} twice"
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError("a declaration")


def tree(text: str) -> Node:
    """The page as a tree. Fails for anything that is not well-formed."""
    parser = Strict()
    parser.feed(text)
    parser.close()
    assert parser.open == [parser.root]
    return parser.root


def whole(
    records: Iterable[ItemRecord],
    *,
    about: About | None = None,
    predicate: Mapping[str, object] | None = None,
    folder: str = "/home/you/portfolio.audit/batches/b-k7q2m9xa",
) -> Whole:
    """A gathered batch."""
    gathered, tally, samples = Gathered(), Tally(), Samples()
    for record in records:
        gathered.add(record)
        tally = count(tally, record)
        samples.add(record)
    about = about or About(
        "b-k7q2m9xa",
        "standard",
        started="2026-05-02T10:00:00Z",
        out="/home/you/clean",
        inputs=("/home/you/portfolio",),
    )
    return Whole(about, gathered, tally, samples, folder, predicate or {})


def page_of(records: Iterable[ItemRecord], **options: object) -> str:
    return "".join(page(whole(records, **options)))  # type: ignore[arg-type]  # a bag of keywords


def held(index: int, path: str, code: str = "damaged", fix: str = "") -> ItemRecord:
    return ItemRecord(
        index, path, Outcome.HELD, size=10, code=code, what=f"Bad: {path}.", why="So.", fix=fix
    )


def many(number: int, names: Iterable[str] = ()) -> Iterator[ItemRecord]:
    """Records of every outcome, with findings of every entity in turn, and with `names`."""
    base = make_records()[0]
    entities, codes = list(CATALOGUE), list(HOLD_CODES)
    given = iter(names)
    for index in range(number):
        path = next(given, f"folder {index % 7}/picture {index}.jpg")
        rest = index % 10
        if rest == 3:
            yield held(index, path, codes[index // 10 % len(codes)])
        elif rest == 5:
            yield ItemRecord(index, path, Outcome.DROPPED, size=3, code="os-junk", why="Junk.")
        elif rest == 7:
            yield ItemRecord(index, path, Outcome.EXCLUDED, size=3, code="excluded", why="Yours.")
        else:
            findings = tuple(
                replace(base.findings[0], entity=entities[(index + step) % len(entities)])
                for step in range(rest)
            )
            yield replace(
                base,
                index=index,
                path=path,
                out_path=f"out/{index}.jpg",
                outcome=Outcome.CLEANED if findings else Outcome.UNCHANGED,
                findings=findings,
                removed=(("APP1", 100),) if findings else (),
                kept=("URL",) if rest == 9 else (),
            )


def hostile() -> list[ItemRecord]:
    """Every hostile name as cleaned, held and left out."""
    paths = [name for name in HOSTILE for _ in range(10)]
    return [
        replace(record, out_path=None) if record.outcome not in WRITTEN else record
        for record in many(len(paths), paths)
    ]


WRITTEN = (Outcome.CLEANED, Outcome.UNCHANGED)


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.html"
    path.write_text(text, "utf-8")
    return path
