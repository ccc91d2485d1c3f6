"""Why something was taken for private, in words: which recognizer, on what ground, how sure."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detectors.rules import Rule

_SURE = 0.5
_WORDS = {
    "structure": "a field of the format itself",
    "identify": "the bytes of the file",
    "label": "the name of its column or key",
    "known-value": "a value that you listed or another place of the batch taught",
    "reference": "the name of a file of the batch",
    "model": "the language model",
}
_SHOWN = 4


def why(detector: str, score: float, weak: bool) -> str:
    """`rule phone/cued, 0.75, with a word near it such as call, mobile; weak`.

    Never a word of the text: the words are those that the rule looks for.
    """
    ground = _WORDS.get(detector.partition("/")[0] if detector in _WORDS else detector)
    if ground is None:
        ground = _by_rule(detector, score)
    else:
        ground = f"{ground}, {score:.2f}"
    return f"{ground}; {'weak' if weak or score < _SURE else 'strong'}"


def _by_rule(detector: str, score: float) -> str:
    said = f"rule {detector}, {score:.2f}" if "/" in detector else f"{detector}, {score:.2f}"
    rule = _rules().get(detector)
    if rule is None:
        return said
    if rule.check is not None or rule.where is not None:
        said += ", its shape checked"
    if rule.context and rule.lifted > rule.score:
        if score >= rule.lifted:
            words = ", ".join(rule.context[:_SHOWN])
            return f"{said}, with a word near it such as {words}"
        return f"{said}, no word near it that says so"
    return said


@cache
def _rules() -> dict[str, Rule]:
    from detectors.recognizers.catalogue import CODE_FAMILIES, FAMILIES

    return {
        f"{family.name}/{rule.name}": rule
        for family in (*CODE_FAMILIES, *FAMILIES)
        for rule in (*family.rules, *family.finder_rules)
    }
