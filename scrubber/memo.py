"""What the detectors said of a text before: cells repeat, and the second look sees mostly the same.

A span of a cell depends on the text and on its context's kind, label and language
alone, so that is the key. Bounded by characters; forgotten whole when full.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from scrubber.model import Context

LONGEST = 8_192
ROOM = 16_000_000  # characters


class Hit(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def entity(self) -> str: ...
    @property
    def score(self) -> float: ...
    @property
    def detector(self) -> str: ...
    @property
    def weak(self) -> bool: ...


Detect = Callable[[Sequence[str], Sequence[Context]], Sequence[Sequence[Hit]]]
_Key = tuple[str, str, str, str | None]


class Memo:
    """Remembers hits by text and context."""

    def __init__(self) -> None:
        self._known: dict[_Key, Sequence[Hit]] = {}
        self._size = 0

    def detect(
        self,
        texts: Sequence[str],
        contexts: Sequence[Context],
        look: Detect,
        together: Callable[[str], bool] = lambda kind: False,
    ) -> list[Sequence[Hit]]:
        """`look(texts, contexts)`, asking only for what is new.

        Passages of a kind that is read `together` are asked for each time, all that there
        are: what is found in one depends on the others.
        """
        loose = [at for at, context in enumerate(contexts) if not together(context.kind)]
        if len(loose) < len(texts):
            return self._with_documents(texts, contexts, look, set(loose))
        return self._alone(texts, contexts, look)

    def _with_documents(
        self,
        texts: Sequence[str],
        contexts: Sequence[Context],
        look: Detect,
        loose: set[int],
    ) -> list[Sequence[Hit]]:
        places = sorted(loose)
        bound = [at for at in range(len(texts)) if at not in loose]
        found = look([texts[i] for i in bound], [contexts[i] for i in bound])
        answers = dict(zip(bound, found, strict=True))
        alone = self._alone([texts[i] for i in places], [contexts[i] for i in places], look)
        answers.update(zip(places, alone, strict=True))
        return [answers[at] for at in range(len(texts))]

    def _alone(
        self, texts: Sequence[str], contexts: Sequence[Context], look: Detect
    ) -> list[Sequence[Hit]]:
        keys = [
            (text, context.kind, context.label, context.language)
            for text, context in zip(texts, contexts, strict=True)
        ]
        fresh: dict[_Key, int] = {}
        for index, key in enumerate(keys):
            if key not in self._known:
                fresh.setdefault(key, index)
        if fresh:
            places = list(fresh.values())
            found = look([texts[i] for i in places], [contexts[i] for i in places])
            new = dict(zip(fresh, found, strict=True))
        else:
            new = {}
        answers = [new[key] if key in new else self._known[key] for key in keys]
        self._keep(new)
        return answers

    def _keep(self, new: dict[_Key, Sequence[Hit]]) -> None:
        for key, hits in new.items():
            if len(key[0]) <= LONGEST:
                self._known[key] = hits
                self._size += len(key[0]) + 64
        if self._size > ROOM:
            self._known.clear()
            self._size = 0
