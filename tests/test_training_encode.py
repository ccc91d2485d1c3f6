"""How texts with spans become numbers for training."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import pytest

from detectors.encoder import FOLDER
from detectors.encoder_decode import LABELS

tokenizers = pytest.importorskip("tokenizers")
if not (FOLDER / "tokenizer.json").exists():
    pytest.skip("the model's folder is not here", allow_module_level=True)

from training import doubt  # noqa: E402  # after what it needs is known to be here
from training.encode import Encoded, encode, windows  # noqa: E402

NAMES = frozenset({"PERSON", "LOCATION", "ORGANIZATION", "USERNAME"})
ALL = frozenset(label[2:] for label in LABELS[1:])


@dataclass(frozen=True)
class Text:
    text: str
    spans: tuple[tuple[int, int, str], ...] = ()
    labelled: frozenset[str] = ALL


@pytest.fixture(scope="module")
def tokenizer() -> object:
    return tokenizers.Tokenizer.from_file(str(FOLDER / "tokenizer.json"))


def coded(tokenizer: object, *items: Text) -> list[Encoded]:
    return list(encode(tokenizer, items))  # type: ignore[arg-type]  # its type is not imported


def allowed(mask: int) -> set[str]:
    return {label for number, label in enumerate(LABELS) if mask >> number & 1}


def test_every_piece_of_a_span_has_its_label_and_only_the_first_word_begins(
    tokenizer: object,
) -> None:
    text = "Ask Zbigniew Quillfeather-Oakes now"
    start, end = text.index("Zbigniew"), text.index(" now")
    (one,) = coded(tokenizer, Text(text, ((start, end, "PERSON"),)))
    for (low, high), mask in zip(one.offsets.tolist(), one.masks.tolist(), strict=True):
        inside = start <= low and high <= end
        first = text[low:high] in "Zbigniew" and high <= start + len("Zbigniew")
        wanted = "O" if not inside else "B-PERSON" if first else "I-PERSON"
        assert allowed(mask) == {wanted}, text[low:high]
    assert len(one.pieces) > len(text.split()), "the name should be several pieces"


def test_two_spans_side_by_side_both_begin(tokenizer: object) -> None:
    (one,) = coded(tokenizer, Text("Ada Ben", ((0, 3, "PERSON"), (4, 7, "PERSON"))))
    assert [allowed(mask) for mask in one.masks.tolist()] == [{"B-PERSON"}, {"B-PERSON"}]


def test_spans_count_code_points_not_bytes(tokenizer: object) -> None:
    text = "🙂🙂 Zoë Ñuñez 東京"
    start = text.index("Zoë")
    (one,) = coded(tokenizer, Text(text, ((start, start + 3, "PERSON"),)))
    named = {
        text[low:high]
        for (low, high), mask in zip(one.offsets.tolist(), one.masks.tolist(), strict=True)
        if allowed(mask) != {"O"}
    }
    assert "".join(sorted(named, key=text.index)) == "Zoë"


def test_a_silent_corpus_leaves_numbers_open_but_not_plain_words(tokenizer: object) -> None:
    (one,) = coded(tokenizer, Text("we met on 4 May", (), NAMES))
    masks = [allowed(mask) for mask in one.masks.tolist()]
    assert masks[0] >= {"O"}
    assert "B-DATE" in masks[3]
    assert "I-DATE" in masks[4]
    assert "B-PERSON" not in set().union(*masks)
    (told,) = coded(tokenizer, Text("we met on 4 May", (), ALL))
    assert all(allowed(mask) == {"O"} for mask in told.masks.tolist())


def test_a_corpus_without_nationalities_may_hold_some() -> None:
    masks = doubt.masks(["a", "Polish", "table"], ["a", "Polish", "table"], ALL - {"NRP"})
    assert [("B-NRP" in allowed(mask)) for mask in masks] == [False, True, False]


def test_case_is_unknown_where_a_text_has_only_one(tokenizer: object) -> None:
    mixed, capitals = coded(tokenizer, Text("Ada 7 x9"), Text("ADA 7 X9"))
    assert mixed.cases.tolist() == [2, 5, 6, 6] or mixed.cases.tolist() == [2, 5, 6]
    assert set(capitals.cases.tolist()) == {0, 5}


@pytest.mark.parametrize("size", [14, 20, 64])
def test_windows_hold_everything_once_and_tear_no_word(tokenizer: object, size: int) -> None:
    (one,) = coded(tokenizer, Text("Zbigniew Quillfeather met the others in the evening. " * 5))
    parts = list(windows(one, size, shift=size // 2))
    assert [p for part in parts for p in part.pieces.tolist()] == one.pieces.tolist()
    assert all(len(part.pieces) <= size for part in parts)
    for before, after in pairwise(parts):
        assert before.words[-1] != after.words[0]
