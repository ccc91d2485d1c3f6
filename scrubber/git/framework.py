"""What the pre-commit framework tells the hooks that it starts before a push.

It reads git's lines itself and passes on one ref in the environment: `PRE_COMMIT_TO_REF`,
`PRE_COMMIT_LOCAL_BRANCH` and `PRE_COMMIT_REMOTE_NAME` (its documentation, "pre-push").
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping


def span_of(environment: Mapping[str, str]) -> str:
    """What is pushed and not on the remote yet, in the words of `git rev-list`; "" if untold."""
    if "PRE_COMMIT" not in environment:
        return ""
    told = environment.get("PRE_COMMIT_TO_REF") or environment.get("PRE_COMMIT_LOCAL_BRANCH")
    if not told:
        return ""
    remote = environment.get("PRE_COMMIT_REMOTE_NAME", "")
    known = f"--remotes={shlex.quote(remote)}" if remote.isprintable() and remote else "--remotes"
    return f"{shlex.quote(told)} --not {known}"
