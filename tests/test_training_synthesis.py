"""The texts that the recognizer model learns from: exact spans, known labels, no repeats."""

import os
import random
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

pytest.importorskip("faker")

from benchmarks.detection.labelled import LABELS, Labelled
from training import fill_addresses, fill_people, fill_pools, synthesis
from training.fill import PERSONAL, PLAIN
from training.negatives import HELD_BACK, KINDS, library, negatives

SEED = 20
ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def drawn() -> list[Labelled]:
    return list(synthesis.samples(SEED, 2000))


def test_spans_lie_in_their_text_in_order_and_apart(drawn: list[Labelled]) -> None:
    for item in drawn:
        end = 0
        for start, stop, label in item.spans:
            assert end <= start < stop <= len(item.text), item
            assert label in LABELS
            assert item.text[start:stop] == item.text[start:stop].strip(), item.text[start:stop]
            end = stop


def test_no_span_begins_or_ends_inside_a_word(drawn: list[Labelled]) -> None:
    for item in drawn:
        for start, stop, _ in item.spans:
            assert not item.text[max(start - 1, 0) : start + 1].isalnum() or start == 0, item
            assert not item.text[stop - 1 : stop + 1].isalnum() or stop == len(item.text), item


def test_a_span_covers_exactly_the_value() -> None:
    template = synthesis.Template("letters:0", synthesis.parse("Dear {person1.first}, ({email1})"))
    item = synthesis.fill(template, random.Random(3))
    (first, mail) = item.spans
    assert item.text == f"Dear {item.text[first[0] : first[1]]}, ({item.text[mail[0] : mail[1]]})"
    assert (first[2], mail[2]) == ("PERSON", "EMAIL")
    assert "@" in item.text[mail[0] : mail[1]]


def test_an_article_fits_the_value_and_moves_its_span() -> None:
    template = synthesis.Template("x:0", synthesis.parse("She is a {nation} friend of a {agency}."))
    for seed in range(60):
        item = synthesis.fill(template, random.Random(seed))
        start, stop, _ = item.spans[0]
        value = item.text[start:stop]
        assert item.text.startswith(f"She is {'an' if value[0] in 'AEIO' else 'a'} {value} friend")


def test_names_written_side_by_side_are_one_person() -> None:
    template = synthesis.Template(
        "x:0", synthesis.parse("{person1.first} {person1.last}, {street}, {city}")
    )
    item = synthesis.fill(template, random.Random(5))
    assert [label for _, _, label in item.spans] == ["PERSON", "ADDRESS"]


def test_every_slot_of_every_template_exists_and_every_slot_is_used() -> None:
    used = {
        node.key
        for template in synthesis.templates()
        for node in synthesis.slots_of(template.nodes)
    }
    assert used <= set(PERSONAL) | set(PLAIN)
    assert {"person", "address.lines", "date.words", "phone.spoken", "age.decade"} <= used


def test_a_slot_that_does_not_exist_is_named() -> None:
    with pytest.raises(ValueError, match=r"no slot \{preson\}"):
        synthesis.parse("Hello {preson}")
    with pytest.raises(ValueError, match=r"no slot \{city\|sideways\}"):
        synthesis.parse("{city|sideways}")


def test_there_are_enough_templates_and_none_twice() -> None:
    written = [
        re.sub(r"\s+", " ", block)
        for path in sorted(synthesis.FOLDER.glob("*.txt"))
        for block in synthesis.blocks(path)
    ]
    assert len(written) >= 500
    assert [block for block, times in Counter(written).items() if times > 1] == []
    assert "" not in written


def test_plain_templates_hold_nothing_private(drawn: list[Labelled]) -> None:
    for template in synthesis.templates():
        assert template.plain or not template.name.startswith("plain_"), template.name
    empty = sum(1 for item in drawn if not item.spans)
    assert 0.45 < empty / len(drawn) < 0.6


def test_each_label_occurs(drawn: list[Labelled]) -> None:
    counts = Counter(label for item in drawn for _, _, label in item.spans)
    assert set(counts) == set(LABELS)
    assert min(counts.values()) > 40


def test_templates_name_no_person_themselves() -> None:
    first = set(fill_pools.first_names("en_US"))
    last = set(fill_pools.last_names("en_US"))
    for template in synthesis.templates():
        for text in (node for node in _flat(template.nodes) if isinstance(node, str)):
            for pair in re.findall(r"\b([A-Z][a-z]+) ([A-Z][a-z]+)\b", text):
                assert not (pair[0] in first and pair[1] in last), (template.name, pair)


@pytest.mark.slow
def test_the_same_seed_gives_the_same_texts_whatever_the_hash_seed() -> None:
    here = repr((list(synthesis.samples(7, 80)), [n.text for n in negatives(7, 15)]))
    code = (
        "from training.synthesis import samples; from training.negatives import negatives;"
        "print(repr((list(samples(7, 80)), [n.text for n in negatives(7, 15)])), end='')"
    )
    there = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "99", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout
    assert _without_sets(there) == _without_sets(here)
    assert list(synthesis.samples(8, 5)) != list(synthesis.samples(7, 5))


def test_every_country_gives_an_address() -> None:
    assert len(fill_addresses.COUNTRIES) >= 25
    for country in fill_addresses.COUNTRIES:
        lines = fill_addresses.lines(random.Random(1), country)
        assert len(lines) >= 2
        assert all(line == line.strip() and line for line in lines)


def test_names_come_from_many_countries() -> None:
    locales = {*fill_pools.ENGLISH, *fill_pools.EUROPE, *fill_pools.WORLD, *fill_pools.ROMANISED}
    assert len(locales) >= 40
    for locale in sorted(locales):
        assert fill_pools.first_names(locale)
        assert fill_pools.last_names(locale)
        assert all(map(fill_pools.is_latin, fill_pools.last_names(locale)))


def test_a_person_is_called_by_parts_of_one_name() -> None:
    rng = random.Random(2)
    for _ in range(300):
        who = fill_people.person(rng)
        assert who.last in fill_people.last_first(rng, who)
        assert fill_people.anyhow(rng, who).strip()


def test_negatives_hold_no_span_and_no_file_kept_for_measuring() -> None:
    items = list(negatives(SEED, 400))
    assert all(item.spans == () and item.text.strip() for item in items)
    assert all("PERSON" in item.labelled for item in items)
    assert len(library()) > 100
    assert not set(library()) & HELD_BACK
    assert {item.group for item in items} >= set(KINDS)
    assert not [item for item in items if re.search(r"\w@\w+\.(?:com|org|net)\b", item.text)]


def _flat(nodes: tuple[synthesis.Node, ...]) -> list[synthesis.Node]:
    flat: list[synthesis.Node] = []
    for node in nodes:
        if isinstance(node, tuple):
            for branch in node:
                flat += _flat(branch)
        else:
            flat.append(node)
    return flat


def _without_sets(text: str) -> str:
    return re.sub(r"frozenset\(\{.*?\}\)", "", text)
