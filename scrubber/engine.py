"""The text tools of a worker, and what the whole batch taught it.

The language model is loaded once per worker, and only when a text needs it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detectors.errors import DetectionIncomplete, ModelMissing
from detectors.known import KnownValues
from detectors.spans import Span, merge
from scrubber.errors import Held, MissingExtra, NeedsReview, SweptValue
from scrubber.kept_places import Place, covers
from scrubber.keys import seal, unseal
from scrubber.memo import Hit, Memo
from scrubber.model import Action, Context, Seed
from scrubber.policy import Policy
from scrubber.references import References
from scrubber.source import FileSource, blocks
from scrubber.sweep import Sweep

if TYPE_CHECKING:
    from detectors.surrogates import Surrogates

_LABEL = "frozen"
_TAG_CLASS = {"CREATOR": "PERSON", "OWNER_NAME": "PERSON", "PERSON_IN_IMAGE": "PERSON"}


class TextTools:
    """Detection, language and placeholders under one policy."""

    def __init__(self, policy: Policy, tag_key: bytes) -> None:
        self.languages = policy.languages
        self._policy = policy
        self._tag_key = tag_key
        self._memo = Memo()
        self._invented: tuple[KnownValues | None, Surrogates] | None = None

    @cached_property
    def _kept(self) -> frozenset[str]:
        rules = self._policy
        return frozenset(
            name for name, _ in rules.verdicts if rules.text_action(name) is Action.KEEP
        )

    @cached_property
    def _detector(self) -> Any:  # detectors.text imports presidio: only when a text comes
        from detectors.text import TextDetector

        return TextDetector(self._policy.text_models, language=self.languages[0])

    def detect(self, texts: Sequence[str], contexts: Sequence[Context]) -> Sequence[Sequence[Hit]]:
        """Spans for each text.

        Raises MissingExtra without a model, NeedsReview when a detector could not finish.
        """
        if self._policy.text_models == ("none",):
            raise NeedsReview("The policy uses no language model, so names would be missed.")
        return self._memo.detect(texts, contexts, self._detect, self._detector.together)

    def _detect(self, texts: Sequence[str], contexts: Sequence[Context]) -> Sequence[Sequence[Hit]]:
        try:
            found: Sequence[Sequence[Hit]] = self._detector.detect(texts, contexts, self._kept)
        except ModelMissing as error:
            raise MissingExtra(error.what, fix=error.fix) from error
        except DetectionIncomplete as error:
            raise NeedsReview(
                "A detector could not finish on this text,", "so something may be missed."
            ) from error
        return found

    def language_of(self, text: str) -> str | None:
        from detectors.language import language_of

        return language_of(text)

    def placeholder(self, entity: str, value: str) -> str:
        name = _TAG_CLASS.get(entity, entity)
        made: str = self._operator.operate(value, {"tag_key": self._tag_key, "entity_type": name})
        return made

    def surrogate_of(self, known: KnownValues | None) -> Callable[[str, str, str], str]:
        """Invented values under the key of the recipient, none of them one of `known`.

        What has none keeps its placeholder.
        """
        if self._invented is None or self._invented[0] is not known:
            from detectors.surrogates import Surrogates

            self._invented = known, Surrogates(self._tag_key, known)
        surrogates = self._invented[1]

        def stand_in(entity: str, value: str, person: str) -> str:
            line = " ".join(value.split()) if len(value.splitlines()) > 1 else value
            return surrogates.of(entity, line, person) or self.placeholder(entity, person)

        return stand_in

    @cached_property
    def _operator(self) -> Any:  # a Presidio operator; its package comes with the detector's
        from detectors.operators import KeyedPlaceholder

        return KeyedPlaceholder()

    def merge(self, hits: Sequence[Hit], text: str) -> Sequence[Hit]:
        spans = [
            Span(hit.start, hit.end, hit.entity, hit.score, hit.detector, hit.weak) for hit in hits
        ]
        return merge(spans, text)


@dataclass(frozen=True, slots=True)
class Names:
    """Old and new paths of the files of a batch, as `References` wants them."""

    pairs: tuple[tuple[str, str], ...]

    def positions(self) -> range:
        return range(len(self.pairs))

    def old_name(self, position: int) -> str:
        return self.pairs[position][0].rpartition("/")[2]

    def old_path(self, position: int) -> str:
        return self.pairs[position][0]

    def new_path(self, position: int) -> str:
        return self.pairs[position][1]


@dataclass(frozen=True)
class Frozen:
    """What the batch knows, read-only: values to look for, and the new names of its files."""

    known: KnownValues | None
    names: Names = Names(())  # immutable
    listed: frozenset[str] = frozenset()  # folded values that the user never lets out

    @classmethod
    def empty(cls) -> Frozen:
        return cls(None)

    @classmethod
    def load(cls, path: str, key: bytes) -> Frozen:
        """The frozen artefact of this run. It is sealed: it holds values."""
        row = json.loads(unseal(key, Path(path).read_bytes(), _LABEL))
        known = KnownValues.from_bytes(base64.b64decode(row["known"]))
        return cls(known, Names(tuple(map(tuple, row["names"]))), frozenset(row["listed"]))

    def is_listed(self, value: str) -> bool:
        """Does `value` stand on the user's own list? Case and what is no letter do not count."""
        return bool(self.listed) and _folded(value) in self.listed

    @cached_property
    def _references(self) -> References:
        return References(self.names)

    def rewrite(self, text: str, folder: str) -> list[tuple[int, int, str]]:
        """Where `text`, which stands in `folder`, names a file of the batch; and its new name."""
        return self._references.rewrite(text, folder) if self.names.pairs else []

    @cached_property
    def _sweep(self) -> Sweep:
        return Sweep(self.known or KnownValues([]))

    def sweep(self, output: FileSource, scope: str, spared: Sequence[Place] = ()) -> Held | None:
        """An error if a value that the batch removed still stands in `output`.

        `spared` are the places that a decision keeps.
        """
        rest, at = b"", 0
        for block in blocks(output):
            begin = at - len(rest)
            hits = self._sweep.residue(rest + block)
            at += len(block)
            if spared:
                hits = [h for h in hits if not covers(spared, begin + h.start, begin + h.end)]
            if hits:
                return SweptValue(
                    "A value that was removed elsewhere in the batch",
                    f"({hits[0].entity}) still stands in this file.",
                )
            rest = block[-4096:]
        return None


def _folded(value: str) -> str:
    return "".join(char for char in value.casefold() if char.isalnum())


def freeze(path: Path, key: bytes, seeds: Sequence[Seed], names: dict[str, str]) -> None:
    """Writes the frozen artefact."""
    listed = sorted({_folded(seed.text) for seed in seeds if seed.origin == "people"})
    known = KnownValues([(seed.text, seed.entity, seed.scope) for seed in seeds])
    row = {
        "known": base64.b64encode(known.to_bytes()).decode("ascii"),
        "names": list(names.items()),
        "listed": listed,
    }
    path.write_bytes(seal(key, json.dumps(row).encode("ascii"), _LABEL))
