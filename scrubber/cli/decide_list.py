"""What `scrub decide` prints: the last run's doubts by file, and the decisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reports.audit import AuditFolder
from reports.doubts import FILE, Doubtful, Run, read_doubts
from reports.quote import for_terminal
from scrubber.canonical import path_fields, plain
from scrubber.cli.deciding import SHORT, Entry, entries
from scrubber.cli.release_asks import audit_of
from scrubber.config import load_config
from scrubber.decision_file import NAME, read_decisions
from scrubber.decisions import Decision, Decisions
from scrubber.errors import FolderError, UsageError
from scrubber.keys import load_key
from scrubber.policy_file import PRESETS
from scrubber.review import place_of
from scrubber.why import why


@dataclass(slots=True)
class Last:
    """The last run that left a list, and the decisions as they are now."""

    run: Run
    entries: list[Entry]
    states: dict[str, str]
    file: Path
    key: bytes
    decisions: Decisions
    key_file: Path | None = None
    named: bool = False  # the file of decisions was named on the command line
    _now: dict[str, Decision] = field(default_factory=dict)

    @classmethod
    def open(
        cls, paths: Sequence[Path], audit_dir: Path | None, file: Path | None, key_file: Path | None
    ) -> Last:
        """Raises UsageError or FolderError where there is no run or no key."""
        place = audit_of(paths, audit_dir)
        if not place.is_dir():
            raise FolderError(
                f"There is no private folder {place}.", "No run has been recorded.",
                "Run `scrub PATH --out DIR` first, or name the folder with --audit-dir.",
            )  # fmt: skip
        audit = AuditFolder.open(place)
        folders = [audit.batch(name) for name in audit.batches()]
        folder = next((one for one in folders if (one / FILE).is_file()), None)
        if folder is None:
            raise FolderError(
                f"No run in {place} has left a list to decide about.",
                fix="Run `scrub PATH --out DIR` first.",
            )
        key, new = load_key(key_file=key_file)
        if new:
            raise UsageError(
                "This project has no key here, so nothing can be decided.",
                "Decisions are named with the key that made the private folder.",
                "Import it with `scrub key import FILE`, or name it with --key.",
            )
        run, found = read_doubts(folder)
        files: list[Doubtful] = []
        states: dict[str, str] = {}
        for row in found:
            if isinstance(row, dict):
                states = row
            else:
                files.append(row)
        listed = entries(files)
        _check_key(listed, key.decisions_key)
        chosen = file or load_config(None, inputs=tuple(paths)).decisions or place / NAME
        decisions = read_decisions(chosen, key.decisions_key, settled=False)
        made = cls(run, listed, states, chosen, key.decisions_key, decisions, key_file, bool(file))
        made._now = {row.id: row for row in decisions.rows}
        return made

    @property
    def command(self) -> str:
        """This command over the same input."""
        return f"scrub decide {' '.join(for_terminal(path) for path in self.run.inputs)}"

    @property
    def again(self) -> str:
        """The command that obeys."""
        words = [for_terminal(path) for path in self.run.inputs]
        words += ["--out", for_terminal(self.run.out)]
        if self.run.policy in PRESETS and self.run.policy != "standard":
            words += ["--policy", self.run.policy]
        if self.named:
            words += ["--decisions", for_terminal(str(self.file))]
        if self.key_file is not None:
            words += ["--key", for_terminal(str(self.key_file))]
        own = "" if self.run.policy in PRESETS else f"   (with your policy {self.run.policy})"
        return f"scrub {' '.join(words)}{own}"

    def verdict(self, entry: Entry) -> str:
        """What is decided about an entry now."""
        found = [self._now[name] for name in entry.names if name in self._now]
        return f"{found[0].verdict.value} ({found[0].scope.value})" if found else ""

    def places(self, decision: Decision) -> int:
        """In how many places of the last run a decision counts."""
        return sum(
            len(entry.places) if entry.doubt is not None else 1
            for entry in self.entries
            if decision.id in entry.names
        )

    def without(self, rows: Iterable[Decision], name: str) -> list[Decision]:
        """`rows` less those with an id that begins so, or about the entry of that number."""
        names: tuple[str, ...] = ()
        if name.isdecimal() and 1 <= int(name) <= len(self.entries):
            names = self.entries[int(name) - 1].names
        elif len(name) >= 6:
            names = tuple(row.id for row in rows if row.id.startswith(name))
        return [row for row in rows if row.id not in names]


def _check_key(listed: Sequence[Entry], key: bytes) -> None:
    from scrubber.decisions import file_id

    first = listed[0].file if listed else None
    if first is not None and file_id(key, first.path, first.sha256) != first.id:
        raise UsageError(
            "The last run was made with another project key.",
            "Decisions made with this one would not count.",
            "Name that key with --key, or run `scrub PATH --out DIR` again with this one.",
        )


def lines(last: Last, everything: bool, show: bool) -> Iterator[str]:
    """The list for people: files, what stands in them, and what to do next."""
    shown = [one for one in last.entries if everything or one.doubtful]
    values = _values(last, shown) if show else {}
    if not shown:
        yield "Nothing is doubtful and nothing is held."
        yield "`--all` lists what was sure, `--decided` the decisions."
        return
    by_file: dict[str, list[Entry]] = {}
    for entry in shown:
        by_file.setdefault(entry.file.id, []).append(entry)
    for rows in by_file.values():
        yield for_terminal(rows[0].file.path)
        for entry in rows:
            yield from _entry(last, entry, values)
    held = sum(one.doubt is None and bool(one.file.code) for one in shown)
    undecided = sum(one.doubtful and not last.verdict(one) for one in shown)
    yield ""
    yield f"{len(shown):,} listed, {held:,} of them held files; {undecided:,} not decided yet."
    if undecided:
        first = next(one for one in shown if one.doubtful and not last.verdict(one))
        words = "redact|drop" if first.doubt is None else "redact|keep"
        yield f"Next: {last.command} --set {first.number}={words} --reason '…'"
        yield "--show adds the words themselves, on a terminal; 3,5-9 decides many at once."
    else:
        yield f"Next: {last.again}"


def _entry(last: Last, entry: Entry, values: dict[str, tuple[str, str, str]]) -> Iterator[str]:
    decided = last.verdict(entry)
    mark = f"  -> {decided}" if decided else ""
    head = f"{entry.number:>5}  {entry.id[:SHORT]}"
    if entry.doubt is None:
        reason = plain(f"{entry.file.what} {entry.file.why}".strip())
        said = f"held, {entry.file.code}: {reason}" if entry.file.code else "not held"
        yield f"{head}  the file itself: {said}{mark}"
        return
    doubt = entry.doubt
    times = f" and {len(entry.places) - 1:,} more" if len(entry.places) > 1 else ""
    ground = why(doubt.detector, doubt.score, doubt.weak)
    place = plain(place_of(doubt))
    yield f"{head}  {doubt.entity:<16} {place}{times}  {ground}{mark}"
    if doubt.span in values:
        before, value, after = (plain(one) for one in values[doubt.span])
        yield f"{'':19}…{before}[{value}]{after}…"


def _values(last: Last, shown: Sequence[Entry]) -> dict[str, tuple[str, str, str]]:
    """The words of what is listed, read again from the originals."""
    from scrubber.cli.decide_show import values_of

    found: dict[str, tuple[str, str, str]] = {}
    for file in {one.file.id: one.file for one in shown if one.doubt is not None}.values():
        found |= values_of(last.run, file, last.key)
    return found


def decisions_lines(last: Last) -> Iterator[str]:
    """Every decision, and what became of it in the last run."""
    if not last.decisions.rows:
        yield f"Nothing is decided yet in {for_terminal(str(last.file))}."
        yield f"Next: {last.command} --list"
        return
    paths = {entry.file.item: entry.file.path for entry in last.entries}
    for row in last.decisions.rows:
        state = last.states.get(row.id, "not run yet")
        what = row.entity or "a file"
        where = for_terminal(paths[row.item]) if row.item in paths else ""
        yield (
            f"{row.id[:SHORT]}  {row.verdict.value:<7}{row.scope.value:<6}{what:<16} "
            f"{state:<12}{where}  {plain(row.reason)}"
        ).rstrip()
    if any(state in ("stale", "unused", "overruled") for state in last.states.values()):
        yield ""
        yield "stale: the words are gone from the file. unused: nothing in the batch is meant."
        yield "overruled: the policy, your own list, or a larger finding around it is stricter."
        yield f"Next: {last.command} --unset ID, for those that you do not need any more."


def as_rows(last: Last) -> dict[str, object]:
    """The list and the decisions for programs; no value."""
    return {
        "batch": last.run.batch,
        "entries": [_row(last, one) for one in last.entries],
        "decisions": [
            {
                "id": row.id,
                "scope": row.scope.value,
                "verdict": row.verdict.value,
                "entity": row.entity,
                "reason": row.reason,
                "state": last.states.get(row.id, "not run yet"),
            }
            for row in last.decisions.rows
        ],
        **path_fields(str(last.file), "file"),
        "next": last.again,
    }


def _row(last: Last, entry: Entry) -> dict[str, object]:
    doubt = entry.doubt
    row: dict[str, object] = {
        "number": entry.number,
        "id": entry.id,
        **path_fields(entry.file.path),
        "doubtful": entry.doubtful,
        "decided": last.verdict(entry),
        "held": entry.file.code or None,
    }
    if doubt is None:
        return {**row, "why": plain(f"{entry.file.what} {entry.file.why}".strip())}
    return {
        **row,
        "entity": doubt.entity,
        "where": doubt.where,
        "line": doubt.line or None,
        "column": doubt.column or None,
        "places": len(entry.places),
        "detector": doubt.detector,
        "score": doubt.score,
        "weak": doubt.weak,
        "why": why(doubt.detector, doubt.score, doubt.weak),
    }
