"""The tables of the page: held, kept, removed, by file. All names shown through `markup`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reports.html.gather import Row, Whole
from reports.html.markup import advice, code, name, text, words_of
from reports.html.words import (
    KINDS,
    LEFT_OUT,
    OUTCOMES,
    count_of,
    entity_words,
    held_words,
    inside,
    kind_of,
    media_words,
    size_of,
)
from reports.parted import fate
from reports.steps import HeldSample
from scrubber.canonical import plain
from scrubber.entities import CATALOGUE
from scrubber.model import Outcome

ALL_FILES = f"All of them: {code('scrub report --format csv')}."

_ORDER = {entity: number for number, entity in enumerate(CATALOGUE)}


def held(whole: Whole) -> Iterator[str]:
    """One block a reason: what it is, and for each next step the files that it is for."""
    found = whole.gathered.held
    for reason in found.codes:
        yield (
            f'<section class="reason"><h3>{text(held_words(reason))} '
            f'<span class="count">{count_of(found.count(reason), "file")}</span></h3>'
        )
        steps = found.steps(reason)
        for step in steps:
            many = f" ({count_of(step.count, 'file')})" if len(steps) > 1 else ""
            if step.fix or many:
                advised = advice(step.fix) if step.fix else "stands in the log"
                yield f'<p class="next"><b>Next step{many}:</b> {advised}</p>'
            yield _held_files(reason, step.items)
            if step.count > len(step.items):
                more = step.count - len(step.items)
                yield f'<p class="more">and {more:,} more. {ALL_FILES}</p>'
        yield (f'<p class="more">More about this: {code(f"scrub explain {reason}")}</p></section>')


def _held_files(reason: str, rows: Sequence[HeldSample]) -> str:
    body = "".join(
        f'<tr><th scope="row">{name(row.path)}</th><td>{words_of(plain(row.what)) or "—"}</td></tr>'
        for row in rows
    )
    return (
        f'<table><caption class="vh">Held back: {text(held_words(reason).lower())}</caption>'
        '<thead><tr><th scope="col">File</th><th scope="col">What is wrong</th></tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def parted(whole: Whole) -> Iterator[str]:
    """Groups of which a part is held and another goes out: one row a group."""
    found = whole.samples.parted
    if not found.count:
        return
    body = "".join(
        f"<tr><td>{'<br>'.join(f'{name(one.path)} {text(fate(one))}' for one in group)}</td></tr>"
        for group in found.groups
    )
    yield (
        '<section class="reason"><h3>Parted from what belongs to it '
        f'<span class="count">{count_of(found.count, "group")}</span></h3>'
        f'<p class="next"><b>To hold the other files too:</b> write '
        f"{code('[groups] together')} in a policy.</p>"
        '<table><caption class="vh">Groups that were parted</caption>'
        f'<thead><tr><th scope="col">Files</th></tr></thead><tbody>{body}</tbody></table>'
    )
    if found.count > len(found.groups):
        yield f'<p class="more">and {found.count - len(found.groups):,} more</p>'
    yield "</section>"


def kept(whole: Whole, entities: Sequence[str]) -> str:
    """What the policy or a decision leaves in place."""
    seen = whole.gathered.kept_in
    rows = []
    for entity in entities:
        row = CATALOGUE.get(entity)
        found = count_of(seen[entity], "file") if entity in seen else "not counted"
        number = f'<td class="n">{found}</td>' if seen else ""
        rows.append(
            f'<tr><th scope="row">{_entity(entity)}</th><td>{text(row.why) if row else ""}</td>'
            f"{number}</tr>"
        )
    last = '<th scope="col" class="n">Stands in</th>' if seen else ""
    return (
        '<table><caption class="vh">Kept on purpose</caption><thead><tr>'
        '<th scope="col">What</th><th scope="col">What it can tell</th>'
        f"{last}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def removed(whole: Whole) -> str:
    """What was removed, one group of rows a kind, in the order of the catalogue."""
    times, files = whole.gathered.removed, whole.gathered.removed_in
    groups = []
    for kind, entities in by_kind(times).items():
        rows = "".join(
            f'<tr><th scope="row">{_entity(entity)}</th>'
            f"<td>{text(CATALOGUE[entity].why) if entity in CATALOGUE else ''}</td>"
            f'<td class="n">{times[entity]:,}</td><td class="n">{files[entity]:,}</td></tr>'
            for entity in entities
        )
        groups.append(
            f'<tbody><tr class="group"><th scope="rowgroup" colspan="4">{text(kind)}</th></tr>'
            f"{rows}</tbody>"
        )
    return (
        '<table><caption class="vh">Removed, by kind</caption><thead><tr>'
        '<th scope="col">What</th><th scope="col">Why it matters</th>'
        '<th scope="col" class="n">Times</th><th scope="col" class="n">Files</th></tr></thead>'
        f"{''.join(groups)}</table>"
    )


def by_kind(times: Mapping[str, int]) -> dict[str, list[str]]:
    """Headings of kinds with their entities, both in the order of the catalogue."""
    known = [entity for entity in CATALOGUE if entity in times]
    groups: dict[str, list[str]] = {}
    for entity in [*known, *sorted(times.keys() - CATALOGUE.keys())]:
        kind = kind_of(entity)
        groups.setdefault(KINDS[kind] if kind else "Other", []).append(entity)
    return groups


def media(whole: Whole) -> str:
    """Files by media type, with their bytes before and after."""
    rows = "".join(
        f'<tr><th scope="row">{text(media_words(kind))}</th><td class="n">{row.files:,}</td>'
        f'<td class="n">{size_of(row.before)}</td><td class="n">{size_of(row.after)}</td>'
        f'<td class="n">{size_of(row.removed)}</td></tr>'
        for kind, row in sorted(
            whole.gathered.media.items(), key=lambda pair: (-pair[1].files, pair[0])
        )
    )
    return (
        '<table><caption class="vh">What is in the clean folder</caption><thead><tr>'
        '<th scope="col">Type</th><th scope="col" class="n">Files</th>'
        '<th scope="col" class="n">Before</th><th scope="col" class="n">After</th>'
        '<th scope="col" class="n">Taken out or rewritten</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def files(whole: Whole) -> Iterator[str]:
    """One row a file, in the order of the walk, as many as the page lists."""
    yield (
        '<div class="scroll" role="region" aria-label="All files" tabindex="0">'
        '<table class="files"><caption class="vh">File by file</caption><thead><tr>'
        '<th scope="col">File</th><th scope="col">Result</th><th scope="col">What was removed</th>'
        "</tr></thead><tbody>"
    )
    for row in whole.gathered.rows:
        yield (
            f'<tr><th scope="row">{name(row.path)}{_renamed(row)}</th>'
            f'<td><span class="o {row.outcome.value}">{OUTCOMES[row.outcome]}</span></td>'
            f"<td>{_removed_of(row)}</td></tr>"
        )
    yield "</tbody></table></div>"


def _renamed(row: Row) -> str:
    if row.out_path is None or row.out_path == row.path:
        return ""
    return f'<br><span class="quiet">now </span>{name(row.out_path)}'


def _removed_of(row: Row) -> str:
    if row.outcome is Outcome.HELD:
        return f"not written: {text(held_words(row.code or 'held').lower())}"
    if row.outcome in (Outcome.DROPPED, Outcome.EXCLUDED):
        return text(LEFT_OUT.get(row.code or "", row.code or ""))
    if not row.removed:
        return "nothing"
    known = sorted(row.removed, key=lambda pair: (_ORDER.get(pair[0], len(_ORDER)), pair[0]))
    words = ", ".join(
        inside(entity_words(entity)) + (f" ({times:,})" if times > 1 else "")
        for entity, times in known
    )
    return text(words[:1].upper() + words[1:])


def _entity(entity: str) -> str:
    shown = text(entity).replace("_", "_<wbr>")
    return f'{text(entity_words(entity))} <span class="id">{shown}</span>'
