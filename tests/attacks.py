"""What somebody may do to a batch, one function a row. Each gets a copy of an honest batch.

`blind` names the stock tools that see nothing wrong: `sha256sum` (-c of the payload manifest),
`bagit` (bagit.py --validate), `script` (docs/verify.sh). docs/verify.md tells people.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from runs import photo

from scrubber.canonical import canonical
from scrubber.merkle import leaf_hash, merkle_root

PHOTO = "coast/0001.jpg"
TEXT = "notes.txt"
LISTS = ("items.jsonl", "manifest-sha256.txt", "tagmanifest-sha256.txt")


@dataclass(frozen=True)
class Attack:
    """`codes`: at least one of them is among the problems."""

    name: str
    do: Callable[[Path], None]
    codes: frozenset[str]
    blind: frozenset[str]


ATTACKS: list[Attack] = []


def add(name: str, do: Callable[[Path], None], codes: str, blind: str = "") -> None:
    ATTACKS.append(Attack(name, do, frozenset(codes.split()), frozenset(blind.split())))


def attack(codes: str, blind: str = "") -> Callable[[Callable[[Path], None]], None]:
    return lambda do: add(do.__name__, do, codes, blind)


def retag(clean: Path) -> None:
    """Compute the tag manifest again, as anybody can."""
    lines = [
        f"{sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
        for path in sorted(clean.iterdir())
        if path.is_file() and path.name not in ("tagmanifest-sha256.txt", "manifest.json.sig")
    ]
    (clean / "tagmanifest-sha256.txt").write_text("".join(lines))


def edit_head(clean: Path, change: Callable[[dict[str, Any]], None]) -> None:
    head = json.loads((clean / "manifest.json").read_bytes())
    change(head)
    (clean / "manifest.json").write_bytes(canonical(head).encode() + b"\n")
    retag(clean)


def vouch(clean: Path) -> None:
    """Sign what lies there: the attacker is the maker of the batch."""

    def change(head: dict[str, Any]) -> None:
        head["subject"] = [
            {"name": path.name, "digest": {"sha256": sha256(path.read_bytes()).hexdigest()}}
            for path in sorted(clean.iterdir())
            if path.is_file()
            and path.name not in ("manifest.json", "manifest.json.sig", "tagmanifest-sha256.txt")
        ]

    edit_head(clean, change)


def items_of(clean: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (clean / "items.jsonl").read_text().splitlines()]


def remake(clean: Path, items: list[dict[str, Any]]) -> None:
    """A batch that is right in all its sums, over these items."""
    items = sorted(items, key=lambda item: item["path"])
    lines = [canonical(item).encode() for item in items]
    (clean / "items.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
    (clean / "manifest-sha256.txt").write_text(
        "".join(f"{item['sha256']}  data/{item['path']}\n" for item in items)
    )
    size = sum(item["size"] for item in items)
    info = (clean / "bag-info.txt").read_text().splitlines()
    info = [f"Payload-Oxum: {size}.{len(items)}" if "Oxum" in line else line for line in info]
    (clean / "bag-info.txt").write_text("".join(f"{line}\n" for line in info))

    def change(head: dict[str, Any]) -> None:
        batch = head["predicate"]["batch"]
        batch["items"] = head["predicate"]["private"]["leaves"] = len(items)
        batch["bytes"] = size
        batch["media"] = dict(Counter(item["media_type"] for item in items))
        batch["items_root"] = merkle_root(map(leaf_hash, lines)).hex()

    edit_head(clean, change)
    vouch(clean)


def put(clean: Path, path: str | bytes, data: bytes, media_type: str) -> None:
    """Write a file into the payload and list it, as the maker would."""
    name = os.fsdecode(path)
    (clean / "data" / name).parent.mkdir(parents=True, exist_ok=True)
    (clean / "data" / name).write_bytes(data)
    items = [item for item in items_of(clean) if item["path"] != name]
    remake(clean, [*items, item_of(name, data, media_type)])


def item_of(path: str, data: bytes, media_type: str = "text/plain") -> dict[str, Any]:
    return {
        "media_type": media_type,
        "path": path,
        "sha256": sha256(data).hexdigest(),
        "size": len(data),
    }


# --- bytes and files -----------------------------------------------------------------------------


@attack("changed")
def a_byte_is_changed(clean: Path) -> None:
    data = bytearray((clean / "data" / PHOTO).read_bytes())
    data[-9] ^= 1
    (clean / "data" / PHOTO).write_bytes(data)


@attack("changed")
def a_file_is_cut(clean: Path) -> None:
    os.truncate(clean / "data" / PHOTO, 100)


@attack("changed")
def a_file_has_grown(clean: Path) -> None:
    with (clean / "data" / PHOTO).open("ab") as stream:
        stream.write(b"more")


@attack("missing")
def a_file_is_gone(clean: Path) -> None:
    (clean / "data" / PHOTO).unlink()


@attack("changed")
def two_files_are_swapped(clean: Path) -> None:
    one, other = clean / "data" / PHOTO, clean / "data/coast/0002.jpg"
    one.rename(clean / "data/x")
    other.rename(one)
    (clean / "data/x").rename(other)


@attack("extra", "sha256sum")
def an_unlisted_photo_in_the_payload(clean: Path) -> None:
    (clean / "data/coast/0003.jpg").write_bytes(photo())


@attack("extra", "sha256sum")
def a_hidden_file_in_the_payload(clean: Path) -> None:
    (clean / "data/.DS_Store").write_bytes(b"\0\0\0\1Bud1")


@attack("extra", "sha256sum bagit")
def a_file_beside_the_payload(clean: Path) -> None:
    (clean / "original.jpg").write_bytes(photo())


@attack("extra", "sha256sum bagit")
def a_folder_beside_the_payload(clean: Path) -> None:
    (clean / "originals").mkdir()
    (clean / "originals/0001.jpg").write_bytes(photo())


@attack("empty-folder", "sha256sum bagit")
def an_empty_folder_with_a_name(clean: Path) -> None:
    (clean / "data/Jane Example").mkdir()


@attack("link", "sha256sum bagit")
def a_link_to_a_folder(clean: Path) -> None:
    (clean / "data/link").symlink_to("/etc")


@attack("link", "sha256sum")
def a_file_is_a_link_to_the_same_bytes(clean: Path) -> None:
    target = clean / "data" / PHOTO
    target.rename(clean.parent / "same.jpg")
    target.symlink_to(clean.parent / "same.jpg")


@attack("link", "sha256sum")
def the_payload_is_a_link(clean: Path) -> None:
    (clean / "data").rename(clean.parent / "moved")
    (clean / "data").symlink_to(clean.parent / "moved")


@attack("link missing")
def the_head_is_a_link(clean: Path) -> None:
    (clean / "manifest.json").rename(clean.parent / "head")
    (clean / "manifest.json").symlink_to(clean.parent / "head")


def a_pipe(name: str, clean: Path) -> None:
    (clean / name).unlink(missing_ok=True)
    os.mkfifo(clean / name)


for _name in ("data/pipe", f"data/{PHOTO}", "manifest.json", "items.jsonl", "bagit.txt", "aside"):
    add(f"{_name} is a pipe", partial(a_pipe, _name), "special extra missing")


@attack("special", "sha256sum")
def a_socket_in_the_payload(clean: Path) -> None:
    here = Path.cwd()
    os.chdir(clean / "data")  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("socket")
    os.chdir(here)


# --- lists ---------------------------------------------------------------------------------------


@attack("changed root", "sha256sum bagit")
def a_list_is_edited_and_tagged_again(clean: Path) -> None:
    items = clean / "items.jsonl"
    items.write_bytes(items.read_bytes().replace(b"text/plain", b"text/other"))
    retag(clean)


@attack("root")
def a_list_is_edited_and_vouched_for(clean: Path) -> None:
    items = clean / "items.jsonl"
    items.write_bytes(items.read_bytes().replace(b'"size":', b'"size":1'))
    vouch(clean)


@attack("changed", "sha256sum")
def a_list_is_edited_alone(clean: Path) -> None:
    (clean / "items.jsonl").write_bytes((clean / "items.jsonl").read_bytes()[:-1] + b" \n")


def edit(name: str, change: Callable[[bytes], bytes], clean: Path) -> None:
    (clean / name).write_bytes(change((clean / name).read_bytes()))
    if name != "tagmanifest-sha256.txt":
        vouch(clean)


def reverse(data: bytes) -> bytes:
    return b"".join(reversed(data.splitlines(keepends=True)))


def long_line(data: bytes) -> bytes:
    return data[:-1] + b"z" * 100_000 + b"\n"


EDITS: dict[str, Callable[[bytes], bytes]] = {
    "out of order": reverse,
    "last line gone": lambda data: data[: data[:-1].rindex(b"\n") + 1],
    "cut inside a line": lambda data: data[:-9],
    "without last line feed": lambda data: data[:-1],
    "a line twice": lambda data: data + data[data[:-1].rindex(b"\n") + 1 :],
    "an empty line": lambda data: data + b"\n",
    "a very long line": long_line,
    "CR line ends": lambda data: data.replace(b"\n", b"\r\n"),
    "BOM": lambda data: b"\xef\xbb\xbf" + data,
    "trailing spaces": lambda data: data.replace(b"\n", b" \n"),
    "a NUL": lambda data: data[:-2] + b"\0" + data[-2:],
    "not UTF-8": lambda data: data[:-6] + b"\xff" + data[-6:],
    "empty": lambda data: b"",
    "text": lambda data: b"hello\n",
}  # fmt: skip
for _name in LISTS:
    for _what, _change in EDITS.items():
        # An empty tag manifest is no error for bagit; what it does not list, it does not see.
        add(
            f"{_name}: {_what}",
            partial(edit, _name, _change),
            "malformed count extra unlisted root",
        )

LINES: dict[str, str] = {
    "a key twice": '{"media_type":"a/b","path":"zz","path":"zz","sha256":"HEX","size":0}',
    "spaces": '{"media_type": "a/b", "path": "zz", "sha256": "HEX", "size": 0}',
    "other order": '{"path":"zz","media_type":"a/b","sha256":"HEX","size":0}',
    "no size": '{"media_type":"a/b","path":"zz","sha256":"HEX"}',
    "size below zero": '{"media_type":"a/b","path":"zz","sha256":"HEX","size":-1}',
    "size with a dot": '{"media_type":"a/b","path":"zz","sha256":"HEX","size":1.0}',
    "size with an exponent": '{"media_type":"a/b","path":"zz","sha256":"HEX","size":1e3}',
    "size true": '{"media_type":"a/b","path":"zz","sha256":"HEX","size":true}',
    "size beyond 2^53": '{"media_type":"a/b","path":"zz","sha256":"HEX","size":9007199254740993}',
    "path a number": '{"media_type":"a/b","path":1,"sha256":"HEX","size":0}',
    "half a character": '{"media_type":"a/b","path":"\\ud800","sha256":"HEX","size":0}',
    "needless escape": '{"media_type":"a/b","path":"\\u007az","sha256":"HEX","size":0}',
    "a long path": '{"media_type":"a/b","path":"' + "z" * 9000 + '","sha256":"HEX","size":0}',
    "a list": "[]",
    "null": "null",
    "deeply nested": "[" * 4000 + "]" * 4000,
    "two objects": '{"media_type":"a/b","path":"zz","sha256":"HEX","size":0}{}',
}  # fmt: skip


def a_line(line: str, clean: Path) -> None:
    with (clean / "items.jsonl").open("a") as stream:
        stream.write(line.replace("HEX", "0" * 64) + "\n")
    with (clean / "manifest-sha256.txt").open("a") as stream:
        stream.write("0" * 64 + "  data/zz\n")
    vouch(clean)


for _what, _line in LINES.items():
    add(f"items.jsonl: {_what}", partial(a_line, _line), "malformed")


@attack("malformed", "script sha256sum bagit")
def a_field_that_the_scheme_does_not_know(clean: Path) -> None:
    remake(clean, [{**item, "owner": "Jane Example"} for item in items_of(clean)])


def a_path(path: str, clean: Path) -> None:
    remake(clean, [*items_of(clean), item_of(path, b"")])


for _path in ("../outside", "/etc/hostname", "a/../../b", "./a", "a//b", "..", "a/", "C:/x"):
    add(f"listed: {_path}", partial(a_path, _path), "unsafe-path")
for _path in ("back\\slash.txt", "new\nline.txt", "-rf", "a\u202eb.txt", "\x1b[31m.txt"):
    add(f"listed: {_path!a}", partial(a_path, _path), "missing malformed")


@attack("unsafe-path")
def a_manifest_that_leads_outside(clean: Path) -> None:
    manifest = clean / "manifest-sha256.txt"
    manifest.write_text("0" * 64 + "  ../../etc/hostname\n" + manifest.read_text())
    vouch(clean)


@attack("unsafe-path missing malformed")
def a_tag_manifest_that_leads_outside(clean: Path) -> None:
    manifest = clean / "tagmanifest-sha256.txt"
    manifest.write_text("0" * 64 + "  ../outside\n" + manifest.read_text())


# --- names ---------------------------------------------------------------------------------------

NAMES: dict[bytes, str] = {
    b"new\nline.txt": "",
    b"100%.txt": "",
    b"back\\slash.txt": "",
    b"a:b.txt": "",
    b"what?.txt": "",
    b" lead.txt": "",
    b"trail.": "",
    b"\x1b[31mred": "",
    b"caf\xe9.txt": "",
    b"CON.txt": "script",
    "right\u202eto-left.txt".encode(): "script",
    unicodedata.normalize("NFD", "é.txt").encode(): "script",
    b"x" * 201: "script",
}


def a_name(name: bytes, clean: Path) -> None:
    if not name.isascii() and b"\xe9" in name[:4]:
        with open(os.fsencode(clean / "data") + b"/" + name, "wb"):
            return
    put(clean, name, b"The boats were quiet.\n", "text/plain")


for _bytes, _blind in NAMES.items():
    add(f"name {_bytes[:20]!a}", partial(a_name, _bytes), "name", _blind)


@attack("name")
def names_that_differ_in_case_alone(clean: Path) -> None:
    put(clean, "COAST/0009.txt", b"The boats were quiet.\n", "text/plain")


# --- the head, and what makes a bag --------------------------------------------------------------


def head_bytes(old: bytes, new: bytes, clean: Path) -> None:
    path = clean / "manifest.json"
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, 1))
    retag(clean)


HEADS: dict[str, tuple[bytes, bytes]] = {
    "a key twice": (b'{"_type":', b'{"_type":"x","_type":'),
    "spaces": (b'","predicate":', b'", "predicate":'),
    "more bytes": (b'"bytes":', b'"bytes":1'),
    "another root": (b'"items_root":"', b'"items_root":"' + b"0" * 64 + b'","x":"'),
    "a short root": (b'"items_root":"', b'"items_root":"0'),
    "a million million items": (b'"items":', b'"items":1000000000000'),
    "beyond 2^53": (b'"bytes":', b'"bytes":99999999999999999'),
    "deeply nested": (b'"declared":', b'"declared":' + b'{"a":' * 3000),
    "another statement": (b"urn:prescrub:attest:batch:v1", b"urn:prescrub:attest:batch:v9"),
    "a NUL": (b"README.md", b"README\0md"),
    "not UTF-8": (b"README.md", b"README\xffmd"),
    "a BOM": (b'{"_type"', b'\xef\xbb\xbf{"_type"'),
    "a subject that leads outside": (b'"name":"README.md"', b'"name":"../README.md"'),
    "a subject that is an option": (b'"name":"README.md"', b'"name":"--help"'),
}
for _what, (_old, _new) in HEADS.items():
    if _what == "deeply nested":
        _old, _new = b'"kept":', b'"kept":' + b"[" * 3000
    add(f"head: {_what}", partial(head_bytes, _old, _new), "malformed count root")


@attack("root", "script sha256sum bagit")
def another_root(clean: Path) -> None:
    edit_head(clean, lambda head: head["predicate"]["batch"].update(items_root="0" * 64))


@attack("malformed", "script sha256sum bagit")
def a_section_that_the_scheme_does_not_know(clean: Path) -> None:
    edit_head(clean, lambda head: head["predicate"].update(extra={"by": "Jane Example"}))


@attack("unlisted")
def a_list_that_the_head_leaves_out(clean: Path) -> None:
    def change(head: dict[str, Any]) -> None:
        head["subject"] = [one for one in head["subject"] if one["name"] != "items.jsonl"]

    edit_head(clean, change)


@attack("malformed")
def a_subject_twice(clean: Path) -> None:
    edit_head(clean, lambda head: head["subject"].append(head["subject"][0]))


@attack("missing")
def a_subject_that_is_not_there(clean: Path) -> None:
    extra = {"name": "rights.json", "digest": {"sha256": "0" * 64}}
    edit_head(clean, lambda head: head["subject"].append(extra))


@attack("too-large")
def a_head_of_a_tebibyte(clean: Path) -> None:
    os.truncate(clean / "manifest.json", 1 << 40)


@attack("changed malformed")
def a_list_of_a_tebibyte(clean: Path) -> None:
    with (clean / "tagmanifest-sha256.txt").open("r+b") as stream:
        stream.truncate(1 << 40)


def bagit_txt(data: bytes, clean: Path) -> None:
    (clean / "bagit.txt").write_bytes(data)
    vouch(clean)


_DECLARED = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
for _old, _new in ((b"1.0", b"0.97"), (b"UTF-8", b"UTF-16"), (b"\n", b"\r\n"), (_DECLARED, b"")):
    add(f"bagit.txt {_new!a}", partial(bagit_txt, _DECLARED.replace(_old, _new)), "malformed")


@attack("count")
def payload_oxum(clean: Path) -> None:
    info = clean / "bag-info.txt"
    info.write_text(info.read_text().replace("Payload-Oxum: ", "Payload-Oxum: 1"))
    vouch(clean)


@attack("fetch", "sha256sum bagit")
def a_file_to_fetch(clean: Path) -> None:
    (clean / "fetch.txt").write_text("https://example.com/a 1 data/a\n")
    vouch(clean)


def a_tag_file_is_gone(name: str, clean: Path) -> None:
    (clean / name).unlink()


for _name in ("bagit.txt", "bag-info.txt", "README.md", "manifest.json", *LISTS):
    add(f"{_name} is gone", partial(a_tag_file_is_gone, _name), "missing")

# --- content -------------------------------------------------------------------------------------


@attack("not-clean", "script sha256sum bagit")
def a_photo_that_was_never_cleaned(clean: Path) -> None:
    put(clean, PHOTO, photo(), "image/jpeg")


@attack("not-clean", "script sha256sum bagit")
def another_type_than_listed(clean: Path) -> None:
    put(clean, PHOTO, b"The boats were quiet.\n", "image/jpeg")


@attack("not-clean", "script sha256sum bagit")
def an_address_in_a_text(clean: Path) -> None:
    put(clean, TEXT, b"Write to jane.roe@example.com.\n", "text/plain")


@attack("not-clean", "script sha256sum bagit")
def a_photo_that_ends_early(clean: Path) -> None:
    put(clean, PHOTO, (clean / "data" / PHOTO).read_bytes()[:-30], "image/jpeg")


@attack("not-clean", "script sha256sum bagit")
def an_archive_behind_a_photo(clean: Path) -> None:
    import io
    import zipfile

    out = io.BytesIO((clean / "data" / PHOTO).read_bytes())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("original.txt", "Jane Example")
    put(clean, PHOTO, out.getvalue(), "image/jpeg")


# --- files of two batches ------------------------------------------------------------------------


def mixed(names: tuple[str, ...], clean: Path) -> None:
    """Some files of another batch, which lies beside the copy as `other`."""
    other = clean.parent / "other"
    for name in names:
        if (other / name).is_dir():
            shutil.rmtree(clean / name)
            shutil.copytree(other / name, clean / name)
        else:
            shutil.copy(other / name, clean / name)


for _names in (
    ("manifest.json",),
    ("items.jsonl",),
    ("manifest-sha256.txt",),
    ("items.jsonl", "manifest-sha256.txt"),
    ("data",),
    ("data", "items.jsonl", "manifest-sha256.txt", "bag-info.txt", "tagmanifest-sha256.txt"),
    ("manifest.json", "tagmanifest-sha256.txt"),
):
    add(
        f"of another batch: {' '.join(_names)}",
        partial(mixed, _names),
        "changed missing extra root count media-type",
    )
