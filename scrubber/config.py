"""Configuration: defaults for the command line, from a file that the input cannot supply.

`scrub.toml`, or `[tool.scrub]` in pyproject.toml, from the working directory
upwards, or the file that --config names. The format is described in docs/policy.md.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from scrubber import claims_file
from scrubber.claims_file import Claims, claims_of
from scrubber.entities import entity
from scrubber.errors import FolderError, UsageError
from scrubber.git.settings import DEFAULTS, HookSettings, hook_settings
from scrubber.policy_file import PRESETS, PRIVATE_LISTS, check, nearest

CONFIG_NAME = "scrub.toml"
EXPORTS = ("croissant",)
"""More files about a batch, written into it on request."""


@dataclass(frozen=True, slots=True)
class Config:
    """What the file says; None or an empty value where it says nothing.

    `file` is the file used, `origin` names the place of each key that was set
    ("scrub.toml: policy"). Paths are absolute, relative ones having counted from the file.
    """

    file: Path | None = None
    policy: str | None = None
    keep: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    out: Path | None = None
    audit_dir: Path | None = None
    decisions: Path | None = None
    jobs: int | None = None
    verify: str | None = None
    sign: bool = False
    sign_key: Path | None = None
    exports: tuple[str, ...] = ()
    overrides: Mapping[str, Mapping[str, object]] | None = None
    declared: Mapping[str, object] | None = None
    rights: Mapping[str, object] | None = None
    terms: Mapping[str, object] | None = None
    publish_anyway: tuple[str, ...] = ()
    hook: HookSettings = DEFAULTS
    origin: tuple[tuple[str, str], ...] = ()

    @property
    def claims(self) -> Claims:
        """What the creator says, for the public record. Raises UsageError for a lost contract."""
        sections = {"declared": self.declared, "rights": self.rights, "terms": self.terms}
        return claims_of(sections, self.publish_anyway, self.file and self.file.parent)


def find_config(start: Path, inputs: Iterable[Path] = ()) -> Path | None:
    """The nearest configuration file at or above `start`, or None.

    Folders that lie inside one of `inputs` are passed over. Raises UsageError for a
    pyproject.toml that is not TOML.
    """
    forbidden = [path.resolve() for path in inputs]
    start = start.resolve()
    for folder in (start, *start.parents):
        if any(folder.is_relative_to(path) for path in forbidden):
            continue
        own = folder / CONFIG_NAME
        if own.is_file():
            return own
        project = folder / "pyproject.toml"
        if project.is_file() and _tool_table(project) is not None:
            return project
    return None


def load_config(
    named: Path | None = None, *, start: Path | None = None, inputs: Iterable[Path] = ()
) -> Config:
    """The configuration of a run: the file `named`, else the one found from `start` upwards.

    `start` is the working directory when absent, `inputs` are the paths to be cleaned. Raises
    UsageError for an unknown key, a private list, or a named file inside an input.
    """
    inputs = list(inputs)
    if named is None:
        file = find_config(start or Path.cwd(), inputs)
        return Config() if file is None else _read(file)
    if any(named.resolve().is_relative_to(path.resolve()) for path in inputs):
        raise UsageError(
            f"The configuration {named} lies inside the input.",
            "Whoever made the input must not set the rules.",
            "Copy it somewhere else and look at it first.",
        )
    return _read(named)


def _read(file: Path) -> Config:
    if file.name == "pyproject.toml":
        table = _tool_table(file)
        if table is None:
            raise UsageError(f"{file} has no [tool.scrub].")
    else:
        table = _parse(file)
    values: dict[str, object] = {}
    for key, value in table.items():
        if key in PRIVATE_LISTS:
            raise UsageError(
                f"{file} holds a private list: {key!r}.",
                "Configuration is committed and shared.",
                "Move it to people.toml in the audit folder (see docs/policy.md).",
            )
        if key not in _KEYS:
            raise UsageError(
                f"{file} has no setting {key!r}.",
                fix=nearest(key, _KEYS, f"Settings: {', '.join(_KEYS)}."),
            )
        values[key] = _KEYS[key](value, f"{key} in {file}", file.resolve().parent)
    origin = tuple((key, f"{file.name}: {key}") for key in values)
    # The keys are the fields' names and each checker returns its field's type.
    return Config(file=file.resolve(), origin=origin, **values)  # type: ignore[arg-type]


def _parse(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise FolderError(
            f"The configuration {file} cannot be read.", error.strerror or "", "Check the path."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"The configuration {file} is not TOML.", str(error)) from error


def _tool_table(file: Path) -> dict[str, object] | None:
    tools = _parse(file).get("tool")
    table = tools.get("scrub") if isinstance(tools, dict) else None
    return table if isinstance(table, dict) else None


Setting = Callable[[object, str, Path], object]


def _path(value: object, where: str, folder: Path) -> object:
    return folder / Path(_text(value, where)).expanduser()


def _policy(value: object, where: str, folder: Path) -> object:
    text = _text(value, where)
    return text if text in PRESETS or not text.endswith(".toml") else str(folder / text)


def _text(value: object, where: str) -> str:
    if isinstance(value, str) and value and "\0" not in value:
        return value
    raise UsageError(f"{where} must be a text, not {value!r}.")


def _texts(value: object, where: str, folder: Path) -> object:
    if isinstance(value, list):
        return tuple(_text(one, where) for one in value)
    raise UsageError(f"{where} must be a list of texts, not {value!r}.")


def _exports(value: object, where: str, folder: Path) -> object:
    if not isinstance(value, list):
        raise UsageError(f"{where} must be a list of texts, not {value!r}.")
    return tuple(dict.fromkeys(_one_of(*EXPORTS)(one, where, folder) for one in value))


def _entities(value: object, where: str, folder: Path) -> object:
    if not isinstance(value, list):
        raise UsageError(f"{where} must be a list of entities, not {value!r}.")
    return tuple(entity(_text(one, where)).name for one in value)


def _jobs(value: object, where: str, folder: Path) -> object:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 1024:
        return value
    raise UsageError(f"{where} must be a number from 0 to 1024, not {value!r}.")


def _yes_or_no(value: object, where: str, folder: Path) -> object:
    if isinstance(value, bool):
        return value
    raise UsageError(f"{where} must be true or false, not {value!r}.")


def _one_of(*allowed: str) -> Setting:
    def checked(value: object, where: str, folder: Path) -> object:
        if value in allowed:
            return value
        raise UsageError(
            f"{where} cannot be {value!r}.",
            f"It is one of: {', '.join(allowed)}.",
            nearest(str(value), allowed),
        )

    return checked


def _overrides(value: object, where: str, folder: Path) -> object:
    if isinstance(value, Mapping):
        return check(value, where)
    raise UsageError(f"{where} must be a table.")


def _section(name: str) -> Setting:
    return lambda value, where, folder: claims_file.section(name, value, where)


def _anyway(value: object, where: str, folder: Path) -> object:
    return claims_file.anyway(value, where)


_KEYS: dict[str, Setting] = {
    "policy": _policy,
    "keep": _entities,
    "exclude": _texts,
    "out": _path,
    "audit_dir": _path,
    "decisions": _path,
    "jobs": _jobs,
    "verify": _one_of("structure", "decode"),
    "sign": _yes_or_no,
    "sign_key": _path,
    "exports": _exports,
    "overrides": _overrides,
    "declared": _section("declared"),
    "rights": _section("rights"),
    "terms": _section("terms"),
    "publish_anyway": _anyway,
    "hook": lambda value, where, folder: hook_settings(value, where),
}
