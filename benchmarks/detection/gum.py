"""GUM: documents of four genres in CoNLL-U, with entities in the tenth column.

The corpus marks every mention; a name is what is private. So a mention counts when its head
is a proper noun, and only the run of proper nouns round the head is the span.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.detection.labelled import Gold, Labelled, in_order

GENRES = ("academic", "court", "interview", "news")
LABELLED = frozenset({"PERSON", "LOCATION", "ORGANIZATION"})
_LABELS = {"person": "PERSON", "place": "LOCATION", "organization": "ORGANIZATION"}
_TITLES = frozenset(
    """
    administrator ambassador archbishop assistant associate attorney bishop brother capt
    captain cardinal ceo chairman chancellor chief cmdr col colonel commander congressman
    congresswoman councillor councilman councilwoman dame deputy detective director doctor dr
    emeritus father fr gen general gov governor judge justice king lady lieutenant lord lt maj
    major manager mayor minister miss mp mr mrs ms mx officer pilot pope president prime
    prince princess prof professor queen rep representative rev reverend saint secretary sen
    senator sergeant sgt sheriff sir sister speaker st vice
    """.split()  # noqa: SIM905  # a hundred quotation marks read worse
)
_NEVER_LAST = frozenset({
    "president", "professor", "manager", "administrator", "minister", "secretary", "senator",
    "mp", "ceo", "director", "chairman", "pilot", "republican", "democrat",
})  # fmt: skip
_BETWEEN = frozenset(
    {"-", "–", ".", "[", "]", "'", "’", "al", "de", "da", "del", "van", "von", "der", "bin"}
)
_INSIDE_NAMES = frozenset({"of", "for", "the", "&"})
_MARK = re.compile(r"\(([^()]+)|([^()]+)\)|\)")


@dataclass(frozen=True, slots=True)
class Token:
    form: str
    upos: str
    xpos: str
    head: int  # index in the sentence, -1 for the root
    relation: str
    marks: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mention:
    first: int
    last: int
    kind: str


def documents(corpora: Path, genre: str) -> list[Path]:
    return sorted((corpora / "gum").glob(f"GUM_{genre}_*.conllu"))


def read(name: str, corpora: Path) -> list[Labelled]:
    """All documents of one genre, in the order of their names. Raises FileNotFoundError."""
    paths = documents(corpora, name.removeprefix("gum-"))
    if not paths:
        raise FileNotFoundError(corpora / "gum")
    return [parse(path.read_text("utf-8"), name, path.stem) for path in paths]


def parse(content: str, source: str, group: str) -> Labelled:
    """One document: sentences with blanks between, paragraphs with an empty line."""
    text = ""
    spans: list[Gold] = []
    for block in content.split("\n\n"):
        lines = block.split("\n")
        rows = [line.split("\t") for line in lines if line[:1].isdigit()]
        if not rows:
            continue
        if text:
            text += "\n\n" if any(line.startswith("# newpar") for line in lines) else " "
        sentence, tokens = sentence_of(rows)
        spans += [(s + len(text), e + len(text), label) for s, e, label in names(tokens)]
        text += sentence
    return Labelled(text, in_order(spans), LABELLED, source, group)


def sentence_of(rows: list[list[str]]) -> tuple[str, list[Token]]:
    """The text of a sentence and its words; a word of a contraction gets its share of it."""
    text = ""
    tokens: list[Token] = []
    inside = 0  # words of a contraction that are still to come
    for row in rows:
        number, form, misc = row[0], row[1], row[9]
        if "." in number:  # an empty node: nothing stands in the text
            continue
        after = "" if "SpaceAfter=No" in misc.split("|") else " "
        if "-" in number:
            first, last = (int(part) for part in number.split("-"))
            inside, outer_after = last - first + 1, after
            continue
        if inside:
            inside -= 1
            after = "" if inside else outer_after
        marks = next((m[7:] for m in misc.split("|") if m.startswith("Entity=")), "")
        head = int(row[6]) - 1
        tokens.append(
            Token(form, row[3], row[4], head, row[7], marks, len(text), len(text) + len(form))
        )
        text += form + after
    return text.rstrip(" "), tokens


def names(tokens: list[Token]) -> Iterator[Gold]:
    """Spans of the named mentions of one sentence."""
    mentions = mentions_of(tokens)
    for mention in mentions:
        label = _LABELS.get(mention.kind, "")
        run = _run(tokens, mention, mentions, label) if label else []
        if run:
            yield tokens[run[0]].start, tokens[run[-1]].end, label


def mentions_of(tokens: list[Token]) -> list[Mention]:
    """Mentions that begin and end in this sentence, in the order of their ends."""
    stack: list[tuple[str, int, str]] = []
    found = []
    for index, token in enumerate(tokens):
        for opened, closed in _MARK.findall(token.marks):
            if opened:
                name, kind = opened.split("-")[:2]
                stack.append((name, index, kind))
            name = opened.split("-")[0] if opened else closed
            if closed or _closes(token.marks, opened):
                at = max((i for i, entry in enumerate(stack) if entry[0] == name), default=-1)
                if at >= 0:
                    _, first, kind = stack.pop(at)
                    found.append(Mention(first, index, kind))
    return found


def _closes(marks: str, opened: str) -> bool:
    return f"({opened})" in marks


def _run(tokens: list[Token], mention: Mention, others: list[Mention], label: str) -> list[int]:
    """Indexes of the proper nouns round the head, titles cut; empty for what is no name."""
    inside = range(mention.first, mention.last + 1)
    head = next((i for i in inside if tokens[i].head not in inside), mention.first)
    seeds = [head] if tokens[head].upos == "PROPN" else []
    if not seeds and label == "PERSON":
        seeds = [
            i for i in inside if tokens[i].upos == "PROPN" and tokens[i].head == head
            and tokens[i].relation in ("flat", "appos")
        ]  # fmt: skip
    if not seeds or (label == "PERSON" and tokens[seeds[0]].xpos == "NNPS"):
        return []  # Americans, Democrats: a group, not a person
    foreign = {
        i for other in others for i in range(other.first, other.last + 1)
        if other.kind != mention.kind and mention.first <= other.first
        and other.last <= mention.last and seeds[0] not in range(other.first, other.last + 1)
        and label == "PERSON"
    }  # fmt: skip
    allowed = {i for i in inside if i not in foreign and _part_of_name(tokens, i, label)}
    first = last = seeds[0]
    while first - 1 in allowed:
        first -= 1
    while last + 1 in allowed:
        last += 1
    run = list(range(first, last + 1))
    while run and not _named(tokens[run[0]]):
        run.pop(0)
    while run and not _named(tokens[run[-1]]) and tokens[run[-1]].form != ".":
        run.pop()
    return _without_titles(tokens, run) if label == "PERSON" else run


def _named(token: Token) -> bool:
    return token.upos == "PROPN" or token.form[:1].isupper()


def _part_of_name(tokens: list[Token], index: int, label: str) -> bool:
    form = tokens[index].form
    if tokens[index].upos == "PROPN" or form.casefold() in _BETWEEN:
        return True
    if label == "PERSON":
        return tokens[index].xpos == "NNP"
    capital = form[:1].isupper() and tokens[index].upos in ("ADJ", "NOUN", "VERB", "NUM")
    return capital or form.casefold() in _INSIDE_NAMES


def _without_titles(tokens: list[Token], run: list[int]) -> list[int]:
    words = [tokens[index].form.rstrip(".").casefold() for index in run]
    if words and words[-1] in _NEVER_LAST:
        return []
    cut = max((at + 1 for at, word in enumerate(words[:-1]) if word in _TITLES), default=0)
    run = run[cut:]
    while run and not tokens[run[0]].form[:1].isalpha():
        run = run[1:]
    return run if len(run) > 1 or (run and words[-1] not in _TITLES) else []
