"""Signed releases: the list, the hold rule, what is public, and whole runs."""

from __future__ import annotations

import io
import json
import shutil
import stat
import subprocess
import unicodedata
from datetime import date
from pathlib import Path

import piexif
import pytest
from pictures import jpeg, png, segment
from PIL import Image
from runs import Runs, lists

from reports.audit import AuditFolder
from reports.bag import BadLine
from reports.manifest import read_items
from scrubber.capture import capture_days
from scrubber.consent import ReleaseRules, consent, within
from scrubber.errors import FolderError, NoRelease, ScrubError, UsageError
from scrubber.identify import identify
from scrubber.model import Action, ItemRecord, Outcome
from scrubber.nesting import Budget, parse
from scrubber.path_globs import checked_glob, covered
from scrubber.plan import Found, plan
from scrubber.policy import load_policy
from scrubber.release_check import problems
from scrubber.release_file import add, as_toml, revoke
from scrubber.releases import load_rulings, parse_releases, read_releases
from scrubber.rulings import Release, Rulings
from scrubber.source import FileSource

TODAY = date(2026, 6, 1)
DAY = date(2026, 5, 2)
LIST = Path("releases.toml")
NEED = '[releases]\nneed = ["image/*"]\n'
PDF = b"%PDF-1.4\nRelease signed by Wilhelmina Quillfeather, 12 Example Street\n"


def photo(day: str = "2026:05:02 10:20:30", shade: int = 3) -> bytes:
    block = piexif.dump({"Exif": {piexif.ExifIFD.DateTimeOriginal: day.encode()}}) if day else b""
    out = io.BytesIO()
    picture = Image.radial_gradient("L").resize((32, 24)).point(lambda v: (v + shade) % 256)
    picture.save(out, "JPEG", exif=block)
    return out.getvalue()


def release(**values: object) -> Release:
    row: dict[str, object] = {
        "id": "mr-7f3a",
        "kind": "model",
        "covers": ("coast/**",),
        "scope": ("ai-training",),
        "signed": DAY,
    }
    return Release(**{**row, **values})  # type: ignore[arg-type]  # as the test gives them


# globs -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("glob", "path", "match"),
    [
        ("coast/**", "coast/a.jpg", True),
        ("coast/**", "coast/x/y/a.jpg", True),
        ("coast/**", "coast", False),
        ("coast/**", "coastal/a.jpg", False),
        ("coast/", "coast/x/a.jpg", True),
        ("coast", "coast/a.jpg", False),
        ("Coast/**", "coast/a.jpg", False),
        ("*", "coast/a.jpg", False),
        ("*.jpg", "a.jpg", True),
        ("**", "a/b/c.jpg", True),
        ("**/a.jpg", "a.jpg", True),
        ("a/**/b.jpg", "a/b.jpg", True),
        ("a/**/b.jpg", "a/x/y/b.jpg", True),
        ("a/**/b.jpg", "a/x/b.jpg.png", False),
        ("a/**/b/*.jpg", "a/b/x/b/c.jpg", True),
        ("IMG [1].jpg", "IMG [1].jpg", True),
        ("IMG [[]1].jpg", "IMG [1].jpg", True),
        ("IMG_[0-4]*.jpg", "IMG_0042.jpg", True),
        ("IMG_[!0-4]*.jpg", "IMG_0042.jpg", False),
        (unicodedata.normalize("NFC", "café/**"), unicodedata.normalize("NFD", "café/a"), True),
        (unicodedata.normalize("NFD", "café/**"), unicodedata.normalize("NFC", "café/a"), True),
        ("a?.jpg", "a\udcff.jpg", True),
        ("a*b", "a\nb", True),
    ],
)
def test_what_a_glob_covers(glob: str, path: str, match: bool) -> None:
    assert covered([checked_glob(glob, "covers")], path) is match


@pytest.mark.parametrize("glob", ["", "/", "/coast/**", "../coast/**", "a/../b", "a//b", "!a",
                                  "~/a", "a\nb", "a" * 1001, "./a"])  # fmt: skip
def test_a_glob_that_can_match_nothing_is_refused(glob: str) -> None:
    with pytest.raises(UsageError):
        checked_glob(glob, "covers")


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="needs exiftool")
@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("-XMP-photoshop:DateCreated=2026:05:02 10:00:00", "x.jpg"),
        ("-XMP-exif:DateTimeOriginal=2026:05:02 10:00:00", "x.jpg"),
        ("-IPTC:DateCreated=2026:05:02", "x.jpg"),
        ("-EXIF:DateTimeOriginal=2026:05:02 10:00:00", "x.jpg"),
        ("-EXIF:CreateDate=2026:05:02 10:00:00", "x.jpg"),
        ("-PNG:CreationTime=2026:05:02 10:00:00", "x.png"),
        ("-EXIF:DateTimeOriginal=2026:05:02 10:00:00", "x.png"),
    ],
)
def test_days_that_another_program_has_written(tmp_path: Path, tag: str, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(png() if name.endswith("png") else jpeg())
    subprocess.run(["exiftool", "-q", "-overwrite_original", tag, str(path)], check=True)
    policy = load_policy("standard")
    with FileSource(path) as source:
        parsed = parse(source, identify(source, name).container, Budget())
        found = plan(parsed, lambda entity, _=b"": policy.action(entity)).found
    assert capture_days(found) == ((DAY, DAY),)


def test_a_glob_of_many_stars_is_quick() -> None:
    assert not covered(["**/*a*a*a*a*a*a*a*a*a*b/**/" * 3 + "x"], "a" * 200 + "/" + "a" * 200)


# the list --------------------------------------------------------------------------

ROW = """
[[release]]
id = "mr-7f3a"            # random
kind = "model"
document = "releases/mr-7f3a.pdf"
sha256 = "{digest}"
signed = 2026-05-02
shoot = ["2026-05-02", 2026-05-04, "2026-06-01/2026-06-03"]
witnessed = true
minor = false
scope = ["ai-training", "evaluation"]
expires = 2028-05-02
revoked = false
territory = ["world"]
covers = ["coast/**"]
""".replace("{digest}", "0" * 64)


def test_a_row_is_read() -> None:
    (row,) = parse_releases(ROW, LIST)
    assert row.id == "mr-7f3a"
    assert row.shoot[1] == (date(2026, 5, 4), date(2026, 5, 4))
    assert row.shoot[2] == (date(2026, 6, 1), date(2026, 6, 3))
    assert row.expires == date(2028, 5, 2)
    assert row.doubt == ""
    assert parse_releases("", LIST) == ()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("witnessed", "witnesed", "line 9: witnesed is unknown. Keys"),
        ("witnessed", "witnesed", "Did you mean 'witnessed'?"),
        ('"ai-training"', '"ai-trainig"', "Did you mean 'ai-training'?"),
        ('"model"', '"modle"', "line 4: kind must be one of"),
        ('"mr-7f3a"            ', '"mr-Wilhelmina"', "line 3: id must be an opaque id"),
        ('"mr-7f3a"            ', '"vr-7f3a"', "id of a model release begins with mr-"),
        ("signed = 2026-05-02", "", "has no signed"),
        ("signed = 2026-05-02", "signed = 2026-02-30", "is not TOML (at line 7"),
        ("signed = 2026-05-02", 'signed = "2026-02-30"', "line 7: signed must be a day"),
        ("signed = 2026-05-02", "signed = 2026-05-02T10:00:00", "a day without a time"),
        ("signed = 2026-05-02", "signed = 5", "a day that exists"),
        ("2026-06-01/2026-06-03", "2026-06-03/2026-06-01", "first day is not after its last"),
        ("minor = false", 'minor = "no"', "line 10: minor must be true or false"),
        ("releases/mr-7f3a.pdf", "../Wilhelmina.pdf", "line 5: document must be a file in"),
        ("releases/mr-7f3a.pdf", "/etc/passwd", "document must be a file in"),
        ('"coast/**"', '"../**"', "covers: a glob has an empty part"),
        ('["coast/**"]', '"coast/**"', "covers must be a list"),
        ("[[release]]", "[release]", "a release begins with [[release]]"),
        ("[[release]]", "[[releases]]", "Did you mean 'release'?"),
        ("[[release]]", 'people = ["Wilhelmina"]\n[[release]]', "something that is no release"),
        ('kind = "model"', '"Wilhelmina Quillfeather" = 1\nkind = "model"', "is unknown"),
        ("0000", "zz", "a SHA-256: 64 hex digits"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line(old: str, new: str, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_releases(ROW.replace(old, new), LIST)
    assert says in str(caught.value)
    assert "Wilhelmina" not in str(caught.value)


def test_two_rows_with_one_id_are_refused() -> None:
    with pytest.raises(UsageError, match="two releases with the id mr-7f3a"):
        parse_releases(ROW * 2, LIST)


@pytest.mark.parametrize(
    "text",
    [
        "\0",
        "release = 1",
        "[[release]]",
        "a = " + "[" * 100_000,
        '[[release]]\nid = """\nx',
        "\ufeff[",
    ],
)
def test_hostile_text_is_a_clear_error(text: str) -> None:
    with pytest.raises(UsageError):
        parse_releases(text, LIST)


def test_a_list_that_is_no_file(tmp_path: Path) -> None:
    assert read_releases(tmp_path) == ()
    (tmp_path / "releases.toml").mkdir()
    with pytest.raises(FolderError):
        read_releases(tmp_path)
    (tmp_path / "releases.toml").rmdir()
    (tmp_path / "releases.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="not UTF-8"):
        read_releases(tmp_path)


# writing ---------------------------------------------------------------------------


def test_what_is_added_is_read_again_and_comments_stay(tmp_path: Path) -> None:
    paper = tmp_path / "Wilhelmina Quillfeather release.PDF"
    paper.write_bytes(PDF)
    listed = tmp_path / "releases.toml"
    listed.write_text(f"# mine\n{ROW}\n# end, without a line feed", "utf-8")
    row = add(tmp_path, release(covers=('a "b" \\ [c]/**',), shoot=((DAY, TODAY),)), paper)
    text = listed.read_text("utf-8")
    assert text.startswith("# mine\n")
    assert "# random" in text
    assert "Wilhelmina" not in text
    assert read_releases(tmp_path)[1] == row
    assert row.document == f"releases/{row.id}.pdf"
    copy = tmp_path / row.document
    assert copy.read_bytes() == PDF
    assert {stat.S_IMODE(path.stat().st_mode) for path in (listed, copy)} == {0o600}
    assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700
    assert revoke(tmp_path, "mr-7f3a", TODAY, 'by letter, "today"')
    after = read_releases(tmp_path)
    assert [one.revoked for one in after] == [True, False]
    assert "revoked = 2026-06-01" in listed.read_text("utf-8")
    assert "# end, without a line feed" in listed.read_text("utf-8")
    assert not revoke(tmp_path, "mr-7f3a", TODAY)
    with pytest.raises(UsageError, match="no release mr-0000"):
        revoke(tmp_path, "mr-0000", TODAY)


def test_a_row_without_revoked_can_be_revoked(tmp_path: Path) -> None:
    listed = tmp_path / "releases.toml"
    listed.write_text(ROW.replace("revoked = false\n", ""), "utf-8")
    assert revoke(tmp_path, "mr-7f3a", TODAY)
    assert read_releases(tmp_path)[0].revoked


def test_what_cannot_be_changed_safely_is_left_as_it_is(tmp_path: Path) -> None:
    listed = tmp_path / "releases.toml"
    rows = 'release = [{ id = "mr-7f3a", kind = "model", signed = 2026-05-02 }]\n'
    listed.write_text(rows, "utf-8")
    with pytest.raises(UsageError, match="yourself"):
        revoke(tmp_path, "mr-7f3a", TODAY)
    assert listed.read_text("utf-8") == rows


def test_a_row_that_cannot_be_written_leaves_no_document(tmp_path: Path) -> None:
    (tmp_path / "p.pdf").write_bytes(PDF)
    with pytest.raises(UsageError, match="cannot be written down"):
        add(tmp_path, release(territory=("a\x07",)), tmp_path / "p.pdf")
    assert list((tmp_path / "releases").iterdir()) == []
    assert not (tmp_path / "releases.toml").exists()
    (tmp_path / "empty.pdf").touch()
    for paper in ("empty.pdf", "none.pdf", "releases"):
        with pytest.raises(FolderError):
            add(tmp_path, release(), tmp_path / paper)


def test_every_field_survives_the_file() -> None:
    row = release(
        document="releases/x.pdf", sha256="1" * 64, shoot=((DAY, DAY), (DAY, TODAY)), minor=True,
        guardian="gr-1234", replaces="mr-0001", witnessed=True, expires=TODAY, territory=("NO",),
    )  # fmt: skip
    assert parse_releases(as_toml(row), LIST) == (row,)


# the rule --------------------------------------------------------------------------

RULES = ReleaseRules(need=("image/*",))
GUARDIAN = release(id="gr-0001", kind="guardian", covers=())


def asked(
    *rows: Release,
    path: str = "coast/a.jpg",
    taken: tuple[tuple[date, date], ...] = ((DAY, DAY),),
    media_type: str = "image/jpeg",
    rules: ReleaseRules = RULES,
) -> str:
    """The ids that let a file go, or why it is held."""
    try:
        found = consent(rules, Rulings(releases=rows, today=TODAY), path, media_type, taken)
    except NoRelease as error:
        return str(error)
    return " ".join(found.releases)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, "mr-7f3a"),
        ({"covers": ("inland/**",)}, "none covers this file"),
        ({"kind": "voice"}, "none covers this file"),
        ({"kind": "property"}, "none covers this file"),
        ({"scope": ()}, "does not allow ai-training"),
        ({"scope": ("evaluation",)}, "does not allow ai-training"),
        ({"expires": date(2026, 5, 31)}, "expired after 2026-05-31"),
        ({"expires": TODAY}, "mr-7f3a"),
        ({"revoked": True}, "was revoked"),
        ({"signed": date(2026, 6, 2)}, "still to come"),
        ({"minor": True}, "no guardian's release"),
        ({"minor": True, "guardian": "gr-9999"}, "no guardian's release"),
        ({"minor": True, "guardian": "gr-0001"}, "mr-7f3a"),
        ({"shoot": ((DAY, DAY),)}, "mr-7f3a"),
        ({"shoot": ((TODAY, TODAY),)}, "signed for other days"),
        ({"doubt": "is missing from the audit folder"}, "its document is missing"),
    ],
)
def test_when_a_release_lets_a_file_go(changes: dict[str, object], says: str) -> None:
    told = asked(release(**changes), GUARDIAN)
    assert told == says if says == "mr-7f3a" else says in told


@pytest.mark.parametrize(
    "changes", [{"revoked": True}, {"expires": DAY}, {"scope": ()}, {"kind": "model", "id": "mr-1"}]
)
def test_a_guardian_whose_release_has_ended_does_not_count(changes: dict[str, object]) -> None:
    minor = release(minor=True, guardian="gr-0001")
    guardian = release(**{"id": "gr-0001", "kind": "guardian", "covers": (), **changes})
    assert "guardian" in asked(minor, guardian)


def test_the_day_is_not_told() -> None:
    told = asked(release(shoot=((TODAY, TODAY),)), taken=((date(2019, 3, 4),) * 2,))
    assert "2019" not in told


def test_an_unknown_day_does_not_stop_and_is_said() -> None:
    rulings = Rulings(releases=(release(shoot=((DAY, DAY),)),), today=TODAY)
    found = consent(RULES, rulings, "coast/a.jpg", "image/jpeg", ())
    assert (found.people, found.releases, found.dates) == ("released", ("mr-7f3a",), "unknown")


def test_two_people_in_one_picture_are_two_releases() -> None:
    other = release(id="mr-0002", covers=("**/a.jpg",))
    assert asked(release(), other) == "mr-0002 mr-7f3a"
    assert "mr-0002 covers this file, but it was revoked" in asked(
        release(), release(id="mr-0002", revoked=True)
    )
    elsewhere = release(id="mr-0003", shoot=((TODAY, TODAY),), revoked=True)
    assert asked(release(), elsewhere) == "mr-7f3a"


def test_a_release_that_was_signed_again() -> None:
    first = release(id="mr-0001", expires=DAY)
    second = release(id="mr-0002", expires=DAY, replaces="mr-0001")
    third = release(id="mr-0003", replaces="mr-0002")
    assert asked(first, second, third) == "mr-0003"
    assert "expired" in asked(first, second)
    circle = release(id="mr-0001", replaces="mr-0002"), release(id="mr-0002", replaces="mr-0001")
    assert "in a circle" in asked(*circle)
    rows = "\n".join(map(as_toml, circle))
    with pytest.raises(UsageError, match="replaces itself"):
        parse_releases(rows, LIST)


def test_kinds_by_media_type() -> None:
    every = ReleaseRules(need=("*/*",))
    voice, author = release(id="vr-0001", kind="voice"), release(id="cr-0001", kind="co-author")
    own = release(id="sr-0001", kind="self")
    assert asked(voice, media_type="audio/flac", rules=every) == "vr-0001"
    assert asked(author, media_type="text/plain", rules=every) == "cr-0001"
    assert asked(own, media_type="application/json", rules=every) == "sr-0001"
    assert "voice or self" in asked(author, media_type="audio/flac", rules=every)
    assert asked(media_type="text/plain") == ""


def test_a_policy_can_ask_for_another_kind_too() -> None:
    rules = ReleaseRules(need=("image/*", "property:image/*"), paths=("coast/**",))
    house = release(id="pr-0001", kind="property")
    assert "(property)" in asked(release(), rules=rules)
    assert asked(release(), house, rules=rules) == "mr-7f3a pr-0001"
    assert asked(path="inland/a.jpg", rules=rules) == ""


def test_the_digest_changes_on_the_day_on_which_a_release_ends() -> None:
    row = release(expires=TODAY)
    digests = [Rulings(releases=(row,), today=day).digest for day in (DAY, TODAY, date(2026, 6, 2))]
    assert digests[0] == digests[1] != digests[2]
    assert Rulings(releases=(release(),), today=DAY).digest != digests[0]
    assert Rulings(documents=(("0" * 64, 5),), today=DAY).digest == ""


# days ------------------------------------------------------------------------------


def told(where: str, value: bytes, entity: str = "CAPTURE_TIME") -> Found:
    return Found(entity, where, Action.DROP, "structure", value)


@pytest.mark.parametrize(
    ("where", "value", "first", "last"),
    [
        ("APP1/Exif/IFD0/ExifIFD/DateTimeOriginal", b"2026:05:02 10:20:30", DAY, DAY),
        ("APP13/IPTC/DateCreated", b"20260502", DAY, DAY),
        ("APP1/XMP/photoshop:DateCreated", b"2026-05-02T23:59:00+02:00", DAY, DAY),
        ("ID3v2.4/TDRC", b"2026-05", date(2026, 5, 1), date(2026, 5, 31)),
        ("VORBIS_COMMENT/DATE", b"2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("bext/OriginationDate", b"2026-05-02", DAY, DAY),
    ],
)
def test_a_day_is_read(where: str, value: bytes, first: date, last: date) -> None:
    assert capture_days([told(where, value)]) == ((first, last),)


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("APP1/Exif/IFD0/GPS/GPSDateStamp", b"2026:05:02"),
        ("APP1/Exif/IFD0/ExifIFD/DateTimeOriginal", b"0000:00:00 00:00:00"),
        ("APP1/Exif/IFD0/ExifIFD/DateTimeOriginal", b"2026:13:45 00:00:00"),
        ("APP1/Exif/IFD0/ExifIFD/DateTimeOriginal", b""),
        ("ID3v2.3/TDAT", b"1905"),
        ("ID3v2.3/APIC picture/APP1/Exif/IFD0/ExifIFD/DateTimeOriginal", b"2026:05:02"),
    ],
)
def test_what_is_no_day_of_the_recording(where: str, value: bytes) -> None:
    assert capture_days([told(where, value)]) == ()


def test_when_it_was_recorded_is_stronger_than_when_it_was_scanned() -> None:
    rows = [
        told("APP1/Exif/IFD0/ExifIFD/CreateDate", b"2026:06:01 10:00:00"),
        told("APP1/Exif/IFD0/ExifIFD/DateTimeOriginal", b"2026:05:02 10:00:00"),
    ]
    assert capture_days(rows) == ((DAY, DAY),)
    assert capture_days(rows[:1]) == ((TODAY, TODAY),)


def test_days_and_years_against_the_days_of_a_release() -> None:
    year = (date(2026, 1, 1), date(2026, 12, 31))
    other = (date(2025, 1, 1), date(2025, 12, 31))
    assert within([(DAY, TODAY)], [(DAY, DAY), (TODAY, TODAY)]) == "yes"
    assert within([(DAY, DAY)], [(DAY, DAY), (TODAY, TODAY)]) == "no"
    assert within([(DAY, DAY)], [year]) == "unknown"
    assert within([(DAY, DAY)], [other]) == "no"
    assert within([], [year]) == within([year], []) == "unknown"


# policy ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("section", "says"),
    [
        ({"need": ["images"]}, "no media type"),
        ({"need": ["people:image/*"]}, "unknown kind of release"),
        ({"need": ["guardian:image/*"]}, "unknown kind of release"),
        ({"need": "image/*"}, "must be a list"),
        ({"needs": []}, "Did you mean 'need'?"),
        ({"purpose": "ai-traning"}, "Did you mean 'ai-training'?"),
        ({"paths": ["/abs"]}, "begins at the root"),
    ],
)
def test_a_mistake_in_the_policy(section: dict[str, object], says: str) -> None:
    with pytest.raises(ScrubError) as caught:
        load_policy("standard", {"releases": section})
    assert says in str(caught.value)


def test_the_presets_ask_for_none_and_a_need_changes_the_digest() -> None:
    for preset in ("standard", "strict", "keep-credit"):
        assert load_policy(preset).releases.need == ()
    own = load_policy("standard", {"releases": {"need": ["image/*"]}})
    assert own.sha256 != load_policy("standard").sha256


# the public line -------------------------------------------------------------------

GOOD = {"media_type": "image/jpeg", "path": "a.jpg", "sha256": "0" * 64, "size": 1}


@pytest.mark.parametrize(
    "facts",
    [
        {"releases": []},
        {"releases": ["gr-1234"]},
        {"releases": ["mr-wilhelmina"]},
        {"releases": ["mr-1234", "mr-1234"]},
        {"releases": ["mr-2222", "mr-1111"]},
        {"releases": [1]},
        {"people": "released"},
        {"people": "Wilhelmina", "releases": ["mr-1234"]},
        {"plus": ["MR-UMR"], "releases": ["mr-1234"]},
        {"plus": ["MR-LMR"]},
        {"plus": [], "releases": ["vr-1234"]},
    ],
)
def test_a_line_that_says_more_than_it_may_is_refused(facts: dict[str, object]) -> None:
    line = json.dumps({**GOOD, **facts}, sort_keys=True, separators=(",", ":"))
    with pytest.raises(BadLine):
        list(read_items(io.BytesIO(line.encode() + b"\n")))


# whole runs ------------------------------------------------------------------------


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    made = Runs(tmp_path)
    made.write("coast/a.jpg", photo())
    made.write("coast/later.jpg", photo("2026:05:09 08:00:00", 4))
    made.write("coast/dateless.jpg", photo("", 5))
    made.write("inland/b.jpg", photo(shade=6))
    (tmp_path / "need.toml").write_text(NEED, "utf-8")
    (tmp_path / "Wilhelmina Quillfeather.pdf").write_bytes(PDF)
    return made


def give(runs: Runs, **values: object) -> Release:
    audit = AuditFolder.create(runs.audit).path
    return add(audit, release(**values), runs.base / "Wilhelmina Quillfeather.pdf")


def go(runs: Runs, **options: object) -> dict[str, ItemRecord]:
    options.setdefault("today", TODAY)
    return runs.here(policy=str(runs.base / "need.toml"), **options)[1]  # type: ignore[arg-type]  # fields of Options


def held(records: dict[str, ItemRecord]) -> list[str]:
    return sorted(path for path, row in records.items() if row.code == "no-release")


def items(runs: Runs) -> dict[str, dict[str, object]]:
    rows = map(json.loads, (runs.out / "items.jsonl").read_text("utf-8").splitlines())
    return {row["path"]: row for row in rows}


def test_without_any_release_everything_that_needs_one_is_held(runs: Runs) -> None:
    records = go(runs)
    assert len(held(records)) == 4
    assert records["coast/a.jpg"].out_sha256 is None


def test_a_run_with_a_release(runs: Runs) -> None:
    row = give(runs, shoot=((DAY, DAY),))
    runs.write("coast/paper.pdf", PDF)
    records = go(runs)
    assert held(records) == ["coast/later.jpg", "inland/b.jpg"]
    assert records["coast/a.jpg"].release_dates == "yes"
    assert records["coast/dateless.jpg"].release_dates == "unknown"
    assert (records["coast/paper.pdf"].outcome, records["coast/paper.pdf"].code) == (
        Outcome.DROPPED,
        "release-document",
    )
    line = items(runs)["coast/a.jpg"]
    assert (line["people"], line["releases"], line["plus"]) == ("released", [row.id], ["MR-LMR"])
    assert runs.verified()
    written = b"".join(path.read_bytes() for path in runs.out.rglob("*") if path.is_file())
    for private in (b"Wilhelmina", b"Quillfeather", b"%PDF", b"coast/**", b"2026:05:02"):
        assert private not in written
    log = (next((runs.audit / "batches").iterdir()) / "log.jsonl").read_text("utf-8")
    assert '"fact":"release","id":"' + row.id in log
    assert "2026:05:09" not in log
    assert "2026-05-09" not in log
    first = lists(runs.out)
    assert runs.scrub("verify", runs.out).returncode == 0
    go(runs, fresh=True)
    assert lists(runs.out) == first


def test_what_a_dry_run_says_is_what_happens(runs: Runs) -> None:
    give(runs, shoot=((DAY, DAY),))
    assert held(go(runs, dry_run=True)) == held(go(runs))


def test_results_are_not_reused_when_a_release_ends(runs: Runs) -> None:
    row = give(runs, expires=date(2026, 6, 30))
    assert held(go(runs)) == ["inland/b.jpg"]
    result, records = runs.here(policy=str(runs.base / "need.toml"), today=date(2026, 6, 30))
    assert result.reused == 3
    assert records["coast/a.jpg"].releases == (row.id,)
    assert len(held(go(runs, today=date(2026, 7, 1)))) == 4
    assert items(runs) == {}
    assert held(go(runs)) == ["inland/b.jpg"]
    revoke(runs.audit, row.id, TODAY)
    assert len(held(go(runs))) == 4


def test_a_paper_that_was_published_is_not_reused_once_it_is_known(runs: Runs) -> None:
    scan = jpeg()
    runs.write("coast/scan.jpg", scan)
    (runs.base / "scan.jpg").write_bytes(scan)
    _, records = runs.here(today=TODAY)
    assert records["coast/scan.jpg"].outcome in (Outcome.CLEANED, Outcome.UNCHANGED)
    add(AuditFolder.create(runs.audit).path, release(), runs.base / "scan.jpg")
    result, records = runs.here(today=TODAY)
    assert records["coast/scan.jpg"].code == "release-document"
    assert result.reused == 4
    assert "coast/scan.jpg" not in items(runs)


def test_a_document_that_was_changed_lets_nothing_go(runs: Runs) -> None:
    row = give(runs)
    (runs.audit / row.document).write_bytes(PDF + b" ")
    records = go(runs)
    assert "not the file that was registered" in records["coast/a.jpg"].what
    (runs.audit / row.document).unlink()
    (runs.audit / row.document).symlink_to(runs.base / "Wilhelmina Quillfeather.pdf")
    assert "cannot be read" in go(runs)["coast/a.jpg"].what


def test_texts_need_their_own_kind(runs: Runs) -> None:
    (runs.base / "need.toml").write_text('[releases]\nneed = ["text/*"]\n', "utf-8")
    runs.write("notes/a.txt", "The light in the harbour was grey.\n")
    runs.write("notes/b.txt", "The boats were quiet.\n")
    give(runs, covers=("notes/**",))
    assert held(go(runs)) == ["notes/a.txt", "notes/b.txt"]
    add(runs.audit, release(kind="self", covers=("notes/a.txt",)), None)
    records = go(runs)
    assert held(records) == ["notes/b.txt"]
    assert items(runs)[str(records["notes/a.txt"].path)]["releases"]
    assert "people" not in items(runs)["notes/a.txt"]


def test_a_policy_that_asks_for_none_publishes_none(runs: Runs) -> None:
    give(runs)
    _, records = runs.here(today=TODAY)
    assert held(records) == []
    assert all(set(row) == {"media_type", "path", "sha256", "size"} for row in items(runs).values())


def test_a_broken_list_stops_the_run_before_any_work(runs: Runs) -> None:
    AuditFolder.create(runs.audit)
    (runs.audit / "releases.toml").write_text("[[release]]\nidd = 1\n", "utf-8")
    with pytest.raises(UsageError, match="line 2: idd is unknown"):
        go(runs)
    assert not runs.out.exists()


def test_a_paper_in_the_private_folder_that_no_row_names(runs: Runs) -> None:
    folder = AuditFolder.create(runs.audit).path / "releases"
    folder.mkdir()
    (folder / "loose.jpg").write_bytes(photo(shade=9))
    (folder / "sub").mkdir()
    runs.write("inland/loose.jpg", photo(shade=9))
    assert runs.here(today=TODAY)[1]["inland/loose.jpg"].code == "release-document"
    assert go(runs)["inland/loose.jpg"].code == "release-document"


def test_the_list_itself_is_never_read_as_content(runs: Runs) -> None:
    runs.write("releases.toml", ROW)
    runs.here(today=TODAY)
    assert "releases.toml" not in items(runs)


def test_comment_that_looks_like_exif_is_no_date(runs: Runs) -> None:
    comment = segment(0xFE, b"DateTimeOriginal 2019:01:01")
    data = photo()
    runs.write("coast/comment.jpg", data[:2] + comment + data[2:])
    give(runs, shoot=((DAY, DAY),))
    assert "coast/comment.jpg" not in held(go(runs))


# the command -----------------------------------------------------------------------


def test_the_commands_from_add_to_the_list_of_what_to_delete(runs: Runs) -> None:
    paper = runs.base / "Wilhelmina Quillfeather.pdf"
    common = ("--document", paper, "--signed", "2026-05-02", "--scope", "ai-training")
    added = runs.scrub("releases", "add", runs.inside, "--kind", "model", *common,
                       "--covers", "coast/**")  # fmt: skip
    name = added.stdout.strip()
    assert added.returncode == 0
    assert name.startswith("mr-")
    policy = ("--policy", runs.base / "need.toml")
    checked = runs.scrub("releases", "check", runs.inside, *policy, "--json")
    told = json.loads(checked.stdout)
    assert checked.returncode == 1
    assert (told["problems"], told["uncovered"], told["covered"]) == (
        [],
        ["inland/b.jpg"],
        {name: 3},
    )
    assert runs.scrub(runs.inside, "--out", runs.out, *policy).returncode == 3
    at = ("--audit-dir", runs.audit)
    assert "in force" in runs.scrub("releases", "status", *at).stdout
    packed = runs.base / "for somebody"
    for place in (runs.inside / "x", runs.out / "x", runs.audit / "x", runs.out / "data" / "y"):
        refused = runs.scrub("releases", "pack", name, *at, "--for", "A", "--out", place)
        assert refused.returncode == 2, place
        assert not place.exists()
    done = runs.scrub("releases", "pack", name, *at, "--for", "A", "--out", packed)
    assert done.returncode == 0
    assert (packed / f"{name}.pdf").read_bytes() == PDF
    assert "coast" not in (packed / "releases.csv").read_text("utf-8")
    assert stat.S_IMODE(packed.stat().st_mode) == 0o700
    runs.scrub("releases", "revoke", name, runs.inside, "--reason", "by letter")
    against = runs.scrub("releases", "status", *at, "--against", runs.out, "--json")
    files = json.loads(against.stdout)["against"]["files"]
    expected = {(row["sha256"], f"data/{path}") for path, row in items(runs).items()}
    assert {(file["sha256"], file["path"]) for file in files} == expected
    assert {file["by"] for file in files} == {"log"}
    assert runs.scrub("releases", "check", *at).returncode == 1
    assert runs.scrub("releases", "pack", name, *at, "--for", "A", "--out", "b").returncode == 2


def test_status_goes_by_path_where_the_policy_asked_for_nothing(runs: Runs) -> None:
    row = give(runs)
    runs.here(today=TODAY)
    revoke(runs.audit, row.id, TODAY)
    told = runs.scrub("releases", "status", runs.inside, "--against", runs.out, "--json")
    files = json.loads(told.stdout)["against"]["files"]
    assert {file["path"].partition("/")[2].partition("/")[0] for file in files} == {"coast"}
    assert {file["by"] for file in files} == {"path"}


def test_orders_that_make_no_sense(runs: Runs) -> None:
    paper = runs.base / "Wilhelmina Quillfeather.pdf"
    base = ("releases", "add", runs.inside, "--kind", "model", "--signed", "2026-05-02")
    for words in (
        (*base, "--document", paper, "--covers", "**"),
        (*base, "--scope", "ai-training", "--covers", "**"),
        (*base, "--scope", "ai-training", "--document", paper),
        (*base, "--scope", "ai-training", "--document", paper, "--covers", "**", "--minor"),
        (*base, "--scope", "ai-training", "--document", paper, "--covers", "/x"),
        (*base[:-1], "someday", "--scope", "ai-training", "--document", paper, "--covers", "**"),
        ("releases", "status"),
    ):
        done = runs.scrub(*words)
        assert done.returncode == 2, words
        assert "mistake of ours" not in done.stderr
    assert not (runs.audit / "releases.toml").exists()
    assert runs.scrub("releases", "status", runs.inside).returncode == 4
    assert runs.scrub("releases", "revoke", "mr-0000", runs.inside).returncode == 4


def test_a_release_with_problems_is_named(tmp_path: Path) -> None:
    rows = (
        release(covers=()),
        release(id="mr-0002", replaces="mr-9999"),
        release(id="mr-3", scope=()),
    )
    named = dict(problems(Rulings(releases=rows, today=TODAY)))
    assert set(named) == {"mr-7f3a", "mr-0002", "mr-3"}


def test_no_folder_no_rulings(tmp_path: Path) -> None:
    assert load_rulings(tmp_path / "none", asked=True, today=TODAY).releases == ()
