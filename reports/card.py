"""README.md of a batch: a data card with the headings of Hugging Face's template.

It is written from the head alone, and keeps the border: the creator's words stand in a
section of their own and, as data, in the front matter; all else is what the tool did,
counted, or cannot know.
"""

from __future__ import annotations

from collections.abc import Mapping

from reports.hub import Kinds, front_matter
from reports.manifest import Published, tool_of
from reports.quote import for_markdown
from scrubber.claims import rows
from scrubber.entities import CATALOGUE
from scrubber.model import Batch

_SECTIONS = {"declared": "Declared", "rights": "Rights", "terms": "Terms"}


def data_card(
    batch: Batch,
    published: Published,
    claims: Mapping[str, object] | None = None,
    kinds: Kinds | None = None,
) -> bytes:
    """The card as UTF-8 Markdown. `claims` are the creator's sections of the manifest.

    `kinds` knows the suffixes of the payload; without it, a loader is sent to all of data/.
    """
    claims, kinds = claims or {}, kinds or Kinds()
    said = claims.get("declared")
    declared = said if isinstance(said, Mapping) else {}
    lines = [
        *front_matter(published.items, kinds, declared),
        f"# Dataset Card for batch {for_markdown(batch.id)}",
        "",
        *_details(batch, published),
        *_uses(),
        *_structure(published, kinds),
        *_creation(batch, published),
        *_limits(published),
        *_creator(claims),
        *_VERIFY,
    ]
    return "\n".join(lines).encode("utf-8")


def _details(batch: Batch, published: Published) -> list[str]:
    name, version = tool_of(batch)
    return [
        "## Dataset Details",
        "",
        "### Dataset Description",
        "",
        f"{_files(published.items)}, {published.size:,} bytes, cleaned by {for_markdown(name)} "
        f"{for_markdown(version)} with the policy {for_markdown(batch.policy)}.",
        "",
        "What the creator says stands under [What the creator says](#what-the-creator-says) and, "
        "as data, at the top of this file. All else was written by the tool.",
        "",
    ]


def _uses() -> list[str]:
    return [
        "## Uses",
        "",
        "### Direct Use",
        "",
        "The tool knows of no use and allows none. What the creator allows stands under "
        "[What the creator says](#what-the-creator-says); what is not said there is not allowed "
        "by it.",
        "",
        "### Out-of-Scope Use",
        "",
        "Work that needs real names, contacts, places, dates or device data: they were removed "
        "or replaced.",
        "",
    ]


def _structure(published: Published, kinds: Kinds) -> list[str]:
    table = (
        f"| {for_markdown(kind)} | {published.media[kind]} |" for kind in sorted(published.media)
    )
    return [
        "## Dataset Structure",
        "",
        "The files lie in `data/`. `items.jsonl` has a line for each: `path`, `sha256`, `size`, "
        "`media_type`. There are no splits and no labels; names of folders are not labels.",
        "",
        "| media type | files |",
        "|---|---|",
        *table,
        "",
        *_loading(kinds),
        "A placeholder such as `[PERSON-k7q2m9xa]` stands for a value that was replaced. In this "
        "batch the same value has the same placeholder, which tells nothing else of it.",
        "",
    ]


def _loading(kinds: Kinds) -> list[str]:
    """How to load each kind, where there are several; the hub itself shows the first."""
    globs = kinds.globs()
    if len(globs) < 2:
        return []
    calls = (f'load_dataset("{loader}", data_files={paths})' for loader, paths in globs.items())
    return [
        "`load_dataset` of this folder takes the first of these kinds; all of them, from inside:",
        "",
        "```python",
        *calls,
        "```",
        "",
    ]


def _creation(batch: Batch, published: Published) -> list[str]:
    same = published.identical == published.items
    identical = "every file" if same else f"{published.identical} of {published.items} files"
    return [
        "## Dataset Creation",
        "",
        "### Curation Rationale",
        "",
        "Not known to the tool.",
        "",
        "### Source Data",
        "",
        "#### Data Collection and Processing",
        "",
        "Files that could not be read, cleaned and checked are not in the batch. What was "
        "cleaned was read again by code other than that which wrote it; the content was the "
        f"same in {identical}.",
        "",
        f"- Looked for: {_list(batch.checked)}.",
        f"- Kept on purpose: {_list(sorted({*batch.kept, *published.kept}))}.",
        f"- Rules: {for_markdown(batch.policy)}, SHA-256 `{for_markdown(batch.policy_sha256)}`.",
        "",
        "#### Who are the source data producers?",
        "",
        "Not known to the tool.",
        "",
        "### Annotations",
        "",
        "The tool adds none.",
        "",
        "#### Personal and Sensitive Information",
        "",
        "Metadata of pictures and recordings that showing or playing them does not need was "
        "removed. In texts and names, what was recognised as private was replaced. Which kinds "
        "were found, and in which files, is not published.",
        "",
        f"**Not looked at:** {_counts(published.not_checked)}.",
        "",
        *(
            f"- {for_markdown(name)}: {for_markdown(CATALOGUE[name].why)}"
            for name in sorted(published.not_checked)
            if name in CATALOGUE
        ),
        "",
    ]


def _limits(published: Published) -> list[str]:
    unseen = "What was not looked at may still be there. " if published.not_checked else ""
    return [
        "## Bias, Risks, and Limitations",
        "",
        f"{unseen}Names and other private things in texts are found by rules and a language "
        "model, which miss some. Style, voices, places that can be recognised and the sensor's "
        "noise still tell who made something. Leaving out files that cannot be cleaned changes "
        "what the batch stands for.",
        "",
        "### Recommendations",
        "",
        "Do not try to find out who is meant. Report to the creator what should have been removed.",
        "",
    ]


def _creator(claims: Mapping[str, object]) -> list[str]:
    lines = [
        "## What the creator says",
        "",
        "These are the creator's words; the tool cannot check them.",
        "",
    ]
    last = ""
    for section, key, words in rows(claims):
        if section != last:
            lines += [*([""] if last else []), f"### {_SECTIONS[section]}", ""]
            last = section
        lines.append(f"> - {for_markdown(key)}: {for_markdown(words)}")
    return [*lines, ""] if last else [*lines[:2], "Nothing.", ""]


_VERIFY = [
    "## How to verify",
    "",
    "```sh",
    "jq -r '.subject[]|.digest.sha256+\"  \"+.name' manifest.json | sha256sum -c --strict -",
    "sha256sum -c --strict --quiet manifest-sha256.txt",
    "```",
    "",
    "`scrub verify` does both, finds files that are in no list, and reads every file again.",
    "",
]


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"


def _list(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(for_markdown(name) for name in names) or "nothing"


def _counts(counts: Mapping[str, int]) -> str:
    parts = (f"{for_markdown(name)} in {_files(counts[name])}" for name in sorted(counts))
    return ", ".join(parts) or "nothing"
