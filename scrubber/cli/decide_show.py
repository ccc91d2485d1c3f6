"""The words behind a list of doubts, read again from the originals, for a terminal."""

from __future__ import annotations

import os

from reports.doubts import Doubtful, Run
from scrubber.decisions import Decisions
from scrubber.errors import ScrubError
from scrubber.judged import Judge


def values_of(run: Run, file: Doubtful, key: bytes) -> dict[str, tuple[str, str, str]]:
    """Name of each passage → words before, the value, words behind.

    Empty for an original that is gone or has changed. A value that only another file taught is
    not among them.
    """
    from scrubber.bench import Setup, prepare
    from scrubber.identify import identify
    from scrubber.nesting import Budget, parse
    from scrubber.policy import load_policy
    from scrubber.source import FileSource, sha256_of
    from scrubber.texts import learn

    policy = load_policy("strict")
    bench = prepare(Setup(policy, "", b"\0" * 32, b"\0" * 32, "", False, False))
    values: dict[str, tuple[str, str, str]] = {}
    judge = Judge(Decisions(key), file.path, file.sha256, values=values)
    for root in run.inputs:
        path = os.path.join(root, file.path) if os.path.isdir(root) else root
        if not os.path.isfile(path):
            continue
        try:
            with FileSource(path) as source:
                if sha256_of(source) != file.sha256:
                    continue
                row = identify(source, os.path.basename(path)).container
                budget = Budget(
                    policy.limits.max_depth, policy.limits.unpacked(1 << 20), words=True
                )
                parsed = parse(source, row, budget)
                learn(parsed, bench.text, bench.text_action, lambda _: None, ("en",), "", judge)
        except ScrubError:
            continue
    return values
