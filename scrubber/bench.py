"""What a worker has at hand: the set-up of the run, its tasks, and its tools."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from scrubber.engine import Frozen, TextTools
from scrubber.model import Action, Item, ItemRecord, Seed
from scrubber.policy import Policy
from scrubber.rulings import NO_RULINGS, Rulings
from scrubber.stored import Stored
from scrubber.texts import LearntSpan


@dataclass(frozen=True, slots=True)
class Setup:
    """What every visit of one run shares; sent to a worker once."""

    policy: Policy
    batch: str
    commit_key: bytes
    tag_key: bytes
    objects: str  # folder of staged objects
    keep: bool  # False in a dry run: staged objects are removed once verified
    decode: bool  # also decode both sides
    rulings: Rulings = NO_RULINGS
    frozen: str = ""  # path of the frozen artefact, in the second visit
    frozen_key: bytes = b""


@dataclass(frozen=True, slots=True)
class Task:
    """One visit. `learnt` comes back from the first visit to the second."""

    item: Item
    path: str  # where to open it, surrogateescape-decoded
    clean: bool = False
    learnt: tuple[LearntSpan, ...] = ()
    sha256: str = ""

    @property
    def size(self) -> int:
        return self.item.size


@dataclass(frozen=True, slots=True)
class Visit:
    """What a visit gives back. `record` is None while the item waits for its second visit."""

    index: int
    record: ItemRecord | None
    seeds: tuple[Seed, ...] = ()
    learnt: tuple[LearntSpan, ...] = ()
    residue: bytes = b""
    sha256: str = ""
    suffix: str = ""
    kind: str = ""
    stored: Stored | None = None  # in place of `record`, where it has crossed a process border
    stopped: tuple[str, str, str] | None = None  # the folder takes no more: what, why, fix


class Bench:
    """One worker's tools, made once: verdicts as tables, the text engine when first needed."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        names = [name for name, _ in setup.policy.verdicts]
        self._actions = {name: setup.policy.action(name) for name in names}
        self._text_actions = {name: setup.policy.text_action(name) for name in names}

    def action(self, entity: str, value: bytes = b"") -> Action:
        """What happens to a part."""
        return self._actions[entity]

    def text_action(self, entity: str, value: bytes = b"") -> Action:
        """What happens to a span of a text."""
        return self._text_actions[entity]

    @cached_property
    def text(self) -> TextTools:
        return TextTools(self.setup.policy, self.setup.tag_key)

    @cached_property
    def frozen(self) -> Frozen:
        if not self.setup.frozen:
            return Frozen.empty()
        return Frozen.load(self.setup.frozen, self.setup.frozen_key)


def prepare(setup: Setup) -> Bench:
    """The initialiser of a worker."""
    return Bench(setup)
