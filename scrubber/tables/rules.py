"""What a policy asks of tables: which columns count for which files, and how many must be alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scrubber.path_globs import covered

ACTIONS = ("report", "hold")


@dataclass(frozen=True, slots=True)
class TableRules:
    """`qi`: globs over the paths of originals, each with the columns others may know."""

    action: str = "hold"
    k: int = 5
    qi: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @classmethod
    def of(cls, section: Mapping[str, object]) -> TableRules:
        """The rules that a checked section of a policy holds."""
        qi, k = section["qi"], section["k"]
        assert isinstance(qi, tuple)
        assert isinstance(k, int | float)
        return cls(str(section["action"]), int(k), qi)

    def columns(self, path: str) -> tuple[str, ...]:
        """The columns of the first glob that covers `path`; none if no glob does."""
        return next((names for glob, names in self.qi if covered([glob], path)), ())


NO_TABLES = TableRules()


def measures_of(tables: list[dict[str, object]]) -> dict[str, object]:
    """The section of the manifest that says what was counted; empty if nothing was."""
    ordered = sorted(tables, key=lambda row: str(row["path"]))
    return {"measures": {"k_anonymity": ordered}} if ordered else {}
