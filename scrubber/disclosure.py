"""Does what the creator says give away what the batch removes?

A manifest is public. The real name of the creator in `[declared]`, which is masked in
every text of the batch, is the trap: here it is refused, unless it is there on purpose.
No message repeats a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from detectors.known import KnownValues
from scrubber.claims import texts
from scrubber.claims_file import Claims
from scrubber.errors import UsageError
from scrubber.model import Context

_SPOKEN = Context(kind="caption")
_PLAIN = Context(kind="key")
_NAMED = frozenset({"PERSON"})  # of what the language model says, which errs on titles


def check_before(claims: Claims, people: Iterable[tuple[str, str]], models: Sequence[str]) -> None:
    """Before a run: no contact, number or secret, no name, nothing of the people list.

    `people` are pairs of text and entity, `models` are the policy's text models. Raises UsageError.
    """
    waiting = list(_to_look_at(claims))
    if not waiting:
        return
    check_known(claims, KnownValues((text, entity, "") for text, entity in people), "people.toml")
    for (name, _), entity in zip(waiting, _detected(waiting, models), strict=True):
        if entity:
            raise _refused(name, f"It looks like it holds {entity}.")


def check_known(claims: Claims, known: KnownValues, teacher: str = "") -> None:
    """No value that the batch removes elsewhere. Raises UsageError."""
    for name, text in _to_look_at(claims):
        hits = known.find(text)
        if hits:
            taught = f"It stands on your private list, {teacher}" if teacher else ""
            removed = "It is removed from the files of this batch"
            raise _refused(name, f"It holds a {hits[0][2]}. {taught or removed}.")


def _to_look_at(claims: Claims) -> Iterator[tuple[str, str]]:
    return ((name, text) for name, text in texts(claims.sections) if name not in claims.anyway)


def _detected(rows: list[tuple[str, str]], models: Sequence[str]) -> list[str]:
    """For each text the first entity that should not be public, or ""."""
    from detectors.errors import DetectionIncomplete, ModelMissing
    from detectors.text import TextDetector

    detector = TextDetector(models)
    found: list[str] = []
    try:
        for name, text in rows:
            spans = [span.entity for span in detector.detect([text], [_PLAIN])[0]]
            if name != "declared.creator" and tuple(models) != ("none",):
                spans += [
                    span.entity
                    for span in detector.detect([text], [_SPOKEN])[0]
                    if span.entity in _NAMED
                ]
            found.append(next((entity for entity in spans if entity not in _HARMLESS), ""))
    except ModelMissing as error:
        raise UsageError(error.what, "Declared texts cannot be looked at.", error.fix) from error
    except DetectionIncomplete as error:
        raise UsageError("A declared text cannot be looked at.", fix="Make it shorter.") from error
    return found


_HARMLESS = frozenset({"DATE", "URL", "ORGANIZATION", "LOCATION"})
"""What a title or a constraint may well say: a year, the address of a licence, a country."""


def _refused(name: str, why: str) -> UsageError:
    section, _, key = name.partition(".")
    return UsageError(
        f"[{section}] {key} would publish something private.",
        why,
        f'Change it (an alias for a name), or add publish_anyway = ["{name}"] at the top of'
        " scrub.toml if everybody may know it.",
    )
