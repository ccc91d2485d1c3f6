"""The placeholder as a Presidio operator."""

from __future__ import annotations

from typing import Any

from presidio_anonymizer.operators import Operator, OperatorType

from detectors.placeholders import PLACEHOLDER, placeholder

__all__ = ["PLACEHOLDER", "KeyedPlaceholder", "placeholder"]

MIN_KEY_BYTES = 16


class KeyedPlaceholder(Operator):
    """`keyed_placeholder`: replaces a value by `[ENTITY-tag]`.

    Parameters: `tag_key` (bytes, at least 16). Add it to an engine with
    `AnonymizerEngine().add_anonymizer(KeyedPlaceholder)`.
    """

    def operate(self, text: str, params: dict[str, Any] | None = None) -> str:
        """The placeholder for `text`; the engine adds `entity_type` to `params`."""
        given = params or {}
        return placeholder(given["tag_key"], given["entity_type"], text)

    def validate(self, params: dict[str, Any] | None = None) -> None:
        """Raises ValueError when the key is missing or short."""
        key = (params or {}).get("tag_key")
        if not isinstance(key, bytes) or len(key) < MIN_KEY_BYTES:
            raise ValueError(f"tag_key must be at least {MIN_KEY_BYTES} bytes")

    def operator_name(self) -> str:
        return "keyed_placeholder"

    def operator_type(self) -> OperatorType:
        return OperatorType.Anonymize
