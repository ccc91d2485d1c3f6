"""Languages told apart, and English not taken for another."""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from detectors.language import language_of

SHARED = Path(os.environ.get("SCRUB_SHARED", Path(__file__).parents[2] / "shared"))

SAMPLES = {
    "en": "We went to the shop and they said that it would be open until the end of the week.",
    "de": "Wir sind gestern in die Stadt gefahren und haben dort mit einem alten Freund zu Mittag gegessen.",
    "fr": "Nous sommes allés dans la ville avec un ami et il y avait une fête pour les enfants du quartier.",
    "es": "Ayer fuimos a la ciudad con un amigo y había una fiesta para los niños en el barrio.",
    "it": "Ieri siamo andati in città con un amico e c'era una festa per i bambini della scuola, ma non molto.",
    "nl": "Wij zijn gisteren met een vriend naar de stad gegaan en het was er niet zo druk als wij dachten.",
    "pt": "Ontem fomos para a cidade com um amigo e não havia mais festa para as crianças do bairro.",
    "pl": "Wczoraj byłem w mieście z kolegą i nie było już tak dużo ludzi jak przez ostatnie dni, ale to nic.",
    "ru": "Вчера мы поехали в город",
    "ja": "昨日、私たちは友達と町に行きました。",
    "zh": "昨天我们和朋友去了城里吃饭",
    "el": "Χθες πήγαμε στην πόλη",
}


@pytest.mark.parametrize(("code", "text"), SAMPLES.items())
def test_language_is_told(code: str, text: str) -> None:
    assert language_of(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ok",
        "Jane Doe",
        "Die Hard, La La Land, El Camino",
        "for i in range(10): print(a, de, la)",
        "IMG_0001.JPG 4032x3024 f/1.8",
        "https://example.de/der/die/das/und/ist",
        "Los Angeles, San Francisco, Las Vegas, El Paso, La Jolla, Del Mar",
        "def a(o, e, i): return a, o, e, i, a, o",
    ],
)
def test_too_short_or_no_prose_is_none_or_english(text: str) -> None:
    assert language_of(text) in (None, "en")


def test_english_is_rarely_taken_for_another() -> None:
    path = SHARED / "corpora/presidio-research/data/synth_dataset_v2.json"
    if not path.is_file():
        pytest.skip("no shared corpora")
    texts = [row["full_text"] for row in json.loads(path.read_text(encoding="utf-8"))]
    wrong = [text for text in texts if language_of(text) not in (None, "en")]
    assert len(wrong) <= len(texts) * 0.003


def test_source_code_is_no_foreign_language() -> None:
    folder = Path(os.__file__).parent
    for name in ("argparse.py", "tarfile.py", "turtle.py", "calendar.py", "heapq.py"):
        text = (folder / name).read_text(encoding="utf-8")
        pieces = [text[at : at + 1500] for at in range(0, len(text), 1500)]
        assert not [p for p in pieces if language_of(p) not in (None, "en")]
