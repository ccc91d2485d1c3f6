"""Spans in a text, and one rule for spans that overlap."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

SECRETS = frozenset(
    {
        "API_KEY",
        "AUTH_TOKEN",
        "PASSWORD",
        "PASSWORD_HASH",
        "PRIVATE_KEY",
        "CONNECTION_STRING",
        "WEBHOOK_URL",
        "SEED_PHRASE",
        "OTP_SECRET",
    }
)

# A weak kind (a date, an organisation) must not lend its name to an overlapping strong
# one: a policy that keeps dates would then keep an e-mail address too.
_TIERS: dict[str, int] = dict.fromkeys(SECRETS, 0) | {
    "PERSON": 2,
    "USERNAME": 2,
    "SOCIAL_HANDLE": 2,
    "LOCATION": 3,
    "POSTCODE": 3,
    "URL": 3,
    "ORGANIZATION": 4,
    "NRP": 4,
    "AGE": 4,
    "JOB_TITLE": 4,
    "DATE": 5,
    "UUID": 5,
}
_STRUCTURED = 1
_NAMES = frozenset({"PERSON", "LOCATION", "ORGANIZATION", "NRP"})


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Code points [start, end) of one text that show `entity`.

    `score` is 0 to 1, `detector` the rule or model that spoke, `weak` says that a
    person should be able to review the hit. `vote` says that only a list of words spoke.
    """

    start: int
    end: int
    entity: str
    score: float
    detector: str
    weak: bool = False
    vote: bool = False


def merge(spans: Iterable[Span], text: str) -> list[Span]:
    """Spans without overlap, sorted, that together cover every character of the given ones.

    Overlapping spans become one span over their union, named after the strongest kind:
    secrets, then structured identifiers, names, places, the rest; then the longer, the
    surer, the earlier. Touching spans of one entity stay apart. Raises ValueError for a
    span outside `text`.
    """
    ordered = sorted(set(spans))
    for span in ordered:
        if not 0 <= span.start < span.end <= len(text):
            raise ValueError(f"span {span.start}-{span.end} is not inside 0-{len(text)}")
    merged: list[Span] = []
    group: list[Span] = []
    end = 0
    for span in ordered:
        if group and span.start >= end:
            merged.append(_union(group))
            group = []
        group.append(span)
        end = max(end, span.end) if len(group) > 1 else span.end
    if group:
        merged.append(_union(group))
    return merged


LOW = 0.15  # of a model's probability: less than this and its silence outweighs a list


def counted(
    spans: Iterable[Span],
    model: bool,
    probability: Callable[[Span], float] | None = None,
    low: float = LOW,
) -> list[Span]:
    """`spans` without the votes that nobody supports.

    Without a `model` every vote counts. With one, a vote counts when a span that is no vote
    and of a kind that names people or places overlaps it, or when the `probability` that
    the model itself gives to its range (0 to 1) is at least `low`.
    """
    every = list(spans)
    if not model:
        return every
    support = [span for span in every if not span.vote and span.entity in _NAMES]
    return [
        span
        for span in every
        if not span.vote
        or any(span.start < other.end and other.start < span.end for other in support)
        or (probability is not None and probability(span) >= low)
    ]


def _union(group: Sequence[Span]) -> Span:
    winner = min(group, key=_strength)
    same = [span for span in group if span.entity == winner.entity]
    return replace(
        winner,
        start=min(span.start for span in group),
        end=max(span.end for span in group),
        score=max(span.score for span in same),
        weak=all(span.weak for span in same),
        vote=all(span.vote for span in same),
    )


def _strength(span: Span) -> tuple[int, int, float, int, str, str]:
    tier = _TIERS.get(span.entity, _STRUCTURED)
    if span.weak and span.entity == "PERSON":
        tier = _TIERS["LOCATION"]  # a word that may be a name is rather the place the model saw
    if tier == _STRUCTURED and span.detector == "encoder":
        tier = _TIERS["PERSON"]  # a rule that checked the digits knows better which number it is
    return (
        tier,
        span.start - span.end,
        -span.score,
        span.start,
        span.entity,
        span.detector,
    )
