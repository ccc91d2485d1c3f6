"""The readers of the labelled corpora, and splits that share no document and no template."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from benchmarks.detection import conll, gum, splits
from benchmarks.detection.conll import labelled_text
from benchmarks.detection.corpora import NAMES, read
from benchmarks.detection.joining import join
from benchmarks.detection.labelled import Labelled, for_model, in_order
from benchmarks.detection.presidio_research import skeleton
from benchmarks.detection.sets import build

SHARED = Path(os.environ.get("SCRUB_SHARED") or Path(__file__).parents[2] / "shared")
slow = pytest.mark.slow
needs_corpora = pytest.mark.skipif(
    not (SHARED / "corpora" / "gum").is_dir(), reason="the corpora are not here"
)


def shown(text: str, spans: tuple[tuple[int, int, str], ...]) -> list[tuple[str, str]]:
    return [(text[start:end], label) for start, end, label in spans]


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        ("Hello , world !", "Hello, world!"),
        ("I ca n't see ' em ( yet ) .", "I can't see ' em (yet)."),
        ("@ ann # fun RT @bob :", "@ann #fun RT @bob:"),
        ("see you @ 7:30 @ the bar", "see you @ 7:30 @ the bar"),
        ('Where \' s " our " Ann ?', 'Where\'s "our" Ann?'),
    ],
)
def test_tokens_are_joined_as_people_write(tokens: str, text: str) -> None:
    assert join(tokens.split())[0] == text
    assert all(
        text[start:end] == token
        for token, (start, end) in zip(tokens.split(), join(tokens.split())[1], strict=True)
    )


def test_handles_are_usernames_whatever_the_corpus_says() -> None:
    rows = [
        ("@", "B-PER"), ("ann_l", "B-PER"), ("met", "O"), ("Bob", "B-PER"), ("Ray", "I-PER"),
        ("and", "O"), ("@mill", "B-ORG"), ("Ely", "B-LOC"), ("Ash", "B-LOC"),
    ]  # fmt: skip
    text, spans = labelled_text(rows, conll.NAMES)
    assert text == "@ann_l met Bob Ray and @mill Ely Ash"
    assert shown(text, spans) == [
        ("@ann_l", "USERNAME"), ("Bob Ray", "PERSON"), ("@mill", "USERNAME"),
        ("Ely", "LOCATION"), ("Ash", "LOCATION"),
    ]  # fmt: skip


def test_the_older_scheme_joins_neighbours_of_one_kind_unless_marked() -> None:
    rows = [("Ann", "I-PER"), ("Lee", "I-PER"), ("Bob", "B-PER"), ("Ely", "I-LOC"), ("x", "I-MISC")]
    text, spans = labelled_text(rows, conll.NAMES)
    assert shown(text, spans) == [("Ann Lee", "PERSON"), ("Bob", "PERSON"), ("Ely", "LOCATION")]


def test_a_line_that_is_no_row_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.conll").write_text("Ann\tB-PER\nthree words here now\n")
    with pytest.raises(ValueError, match=r"broken\.conll, line 2"):
        build(tmp_path, False, ["extra"], tmp_path)


def row(number: str, form: str, upos: str, head: int, relation: str, misc: str = "_") -> str:
    xpos = {"PROPN": "NNP"}.get(upos, upos)
    return "\t".join([number, form, form, upos, xpos, "_", str(head), relation, "_", misc])


SENTENCE = "\n".join(
    [
        "# newpar",
        row("1", "President", "PROPN", 2, "compound", "Entity=(1-person-new-1-coref"),
        row("2", "Ann", "PROPN", 5, "nsubj"),
        row("3", "Lee", "PROPN", 2, "flat", "Entity=1)"),
        row("4-5", "isn't", "_", 0, "_"),
        row("4", "is", "AUX", 5, "aux"),
        row("5", "n't", "PART", 0, "root"),
        row("5.1", "ghost", "VERB", 0, "_"),
        row("6", "in", "ADP", 8, "case"),
        row("7", "Old", "ADJ", 8, "amod", "Entity=(2-place-new-2-coref"),
        row("8", "Ely", "PROPN", 5, "obl", "Entity=2)|SpaceAfter=No"),
        row("9", ",", "PUNCT", 5, "punct"),
        row("10", "a", "DET", 11, "det", "Entity=(3-person-new-2-sgl"),
        row("11", "poet", "NOUN", 5, "appos", "Entity=3)|SpaceAfter=No"),
        row("12", ".", "PUNCT", 5, "punct"),
    ]
)


def test_gum_gives_names_without_titles_and_nothing_for_who_has_no_name() -> None:
    item = gum.parse(f"{SENTENCE}\n\n{SENTENCE}\n", "gum-news", "one")
    sentence = "President Ann Lee isn't in Old Ely, a poet."
    assert item.text == f"{sentence}\n\n{sentence}"
    assert shown(item.text, item.spans)[:2] == [("Ann Lee", "PERSON"), ("Old Ely", "LOCATION")]
    assert len(item.spans) == 4


def test_a_span_that_holds_another_value_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "corpora" / "presidio-research" / "data"
    folder.mkdir(parents=True)
    span = {"entity_type": "PERSON", "entity_value": "Bob", "start_position": 0, "end_position": 3}
    row = {"full_text": "Ann left", "masked": "{{PERSON}} left", "spans": [span]}
    (folder / "synth_dataset_v2.json").write_text(json.dumps([row]))
    with pytest.raises(ValueError, match="another value"):
        read("presidio-v2", tmp_path)


def test_a_skeleton_is_blind_to_what_placeholders_are_called() -> None:
    assert skeleton("Hi {{PERSON}}, in {{GPE}}!") == skeleton("hi {{first_name}} in {{city}}")
    assert skeleton("Hi {{PERSON}}") != skeleton("Bye {{PERSON}}")


def test_labels_of_a_model() -> None:
    text = "Ann is 34 years old, 1 Mill St, Ely, 12345, card 4111, on Monday"
    spans = [
        (0, 3, "PERSON"), (7, 9, "AGE"), (21, 30, "ADDRESS"), (32, 35, "LOCATION"),
        (37, 42, "ADDRESS"), (49, 53, "CREDIT_CARD"), (58, 64, "DATE_TIME"),
    ]  # fmt: skip
    item = for_model(Labelled(text, in_order(spans), frozenset({"AGE", "CREDIT_CARD"}), "made"))
    assert shown(text, item.spans) == [
        ("Ann", "PERSON"), ("34 years old", "AGE"), ("1 Mill St, Ely, 12345", "ADDRESS"),
        ("4111", "ID"),
    ]  # fmt: skip
    assert item.labelled == {"AGE", "ID"}


def test_a_strangers_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.conll").write_text("Ann\tB-PER\nleft\tO\n\nBob\tB-PER\n")
    good = {"text": "in Ely", "spans": [[3, 6, "GPE"]], "labelled": ["LOCATION", "PERSON"]}
    (tmp_path / "b.jsonl").write_text(json.dumps(good) + "\n")
    found = build(tmp_path / "nowhere", False, ["extra"], tmp_path)
    assert [(one.name, len(one.items)) for one in found] == [
        ("extra:a.conll", 2),
        ("extra:b.jsonl", 1),
    ]
    assert found[1].items[0].spans == ((3, 6, "LOCATION"),)
    (tmp_path / "b.jsonl").write_text('{"text": "in Ely", "spans": [[3, 60, "GPE"]]}\n')
    with pytest.raises(ValueError, match=r"b\.jsonl, line 1: a span lies outside"):
        build(tmp_path / "nowhere", False, ["extra"], tmp_path)


@needs_corpora
@pytest.mark.parametrize(
    "name",
    [name if "dev" in name else pytest.param(name, marks=slow) for name in sorted(conll.FILES)],
)
def test_every_span_says_what_its_tokens_say(name: str) -> None:
    lines = (SHARED / "corpora" / conll.FILES[name]).read_text("utf-8").split("\n")
    blocks = [b for b in conll.blocks(lines, name) if b[0][0] != "-DOCSTART-"]
    items = read(name, SHARED)
    assert len(blocks) == len(items)
    for block, item in zip(blocks, items, strict=True):
        text, spans = labelled_text(block, conll.NAMES)
        assert (text, spans) == (item.text, item.spans)
        assert squeezed(item.text) == squeezed("".join(token for token, _ in block))
        gold = {squeezed(value) for value in _gold(block)}
        for value, label in shown(text, spans):
            assert label == "USERNAME" or squeezed(value) in gold


def _gold(block: list[tuple[str, str]]) -> Iterator[str]:
    held, kind = "", ""
    for token, label in [*block, ("", "O")]:
        if held and label != f"I-{kind}":
            yield held
            held = ""
        if label != "O":
            held, kind = held + token, label[2:]


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@needs_corpora
def test_gum_sentences_are_those_that_the_corpus_gives() -> None:
    for path in gum.documents(SHARED / "corpora", "news"):
        content = path.read_text("utf-8")
        text = gum.parse(content, "gum-news", path.stem).text
        for sentence in re.findall(r"^# text = (.*)$", content, re.MULTILINE):
            assert " ".join(sentence.split()) in text.replace("\xa0", " ")


@needs_corpora
def test_splits_share_no_document_no_template_and_no_text() -> None:
    halves = [splits.train(SHARED), splits.dev(SHARED), splits.test(SHARED)]
    groups = [{item.group for items in half.values() for item in items} for half in halves]
    texts = [
        {
            " ".join(re.findall(r"\w+", item.text.casefold()))
            for items in half.values()
            for item in items
        }
        for half in halves
    ]
    for one, other in combinations(range(3), 2):
        assert not groups[one] & groups[other]
        assert not texts[one] & texts[other]
    assert "wikigold" not in halves[0] | halves[1]
    assert all(half["gum-news"] for half in halves)


@slow
@needs_corpora
def test_every_corpus_has_spans_in_order_and_inside_its_text() -> None:
    for name in NAMES:
        for item in read(name, SHARED):
            assert item.spans == in_order(item.spans)
            assert all(0 <= s < e <= len(item.text) for s, e, _ in item.spans)
