"""What the next commit would hold: the difference between the index and HEAD."""

from __future__ import annotations

from scrubber.git.entries import Entry, raw_entries
from scrubber.git.repository import Repository


def base_of(repository: Repository) -> str | None:
    """The commit that the next one follows; None for the first."""
    return repository.resolve("HEAD", "commit")


def staged(repository: Repository) -> list[Entry]:
    """Every path that the index adds or changes, with the object that stands in the index.

    The index is the one that git hands to the hook (GIT_INDEX_FILE), so `git commit -- PATH`
    and `git commit -a` are seen as they will be. An unmerged path has no object that would be
    committed; git refuses such a commit, and so does the scan.
    """
    against = base_of(repository) or repository.empty_tree()
    words = ("--cached", "--raw", "-z", "--no-renames", "--no-abbrev", "--diff-filter=d")
    more = ("--ignore-submodules=none", "--ita-invisible-in-index")
    records = repository.records("diff-index", *words, *more, against, "--")
    return list(raw_entries(records))
