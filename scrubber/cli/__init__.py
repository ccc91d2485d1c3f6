"""The command line. One file a command; each is imported only when it is called."""

from __future__ import annotations

import sys


def main() -> None:
    """The entry point of `scrub` and `prescrub`."""
    if sys.argv[1:] == ["--version"]:
        from scrubber import __version__

        print(f"scrub {__version__}")
        return
    from scrubber.cli.app import run

    sys.exit(run(sys.argv[1:]))
