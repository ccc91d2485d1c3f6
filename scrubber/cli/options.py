"""Options that several commands share, and how configuration stands behind them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from scrubber.config import Config, load_config
from scrubber.policy import Policy, load_policy

F = TypeVar("F", bound=Callable[..., Any])

PATHS = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
POLICY = click.option(
    "--policy", metavar="NAME|FILE", help="standard, strict, keep-credit, a file."
)
KEEP = click.option("--keep", multiple=True, metavar="ENTITY", help="Keep this kind of thing.")
CONFIG = click.option(
    "--config", type=click.Path(path_type=Path), help="Configuration file instead of scrub.toml."
)
JSON = click.option("--json", "as_json", is_flag=True, help="Machine-readable result on stdout.")
QUIET = click.option("--quiet", "-q", is_flag=True, help="No progress.")
VERBOSE = click.option("--verbose", "-v", is_flag=True, help="List every file.")
DECISIONS = click.option(
    "--decisions",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Decisions instead of the private folder's.",
)
EXCLUDE = click.option("--exclude", multiple=True, metavar="GLOB", help="Leave these files out.")


def together(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Several options as one decorator, in the order given."""

    def decorate(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


def settings(
    config: Path | None, inputs: tuple[Path, ...], policy: str | None, keep: tuple[str, ...]
) -> tuple[Config, Policy]:
    """The configuration that counts and the policy that follows: options win over the file."""
    found = load_config(config, inputs=inputs)
    rules = load_policy(
        policy or found.policy or "standard",
        None if policy else found.overrides,
        keep or found.keep,
    )
    return found, rules
