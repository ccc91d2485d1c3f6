"""The sections of the page, in the order in which a reader needs them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reports.html import tables
from reports.html.charts import Bar, bars, strip, swatch
from reports.html.doubtful import doubtful
from reports.html.gather import ROWS, Whole
from reports.html.markup import code, commands, name, text, words_of
from reports.html.words import (
    OUTCOMES,
    UNSEEN,
    count_of,
    entity_words,
    inside,
    listed,
    media_words,
    size_of,
)
from reports.quote import for_terminal
from reports.summary import Summary, verdict
from scrubber.model import Outcome

CHARTED = 6
"""Types of file that have a bar of their own."""

_MARKS = {"safe": "✓", "metadata-clean": "!", "not-yet": "✗", "nothing": "–"}

_LISTS = (
    "jq -r '.subject[]|.digest.sha256+\"  \"+.name' manifest.json | sha256sum -c --strict --quiet -"
)


def summary_of(whole: Whole) -> Summary:
    """The facts of the verdict, as the last words of the run had them."""
    accepted = frozenset(whole.about.accepted)
    return Summary(tally=whole.tally, samples=whole.samples, accepted=accepted)


def head(whole: Whole) -> Iterator[str]:
    """Verdict, what it means, and the counts."""
    summary = summary_of(whole)
    verdict_code, words = verdict(summary)
    first, _, rest = words.partition(": ")
    after = f'<span class="rest">{text(rest)}</span>' if rest else ""
    yield (
        f'<div class="verdict {verdict_code}"><span class="mark" aria-hidden="true">'
        f"{_MARKS[verdict_code]}</span><div><h1>{text(first)}{after}</h1>"
    )
    for sentence in _meaning(whole, summary, verdict_code):
        yield f"<p>{sentence}</p>"
    yield "</div></div>"
    yield from _outcomes(whole)


def _meaning(whole: Whole, summary: Summary, verdict_code: str) -> Iterator[str]:
    written = whole.tally.items_out
    if verdict_code == "not-yet":
        yield (
            f"{count_of(summary.held, 'file was', 'files were')} not written to the clean folder. "
            f"The other {count_of(written, 'file is', 'files are')} there, cleaned and checked. "
            "Settle what was held back or leave it out, then give the same command again."
        )
    elif verdict_code == "safe":
        yield (
            "Every file in the clean folder was cleaned, then read again by other code. "
            "Nothing was held back."
        )
    elif verdict_code == "metadata-clean":
        yield "What the files say about themselves is gone. Nothing was held back."
    if summary.unseen and written:
        yield (
            f"Nobody looked for {text(listed(_names_of(_order(summary.unseen))))}. "
            '<a href="#unseen">Look yourself before you upload.</a>'
        )
    accepted = [entity for entity in whole.about.accepted if whole.tally.not_checked.get(entity)]
    if accepted:
        yield f"Your policy accepts that nobody looked for {text(listed(_names_of(accepted)))}."


def _names_of(entities: list[str]) -> list[str]:
    return [inside(UNSEEN.get(entity, (entity_words(entity), ""))[0]) for entity in entities]


def _order(unseen: Mapping[str, int]) -> list[str]:
    known = [entity for entity in UNSEEN if entity in unseen]
    return [*known, *sorted(unseen.keys() - UNSEEN.keys())]


def _outcomes(whole: Whole) -> Iterator[str]:
    counts = whole.tally.outcomes
    rows = [
        (kind.value, Bar(words, counts[kind.value], count_of(counts[kind.value], "file")))
        for kind, words in OUTCOMES.items()
        if counts.get(kind.value)
    ]
    if not rows:
        return
    yield strip("c-out", "What became of the files", rows)
    yield '<ul class="tiles">'
    for kind, bar in rows:
        yield (f"<li><b>{bar.value:,}</b><span>{swatch(kind)}{text(bar.label.lower())}</span></li>")
    yield "</ul>"
    samples, written = whole.samples, whole.tally.items_out
    facts = []
    if samples.decoded:
        things = count_of(samples.decoded, "picture or recording", "pictures and recordings")
        facts.append(f"0 pixels and 0 samples changed in {things}, decoded and compared.")
    if samples.identical > samples.decoded:
        facts.append(
            "Picture, sound and text around what was removed are identical, byte for byte, in "
            f"{samples.identical:,} of {written:,} files."
        )
    if facts:
        yield f'<p class="quiet">{text(" ".join(facts))}</p>'


def held(whole: Whole) -> Iterator[str]:
    if not whole.gathered.held:
        yield "<p>Nothing was held back.</p>"
        return
    yield (
        "<p>These files were not written. The originals are where they were, untouched. "
        "Most common reason first.</p>"
    )
    yield from tables.held(whole)
    yield from tables.parted(whole)


def kept(whole: Whole) -> Iterator[str]:
    process = whole.section("process")
    told = process.get("kept")
    entities = sorted({*(told if isinstance(told, list) else ()), *whole.gathered.kept_in})
    for rule in whole.about.weaker:
        yield f'<p class="warn"><b>Weaker than the preset:</b> {words_of(rule)}</p>'
    if not entities:
        yield "<p>Nothing: everything private that was found was removed or masked.</p>"
        return
    yield (
        f"<p>The policy {code(whole.about.policy)} leaves these in place wherever they stand. "
        "They can be read by whoever gets the files. To remove one of them too, change the policy "
        "and run again.</p>"
    )
    yield tables.kept(whole, entities)


def removed(whole: Whole) -> Iterator[str]:
    gathered = whole.gathered
    if not whole.tally.items_out:
        yield "<p>No file was written.</p>"
    elif not gathered.removed:
        yield "<p>Nothing private was found in the files that were written.</p>"
    else:
        total = sum(gathered.removed.values())
        files = whole.tally.outcomes.get(Outcome.CLEANED.value, 0)
        yield (
            f"<p>{count_of(total, 'thing was', 'things were')} removed or masked in "
            f"{count_of(files, 'file')}. The values themselves are written nowhere; "
            f"{code('scrub report --reveal FILE')} shows those of one original on your "
            "terminal.</p>"
        )
        kinds = [
            Bar(kind, times, f"{times:,}")
            for kind, entities in tables.by_kind(gathered.removed).items()
            for times in [sum(gathered.removed[entity] for entity in entities)]
        ]
        yield bars("c-kind", "Things removed, by kind", kinds)
        yield tables.removed(whole)
    yield from doubtful(whole)
    if gathered.held_findings:
        more = count_of(gathered.held_findings, "thing was", "things were")
        yield (
            f'<p class="quiet">Another {more} found in files that were held back; those files '
            "were not written.</p>"
        )
    if gathered.media:
        yield "<h3>By type of file</h3>"
        ranked = sorted(gathered.media.items(), key=lambda row: (-row[1].files, row[0]))
        counts = [(media_words(kind), row.files, row.removed) for kind, row in ranked[:CHARTED]]
        if rest := [row for _, row in ranked[CHARTED:]]:
            others = sum(row.files for row in rest), sum(row.removed for row in rest)
            counts.append((count_of(len(rest), "other type"), *others))
        yield '<div class="pair">'
        yield bars(
            "c-media",
            "Files in the clean folder",
            [Bar(words, number, f"{number:,}") for words, number, _ in counts],
        )
        yield bars(
            "c-bytes",
            "Bytes taken out or rewritten",
            [Bar(words, size, size_of(size)) for words, _, size in counts],
        )
        yield "</div>"
        yield tables.media(whole)


def files(whole: Whole) -> Iterator[str]:
    total = whole.gathered.total
    if not total:
        yield "<p>There was no file.</p>"
        return
    note = ""
    if total > ROWS:
        note = f" These are the first {ROWS:,} of {total:,} files. {tables.ALL_FILES}"
    yield (
        f"<p>Everything that was removed, with its place in the file, stands in "
        f"{code('findings.csv')} beside this page.{note}</p>"
    )
    yield from tables.files(whole)


def unseen(whole: Whole) -> Iterator[str]:
    counts = dict(whole.tally.not_checked)
    if masked := whole.tally.notes.get("small-model", 0):
        counts["PROSE_NAMES"] = max(masked, counts.get("PROSE_NAMES", 0))
    if not whole.tally.items_out:
        yield "<p>No file was written.</p>"
        return
    if not counts:
        yield "<p>Everything that scrub knows to look for was looked for in every file.</p>"
        return
    yield "<p>These are still in the clean folder, if they were in the originals:</p>"
    for entity in _order(counts):
        title, advice = UNSEEN.get(entity, (entity_words(entity), "Look at these files yourself."))
        accepted = " Accepted in your policy." if entity in whole.about.accepted else ""
        paths = whole.samples.unseen.get(entity) or (
            whole.samples.noted.get("small-model", []) if entity == "PROSE_NAMES" else []
        )
        yield (
            f'<h3>{text(title)} <span class="count">{count_of(counts[entity], "file")}</span></h3>'
            f"<p>{text(advice)}{accepted}</p>"
            '<ul class="names">'
        )
        yield from (f"<li>{name(path)}</li>" for path in paths)
        if counts[entity] > len(paths):
            yield f'<li class="more">and {counts[entity] - len(paths):,} more</li>'
        yield "</ul>"
    yield (
        '<p class="quiet">Nobody can look for what the content itself tells: a landmark, a voice, '
        "a way of writing, the noise of one sensor.</p>"
    )


def verify(whole: Whole) -> Iterator[str]:
    out = for_terminal(whole.about.out)
    yield "<p>The whole check, with scrub. It needs nothing but the clean folder:</p>"
    yield commands([f"scrub verify {out}"])
    yield "<p>The same lists without scrub, with tools that every system has or can get:</p>"
    yield commands(
        [
            f"cd {out}",
            _LISTS,
            "sha256sum -c --strict --quiet manifest-sha256.txt",
        ]
    )
    if len(whole.about.inputs) == 1:
        yield "<p>That your originals are still what they were:</p>"
        yield commands(
            [
                f"cd {for_terminal(whole.about.inputs[0])}",
                f"sha256sum -c --quiet {for_terminal(whole.folder + '/originals.sha256')}",
            ]
        )
    audit = for_terminal(whole.folder.rpartition("/batches/")[0])
    yield "<p>That the private log was not changed since, and this page again from it:</p>"
    yield commands([f"scrub report --audit-dir {audit} --batch {whole.about.batch}"])
    yield from _about(whole)


def _about(whole: Whole) -> Iterator[str]:
    """What a reader of many such pages needs to tell them apart."""
    tool = whole.section("process").get("tool")
    version = f"{tool.get('name')} {tool.get('version')}" if isinstance(tool, Mapping) else "scrub"
    rows = [
        ("Batch", code(whole.about.batch)),
        ("Run", text(whole.about.started.replace("T", " ").replace("Z", " UTC"))),
        ("Policy", code(whole.about.policy)),
        ("From", "<br>".join(name(path) for path in whole.about.inputs)),
        ("Clean folder", name(whole.about.out) if whole.about.out else ""),
        ("This page", name(whole.folder)),
        ("Made by", text(version)),
    ]
    told = "".join(f"<div><dt>{label}</dt><dd>{value}</dd></div>" for label, value in rows if value)
    yield f'<dl class="about">{told}</dl>'
