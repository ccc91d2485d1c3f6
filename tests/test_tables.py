"""Tables measured and remedied: by hand, by a naive count, and by DuckDB where it is installed."""

from __future__ import annotations

import csv
import io
import json
import math
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from scrubber.api import Options, Result, clean
from scrubber.cli.app import run
from scrubber.errors import Damaged, PolicyHold, TooLarge, Unsupported, UsageError, VerifyFailed
from scrubber.policy import load_policy
from scrubber.source import FileSource, MemorySource
from scrubber.tables.coding import code, keys
from scrubber.tables.counting import Band
from scrubber.tables.ladders import AGE, DATE, OTHER, POSTCODE, kind_of, ladder
from scrubber.tables.measuring import Measured, Wish, measure, pick, public_name
from scrubber.tables.proposing import propose
from scrubber.tables.reading import open_table
from scrubber.tables.remedies import generalise, suppress
from scrubber.tables.remedying import Order, prove, remedy, write_proved

HAND = b"""age,sex,zip,illness
30,F,1000,flu
30,F,1000,cold
30,F,1000,flu
41,M,1000,flu
41,M,1000,flu
52,F,2000,cold
"""


def counted(
    data: bytes, *qi: str, name: str = "t.csv", sensitive: str = "", k: int = 2,
    header: bool | None = None,
) -> Measured:  # fmt: skip
    table = open_table(MemorySource(data), name, header)
    return measure(table, Wish(qi, (sensitive,) if sensitive else (), k))


def test_a_table_counted_by_hand() -> None:
    found = counted(HAND, "age", "sex", "zip", sensitive="illness")
    whole = found.whole
    assert (whole.rows, whole.classes, whole.smallest, whole.unique, whole.below) == (6, 3, 1, 1, 1)
    assert found.bands == (Band(1, 1, 1, 1), Band(2, 2, 1, 2), Band(3, 4, 1, 3))
    alone = {one.columns: (one.unique, one.smallest) for one in found.combinations}
    assert alone[("sex",)] == (0, 2)
    assert alone[("age",)] == (1, 1)
    assert alone[("age", "sex", "zip")] == (1, 1)
    assert len(alone) == 7


def test_diversity_and_closeness_by_hand() -> None:
    data = b"g,s\na,x\na,y\na,y\na,y\nb,x\nb,x\nb,y\nb,y\n"
    (one,) = counted(data, "g", sensitive="s").sensitive
    entropy = math.exp(-(0.25 * math.log(0.25) + 0.75 * math.log(0.75)))
    assert one.distinct_l == 2
    assert one.entropy_l == math.floor(entropy * 1000)
    assert one.closeness_t == 125  # a: 1/4 against 3/8
    (flat,) = counted(HAND, "age", "sex", "zip", sensitive="illness").sensitive
    assert (flat.distinct_l, flat.entropy_l) == (1, 1000)
    assert flat.closeness_t == 667  # all "cold" where a third is


def test_missing_values_are_a_value_of_their_own() -> None:
    found = counted(b"a,b\n,1\n,1\nx,1\n x,1\n", "a")
    assert (found.whole.classes, found.whole.unique) == (3, 2)


@pytest.mark.parametrize(
    ("data", "name", "rows"),
    [
        (b'a;b\r\n"x;\ny";1\r\n"x;\ny";1\r\nz;2\r\n', "t.csv", 3),
        (b"\xef\xbb\xbfa,b\nx,1\nx,1\nz,2\n", "t.csv", 3),
        ("a\tb\nx\t1\nx\t1\nz\t2\n".encode("utf-16"), "t.tsv", 3),
        (b"sep=|\na|b\nx|1\nx|1\nz|2", "t.csv", 3),
        (b"# made by hand\na,b\nx,1\n\nx,1\nz,2\n", "t.csv", 3),
        (b"a,b\rx,1\rx,1\rz,2\r", "t.csv", 3),
    ],
)  # fmt: skip
def test_dialects(data: bytes, name: str, rows: int) -> None:
    found = counted(data, "a", "b", name=name)
    assert found.whole.rows == rows
    assert (found.whole.classes, found.whole.unique) == (2, 1)


def test_ragged_rows_are_counted_and_read_as_far_as_they_go() -> None:
    found = counted(b"a,b,c\n" + b"x,y,z\n" * 12 + b"x\nx,y,z,more\n", "a", "b")
    assert found.ragged == 2
    assert (found.whole.rows, found.whole.classes, found.whole.unique) == (14, 2, 1)


def test_one_row_and_no_row() -> None:
    assert counted(b"a,b\n1,2\n", "a").whole.smallest == 1
    none = counted(b"a,b\nc,d\n", "#1", header=True)
    assert none.whole.rows == 1
    only = counted(b"a,b\n", "a")
    assert (only.whole.rows, only.whole.smallest, only.whole.below) == (0, 0, 0)


def test_two_columns_with_one_header_are_named_by_their_place() -> None:
    data = b"age,age,x\n1,1,1\n1,2,1\n"
    with pytest.raises(UsageError, match="not taken for a header"):
        counted(data, "age")
    with pytest.raises(UsageError, match="#1, #2"):
        counted(data, "age", header=True)
    assert counted(data, "#2", header=True).whole.unique == 2
    assert counted(data, "#2").whole.rows == 3
    with pytest.raises(UsageError, match="no column #9"):
        counted(data, "#9")


def test_headers_are_never_code() -> None:
    hostile = "x'); DROP TABLE t; --"
    data = f'"{hostile}","年齢","a\x1b[31mb"\n1,5,2\n1,5,3\n'.encode()
    table = open_table(MemorySource(data), "t.csv")
    assert pick(table, hostile).place == 0
    assert counted(data, hostile, "年齢").whole.smallest == 2
    assert public_name(pick(table, hostile)) == "#1"


def test_hostile_headers_reach_no_terminal_raw(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "t.csv"
    path.write_text('"a\x1b[31mb","=1+1"\nSecretone,2\nSecretone,3\n', "utf-8")
    assert run(["measure", str(path), "--qi", "#1,#2", "-q"]) == 1
    out = capfd.readouterr()
    assert "\x1b" not in out.out + out.err
    assert "Secretone" not in out.out + out.err


LINES = b"""{"age": 30, "home": {"city": "A", "zip": 1.10}, "x": [1, {"b": 2, "a": "1"}]}
{"home": {"zip": 1.10, "city": "A"}, "age": "30", "x": [1, {"a": "1", "b": 2}]}

{"age": null, "home": {}, "x": true}
{"x": "true", "home": {"city": ""}}
"""


def test_json_lines_and_nested_values() -> None:
    assert counted(LINES, "age", "home", name="t.jsonl").whole.classes == 3
    assert counted(LINES, "age", "home.city", "x", name="t.jsonl").whole.classes == 2
    assert counted(LINES, "x", name="t.jsonl").whole.unique == 0
    with pytest.raises(Damaged, match="Line 2"):
        counted(b'{"a": 1}\n{"a": 1, "a": 2}\n', "a", name="t.jsonl")
    with pytest.raises(Damaged, match="Line 1"):
        counted(b"[1]\n", "a", name="t.jsonl")


def test_what_is_no_table_and_what_is_cut_off() -> None:
    with pytest.raises(Unsupported):
        counted(b"\x89PNG\r\n\x1a\n" + bytes(40), "a", name="t.png")
    with pytest.raises(Damaged, match="never ends"):
        counted(b'a,b\n1,2\n1,2\n1,2\n1,2\n1,2\n3,"4\n', "a")
    table = open_table(MemorySource(HAND), "t.csv")
    with pytest.raises(TooLarge):
        code(table, table.columns, limit=8)


def test_codes_too_many_for_one_number_are_numbered_again() -> None:
    import numpy as np

    draw = np.random.default_rng(3)
    codes = [draw.integers(0, 3, 500).astype(np.int32) for _ in range(6)]
    wide = keys(codes, [1 << 30] * 6, 500)
    rows = list(zip(*(one.tolist() for one in codes), strict=True))
    assert len(set(wide.tolist())) == len(set(rows))
    assert sorted(Counter(wide.tolist()).values()) == sorted(Counter(rows).values())


def people(number: int, seed: int = 7) -> tuple[bytes, list[list[str]]]:
    draw = random.Random(seed)
    rows = [
        [
            f"{draw.randint(1950, 1999)}-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}",
            draw.choice(["F", "M", ""]), draw.choice(["90210", "90211", "90255", "9 0"]),
            draw.choice(["baker", 'the "nurse", nights', "two\nlines"]), str(draw.randint(18, 80)),
        ]
        for _ in range(number)
    ]  # fmt: skip
    into = io.StringIO(newline="")
    csv.writer(into, lineterminator="\r\n").writerows([["born", "sex", "zip", "job", "age"], *rows])
    return into.getvalue().encode(), rows


def test_as_a_naive_count() -> None:
    data, rows = people(400)
    found = counted(data, "sex", "zip", "job", k=5)
    sizes = Counter(tuple(row[1:4]) for row in rows)
    assert found.whole.classes == len(sizes)
    assert found.whole.smallest == min(sizes.values())
    assert found.whole.below == sum(n for n in sizes.values() if n < 5)


def test_as_duckdb_counts(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    data, _ = people(2000)
    path = tmp_path / "t.csv"
    path.write_bytes(data)
    off = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    query = (
        "select min(n), count(*), sum(n) filter (n < 5) from (select count(*) n from "
        "read_csv(?, header=true, all_varchar=true, delim=',', quote='\"') group by sex, zip, age)"
    )
    judged = duckdb.connect(config=off).execute(query, [str(path)]).fetchone()
    whole = counted(data, "sex", "zip", "age", k=5).whole
    assert (whole.smallest, whole.classes, whole.below) == judged


def test_proposals_say_why() -> None:
    data, _ = people(300)
    data = b"customer_id," + data.replace(b"\r\n19", b"\r\nx,19")
    found = propose(open_table(MemorySource(data), "t.csv"))
    assert [one.column.name for one in found.quasi] == ["born", "sex", "zip", "job", "age"]
    assert [one.column.name for one in found.direct] == ["customer_id"]
    with pytest.raises(UsageError, match="--qi"):
        counted(b"colour,weight\nred,2\nblue,3\n")


def test_ladders() -> None:
    assert kind_of("age", ["30", "41", ""]) == AGE
    assert kind_of("weight", ["30", "41"]) == OTHER
    assert kind_of("plz", ["01234", "1234 AB"]) == POSTCODE
    assert kind_of("when", ["1987-04-02", "2001"]) == DATE
    assert ladder(AGE, ["34", "", "old"]) == [
        ["34", "", "old"], ["30-34", "", "*"], ["30-39", "", "*"], ["20-39", "", "*"], ["*"] * 3,
    ]  # fmt: skip
    assert [step[0] for step in ladder(DATE, ["1987-04-02", "3.5.1990"])] == [
        "1987-04-02", "1987-04", "1987", "1980-1989", "*",
    ]  # fmt: skip
    assert [step[0] for step in ladder(POSTCODE, ["902"])] == ["902", "90*", "9**", "*"]


@pytest.mark.parametrize("action", ["suppress", "generalise"])
def test_a_remedied_table_has_k(tmp_path: Path, action: str) -> None:
    data, rows = people(3000)
    (tmp_path / "t.csv").write_bytes(data)
    out = tmp_path / "out.csv"
    qi = ("sex", "zip", "age")
    with FileSource(tmp_path / "t.csv") as source:
        table = open_table(source, "t.csv")
        found = measure(table, Wish(qi, (), 4))
        done = remedy(found, Order(action, 4))
        write_proved(table, found, done, out)
    written = list(csv.reader(io.StringIO(out.read_text("utf-8"), newline="")))[1:]
    sizes = Counter((row[1], row[2], row[4]) for row in written)
    assert min(sizes.values()) == done.smallest >= 4
    assert len(written) == done.rows
    if action == "suppress":
        before = Counter((row[1], row[2], row[4]) for row in rows)
        assert written == [row for row in rows if before[row[1], row[2], row[4]] >= 4]
    else:
        assert [(row[0], row[3]) for row in written] == [(row[0], row[3]) for row in rows]
    assert list(tmp_path.glob("*.partial")) == []


def test_no_lower_choice_would_do() -> None:
    data, rows = people(150, seed=11)
    found = counted(data, "sex", "zip", "age", k=4)
    done = generalise(found.coded, range(3), 4)
    height = sum(one.step for one in done.steps)
    ladders = [ladder(one.kind, [row[at] for row in rows])
               for one, at in zip(done.steps, (1, 2, 4), strict=True)]  # fmt: skip
    for a, first in enumerate(ladders[0]):
        for b, second in enumerate(ladders[1]):
            for c, third in enumerate(ladders[2]):
                sizes = Counter(zip(first, second, third, strict=True))
                assert a + b + c >= height or min(sizes.values()) < 4


def test_json_lines_are_edited_in_place(tmp_path: Path) -> None:
    lines = [
        f'{{ "id":{n}, "who" : {{"age": {30 + n % 3}, "n": 1.10}},"t":"\\u00e9"}}\n'
        for n in range(9)
    ]
    (tmp_path / "t.jsonl").write_text("".join(lines), "utf-8")
    out = tmp_path / "o.jsonl"
    assert run(["measure", str(tmp_path / "t.jsonl"), "--qi", "who.age", "-k", "4", "-q",
                "--write", str(out), "--by", "generalise"]) == 0  # fmt: skip
    expected = [line.replace(f'"age": {30 + n % 3}', '"age": "30-34"') for n, line in
                enumerate(lines)]  # fmt: skip
    assert out.read_text("utf-8") in (
        "".join(expected),
        "".join(line.replace('"30-34"', '"*"') for line in expected),
    )


def test_a_written_table_that_differs_is_refused() -> None:
    table = open_table(MemorySource(HAND), "t.csv")
    found = measure(table, Wish(("age", "sex"), (), 2))
    done = suppress(found.coded, range(2), 2)
    whole = HAND.rsplit(b"52", 1)[0]
    prove(table, found, done, MemorySource(whole))
    for wrong in (HAND, whole.replace(b"cold", b"bold"), whole.replace(b"41", b"42", 1), b""):
        with pytest.raises(VerifyFailed):
            prove(table, found, done, MemorySource(wrong))


def test_no_row_left_and_too_few_rows() -> None:
    found = counted(HAND, "age", "sex", "illness")
    with pytest.raises(PolicyHold):
        suppress(found.coded, range(3), 5)
    with pytest.raises(PolicyHold):
        generalise(found.coded, range(3), 7)


def test_the_command_in_json(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "t.csv").write_bytes(HAND)
    (tmp_path / "no.txt").write_text("just words here\n", "utf-8")
    code = run(["measure", str(tmp_path / "t.csv"), str(tmp_path / "no.txt"), "--json"])
    document = json.loads(capfd.readouterr().out)
    assert code == 3
    assert document["schema"] == "scrub.measure/1"
    table, other = document["files"]
    assert table["qi"] == ["age", "sex", "zip"]
    assert (table["k"], table["unique"], table["enough"]) == (1, 1, False)
    assert other["held"] == "unsupported"


def test_an_output_that_exists_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(HAND)
    same = str(tmp_path / "t.csv")
    words = ["measure", same, "--qi", "sex", "-k", "2", "--by", "suppress", "-q"]
    assert run([*words, "--write", same]) == 2
    assert (tmp_path / "t.csv").read_bytes() == HAND
    assert run(words) == 2
    assert run([*words, "--write", str(tmp_path / "nowhere" / "t.csv")]) == 4


SURVEY = "band,zone,colour\n" + "".join(f"{n % 4},{7 + n % 2},3\n" for n in range(40))
RULES = '[tables]\nk = {k}\naction = "{action}"\nqi = {{ "sub/*.csv" = ["band", "zone"] }}\n'


def batch(folder: Path, k: int, action: str, columns: str = '"band", "zone"') -> Result:
    given = folder / "in"
    (given / "sub").mkdir(parents=True, exist_ok=True)
    (given / "sub" / "survey.csv").write_text(SURVEY, "utf-8")
    (given / "other.csv").write_text(SURVEY, "utf-8")
    rules = RULES.format(k=k, action=action).replace('"band", "zone"', columns)
    (folder / "rules.toml").write_text(rules, "utf-8")
    policy = load_policy(str(folder / "rules.toml"))
    return clean(Options((given,), folder / "out", policy, isolate=False, jobs=1), lambda *_: None)


def head(folder: Path) -> dict[str, Any]:
    made: dict[str, Any] = json.loads((folder / "out" / "manifest.json").read_bytes())["predicate"]
    return made


def test_a_run_says_in_the_manifest_what_it_counted(tmp_path: Path) -> None:
    assert batch(tmp_path, 5, "hold").exit_code == 0
    (row,) = head(tmp_path)["measures"]["k_anonymity"]
    assert (row["k"], row["rows"], row["classes"], row["below"]) == (10, 40, 4, 0)
    assert row["qi"] == ["band", "zone"]
    written = tmp_path / "out" / "data" / row["path"]
    sizes = Counter(line.rsplit(",", 1)[0] for line in written.read_text("utf-8").split()[1:])
    assert (len(sizes), min(sizes.values())) == (row["classes"], row["k"])
    assert run(["verify", str(tmp_path / "out"), "-q"]) == 0


def test_a_run_holds_a_table_below_k(tmp_path: Path) -> None:
    result = batch(tmp_path, 11, "hold")
    assert result.exit_code == 3
    assert head(tmp_path)["batch"]["items"] == 1
    assert "measures" not in head(tmp_path)
    assert batch(tmp_path, 11, "report").exit_code == 0
    assert head(tmp_path)["measures"]["k_anonymity"][0]["below"] == 40


def test_a_column_that_is_not_there_holds_the_table(tmp_path: Path) -> None:
    assert batch(tmp_path, 5, "report", '"age"').exit_code == 3


@pytest.mark.slow
def test_a_million_rows_in_bounded_memory(tmp_path: Path) -> None:
    import subprocess
    import sys

    draw = random.Random(5)
    path = tmp_path / "t.csv"
    with path.open("w", encoding="utf-8") as into:
        into.write("id,age,sex,zip,city\n")
        for n in range(1_000_000):
            zone = draw.randrange(900)
            into.write(f"{n},{draw.randrange(80)},{'FM'[n & 1]},{zone:03d}{n % 20:02d},c{zone}\n")
    program = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_DATA, (700 << 20,) * 2);"
        "from scrubber.cli.app import run; sys.exit(run(sys.argv[1:]))"
    )
    words = ["measure", str(path), "--qi", "age,sex,zip,city", "--json"]
    made = subprocess.run(
        [sys.executable, "-I", "-c", program, *words], capture_output=True, check=False
    )
    assert made.returncode == 1, made.stderr
    assert json.loads(made.stdout)["files"][0]["rows"] == 1_000_000
