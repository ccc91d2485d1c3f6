"""The model that ships: its folder is whole, and a name in plain sentences is found."""

from __future__ import annotations

import hashlib
import json

import pytest

from detectors.encoder import FOLDER, Encoder, read_config
from detectors.encoder_decode import ENTITIES, LABELS
from detectors.errors import ModelMissing

pytestmark = pytest.mark.skipif(not (FOLDER / "config.json").exists(), reason="no model here")
MOST = 40 * 1_000_000


def test_the_settings_name_the_labels_in_the_order_of_the_decoder() -> None:
    config = read_config(FOLDER)
    assert config.labels == LABELS
    assert set(config.bias) == set(ENTITIES)
    assert all(0 <= value <= 5 for value in config.bias.values())


def test_the_files_are_those_that_the_settings_name() -> None:
    config = json.loads((FOLDER / "config.json").read_text(encoding="utf-8"))
    assert set(config["files"]) == {"model.onnx", "tokenizer.json"}
    for name, digest in config["files"].items():
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == digest
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < MOST


def test_the_tokenizer_cuts_nothing_and_knows_no_secret_words() -> None:
    content = json.loads((FOLDER / "tokenizer.json").read_text(encoding="utf-8"))
    assert content["truncation"] is None
    assert content["padding"] is None
    assert content["added_tokens"] == []


def test_the_folder_says_where_the_model_comes_from() -> None:
    card = (FOLDER / "MODEL_CARD.md").read_text(encoding="utf-8")
    credit = (FOLDER / "ATTRIBUTION.md").read_text(encoding="utf-8")
    assert "English" in card
    for name in ("all-MiniLM-L6-v2", "Broad Twitter", "WNUT", "GUM", "Presidio", "Faker"):
        assert name in credit, name


@pytest.mark.parametrize(
    ("text", "value", "entity"),
    [
        ("Yesterday Marta Quillfeather came back from the market.", "Marta", "PERSON"),
        ("yesterday marta quillfeather came back from the market", "quillfeather", "PERSON"),
        ("He has lived in Lisbon since the summer.", "Lisbon", "LOCATION"),
        ("Please send it to 14 Orchard Lane, Bristol BS1 4XX.", "Orchard", "ADDRESS"),
    ],
)
def test_plain_sentences(text: str, value: str, entity: str) -> None:
    model = Encoder()
    found = model.found([text], model.words(text))[0]
    assert entity in {one.entity for one in found if value in text[one.start : one.end]}


def test_ordinary_words_stay() -> None:
    text = "The work was almost done, and nobody had asked why the door was open."
    model = Encoder()
    assert model.found([text], model.words(text)) == [[]]


def test_another_model_under_the_same_settings_is_refused(tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    for name in ("config.json", "tokenizer.json", "model.onnx"):
        (folder / name).write_bytes((FOLDER / name).read_bytes())
    with (folder / "model.onnx").open("ab") as out:
        out.write(b"\0")
    with pytest.raises(ModelMissing):
        Encoder(folder).load()
