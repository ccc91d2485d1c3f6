"""The walk over real trees."""

from __future__ import annotations

import os
import socket
import tempfile
from pathlib import Path

import pytest

from scrubber.companions import classify_companion
from scrubber.errors import HOLD_CODES, FolderError, UsageError
from scrubber.model import Item, Outcome, Skipped
from scrubber.walk import walk


def plant(root: Path, *names: str) -> Path:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * 10)
    return root


def items(*roots: Path, **options: object) -> list[Item]:
    return [entry for entry in walk(roots, **options) if isinstance(entry, Item)]  # type: ignore[arg-type]  # test options


def left(*roots: Path, **options: object) -> dict[str, Skipped]:
    found = walk(roots, **options)  # type: ignore[arg-type]  # test options
    return {entry.path: entry for entry in found if isinstance(entry, Skipped)}


def test_items_come_in_byte_order_and_open(tmp_path: Path) -> None:
    plant(tmp_path, "b.txt", "a/z.txt", "a.txt", "a-b.txt", "a/b/c.txt", "Ä.txt")
    found = items(tmp_path)
    paths = [item.path for item in found]
    assert paths == sorted(paths, key=os.fsencode)
    assert len(paths) == 6
    assert [item.index for item in found] == list(range(6))
    for item in found:
        assert os.path.getsize(os.path.join(item.root, item.path)) == item.size


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (".DS_Store", "os-junk"),
        ("._photo.jpg", "os-junk"),
        ("Thumbs.db", "os-junk"),
        ("Icon\r", "os-junk"),
        ("desktop.ini", "os-junk"),
        (".picasa.ini", "os-junk"),
        (".dropbox.attr", "os-junk"),
        (".nfs00001", "os-junk"),
        (".fuse_hidden01", "os-junk"),
        ("~$letter.docx", "editor-junk"),
        (".~lock.letter.odt#", "editor-junk"),
        ("notes.txt~", "editor-junk"),
        (".notes.swp", "editor-junk"),
        ("#notes#", "editor-junk"),
        ("notes.bak", "editor-junk"),
        ("film.crdownload", "editor-junk"),
        ("catalog.lrcat", "editor-junk"),
        ("catalog.lrcat.lock", "editor-junk"),
        (".gitattributes", "vcs"),
        (".git", "vcs"),
        ("home.lnk", "link-file"),
        ("home.webloc", "link-file"),
        ("album.cue", "audio-junk"),
        ("album.nfo", "audio-junk"),
        ("take.reapeaks", "audio-junk"),
        ("scrub.toml", "own-file"),
    ],
)
def test_junk_is_dropped_with_its_reason(tmp_path: Path, name: str, code: str) -> None:
    plant(tmp_path, name)
    assert [(s.outcome, s.code) for s in left(tmp_path).values()] == [(Outcome.DROPPED, code)]
    assert not items(tmp_path)


@pytest.mark.parametrize(
    "name",
    ["id_rsa", "id_ed25519.pub", ".env", ".env.local", "server.p12", ".netrc", ".npmrc"],
)
def test_secrets_are_held(tmp_path: Path, name: str) -> None:
    plant(tmp_path, name)
    (skipped,) = left(tmp_path).values()
    assert skipped.outcome is Outcome.HELD
    assert skipped.code == "credential-store"
    assert skipped.code in HOLD_CODES


@pytest.mark.parametrize("name", ["a.jpg_original", "a.cleaned.jpg", "a.jpg_exiftool_tmp"])
def test_leftovers_of_other_tools_are_held(tmp_path: Path, name: str) -> None:
    plant(tmp_path, name, "a.jpg")
    assert left(tmp_path)[name].outcome is Outcome.HELD


@pytest.mark.parametrize(
    ("folder", "outcome"),
    [
        (".git", Outcome.DROPPED),
        (".hg", Outcome.DROPPED),
        ("@eaDir", Outcome.DROPPED),
        ("$RECYCLE.BIN", Outcome.DROPPED),
        ("node_modules", Outcome.DROPPED),
        ("Previews.lrdata", Outcome.DROPPED),
        ("__MACOSX", Outcome.DROPPED),
        (".aws", Outcome.HELD),
        ("Library.photoslibrary", Outcome.HELD),
        ("Letter.pages", Outcome.HELD),
    ],
)
def test_folders_left_out_are_one_entry(tmp_path: Path, folder: str, outcome: Outcome) -> None:
    plant(tmp_path, f"{folder}/deep/x.jpg", "y.jpg")
    found = left(tmp_path)
    assert list(found) == [folder + "/"]
    assert found[folder + "/"].outcome is outcome
    assert [item.path for item in items(tmp_path)] == ["y.jpg"]


def test_lock_files_of_packages_stay(tmp_path: Path) -> None:
    plant(tmp_path, "Cargo.lock", "odd.lock")
    assert [item.path for item in items(tmp_path)] == ["Cargo.lock"]


def test_special_files_are_held_unopened_and_links_dropped(tmp_path: Path) -> None:
    plant(tmp_path, "real/a.jpg")
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "sock"))
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "broken.jpg").symlink_to("nowhere")
    found = left(tmp_path)
    assert {name: entry.code for name, entry in found.items()} == {
        "broken.jpg": "symlink",
        "loop": "symlink",
        "pipe": "unreadable",
        "sock": "unreadable",
    }
    assert len(items(tmp_path)) == 1


def test_placeholders_of_a_cloud_are_held(tmp_path: Path) -> None:
    plant(tmp_path, ".film.mov.icloud")
    assert left(tmp_path)[".film.mov.icloud"].code == "unreadable"


def test_what_cannot_be_read_is_held() -> None:
    """Root reads everything, so this looks as nobody in a folder that nobody may enter."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        plant(folder, "no/a.jpg", "b.jpg")
        (folder / "no").chmod(0)
        (folder / "b.jpg").chmod(0)
        user = os.geteuid()
        try:
            if user == 0:
                os.seteuid(65534)
            found = left(folder)
        finally:
            os.seteuid(user)
            (folder / "no").chmod(0o700)
    assert {entry.code for entry in found.values()} == {"unreadable"}


def test_hard_links_are_two_items_and_a_note(tmp_path: Path) -> None:
    plant(tmp_path, "a.jpg")
    os.link(tmp_path / "a.jpg", tmp_path / "b.jpg")
    first, second = items(tmp_path)
    assert first.inode == second.inode
    assert (first.notes, second.notes) == ((), ("hard-link",))


def test_names_that_are_no_utf8_survive(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/caf\xe9.jpg"
    with open(raw, "wb") as handle:
        handle.write(b"x")
    (item,) = items(tmp_path)
    assert os.fsencode(os.path.join(item.root, item.path)) == raw


def test_deep_trees_need_no_recursion(tmp_path: Path) -> None:
    depth = 1010
    at = os.open(tmp_path, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir("d", dir_fd=at)
        below = os.open("d", os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    os.close(at)
    here = os.getcwd()
    try:
        found = items(tmp_path)
    finally:  # too deep for pytest's own cleaning
        os.chdir(tmp_path)
        for _ in range(depth):
            os.chdir("d")
        for _ in range(depth):
            os.chdir("..")
            os.rmdir("d")
        os.chdir(here)
    assert found == []


def test_the_audit_folder_is_never_entered(tmp_path: Path) -> None:
    plant(tmp_path, "audit/.scrub-audit", "audit/log.jsonl", "out/a.jpg", "a.jpg")
    found = left(tmp_path, outside=[tmp_path / "out"])
    assert {path: entry.code for path, entry in found.items()} == {
        "audit/": "own-file",
        "out/": "own-file",
    }
    assert items(tmp_path / "audit") == []


@pytest.mark.parametrize(
    ("glob", "gone"),
    [
        ("*.tif", {"a.tif", "x/b.tif", "x/y/c.tif"}),
        ("x/*.tif", {"x/b.tif"}),
        ("x/**", {"x/"}),
        ("x/", {"x/"}),
        ("**/y", {"x/y/"}),
        ("/a.tif", {"a.tif"}),
        ("x/**/c.tif", {"x/y/c.tif"}),
        ("[ab].tif", {"a.tif", "x/b.tif"}),
        ("[!a].tif", {"x/b.tif", "x/y/c.tif"}),
    ],
)
def test_exclusions(tmp_path: Path, glob: str, gone: set[str]) -> None:
    plant(tmp_path, "a.tif", "x/b.tif", "x/y/c.tif", "x/k.jpg")
    found = left(tmp_path, exclude=[glob])
    assert set(found) == gone
    assert {entry.outcome for entry in found.values()} == {Outcome.EXCLUDED}


def test_a_negated_exclusion_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        list(walk([tmp_path], exclude=["!keep.jpg"]))


def test_a_missing_root_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FolderError):
        list(walk([tmp_path / "nowhere"]))


def test_one_file_is_a_root(tmp_path: Path) -> None:
    plant(tmp_path, "a.jpg")
    (item,) = items(tmp_path / "a.jpg")
    assert item.path == "a.jpg"


def test_nested_and_doubled_roots_count_once(tmp_path: Path) -> None:
    plant(tmp_path, "sub/a.jpg", "b.jpg")
    twice = items(tmp_path, tmp_path / "sub", tmp_path / "b.jpg", tmp_path)
    assert [item.path for item in twice] == ["b.jpg", "sub/a.jpg"]


def test_two_roots_are_told_apart_by_their_names(tmp_path: Path) -> None:
    plant(tmp_path, "one/photos/a.jpg", "two/photos/a.jpg")
    found = items(tmp_path / "two/photos", tmp_path / "one/photos")
    assert [item.path for item in found] == ["one/photos/a.jpg", "two/photos/a.jpg"]
    assert all(os.path.exists(os.path.join(item.root, item.path)) for item in found)


@pytest.mark.parametrize(
    ("photo", "companion"),
    [
        ("x.jpg", "x.xmp"),
        ("x.jpg", "x.jpg.xmp"),
        ("IMG_0001.HEIC", "IMG_0001.AAE"),
        ("GX010001.MP4", "GX010001.THM"),
        ("GX010001.MP4", "GL010001.LRV"),
        ("C0001.MP4", "C0001M01.XML"),
        ("x.nef", "x.nef.pp3"),
        ("x.jpg", "x.jpg.supplemental-metadata.json"),
        ("x.jpg", "x.jpg.supplemental-me.json"),
        ("x.jpg", "x.jpg.s.json"),
        ("x(1).jpg", "x.jpg.supplemental-metadata(1).json"),
        ("a-very-long-name-that-an-export-has-to-shorten.jpg",
         "a-very-long-name-that-an-export-has-to-shorten.json"),
    ],
)  # fmt: skip
def test_companions_follow_their_photo(tmp_path: Path, photo: str, companion: str) -> None:
    plant(tmp_path, f"d/{photo}", f"d/{companion}", "d/other.jpg")
    found = left(tmp_path)
    assert found[f"d/{companion}"].code == "companion"
    assert found[f"d/{companion}"].follows == f"d/{photo}"
    (item,) = [item for item in items(tmp_path) if item.path == f"d/{photo}"]
    assert item.companions == (f"d/{companion}",)


def test_orphan_companions_are_dropped_too(tmp_path: Path) -> None:
    plant(tmp_path, "gone.xmp", "gone.jpg.supplemental-metadata.json", "data.json", "a.s.json")
    found = left(tmp_path)
    assert {path: entry.follows for path, entry in found.items()} == {
        "gone.xmp": None,
        "gone.jpg.supplemental-metadata.json": None,
    }


@pytest.mark.parametrize(
    "names",
    [
        ("x.nef", "x.jpg"),
        ("IMG_1.HEIC", "IMG_1.MOV"),
        ("film.mp4", "film.en.srt"),
        ("film.mp4", "film.srt"),
        ("0001.png", "0001.txt"),
        ("IMG_0007.HEIC", "IMG_E0007.HEIC"),
        ("x.jpg", "x-edited.jpg"),
        ("DSC1.ARW", "DSC1.WAV"),
    ],
)
def test_groups(tmp_path: Path, names: tuple[str, str]) -> None:
    plant(tmp_path, *names, "lonely.jpg", "text.txt", "sub/" + names[0])
    groups = {item.path: item.group for item in items(tmp_path)}
    assert groups[names[0]] is not None
    assert groups[names[0]] == groups[names[1]]
    assert groups["lonely.jpg"] is groups["text.txt"] is groups["sub/" + names[0]] is None


def test_an_open_document_is_noted(tmp_path: Path) -> None:
    plant(tmp_path, "letter.docx", "~$tter.docx")
    (item,) = items(tmp_path)
    assert item.notes == ("open-now",)
    assert left(tmp_path)["~$tter.docx"].follows == "letter.docx"


def test_content_tells_a_companion() -> None:
    takeout = b'{"title": "x.jpg", "geoData": {"latitude": 0}, "photoTakenTime": {}}'
    item = Item(0, "/", "d/x.jpg.json", len(takeout))
    found = classify_companion(item, takeout, ["x.jpg", "y.jpg"])
    assert found is not None
    assert (found.outcome, found.code, found.follows) == (Outcome.DROPPED, "companion", "d/x.jpg")
    counted = classify_companion(Item(0, "/", "x.jpg(1).json", 1), takeout, ["x(1).jpg"])
    assert counted is not None
    assert counted.follows == "x(1).jpg"
    packet = b'\xef\xbb\xbf<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'
    assert classify_companion(Item(0, "/", "a.txt", 1), packet) is not None
    assert classify_companion(Item(0, "/", "a.json", 1), b'{"geo": 1}') is None
