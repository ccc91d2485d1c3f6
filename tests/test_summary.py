"""The last words: never more than is true, and no name in them acts."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from dataclasses import replace

import pytest
from batches import make_records
from hypothesis import given
from hypothesis import strategies as st

from reports.quote import for_csv, for_markdown, for_terminal, from_csv
from reports.samples import Samples
from reports.summary import Summary, lines, to_json, verdict
from reports.tally import count
from scrubber.canonical import path_from
from scrubber.model import ItemRecord, Outcome, Skipped, Tally


def summary_of(*records: ItemRecord | Skipped, **fields: object) -> Summary:
    tally, samples = Tally(), Samples()
    for record in records:
        tally = count(tally, record)
        samples.add(record)
    return Summary(tally, samples, **fields)  # type: ignore[arg-type]  # a bag of keywords


def held(index: int, code: str = "damaged", path: str = "") -> ItemRecord:
    return ItemRecord(
        index, path or f"bad/{index}.jpg", Outcome.HELD, code=code, what="It ends early."
    )


def checked(record: ItemRecord, **changes: object) -> ItemRecord:
    return replace(record, not_checked=(), **changes)  # type: ignore[arg-type]  # keywords


RECORDS = make_records()


def test_safe_only_when_everything_was_looked_at() -> None:
    assert verdict(summary_of(*map(checked, RECORDS)))[0] == "safe"
    assert verdict(summary_of(*RECORDS))[0] == "metadata-clean"
    assert verdict(summary_of(*RECORDS, accepted=frozenset({"FACE"})))[0] == "safe"
    assert verdict(summary_of(*RECORDS, held(9)))[0] == "not-yet"
    assert verdict(summary_of(*map(checked, RECORDS), held(9)))[0] == "not-yet"
    assert verdict(summary_of())[0] == "nothing"
    link = Skipped("a", Outcome.HELD, "symlink", "A link.")
    assert verdict(summary_of(*map(checked, RECORDS), link))[0] == "not-yet"


def test_the_words_of_the_verdict() -> None:
    picture = checked(RECORDS[0])
    pictures = [replace(picture, not_checked=("FACE", "TEXT_IN_IMAGE"))] * 212
    sounds = [replace(picture, not_checked=("SPEECH",))] * 14
    assert verdict(summary_of(*pictures, *sounds))[1] == (
        "METADATA CLEAN: 212 pictures and 14 recordings were not looked at "
        "(faces, text in pictures, speech)"
    )
    assert verdict(summary_of(*map(held, range(7))))[1] == "NOT YET: 7 files need you"
    assert verdict(summary_of(held(1)))[1] == "NOT YET: 1 file needs you"


def test_a_small_model_is_never_safe() -> None:
    texts = [checked(RECORDS[3], notes=("small-model",))] * 3
    summary = summary_of(*texts)
    assert verdict(summary)[0] == "metadata-clean"
    text = "\n".join(lines(summary))
    assert (
        "3 texts with prose were masked by a model that misses a few names in a hundred: "
        "read them before you upload:" in text
    )
    assert RECORDS[3].path in text


def test_held_is_grouped_with_the_next_step() -> None:
    summary = summary_of(*map(held, range(8)), held(9, "encrypted"))
    text = lines(summary)
    at = next(n for n, line in enumerate(text) if line.startswith("Held back, damaged: 8 files."))
    assert "re-save" in text[at]
    assert text[at + 1 : at + 6] == [f"  bad/{n}.jpg  It ends early." for n in range(5)]
    assert text[at + 6] == "  and 3 more, in the private log"
    assert any(line.startswith("Held back, encrypted: 1 file.") for line in text)
    assert "Looked inside 8 of 9." in text


def test_counts_places_and_rules() -> None:
    junk = Skipped(".DS_Store", Outcome.DROPPED, "os-junk", "A system file.")
    text = "\n".join(
        lines(
            summary_of(
                *RECORDS,
                junk,
                out="clean",
                audit="portfolio.audit",
                weaker=("names are kept",),
                next_command="scrub verify clean",
            )
        )
    )
    for words in (
        "4  cleaned",
        "1  left out",
        "Looked inside 4 of 4.",
        "byte for byte, in 4 of 4",
        "Weaker than the preset: names are kept",
        "Clean folder:  clean",
        "Private log:   portfolio.audit",
        "Next: scrub verify clean",
    ):
        assert words in text
    assert "pixels changed" not in text


def test_zero_pixels_is_said_only_after_decoding() -> None:
    decoded = [replace(record, decoded_identical=True) for record in RECORDS]
    told = "\n".join(lines(summary_of(decoded[0], RECORDS[1])))
    assert "0 pixels and 0 samples changed in 1 picture or recording, decoded" in told
    assert "0 pixels" not in "\n".join(lines(summary_of(*RECORDS)))


HOSTILE = [
    "\x1b[31mred",
    "a\nSAFE TO UPLOAD",
    "abc\u202egpj.exe",
    "caf\udce9.jpg",
    "zero\u200bwidth",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_do_not_act_on_the_terminal(name: str) -> None:
    for line in lines(summary_of(held(0, path=name), out=name, audit=name)):
        assert line.isprintable()
        line.encode("utf-8")


@given(st.binary(min_size=1, max_size=30).filter(lambda raw: b"\0" not in raw))
def test_bash_reads_quoted_names_back(raw: bytes) -> None:
    quoted = for_terminal(raw.decode("utf-8", "surrogateescape"))
    assert quoted.isprintable()
    run = subprocess.run(["bash", "-c", f"printf %s {quoted}"], capture_output=True, check=True)
    assert run.stdout == raw


@given(st.binary(max_size=30))
def test_csv_cells_can_be_read_back(raw: bytes) -> None:
    name = raw.decode("utf-8", "surrogateescape")
    cell = for_csv(name)
    assert cell.isprintable()
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    line = io.StringIO()
    csv.writer(line).writerow([cell])
    assert next(csv.reader([line.getvalue()])) == [cell]
    assert from_csv(cell) == name


@given(st.text())
def test_markdown_is_one_line(text: str) -> None:
    assert "\n" not in for_markdown(text)


def test_plain_names_stay_plain() -> None:
    assert for_terminal("coast/été 1.jpg") == "'coast/été 1.jpg'"
    assert for_terminal("coast/0001.jpg") == "coast/0001.jpg"
    assert for_terminal("") == "''"
    assert for_csv("=cmd|' /C calc'!A0") == "'=cmd|' /C calc'!A0"


def test_json_loses_no_path() -> None:
    summary = summary_of(*RECORDS, *(held(n, path=name) for n, name in enumerate(HOSTILE)))
    told = json.loads(to_json(summary))
    assert told["schema"] == "scrub.summary/1"
    assert told["verdict"] == "not-yet"
    assert [path_from(item) for item in told["held"][0]["items"]] == HOSTILE
    assert told["looked_inside"] == {"opened": 9, "of": 9}


def test_not_checked_counts_written_items_alone() -> None:
    hidden = replace(RECORDS[0], outcome=Outcome.HELD, code="damaged")
    tally = count(Tally(), hidden)
    assert tally.not_checked == {}
    assert (tally.items_out, tally.bytes_out, tally.bytes_in) == (0, 0, hidden.size)


def test_samples_are_bounded() -> None:
    samples = Samples()
    for number in range(1000):
        samples.add(held(number))
    (step,) = samples.held.steps("damaged")
    assert (step.count, len(step.items)) == (1000, 20)
    assert samples.found == 1000


def test_next_steps_are_bounded() -> None:
    samples = Samples()
    for number in range(1000):
        samples.add(replace(held(number), fix=f"Do {number % 100}."))
    steps = samples.held.steps("damaged")
    assert sum(step.count for step in steps) == samples.held.count("damaged") == 1000
    assert (steps[0].fix, steps[0].count, len(steps)) == ("", 760, 25)


def test_each_file_has_the_next_step_of_its_own_reason() -> None:
    raw, layered = "Export it as DNG.", "Flatten it."
    given = [replace(held(n, "unsupported"), fix=raw) for n in range(7)]
    summary = summary_of(*given, replace(held(9, "unsupported", "art.psd"), fix=layered))
    text = lines(summary)
    at = text.index(f"Held back, unsupported: 1 file. {layered}")
    assert text[at + 1].startswith("  art.psd ")
    at = text.index(f"Held back, unsupported: 7 files. {raw}")
    assert text[at + 6] == "  and 2 more, in the private log"
    (told,) = json.loads(to_json(summary))["held"]
    assert told["count"] == 8
    assert told["steps"] == [{"count": 7, "fix": raw}, {"count": 1, "fix": layered}]
    assert {item["path"]: item["fix"] for item in told["items"]}["art.psd"] == layered
