"""README.md of a batch: a short data card, written from the head alone.

It keeps the border: what the tool did and counted on one side, what the
creator says on the other.
"""

from __future__ import annotations

from collections.abc import Mapping

from reports.manifest import Published, tool_of
from reports.quote import for_markdown
from scrubber.claims import rows as said
from scrubber.model import Batch


def data_card(
    batch: Batch, published: Published, claims: Mapping[str, object] | None = None
) -> bytes:
    """The card as UTF-8 Markdown. `claims` are the creator's sections of the manifest."""
    name, version = tool_of(batch)
    lines = [
        f"# Batch {for_markdown(batch.id)}",
        "",
        f"{_files(published.items)}, {published.size:,} bytes, cleaned by {for_markdown(name)} "
        f"{for_markdown(version)} with the policy {for_markdown(batch.policy)}.",
        "",
        "## Contents",
        "",
        "| media type | files |",
        "|---|---|",
        *(
            f"| {for_markdown(kind)} | {published.media[kind]} |"
            for kind in sorted(published.media)
        ),
        "",
        "## What the tool did",
        "",
        f"- Looked for: {_list(batch.checked)}.",
        f"- Kept on purpose: {_list(sorted({*batch.kept, *published.kept}))}.",
        f"- Not looked at: {_counts(published.not_checked)}.",
        "",
        *_declared(claims or {}),
        "## How to check it",
        "",
        "```sh",
        "jq -r '.subject[]|.digest.sha256+\"  \"+.name' manifest.json | sha256sum -c --strict -",
        "sha256sum -c --strict --quiet manifest-sha256.txt",
        "```",
        "",
        "`scrub verify` does both, finds files that are in no list, and reads every file again.",
        "",
    ]
    return "\n".join(lines).encode("utf-8")


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"


def _list(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(for_markdown(name) for name in names) or "nothing"


def _counts(counts: Mapping[str, int]) -> str:
    parts = (f"{for_markdown(name)} in {_files(counts[name])}" for name in sorted(counts))
    return ", ".join(parts) or "nothing"


def _declared(claims: Mapping[str, object]) -> list[str]:
    rows = [f"- {for_markdown(key)}: {for_markdown(words)}" for _, key, words in said(claims)]
    if not rows:
        return []
    return [
        "## What the creator says",
        "",
        "These are the creator's words; the tool cannot check them.",
        "",
        *rows,
        "",
    ]
