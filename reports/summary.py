"""The last words of a run: a verdict, the counts behind it, and what to do next.

Nothing here prints. "SAFE TO UPLOAD" is said only when nothing was held and
nothing stayed unlooked at, unless the user accepted that in the policy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from reports.parted import Parted, fate
from reports.quote import for_terminal
from reports.samples import Samples
from reports.steps import HeldBack, HeldSample
from reports.tally import count
from scrubber.canonical import canonical, path_fields, plain
from scrubber.model import Outcome, Tally

__all__ = ["Samples", "Summary", "count", "lines", "to_json", "verdict"]

SCHEMA = "scrub.summary/1"
SHOWN = 5
"""Names shown for each reason and next step."""

_UNSEEN = {
    "FACE": ("picture", "faces"),
    "TEXT_IN_IMAGE": ("picture", "text in pictures"),
    "HIDDEN_PIXELS": ("picture", "pixels that are not shown"),
    "HIDDEN_DATA": ("picture", "bytes among those of a coded picture"),
    "SPEECH": ("recording", "speech"),
}
"""What nobody looked for: in which things, and in words."""

_NOTES = {
    "hard-link": ("{n} {was} the same file as another, by a hard link", "name"),
    "open-now": (
        "{n} {was} open in another program: save and run again if you change {them}",
        "file",
    ),
    "raw-preview": ("{n} {was} taken from a camera's raw file, which is held", "preview"),
    "small-model": (
        "{n} with prose {was} masked by a model that misses a few names in a hundred: "
        "read {them} before you upload",
        "text",
    ),
}


@dataclass(frozen=True, slots=True)
class Summary:
    """All that the last words need. Paths are as the user should see and type them."""

    tally: Tally
    samples: Samples
    out: str = ""
    audit: str = ""
    report: str = ""  # the private page
    dry_run: bool = False
    accepted: frozenset[str] = frozenset()  # entities the policy accepts as not looked at
    weaker: tuple[str, ...] = ()  # rules weaker than the preset, in words
    config: str = ""  # the configuration file that was used
    next_command: str = ""
    decisions: Mapping[str, int] = field(default_factory=dict)  # what became of them, counted
    signed_with: str = ""  # fingerprint of the key that signed the batch
    extra: tuple[str, ...] = field(default=())  # more lines, such as the advice to back up the key

    @property
    def held(self) -> int:
        return self.tally.outcomes.get(Outcome.HELD.value, 0)

    @property
    def unseen(self) -> dict[str, int]:
        """Entities that nobody looked for, with the number of written items."""
        counts = dict(self.tally.not_checked)
        if masked := self.tally.notes.get("small-model", 0):
            counts["PROSE_NAMES"] = max(masked, counts.get("PROSE_NAMES", 0))
        return {name: n for name, n in counts.items() if n and name not in self.accepted}


def verdict(summary: Summary) -> tuple[str, str]:
    """A stable code (`safe`, `metadata-clean`, `not-yet`, `nothing`) and the line that says it."""
    if summary.held:
        return "not-yet", f"NOT YET: {_number(summary.held, 'file')} need{_s(summary.held)} you"
    if not summary.tally.items_out:
        return "nothing", "NOTHING TO UPLOAD: no file was found to clean"
    if summary.unseen:
        return "metadata-clean", "METADATA CLEAN: " + _not_looked_at(summary.unseen)
    return "safe", "SAFE TO UPLOAD"


def lines(summary: Summary) -> list[str]:
    """The summary for a terminal, one line each, names quoted so that nothing in them acts."""
    code, words = verdict(summary)
    out = [words]
    if code == "not-yet" and summary.unseen:
        out.append("Also, " + _not_looked_at(summary.unseen))
    out += ["", *_counts(summary)]
    out += _held(summary.samples.held)
    out += _parted(summary.samples.parted)
    out += _notes(summary)
    out += [f"Weaker than the preset: {plain(rule)}" for rule in summary.weaker]
    out += _places(summary)
    return out


def _not_looked_at(unseen: dict[str, int]) -> str:
    things: dict[str, int] = {}
    words: list[str] = []
    read = unseen.get("PROSE_NAMES", 0)
    for entity in sorted(
        unseen.keys() - {"PROSE_NAMES"},
        key=lambda name: list(_UNSEEN).index(name) if name in _UNSEEN else 9,
    ):
        thing, word = _UNSEEN.get(entity, ("file", entity))
        things[thing] = max(things.get(thing, 0), unseen[entity])
        words.append(word)
    counted = [_number(n, thing) for thing, n in things.items()]
    was = "was" if sum(things.values()) == 1 else "were"
    said = [f"{_and(counted)} {was} not looked at ({', '.join(words)})"] if words else []
    if read:
        said.append(f"names in {_number(read, 'text')} rest on a model")
    return "; ".join(said)


def _counts(summary: Summary) -> list[str]:
    outcomes, samples = summary.tally.outcomes, summary.samples
    names = (
        (Outcome.CLEANED, "would be cleaned" if summary.dry_run else "cleaned"),
        (Outcome.UNCHANGED, "already clean"),
        (Outcome.HELD, "held back"),
        (Outcome.DROPPED, "left out (system files, companions)"),
        (Outcome.EXCLUDED, "excluded by you"),
    )
    out = [
        f"{outcomes[kind.value]:>9,}  {words}" for kind, words in names if outcomes.get(kind.value)
    ]
    out.append(f"Looked inside {samples.found - samples.not_opened:,} of {samples.found:,}.")
    written = summary.tally.items_out
    if samples.decoded:
        things = _number(samples.decoded, "picture or recording", "pictures and recordings")
        out.append(f"0 pixels and 0 samples changed in {things}, decoded and compared.")
    if samples.identical > samples.decoded:
        out.append(
            "Picture, sound and text around what was removed identical, byte for byte, "
            f"in {samples.identical:,} of {written:,}."
        )
    return out


def _held(held: HeldBack) -> list[str]:
    out: list[str] = []
    for code in held.codes:
        for step in held.steps(code):
            total, fix = _number(step.count, "file"), _one_line(step.fix)
            out += ["", f"Held back, {code}: {total}. {fix}".rstrip()]
            out += [f"  {for_terminal(row.path)}{_because(row)}" for row in step.items[:SHOWN]]
            out += _more(step.count - min(SHOWN, len(step.items)))
    return out


def _parted(parted: Parted) -> list[str]:
    if not parted.count:
        return []
    was = "was" if parted.count == 1 else "were"
    out = [
        "",
        f"{_number(parted.count, 'group')} of files that belong together {was} parted. To hold the "
        "other files too, write [groups] together in a policy:",
    ]
    out += [
        f"  {', '.join(f'{for_terminal(one.path)} {fate(one)}' for one in group)}"
        for group in parted.groups[:SHOWN]
    ]
    return out + _more(parted.count - min(SHOWN, len(parted.groups)))


def _because(sample: HeldSample) -> str:
    return f"  {_one_line(sample.what)}" if sample.what else ""


def _notes(summary: Summary) -> list[str]:
    out: list[str] = []
    for note, total in sorted(summary.tally.notes.items()):
        words, thing = _NOTES.get(note, (f"{{n}}: {note}", "file"))
        said = words.format(
            n=_number(total, thing),
            was="was" if total == 1 else "were",
            them="it" if total == 1 else "them",
        )
        paths = summary.samples.noted.get(note, [])
        out += ["", f"{said}:" if paths else said]
        out += [f"  {for_terminal(path)}" for path in paths]
        out += _more(total - len(paths))
    return out


def _places(summary: Summary) -> list[str]:
    rows = (
        ("Clean folder", summary.out if not summary.dry_run else ""),
        ("Private log", summary.audit),
        ("Report", summary.report),
        ("Configuration", summary.config),
    )
    out = [f"{name + ':':<15}{for_terminal(path)}" for name, path in rows if path]
    if summary.dry_run:
        out.append("Nothing was written: this was a dry run.")
    out += [_one_line(line) for line in summary.extra]
    if summary.next_command:
        out.append(f"Next: {_one_line(summary.next_command)}")
    return ["", *out] if out else []


def _more(rest: int) -> list[str]:
    return [f"  and {rest:,} more, in the private log"] if rest > 0 else []


def _one_line(text: str) -> str:
    """A text of ours that may quote a name: what cannot be printed is shown as an escape."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def _number(count_: int, thing: str, things: str = "") -> str:
    return f"{count_:,} {thing if count_ == 1 else things or thing + 's'}"


def _s(count_: int) -> str:
    return "s" if count_ == 1 else ""


def _and(parts: Iterable[str]) -> str:
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last


def to_json(summary: Summary) -> str:
    """The summary as one canonical JSON document, schema `scrub.summary/1`.

    Paths that are not UTF-8 come with their bytes in `path_hex`.
    """
    code, words = verdict(summary)
    tally, samples = summary.tally, summary.samples
    held = [
        {
            "code": code,
            "count": samples.held.count(code),
            "items": [
                {**path_fields(one.path), "what": plain(one.what), "fix": step.fix}
                for step in samples.held.steps(code)
                for one in step.items
            ],
            "steps": [{"fix": step.fix, "count": step.count} for step in samples.held.steps(code)],
        }
        for code in sorted(samples.held.codes)
    ]
    return canonical(
        {
            "schema": SCHEMA,
            "verdict": code,
            "verdict_text": words,
            "dry_run": summary.dry_run,
            "outcomes": tally.outcomes,
            "codes": tally.codes,
            "entities": tally.entities,
            "media": tally.media,
            "not_checked": tally.not_checked,
            "not_accepted": summary.unseen,
            "items_out": tally.items_out,
            "bytes_in": tally.bytes_in,
            "bytes_out": tally.bytes_out,
            "looked_inside": {"opened": samples.found - samples.not_opened, "of": samples.found},
            "content_identical": samples.identical,
            "decoded_identical": samples.decoded,
            "held": held,
            "groups": samples.parted.fields(),
            "notes": [
                {
                    "note": note,
                    "count": tally.notes[note],
                    "items": [path_fields(path) for path in samples.noted.get(note, [])],
                }
                for note in sorted(tally.notes)
            ],
            "weaker": [plain(rule) for rule in summary.weaker],
            "doubtful": {"passages": tally.doubtful, "files": tally.doubtful_in},
            "decisions": dict(summary.decisions),
            "signed_with": summary.signed_with,
            **path_fields(summary.out, "out"),
            **path_fields(summary.audit, "audit"),
            **path_fields(summary.report, "report"),
            **path_fields(summary.config, "config"),
            "next": plain(summary.next_command),
        }
    )
