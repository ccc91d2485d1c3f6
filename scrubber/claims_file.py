"""The sections `[declared]`, `[rights]` and `[terms]` of scrub.toml, checked strictly.

A typo must not give a permission or lose a prohibition: an unknown key is refused with
the nearest one that exists, and what does not fit together is refused too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scrubber.claims import ENTRIES, KEYS, TEXTS, check_section
from scrubber.errors import UsageError
from scrubber.policy_file import nearest

CONTRACT = "contract"
_OF_FILE = {"terms": (CONTRACT,)}  # keys of the file that are not public


@dataclass(frozen=True, slots=True)
class Claims:
    """What the creator says. `sections` are public as they stand, the rest is not.

    `contract` is a file of which only a salted commitment becomes public, `anyway` names the
    texts that may hold a private value on purpose.
    """

    sections: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    contract: Path | None = None
    anyway: tuple[str, ...] = ()


NO_CLAIMS = Claims()
"""The creator says nothing."""


def section(name: str, value: object, where: str) -> dict[str, object]:
    """One section as the file has it, checked, with `contract` as it stands. Raises UsageError."""
    if not isinstance(value, Mapping):
        raise UsageError(f"{where} must be a table.", fix=f"Write [{name}] and its keys below it.")
    table = _flat(value, where) if name == "rights" else dict(value)
    private = {key: table.pop(key) for key in _OF_FILE.get(name, ()) if key in table}
    if "contract_commit" in table:
        raise UsageError(
            f"{where} has a contract_commit, which only a run computes.",
            fix='Name the file: contract = "contract.pdf".',
        )
    known = [key for key in KEYS[name] if key != "contract_commit"] + list(_OF_FILE.get(name, ()))
    for key in table:
        if key not in known:
            raise UsageError(
                f"{where} has no key {key!r}.",
                fix=nearest(key, known, f"Keys: {', '.join(known)}."),
            )
    if not table and not private:
        raise UsageError(f"{where} is empty.", fix="Leave the section out.")
    try:
        checked = check_section(name, table) if table else {}
    except ValueError as error:
        words = str(error).removeprefix(f"{name}: ")
        raise UsageError(f"{where}: {words}.", fix="See docs/rights.md.") from None
    return {**checked, **private}


def _flat(value: Mapping[str, object], where: str) -> dict[str, object]:
    """Entries by their whole names, and constraints apart, whichever way the file spells them."""
    table = dict(value)
    nested = table.pop("cawg", {})
    if not isinstance(nested, Mapping):
        raise UsageError(f"{where}: cawg must be a table of entries.")
    for key, use in nested.items():
        if table.setdefault(f"cawg.{key}", use) is not use:
            raise UsageError(f"{where} says cawg.{key} twice.")
    told: dict[str, object] = {}
    for entry in ENTRIES:
        row = table.get(entry)
        if isinstance(row, Mapping):
            if row.keys() != {"use", "constraint_info"}:
                raise UsageError(
                    f"{where}: {entry} must be a word, or say use and constraint_info.",
                    fix='For example { use = "constrained", constraint_info = "research only" }.',
                )
            table[entry], told[entry] = row["use"], row["constraint_info"]
        elif row == "constrained":
            raise UsageError(
                f"{where}: {entry} is constrained, and nothing says how.",
                "Without that, readers must take it as notAllowed.",
                'Write { use = "constrained", constraint_info = "…" }, or "notAllowed".',
            )
    if "constraint_info" in table:
        raise UsageError(
            f"{where}: constraint_info belongs into an entry.",
            fix='Write "cawg.ai_training" = { use = "constrained", constraint_info = "…" }.',
        )
    if told:
        table["constraint_info"] = told
    return table


def anyway(value: object, where: str) -> tuple[str, ...]:
    """The setting `publish_anyway`. Raises UsageError."""
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise UsageError(f"{where} must be a list of texts, not {value!r}.")
    for one in value:
        if one not in TEXTS:
            raise UsageError(
                f"{where} names {one!r}, which is no text of a section.",
                fix=nearest(one, TEXTS, f"Texts: {', '.join(TEXTS)}."),
            )
    return tuple(value)


def claims_of(
    sections: Mapping[str, Mapping[str, object] | None],
    anyway: tuple[str, ...],
    folder: Path | None,
) -> Claims:
    """What a run takes along; `folder` is where a relative contract lies. Raises UsageError."""
    public = {name: dict(table) for name, table in sections.items() if table}
    named = public.get("terms", {}).pop(CONTRACT, None)
    contract = None
    if named is not None:
        if not isinstance(named, str) or not named or "\0" in named:
            raise UsageError(f"terms: contract must be the path of a file, not {named!r}.")
        contract = (folder or Path.cwd()) / Path(named).expanduser()
        if not contract.is_file():
            raise UsageError(
                f"There is no contract {contract}.",
                fix="Correct terms.contract, a path from the file.",
            )
    return Claims({name: table for name, table in public.items() if table}, contract, anyway)
