"""Shapes of credentials: providers' prefixes, files, headers, links, assignments and prose."""

from __future__ import annotations

from collections.abc import Iterator

from detectors.recognizers import (
    secret_assign,
    secret_kingfisher,
    secret_prose,
    secret_seeds,
    secret_shapes,
    secret_tokens,
)
from detectors.recognizers.secret_examples import NEGATIVES, POSITIVES
from detectors.recognizers.secret_scan import Scan
from detectors.rules import Family, Hit

_ANYWHERE = (*secret_tokens.RULES, *secret_shapes.RULES)
_FUNCTIONS = (
    (secret_assign.NEEDS, secret_assign.find),
    (secret_seeds.NEEDS, secret_seeds.near),
)
_CODE = Scan(_ANYWHERE, _FUNCTIONS)
_PROSE = Scan((*_ANYWHERE, *secret_prose.RULES), _FUNCTIONS)


def in_prose(text: str) -> Iterator[Hit]:
    """Everything, and what people say to each other."""
    yield from _PROSE.hits(text)
    yield from secret_kingfisher.find(text)


def in_code(text: str) -> Iterator[Hit]:
    """What has a shape of its own, or is given to a name."""
    yield from _CODE.hits(text)
    yield from secret_kingfisher.find(text)


_SAID = secret_prose.RULES
_WRITTEN = (
    *_ANYWHERE,
    *secret_assign.RULES,
    secret_seeds.SURE,
    secret_seeds.LIKELY,
    *secret_kingfisher.RULES,
)

FAMILY = Family("secrets", (), (in_prose,), (*_WRITTEN, *_SAID), (in_code,))

__all__ = ["FAMILY", "NEGATIVES", "POSITIVES"]
