"""A toy container that is written twice: as it is, and as it must be after a plan.

The writer below knows nothing of ledgers: it builds the file anew from the tree with what
stays, so that what `join` makes by moving integers is checked by other code.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from hypothesis import strategies as st

from scrubber.join import pack
from scrubber.ledger import ROOT, Ledger
from scrubber.model import Role

GOING = (Role.PRIVATE, Role.SLACK, Role.UNKNOWN)


@dataclass(eq=False)
class Leaf:
    role: Role
    data: bytes
    on_drop: bytes | None = None
    align: int = 1
    needs: list[Node] = field(default_factory=list)
    claimed: bool = True
    blank: bool = False  # of the scope around it, for slack
    insert: bytes = b""  # stands before the whole file's next frame when this one goes
    part: int = -1


@dataclass(eq=False)
class Pointer:
    """Four bytes: distance from the start of the frame, or of the file, to `target`."""

    absolute: bool
    null: bool
    target: Leaf | None = None


@dataclass(eq=False)
class Frame:
    kids: list[Node]
    order: str
    width: int
    unit: int
    checksum: bool
    scoped: bool
    counted: bool
    own_header: bool
    part: int = -1


Node = Leaf | Pointer | Frame


@dataclass
class Tree:
    kids: list[Node]
    table: list[Leaf]
    table_width: int
    order: str


def walk(nodes: list[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        if isinstance(node, Frame):
            yield from walk(node.kids)


def leaves(nodes: list[Node]) -> list[Leaf]:
    return [node for node in walk(nodes) if isinstance(node, Leaf)]


@dataclass
class Writer:
    """Writes a tree without `gone`, with `edits`; `home` are the positions of the original."""

    tree: Tree
    gone: set[Leaf]
    edits: dict[Leaf, bytes]
    home: dict[Node, int] = field(default_factory=dict)
    out: bytearray = field(default_factory=bytearray)
    at: dict[Node, int] = field(default_factory=dict)
    coded: bytearray = field(default_factory=bytearray)
    fixes: list[tuple[int, Pointer, int]] = field(default_factory=list)
    sums: list[tuple[int, int]] = field(default_factory=list)

    def alive(self, node: Node) -> bool:
        if isinstance(node, Leaf):
            return node not in self.gone and self.edits.get(node) != b""
        return isinstance(node, Frame) and any(self.alive(kid) for kid in node.kids)

    def settle(self) -> None:
        """What needs something that goes, goes."""
        changed = True
        while changed:
            changed = False
            for leaf in leaves(self.tree.kids):
                lost = [
                    need
                    for need in leaf.needs
                    if (need in self.gone if isinstance(need, Leaf) else not self.alive(need))
                ]
                if lost and leaf not in self.gone:
                    self.gone.add(leaf)
                    changed = True

    def write(self) -> bytes:
        self.settle()
        head = len(self.tree.table) * self.tree.table_width
        self.out += bytes(head)
        for leaf in leaves(self.tree.kids):
            if leaf in self.gone:
                self.out += leaf.insert
        for node in self.tree.kids:
            self._node(node, 0, True)
        width = self.tree.table_width
        for index, leaf in enumerate(self.tree.table):
            value = self.at[leaf]
            self.out[index * width : index * width + width] = pack(value, width, self.tree.order)
        for place, pointer, base in self.fixes:
            assert pointer.target is not None
            null = pointer.null and pointer.target in self.gone
            value = 0 if null else max(self.at[pointer.target] - base, 0)
            self.out[place : place + 4] = value.to_bytes(4, "little")
        for start, end in self.sums:
            self.out[end : end + 4] = zlib.crc32(self.out[start:end]).to_bytes(4, "big")
        return bytes(self.out)

    def _node(self, node: Node, base: int, parent: bool) -> None:
        if isinstance(node, Leaf):
            self._leaf(node, parent)
        elif isinstance(node, Pointer):
            self.at[node] = len(self.out)
            if parent:
                self.fixes.append((len(self.out), node, 0 if node.absolute else base))
                self.out += bytes(4)
        else:
            self._frame(node)

    def _leaf(self, leaf: Leaf, parent: bool) -> None:
        stays = leaf not in self.gone
        if stays and leaf in self.home:
            self.out += bytes((self.home[leaf] - len(self.out)) % leaf.align)
        self.at[leaf] = len(self.out)
        if stays:
            data = self.edits.get(leaf, leaf.data)
            self.out += data
            if leaf.role is Role.CODED and leaf not in self.edits:
                self.coded += data
        elif parent and leaf.blank:
            self.out += bytes(len(leaf.data))
        elif parent and leaf.on_drop is not None:
            self.out += leaf.on_drop

    def _frame(self, frame: Frame) -> None:
        start = self.at[frame] = len(self.out)
        stays = self.alive(frame)
        if stays:
            self.out += bytes(frame.width)
            if frame.counted:
                kids = [kid for kid in frame.kids if isinstance(kid, Leaf) and kid.claimed]
                self.out += bytes((sum(kid not in self.gone for kid in kids), 0))
        base = start if self.home.get(frame, start) else 0  # offset 0 is the file's start
        for kid in frame.kids:
            self._node(kid, base, stays)
        if stays:
            size = (len(self.out) - start) // frame.unit
            self.out[start : start + frame.width] = pack(size, frame.width, frame.order)
            if frame.checksum:
                self.sums.append((start, len(self.out)))
                self.out += bytes(4)


def split(tree: Tree, original: Writer) -> Ledger:
    """The claims that a splitter of the toy container makes of what `original` wrote."""
    data = bytes(original.out)
    ledger = Ledger(len(data))
    head = len(tree.table) * tree.table_width
    if head:
        ledger.leaf(ROOT, "table", Role.FRAME, 0, head)
        ledger.table(0, len(tree.table), tree.table_width, tree.order)
    for node in tree.kids:
        _split(ledger, original, ROOT, node, 0)
    parts = {node: node.part for node in walk(tree.kids) if not isinstance(node, Pointer)}
    for leaf in leaves(tree.kids):
        if leaf.needs:
            ledger.parts[leaf.part].needs = tuple(parts[need] for need in leaf.needs)
        if leaf.insert:
            ledger.insert(head, leaf.insert, leaf.part)
    for place, pointer, base in original.fixes:
        assert pointer.target is not None
        gone = pointer.target.part if pointer.null else None
        target = original.at[pointer.target]
        if target >= base:
            ledger.offset(place, 4, "little", base, target, null_if_gone=gone)
    return ledger


def _split(ledger: Ledger, original: Writer, parent: int, node: Node, base: int) -> None:
    at = original.at[node]
    if isinstance(node, Leaf):
        if node.claimed:
            node.part = ledger.leaf(
                parent, "leaf", node.role, at, at + len(node.data),
                on_drop=node.on_drop, align=node.align,
            )  # fmt: skip
    elif isinstance(node, Pointer):
        ledger.leaf(parent, "pointer", Role.FRAME, at, at + 4)
    else:
        _split_frame(ledger, original, parent, node, at)


def _split_frame(ledger: Ledger, original: Writer, parent: int, node: Frame, at: int) -> None:
    node.part = ledger.part(parent, "frame", Role.FRAME)
    size = len(_measure(node)) - (4 if node.checksum else 0)
    if node.scoped:
        blank = any(isinstance(kid, Leaf) and kid.blank for kid in node.kids)
        ledger.scope(node.part, at, at + size, blank=blank)
    header = node.width + 2 * node.counted
    if node.own_header:
        ledger.leaf(node.part, "header", Role.FRAME, at, at + header)
    else:
        ledger.claim(node.part, at, at + header)
    ledger.length(at, node.width, node.order, at, at + size, node.unit)
    for kid in node.kids:
        _split(ledger, original, node.part, kid, at)
    if node.counted:
        numbers = [kid.part for kid in node.kids if isinstance(kid, Leaf) and kid.claimed]
        ledger.mend(
            at + node.width,
            2,
            lambda alive, _, numbers=numbers: bytes((sum(map(alive, numbers)), 0)),
        )
    if node.checksum:
        ledger.claim(node.part, at + size, at + size + 4)
        ledger.checksum(at + size, 4, "big", at, at + size, _crc)


def _crc(blocks):  # type: ignore[no-untyped-def]  # typed by ledger.checksum
    value = 0
    for block in blocks:
        value = zlib.crc32(block, value)
    return value


def _measure(frame: Frame) -> bytes:
    writer = Writer(Tree([frame], [], 4, "big"), set(), {})
    for kid in walk([frame]):
        if isinstance(kid, Pointer):
            writer.at[kid] = 0
    writer._frame(frame)
    return bytes(writer.out)


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """Any tree of frames, leaves, pointers, gaps, checksums, counts, needs and inserts."""
    kids = draw(st.lists(_nodes(3), min_size=1, max_size=5))
    known = leaves(kids)
    if not known:
        kids.append(Leaf(Role.CODED, b"ab"))
        known = leaves(kids)
    for node in walk(kids):
        if isinstance(node, Pointer):
            node.target = draw(st.sampled_from(known))
            node.null = node.null and node.target.claimed
    candidates: list[Node] = [
        node
        for node in walk(kids)
        if isinstance(node, Frame) or (isinstance(node, Leaf) and node.claimed)
    ]
    for leaf in known:
        if leaf.claimed and candidates and draw(st.integers(0, 5)) == 0:
            leaf.needs.append(draw(st.sampled_from(candidates)))
    table = draw(st.lists(st.sampled_from(known), max_size=6))
    return Tree(
        kids, table, draw(st.sampled_from((4, 8))), draw(st.sampled_from(("big", "little")))
    )


def _even(low: int, high: int) -> st.SearchStrategy[bytes]:
    return st.integers(low, high).flatmap(lambda n: st.binary(min_size=2 * n, max_size=2 * n))


@st.composite
def _leaf(draw: st.DrawFn) -> Leaf:
    role = draw(
        st.sampled_from((Role.CODED, Role.DISPLAY, Role.PRIVATE, Role.PRIVATE, Role.UNKNOWN))
    )
    leaf = Leaf(role, draw(_even(1, 12)))
    if role in GOING:
        leaf.on_drop = draw(st.none() | _even(0, 4))
        if draw(st.integers(0, 7)) == 0:
            leaf.insert = draw(_even(1, 3))
    elif draw(st.integers(0, 3)) == 0:
        leaf.align = draw(st.sampled_from((2, 4, 8)))
    return leaf


@st.composite
def _frame(draw: st.DrawFn, depth: int) -> Frame:
    kids: list[Node] = draw(st.lists(_nodes(depth - 1), min_size=0, max_size=4))
    if not any(isinstance(kid, Leaf) for kid in kids):
        kids.append(draw(_leaf()))
    scoped = draw(st.booleans())
    if scoped and draw(st.booleans()):
        gap = Leaf(Role.SLACK, draw(_even(1, 6)), claimed=False, blank=draw(st.booleans()))
        kids.insert(draw(st.integers(0, len(kids))), gap)
    order, width = draw(
        st.sampled_from((("big", 4), ("little", 4), ("syncsafe", 4), ("little", 2), ("big", 8)))
    )
    return Frame(
        kids, order, width, draw(st.sampled_from((1, 2))), draw(st.booleans()), scoped,
        draw(st.booleans()), draw(st.booleans()),
    )  # fmt: skip


def _nodes(depth: int) -> st.SearchStrategy[Node]:
    pointer = st.builds(Pointer, st.booleans(), st.booleans())
    if not depth:
        return st.one_of(_leaf(), pointer)
    return st.one_of(_leaf(), _frame(depth), pointer)
