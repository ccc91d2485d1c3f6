"""The `[hook]` table of a configuration: what stops a commit or a push, and what is only told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from scrubber.errors import UsageError
from scrubber.policy_file import nearest

BLOCK, REPORT, IGNORE = "block", "report", "ignore"


@dataclass(frozen=True, slots=True)
class HookSettings:
    """Defaults are what a stranger may rely on: whatever was not looked into blocks."""

    exclude: tuple[str, ...] = ()  # globs as in --exclude; said in the summary
    held: str = BLOCK  # files that could not be looked into
    guesses: str = BLOCK  # files where only the language model saw something
    messages: str = REPORT  # commit and tag messages, notes
    author_email: str = REPORT  # addresses of authors, committers and taggers
    names: str = REPORT  # addresses, phone numbers and listed people in file names


DEFAULTS = HookSettings()
_ALLOWED = {
    "held": (BLOCK, REPORT),
    "guesses": (BLOCK, REPORT),
    "messages": (BLOCK, REPORT, IGNORE),
    "author_email": (BLOCK, REPORT, IGNORE),
    "names": (BLOCK, REPORT, IGNORE),
}
_NAMES = tuple(field.name for field in fields(HookSettings))


def hook_settings(table: object, where: str) -> HookSettings:
    """The checked table. Raises UsageError for any unknown name, with the nearest one."""
    if not isinstance(table, Mapping):
        raise UsageError(f"{where} must be a table.")
    made = HookSettings()
    for key, value in table.items():
        name = key.replace("-", "_")
        if name not in _NAMES:
            raise UsageError(
                f"{where} has no setting {key!r}.",
                fix=nearest(name, _NAMES, f"Settings: {', '.join(_NAMES)}."),
            )
        checked = _globs(value, f"{key} of {where}") if name == "exclude" else value
        if name != "exclude" and value not in _ALLOWED[name]:
            raise UsageError(
                f"{key} of {where} cannot be {value!r}.",
                f"It is one of: {', '.join(_ALLOWED[name])}.",
            )
        made = _with(made, name, checked)
    return made


def _with(made: HookSettings, name: str, value: object) -> HookSettings:
    # The value has been checked against the field that bears this name.
    return replace(made, **{name: value})  # type: ignore[arg-type]


def _globs(value: object, where: str) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(one, str) and one for one in value):
        return tuple(value)
    raise UsageError(f"{where} must be a list of globs.")
