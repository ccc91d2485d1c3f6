"""Passages to detectors, spans back to bytes.

The first look finds and teaches (learn); the second applies what the whole
batch taught, looks again at what was written, and stops when nothing new
appears (clean). Values stay in the worker; only spans are written down.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from detectors.persons import People
from detectors.secret_parts import secrets_inside
from scrubber.decisions import Decision
from scrubber.entities import CATALOGUE
from scrubber.errors import NeedsReview
from scrubber.judged import Judge, Kept, is_doubtful, shielded
from scrubber.kept_places import Place, covers
from scrubber.looked import Detector, WholeHit, looked, passages_of
from scrubber.memo import Hit
from scrubber.model import Action, Passage, Seed
from scrubber.nesting import Parsed
from scrubber.plan import Masked, Verdict
from scrubber.risk import Risk
from scrubber.seeds import with_forms

KNOWN = "known-value"
_LINE = re.compile(r"[^\r\n]*\S[^\r\n]*")
_TOKEN = re.compile(r"[^\W_]+")
_SENTENCE = 5  # words
PROSE = ("prose", "caption", "comment")
_SAMPLE = 20_000


class Known(Protocol):
    def find(self, text: str, scope_path: str = "") -> list[tuple[int, int, str]]: ...


@dataclass(frozen=True, slots=True)
class LearntSpan:
    """A span without its text: which passage of which nested container, and where in it."""

    container: int
    passage: int
    start: int
    end: int
    entity: str
    score: float
    detector: str
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Learnt:
    """`foreign` is the language that the engine does not know, or None."""

    spans: tuple[LearntSpan, ...]
    seeds: tuple[Seed, ...]
    has_prose: bool
    foreign: str | None
    risk: Risk


def has_passages(parsed: Parsed) -> bool:
    return any(child.ledger.passages is not None for _, child in parsed.walk())


def learn(
    parsed: Parsed,
    detector: Detector,
    verdict: Verdict,
    language_of: Callable[[str], str | None],
    languages: Sequence[str],
    scope: str,
    judge: Judge | None = None,
) -> Learnt:
    """What the detectors see, the values that it teaches the batch, and how far it is to be
    trusted. `judge` says what was decided and notes what can be."""
    risk, english = Risk(), "en" in languages
    spans: list[LearntSpan] = []
    seeds: dict[tuple[str, str], Seed] = {}
    prose: list[str] = []
    sampled = 0
    for (number, index, _, _, passage), hits, again in looked(parsed, detector):
        is_prose = _is_prose(passage) and not again
        if not again:
            risk.add(passage.text, prose=is_prose, english=english)
        if is_prose and sampled < _SAMPLE:
            prose.append(passage.text)
            sampled += len(passage.text)
        for hit in hits:
            spans.append(
                LearntSpan(
                    number,
                    index,
                    hit.start,
                    hit.end,
                    hit.entity,
                    hit.score,
                    hit.detector,
                    hit.weak,
                )
            )
            if verdict(hit.entity) is Action.EDIT:
                decided = _decided(judge, number, index, passage, hit)
                risk.weak += is_doubtful(hit) and not decided
            _teach(seeds, passage, hit, verdict, scope)
    foreign = _foreign("\n".join(prose), language_of, languages)
    return Learnt(tuple(spans), tuple(seeds.values()), bool(prose), foreign, risk)


def _decided(judge: Judge | None, number: int, index: int, passage: Passage, hit: Hit) -> str:
    word, decision = judge.of(number, index, passage, hit) if judge is not None else ("", None)
    if judge is not None and decision is not None:
        judge.obeyed(decision, hit.entity, (number, index, hit.start))
    return word


def _teach(
    seeds: dict[tuple[str, str], Seed], passage: Passage, hit: Hit, verdict: Verdict, scope: str
) -> None:
    """A full name counts for the batch, a part of one for its own item. A word that only the
    model takes for a part, or that stands in code, teaches nothing: it names a thing more often."""
    text, entity = passage.text[hit.start : hit.end], hit.entity
    row = CATALOGUE.get(entity)
    if row is None or not row.swept:
        return
    if verdict(entity, text.encode("utf-8", "replace")) not in (Action.DROP, Action.EDIT):
        return
    part = entity == "PERSON" and len(_TOKEN.findall(text)) < 2
    if part and (passage.context.kind in ("code", "comment") or not _may_be_name(text)):
        return
    seeds.setdefault((entity, text), Seed(entity, text, scope if part else "", "text"))
    for inner in secrets_inside(entity, text):
        seeds.setdefault(("PASSWORD", inner), Seed("PASSWORD", inner, "", "text"))
    if not (part or hit.weak):
        for seed in with_forms(Seed(entity, text, "", "text"), scope):
            seeds.setdefault((seed.entity, seed.text), seed)


def _may_be_name(word: str) -> bool:
    """A listed first or family name, or a capitalised word that no dictionary has."""
    from detectors.recognizers.people import is_listed  # the lists load only when a text comes
    from detectors.words import is_word

    word = word.strip()
    return is_listed(word) or (word.istitle() and not is_word(word.lower()))


def _is_prose(passage: Passage) -> bool:
    """Running text, by its kind or because a cell or value holds a sentence."""
    kind = passage.context.kind
    return kind in PROSE or (kind == "cell" and passage.text.count(" ") >= _SENTENCE - 1)


def has_prose(parsed: Parsed) -> bool:
    return any(_is_prose(row[4]) for row in passages_of(parsed))


def fresh(
    parsed: Parsed, detector: Detector, verdict: Verdict, spared: Sequence[Place] = ()
) -> list[tuple[str, str]]:
    """Values, with their entity, that detectors still see in what was written.

    `spared` are the places that a decision keeps.
    """
    values: dict[tuple[str, str], None] = {}
    for row, hits, _ in looked(parsed, detector):
        for hit in hits:
            if spared and row[0] == 0:
                low, high = row[4].locate(hit.start, hit.end)
                if covers(spared, low, high, hit.entity):
                    continue
            value = row[4].text[hit.start : hit.end]
            if verdict(hit.entity, value.encode("utf-8", "replace")) is not Action.KEEP:
                values[value, hit.entity] = None
    return list(values)


def _foreign(
    text: str, language_of: Callable[[str], str | None], languages: Sequence[str]
) -> str | None:
    language = language_of(text) if text.strip() else None
    return None if language in languages else language


def refuse_foreign(learnt: Learnt) -> None:
    """Raises NeedsReview for prose in a language that the engine does not know."""
    if learnt.foreign is not None:
        raise NeedsReview(
            f"The text is in a language ({learnt.foreign}) that the engine does not know,",
            "so names in it would be missed.",
            "Give a model for that language in the policy, or read it yourself and decide: "
            "`scrub decide --list`.",
        )


def _known(known: Known, text: str, scope: str) -> list[Hit]:
    return [
        WholeHit(start, end, entity, 1.0, KNOWN) for start, end, entity in known.find(text, scope)
    ]


@dataclass(frozen=True, slots=True)
class Masks:
    """Replacements by `id` of the container, entities that stay, and places that a decision keeps.

    The places are in the source of the file itself.
    """

    by_container: dict[int, list[Masked]]
    kept: tuple[str, ...]
    places: tuple[Place, ...]


StandIn = Callable[[str, str, str], str]
"""What stands for a value: of its entity, the value, and the full name of whom it means."""


@dataclass(frozen=True, slots=True)
class _Unnamed:
    """The mask at `at` of `masks` waits for the name of `person`, until all names are read."""

    masks: list[Masked]
    at: int
    person: str
    passage: Passage
    stand_in: StandIn


@dataclass(frozen=True, slots=True)
class Masker:
    """Turns spans into replacements. `placeholder(entity, value)` gives the keyed placeholder.

    People get theirs when the whole file is read: what is surely a part of one full name in it
    gets the placeholder of that name.
    """

    verdict: Verdict
    known_verdict: Verdict  # of a value that somebody listed or a file taught, not guessed
    placeholder: Callable[[str, str], str]
    known: Known | None
    merge: Callable[[Sequence[Hit], str], Sequence[Hit]]
    rewrite: Callable[[str, str], list[tuple[int, int, str]]]
    scope: str
    judge: Judge | None = None
    is_listed: Callable[[str], bool] = lambda _: False  # by the user, never to leave

    def masks(
        self,
        parsed: Parsed,
        spans: Iterable[LearntSpan],
        more: Known | None = None,
        surrogate: StandIn | None = None,
    ) -> Masks:
        """What goes and what stays. Raises NeedsReview for what the policy holds back.

        With `surrogate`, that stands for what goes, but in nested files, instead of placeholders.
        """
        by_passage: dict[tuple[int, int], list[Hit]] = {}
        for span in spans:
            by_passage.setdefault((span.container, span.passage), []).append(span)
        masks: dict[int, list[Masked]] = {}
        kept: set[str] = set()
        places: list[Place] = []
        unnamed: list[_Unnamed] = []
        if self.judge is not None:
            self.judge.new_look()
        for number, index, _, child, passage in passages_of(parsed):
            hits = by_passage.get((number, index), [])
            for known in (self.known, more):
                if known is not None:
                    hits = hits + _known(known, passage.text, self.scope)
            wanted, stay = self._sorted(number, index, passage, hits, kept)
            stand_in = surrogate if surrogate is not None and number == 0 else self._tag
            made, people = self._passage(passage, wanted, stand_in)
            if made:
                masks.setdefault(id(child), []).extend(made)
            of_child = masks.get(id(child), [])
            first = len(of_child) - len(made)
            unnamed += [
                _Unnamed(of_child, first + at, who, passage, stand_in) for at, who in people
            ]
            places += self._places(number, index, passage, stay, made, kept)
        self._name(unnamed)
        return Masks(masks, tuple(sorted(kept)), tuple(places))

    def _sorted(
        self, number: int, index: int, passage: Passage, hits: list[Hit], kept: set[str]
    ) -> tuple[list[Hit], list[Kept]]:
        """Hits that go, and those that a decision keeps."""
        text = passage.text
        wanted: list[Hit] = []
        stay: list[Kept] = []
        for hit in hits:
            verdict = self.known_verdict if hit.detector == KNOWN else self.verdict
            value = text[hit.start : hit.end]
            action = verdict(hit.entity, value.encode("utf-8", "replace"))
            if action is Action.HOLD:
                self._overrule(number, index, passage, hit)
                raise NeedsReview(
                    f"{passage.where} holds {hit.entity},",
                    "which the policy holds back.",
                    "Change the policy's verdict for it, or leave the file out.",
                )
            if action is Action.KEEP:
                kept.add(hit.entity)
                continue
            word, decision = self._decided(number, index, passage, hit, value)
            if decision is not None and word == "keep":
                stay.append(Kept(hit.start, hit.end, hit.entity, decision))
                continue
            wanted.append(hit)
        return [hit for hit in wanted if not (stay and shielded(hit, stay))], stay

    def _decided(
        self, number: int, index: int, passage: Passage, hit: Hit, value: str
    ) -> tuple[str, Decision | None]:
        """As the judge says, but nothing keeps what stands on the user's own list."""
        if self.judge is None:
            return "", None
        word, decision = self.judge.of(number, index, passage, hit)
        if decision is None:
            return "", None
        if word == "keep" and self.is_listed(value):
            self.judge.overruled(decision, hit.entity, (number, index, hit.start))
            return "", None
        if word != "keep":
            self.judge.obeyed(decision, hit.entity, (number, index, hit.start))
        return word, decision

    def _overrule(self, number: int, index: int, passage: Passage, hit: Hit) -> None:
        if self.judge is not None:
            decision = self.judge.of(number, index, passage, hit)[1]
            if decision is not None:
                self.judge.overruled(decision, hit.entity, (number, index, hit.start))

    def _places(
        self,
        number: int,
        index: int,
        passage: Passage,
        stay: list[Kept],
        made: list[Masked],
        kept: set[str],
    ) -> Iterator[Place]:
        """What was decided to stay and does: nothing around it that goes takes it along."""
        for one in stay:
            assert self.judge is not None  # who else decided?
            low, high = passage.locate(one.start, one.end)
            if any(mask.start < high and low < mask.end for mask in made):
                self.judge.overruled(one.decision, one.entity, (number, index, one.start))
                continue
            self.judge.obeyed(one.decision, one.entity, (number, index, one.start))
            kept.add(one.entity)
            yield Place(low, high, one.entity)

    def _name(self, unnamed: list[_Unnamed]) -> None:
        people = People(one.person for one in unnamed)
        for one in unnamed:
            words = one.stand_in("PERSON", one.person, people.full(one.person))
            one.masks[one.at] = replace(one.masks[one.at], replacement=one.passage.encode(words))

    def _tag(self, entity: str, _: str, person: str) -> str:
        return self.placeholder(entity, person)

    def _passage(
        self, passage: Passage, wanted: list[Hit], stand_in: StandIn
    ) -> tuple[list[Masked], list[tuple[int, str]]]:
        """The masks of a passage, and which of them stand for which person."""
        text = passage.text
        made: list[Masked] = []
        people: list[tuple[int, str]] = []
        for hit in self.merge(wanted, text) if wanted else ():
            first = len(made)
            made += self._mask(passage, hit, stand_in)
            if hit.entity == "PERSON" and len(made) > first:
                people.append((first, text[hit.start : hit.end]))
        taken = [(mask.start, mask.end) for mask in made]
        for start, end, name in self.rewrite(text, self.scope.rpartition("/")[0]):
            low, high = passage.locate(start, end)
            if all(high <= a or low >= b for a, b in taken):
                made.append(
                    Masked(
                        passage.part,
                        low,
                        high,
                        "FILE_PATH",
                        passage.where,
                        passage.encode(name),
                        "reference",
                    )
                )
        return made, people

    def _mask(self, passage: Passage, hit: Hit, stand_in: StandIn) -> Iterator[Masked]:
        """The placeholder stands in the first line of a hit; line breaks inside it stay."""
        value = passage.text[hit.start : hit.end]
        replacement = stand_in(hit.entity, value, value)
        for line in _LINE.finditer(passage.text, hit.start, hit.end):
            low, high = passage.locate(line.start(), line.end())
            yield Masked(
                passage.part,
                low,
                high,
                hit.entity,
                passage.where,
                passage.encode(replacement),
                hit.detector,
                hit.score,
                hit.weak,
            )
            replacement = ""
