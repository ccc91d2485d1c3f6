"""Shapes of JSON exports: which values are content, which tie things together, what goes.

A shape is an allow-list. A key that it does not name goes with its value, and so does a value
of a type that it does not expect. What stays is said in one word each:

text    words of a message: read by the detectors
role    who speaks in the sense of the format (user, assistant): stays if it is a known word
id      ties messages together: replaced by a keyed tag, everywhere alike
user    the account of a person: the same; so are phone, mail, handle and card
who     a person's name: replaced by a keyed tag, unless it is a known role
number  read as it stands
free    strings, keys and numbers below are read as in any JSON
lines   an array of strings that are read as one text (nbformat: `source`)
fixed   written anew, always alike
counted an id that is its own place in the file
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

ROLES = frozenset(
    (
        "user", "assistant", "system", "tool", "developer", "human", "gpt", "chatgpt", "model",
        "bot", "function", "critic", "observation", "function_call", "ai",
    )
)  # fmt: skip
"""Words that say which side speaks, and never who."""

ENTITIES = {
    "id": "UUID", "user": "ACCOUNT_ID", "who": "PERSON", "phone": "PHONE_NUMBER",
    "mail": "EMAIL_ADDRESS", "handle": "SOCIAL_HANDLE", "card": "CREDIT_CARD",
}  # fmt: skip
"""What the whole of a value gives away, by its word."""

Pick = Callable[[Any], "Node | None"]  # of a parsed value, whatever JSON holds


@dataclass(frozen=True, slots=True)
class Node:
    """What may stand at one place, by the type of the value; "" and None: nothing of that type."""

    string: str = ""
    number: str = ""
    flag: bool = False  # true and false; null may stand wherever anything may
    items: Node | None = None
    members: Mapping[str, Node] = field(default_factory=dict)
    keys: str = ""  # of an object whose keys are values themselves
    values: Node | None = None
    opens: bool = False  # whether an object may stand here
    lines: bool = False
    free: bool = False
    needs: frozenset[str] = frozenset()  # keys without which this is another shape
    one_of: frozenset[str] = frozenset()  # keys of which one at least must be there
    fixed: str | None = None
    counted: str = ""
    pick: Pick | None = None
    mention: re.Pattern[str] | None = None  # ids inside of a text; groups named like the words
    mojibake: bool = False  # UTF-8 that was taken for Latin-1 before it was escaped

    def __or__(self, other: Node) -> Node:
        """Either of two, which must not both expect the same type."""
        mine = {name: getattr(self, name) for name in _FIELDS}
        theirs = {name: getattr(other, name) for name in _FIELDS}
        return Node(**{name: theirs[name] or mine[name] for name in _FIELDS})


_FIELDS = tuple(Node.__dataclass_fields__)

TEXT = Node(string="text")
ROLE = Node(string="role")
ID = Node(string="id", number="id")
USER = Node(string="user", number="user")
WHO = Node(string="who")
NUMBER = Node(number="number")
FLAG = Node(flag=True)
FREE = Node(free=True)
LINES = Node(lines=True)
PHONE = Node(string="phone", number="phone")
MAIL = Node(string="mail")
HANDLE = Node(string="handle")
CARD = Node(string="card", number="card")


def obj(needs: str = "", **members: Node) -> Node:
    """An object with these members; `needs` names those that make it this shape."""
    return Node(members=members, opens=True, needs=frozenset(needs.split()))


def named(members: Mapping[str, Node], needs: str = "") -> Node:
    """The same, for keys that are no Python names."""
    return Node(members=members, opens=True, needs=frozenset(needs.split()))


def each(node: Node) -> Node:
    """An array of them."""
    return Node(items=node)


def keyed(keys: str, values: Node) -> Node:
    """An object with values for keys."""
    return Node(keys=keys, values=values, opens=True)


def fixed(text: str) -> Node:
    """JSON that stands here whatever stood here before."""
    return Node(fixed=text)


def counted(prefix: str) -> Node:
    """`prefix` and the number of the value among those of the file."""
    return Node(counted=prefix)


def choice(pick: Pick) -> Node:
    """A shape that depends on what stands in the value; None: the value goes."""
    return Node(pick=pick)


def spelt_twice(node: Node) -> Node:
    """Strings below are UTF-8 that was taken for Latin-1 and escaped."""
    return replace(
        node, mojibake=True,
        items=node.items and spelt_twice(node.items),
        members={key: spelt_twice(inner) for key, inner in node.members.items()},
    )  # fmt: skip


def with_mentions(node: Node, pattern: str) -> Node:
    """A text in which ids stand: groups of `pattern` are named like the words above."""
    return replace(node, mention=re.compile(pattern))
