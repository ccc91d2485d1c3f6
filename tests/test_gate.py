"""The gate: what it refuses, what it runs, and what it says when something changed meanwhile."""

from __future__ import annotations

import json
import os
import pty
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from runs import PLAIN, SCRUB, Runs, photo

from scrubber.child import run_child
from scrubber.errors import UsageError
from scrubber.gate import Guard, Place, candidates, check_names, fill
from scrubber.imprint import imprint, touched


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """A batch of two inputs; only the private log tells where the second lies."""
    runs = Runs(tmp_path_factory.mktemp("gate"))
    runs.write("coast/0001.jpg", photo())
    runs.write("notes.txt", PLAIN)
    more = runs.base / "elsewhere" / "more"
    more.mkdir(parents=True)
    (more / "second.txt").write_text(PLAIN * 2)
    done = runs.scrub(runs.inside, more, "--out", runs.out)
    assert done.returncode == 0, done.stderr
    return runs


@pytest.fixture
def batch(made: Runs, tmp_path: Path) -> Iterator[Path]:
    """A copy below the same folder, so that the private log is found from it."""
    place = made.base / "copies" / tmp_path.name
    yield Path(shutil.copytree(made.out, place / "clean"))
    shutil.rmtree(place)


def gate(
    made: Runs,
    batch: Path,
    *words: str | Path,
    options: tuple[str, ...] = (),
    cwd: Path | None = None,
) -> subprocess.CompletedProcess[str]:
    return made.scrub("gate", *options, batch, "--", *words, cwd=cwd or Path("/"))


def script(text: str, *words: str) -> tuple[str, ...]:
    return ("sh", "-c", text, "sh", *words)


def refused(done: subprocess.CompletedProcess[str], *sentences: str) -> None:
    assert done.returncode == 125, done.stderr
    assert done.stdout == ""
    for sentence in sentences:
        assert sentence in done.stderr, done.stderr
    assert "Traceback" not in done.stderr


# what it runs ---------------------------------------------------------------------


@pytest.mark.parametrize("code", [0, 1, 7, 125, 255])
def test_the_exit_code_is_that_of_the_uploader(code: int, made: Runs, batch: Path) -> None:
    done = gate(made, batch, *script(f"exit {code}", "{data}"))
    assert done.returncode == code
    assert f"sh ended with {code}." in done.stderr
    assert done.stdout == ""


def test_the_names_in_braces(made: Runs, batch: Path) -> None:
    say = script(
        'printf "%s\\n" "$@"; tr "\\0" "@" < "$5"; cat "$4"',
        "{dir}",
        "{data}",
        "{manifest}",
        "{list}",
        "{list0}",
        "--x={data}/y",
        "{other}",
    )
    lines = gate(made, batch, *say, options=("-q",)).stdout.splitlines()
    paths = [row["path"] for row in map(json.loads, (batch / "items.jsonl").open())]
    assert lines[:3] == [str(batch), str(batch / "data"), str(batch / "manifest.json")]
    assert lines[5:7] == [f"--x={batch}/data/y", "{other}"]
    assert "".join(lines[7:]) == "".join(f"./{path}@" for path in paths) + "".join(paths)
    assert not Path(lines[3]).exists()
    assert len(paths) == 3


def test_input_output_and_environment_are_handed_through(made: Runs, batch: Path) -> None:
    done = subprocess.run(
        [
            SCRUB,
            "gate",
            "-q",
            batch,
            "--",
            *script("cat; echo $PLACE; echo oops >&2; exit 3", "{dir}"),
        ],
        env={**made.env, "PLACE": "harbour"},
        cwd="/",
        input="typed\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (3, "typed\nharbour\n", "oops\n")


def test_a_descriptor_that_the_shell_opened_reaches_it(made: Runs, batch: Path) -> None:
    line = f'"{SCRUB}" gate -q "{batch}" -- cat "{{manifest}}" <(echo from a pipe)'
    done = subprocess.run(
        ["bash", "-c", line], env=made.env, cwd="/", capture_output=True, text=True, check=False
    )
    assert done.stdout.endswith("from a pipe\n"), done.stderr


def test_an_empty_word_is_the_uploaders(made: Runs, batch: Path) -> None:
    assert gate(made, batch, *script('test "$2" = ""', "{data}", "")).returncode == 0


def test_dry_run_prints_the_command_alone(made: Runs, batch: Path) -> None:
    done = gate(made, batch, "touch", "{dir}/..", options=("--dry-run",))
    refused(done, "holds more than the batch")
    done = gate(made, batch, "touch", "{dir}/ran", "a b", options=("--dry-run",))
    assert done.stdout == f"touch {batch}/ran 'a b'\n"
    assert not (batch / "ran").exists()


def test_a_killed_uploader(made: Runs, batch: Path) -> None:
    assert gate(made, batch, *script("kill -9 $$", "{dir}")).returncode == 128 + 9


def test_the_uploader_gets_the_signals_it_expects(made: Runs, batch: Path) -> None:
    """Python ignores SIGPIPE; what it starts must die of it, with nothing blocked."""
    done = gate(made, batch, "grep", "^Sig[BI]", "/proc/self/status", options=("-q",))
    blocked, ignored = (int(line.split()[1], 16) for line in done.stdout.splitlines()[:2])
    assert blocked == 0
    assert not ignored & (1 << (signal.SIGPIPE - 1))


@pytest.mark.slow
def test_a_batch_in_a_folder_of_a_hostile_name(made: Runs, batch: Path) -> None:
    for name in (
        "a b;$(touch x)'\"",
        "line\nfeed",
        "-rf",
        "\u202egpj",
        "x=a,b:c@d",
        os.fsdecode(b"\xff"),
    ):
        there = batch.rename(batch.parent / name)
        done = gate(made, there, *script('test -d "$1/data" && cat "$2"', "{dir}", "{list}"))
        assert done.returncode == 0, (name, done.stderr)
        assert "0001" in done.stdout or ".jpg" in done.stdout
        assert "\u202e" not in done.stderr
        assert gate(made, there, "ls", there / "data").returncode == 0
        batch = there


def test_a_name_in_a_script_of_a_shell_is_refused_if_it_would_do_more(
    made: Runs, batch: Path
) -> None:
    there = batch.rename(batch.with_name("a;b"))
    refused(gate(made, there, "sh", "-c", "ls {data}"), "signs that a shell reads", "sh {data}")
    assert gate(made, there.rename(batch), "sh", "-c", "ls {data} >&2").returncode == 0


# signals ----------------------------------------------------------------------------


def started(made: Runs, batch: Path, *words: str) -> subprocess.Popen[bytes]:
    child = made.start("gate", batch, "--", *words)
    assert child.stdout is not None
    assert child.stdout.readline() == b"ready\n"
    return child


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_is_passed_on_and_the_batch_checked(
    number: signal.Signals, code: int, made: Runs, batch: Path, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "never")
    child = started(
        made, batch, *script('echo ready; exec cat "$2"', "{dir}", str(tmp_path / "never"))
    )
    os.kill(child.pid, number)
    _, errors = child.communicate(timeout=60)
    assert child.returncode == code, errors
    assert b"changed meanwhile" in errors


def test_an_uploader_that_ends_by_itself_after_a_signal(
    made: Runs, batch: Path, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "never")
    wait = "trap 'exit 20' TERM; echo ready; read x < \"$2\""
    child = started(made, batch, *script(wait, "{dir}", str(tmp_path / "never")))
    child.terminate()
    assert child.wait(60) == 20
    child.communicate()


APART = """
import os, signal
os.setpgid(0, 0)
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGUSR1})
print("ready", flush=True)
signal.sigwaitinfo({signal.SIGUSR1})
print("\\nnever" if signal.SIGINT not in signal.sigpending() else "again", flush=True)
"""


def test_control_c_on_a_terminal_is_not_sent_twice(made: Runs, batch: Path) -> None:
    """The kernel sends it to the uploader. This one has left the group, so it gets none at all."""
    words = [SCRUB, "gate", "-q", str(batch), "--", sys.executable, "-c", APART, str(batch)]
    pid, terminal = pty.fork()
    if not pid:
        os.execve(SCRUB, words, made.env)
    told = b""

    def until(wanted: bytes) -> None:
        nonlocal told
        while wanted not in told:
            told += os.read(terminal, 1000)

    until(b"ready")
    os.write(terminal, b"\x03")
    until(b"^C")  # shown after the signal was sent
    os.kill(pid, signal.SIGUSR1)  # a higher number comes later
    until(b"\n" + b"never")
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    os.close(terminal)


# what it refuses --------------------------------------------------------------------


def test_the_dashes_are_needed(made: Runs, batch: Path) -> None:
    for words in (["gate", batch, "true"], ["gate", batch], ["gate"]):
        refused(made.scrub(*words), "The -- is missing.", "rclone copy {data}")
    refused(made.scrub("gate", batch, "--"), "No uploader stands behind --.")
    refused(made.scrub("gate", "--", "true"), "Missing argument")
    refused(made.scrub("gate", batch, "--bogus", "--", "true"), "--bogus")
    refused(made.scrub("gate", "", "--", "true"), "One of the words is empty")
    assert made.scrub("gate", "--help").returncode == 0


def test_a_path_that_is_called_gate(made: Runs, batch: Path, tmp_path: Path) -> None:
    (tmp_path / "gate").mkdir()
    refused(gate(made, batch, "true", cwd=tmp_path), "a command and also a path")


def test_an_uploader_that_cannot_be_run(made: Runs, batch: Path, tmp_path: Path) -> None:
    refused(gate(made, batch, "no-such-uploader", "{data}"), "There is no program no-such-uploader")
    plain = tmp_path / "plain.sh"
    plain.write_text("true\n")
    refused(gate(made, batch, plain, "{data}"), "is not executable", "chmod +x")
    refused(gate(made, batch, tmp_path, "{data}"), "is a folder and no program")
    plain.write_text("#!/no/such/interpreter\n")
    plain.chmod(0o755)
    refused(gate(made, batch, plain, "{data}"), "could not be started", "No such file")
    plain.write_bytes(b"\x7fELF nothing")
    refused(gate(made, batch, plain, "{data}"), "could not be started", "format error")


@pytest.mark.parametrize(
    ("do", "sentence"),
    [
        (lambda b: (b / "data/in/notes.txt").write_text("other"), "notes.txt"),
        (
            lambda b: (b / "data" / ".DS_Store").write_bytes(b"x"),
            "data/.DS_Store: No list names it",
        ),
        (
            lambda b: next((b / "data").rglob("*.jpg")).unlink(),
            "listed and no file|An empty folder",
        ),
        (lambda b: (b / "data" / "link").symlink_to("/etc/hostname"), "data/link"),
        (lambda b: (b / "extra.txt").write_text("x"), "extra.txt"),
        (lambda b: (b / "manifest.json").unlink(), "manifest.json cannot be read"),
        (lambda b: (b / ".scrub-audit").write_text("x"), "is a private audit folder"),
        (lambda b: shutil.rmtree(b), "There is no folder"),
    ],
    ids=["changed", "extra", "missing", "link", "beside", "head", "audit", "gone"],
)
def test_a_folder_that_is_no_clean_batch(do, sentence: str, made: Runs, batch: Path) -> None:  # type: ignore[no-untyped-def]
    do(batch)
    done = gate(made, batch, "echo", "{data}")
    refused(done)
    assert any(words in done.stderr for words in sentence.split("|")), done.stderr


def test_an_audit_folder_below_the_batch_or_around_it(made: Runs, batch: Path) -> None:
    (batch / "data" / "x.audit").mkdir()
    (batch / "data" / "x.audit" / ".scrub-audit").write_text("x")
    refused(gate(made, batch, "echo", "{data}"), "x.audit")
    shutil.rmtree(batch / "data" / "x.audit")
    (batch.parent / ".scrub-audit").write_text("x")
    refused(gate(made, batch, "echo", "{data}"), "lies in a private audit folder")


@pytest.mark.slow
def test_words_that_name_originals(made: Runs, batch: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(made.inside)
    (tmp_path / "deep").symlink_to(made.inside / "coast")
    inside, more = str(made.inside), str(made.base / "elsewhere" / "more")
    for word in (
        inside,
        f"{inside}/",
        f"{inside}/coast/0001.jpg",
        f"--src={inside}",
        f"{inside}/new",
        f"{inside}:/mnt:ro",
        f"file://{inside}",
        f"FILE://localhost{inside}/coast",
        f"{inside}/coast/../..",
        f"-T{inside}/notes.txt",
        f"file=@{inside}/notes.txt;type=x",
        f"type=bind,source={inside},target=/x",
        f":local:{inside}",
        f"localhost:{inside}",
        str(link),
        f"{link}/coast",
        str(tmp_path / "deep"),
        more,
        f"{more}/second.txt",
        str(made.base / "elsewhere"),
        f"file://{inside.replace('gate', '%67ate')}",
    ):
        done = gate(made, batch, "echo", "{data}", word)
        refused(done, "is refused", "original")
    for word in ("in", "in/coast", "./in", ".", "..", "-p.", "in/*", "--src=in"):
        cwd = made.base / "in" if word == ".." else made.base
        if word != "in/*":
            refused(gate(made, batch, "echo", "{data}", word, cwd=cwd), "is refused")
    done = made.scrub("gate", batch, "--", "echo", "{data}", "~/in", cwd=tmp_path)
    assert done.returncode == 0  # no folder of that name at home
    made.env["HOME"], home = str(made.base), made.env.get("HOME", "/")
    try:
        refused(gate(made, batch, "echo", "{data}", "~/in"), "is refused")
        refused(gate(made, batch, "echo", "{data}", "--src=~/in"), "is refused")
        refused(gate(made, batch, "sh", "-c", "cp -r $HOME/in {data}"), "is refused")
        refused(gate(made, batch, "echo", "localhost:in", "{data}"), "is refused")
    finally:
        made.env["HOME"] = home


@pytest.mark.slow
def test_words_that_name_private_places(made: Runs, batch: Path, tmp_path: Path) -> None:
    other = tmp_path / "unrelated"
    other.mkdir()
    (other / ".scrub-audit").write_text("x")
    for word in (
        made.audit,
        made.audit / "batches",
        f"--log={made.audit}/last.sqlite",
        other,
        tmp_path,
        other / ".scrub-audit",
        other / "new.txt",
    ):
        refused(gate(made, batch, "echo", "{data}", word), "is refused", "private audit folder")
    refused(gate(made, batch, "echo", "{data}", made.base / "home" / "keys"), "folder of your keys")
    for word in ("{dir}/..", batch.parent, "/"):
        refused(gate(made, batch, "echo", "{data}", word), "is refused")


def test_words_that_are_not_refused(made: Runs, batch: Path, tmp_path: Path) -> None:
    """Run from inside the originals, where every word could be a path there."""
    words = (
        "copy",
        "--progress",
        "in",
        "remote:in",
        "s3://in/coast/x",
        "you/photos",
        "https://example.com/in",
        f"nas:{made.inside}",
        f"user@host:{made.inside}",
        "*.jpg",
        "--exclude=*.xmp",
        "-m",
        "of the coast",
        str(tmp_path),
        f"--config={tmp_path}/rclone.conf",
        "{dir}",
        "--src={data}",
        "{data}/",
        "~nobody-here/x",
        str(batch),
        f"{batch}/data/in/notes.txt",
        "-p{data}",
        "@{upstream}",
        "",
        "-",
        "--",
    )
    assert gate(made, batch, "echo", *words, cwd=made.inside / "coast").returncode == 0
    link = tmp_path / "to-batch"
    link.symlink_to(batch)
    assert gate(made, batch, "ls", link / "data").returncode == 0
    assert gate(made, link, "ls", "{data}").returncode == 0


def test_it_says_what_it_could_not_check(made: Runs, batch: Path, tmp_path: Path) -> None:
    far = Path(shutil.copytree(batch, tmp_path / "far"))
    done = gate(made, far, "true")
    assert done.returncode == 0
    assert "private log of this batch was not found" in done.stderr
    assert "No word names the batch" in done.stderr
    options = ("--audit-dir", str(made.audit))
    assert "Note" not in gate(made, far, "ls", "{data}", options=options).stderr
    assert "Note" not in gate(made, batch, "ls", ".", cwd=batch).stderr
    refused(gate(made, far, "ls", "{data}", made.inside, options=options), "the originals")


def test_a_misspelt_name(made: Runs, batch: Path) -> None:
    refused(
        gate(made, batch, "echo", "{lists}"), "{lists} stands for nothing", "Did you mean {list}?"
    )
    check_names(["echo", "{print}", "{}", "{{list1}}", "%{lists}", "stash@{0}", "{a,b}"], {})


def test_signature_and_purpose(made: Runs, batch: Path) -> None:
    refused(
        gate(made, batch, "true", options=("--require-signature",)), "is not signed", "scrub sign"
    )
    refused(gate(made, batch, "true", options=("--purpose", "trial")), "'licence', and not 'trial'")
    assert gate(made, batch, "true", options=("--purpose", "licence")).returncode == 0
    assert made.scrub("sign", batch).returncode == 0
    assert gate(made, batch, "true", options=("--require-signature",)).returncode == 0
    wrong = ("--public-key", "SHA256:" + "A" * 43)
    refused(gate(made, batch, "true", options=wrong), "its signature is not what it must be")
    refused(gate(made, batch, *script('rm "$1/manifest.json.sig"', "{dir}")), "Its signature")


# what changed meanwhile ---------------------------------------------------------------

CHANGES = {
    "byte": 'printf x >> "$1/data/in/notes.txt"',
    "extra": 'touch "$1/data/.DS_Store"',
    "beside": 'touch "$1/upload.log"',
    "gone": 'rm "$1/data/in/notes.txt"',
    "head": 'rm "$1/manifest.json"',
    "all": 'rm -r "$1"',
    "undone": 'printf x > "$1/data/.swp"; rm "$1/data/.swp"',
    "restored": 'cd "$1/data/in"; cp -p notes.txt ../../../k; printf x > notes.txt;'
    " cat ../../../k > notes.txt; touch -r ../../../k notes.txt",
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_while_it_ran_is_shouted(change: str, made: Runs, batch: Path) -> None:
    assert (batch / "data/in/notes.txt").is_file()
    done = gate(made, batch, *script(f"{CHANGES[change]}; exit 3", "{dir}"), options=("-q",))
    refused(done, "CHANGED WHILE IT WAS UPLOADED", "unclean", "sh ended with 3.")


def test_another_whole_batch_in_its_place(made: Runs, batch: Path) -> None:
    other = Runs(batch.parent / "other-run")
    other.write("one.txt", PLAIN)
    other.here()
    swap = script('mv "$1" "$1.old"; mv "$2" "$1"', "{dir}", str(other.out))
    refused(gate(made, batch, *swap), "another batch than before")


def test_an_uploader_that_links_files(made: Runs, batch: Path) -> None:
    link = script('ln "$1/data/in/notes.txt" "$1/../k"', "{dir}")
    refused(gate(made, batch, *link), "Something was written at data/in/notes.txt", "--touches")
    (batch.parent / "k").unlink()
    assert gate(made, batch, *link, options=("--touches",)).returncode == 0
    refused(gate(made, batch, *script(CHANGES["byte"], "{dir}"), options=("--touches",)), "CHANGED")


def test_an_imprint_sees_what_digests_do_not(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    file = tmp_path / "folder" / "one"
    file.write_text("x")
    before = imprint(tmp_path)
    assert imprint(tmp_path) == before
    assert touched(tmp_path, before) == ""
    os.utime(file, (1, 1))
    assert imprint(tmp_path) != before
    assert touched(tmp_path, before) in ("folder/one", "")


# the ledger -----------------------------------------------------------------------------


def test_what_went_is_noted_after_success_alone(made: Runs, batch: Path) -> None:
    options = ("--ledger", "--to", "Example Models")
    assert gate(made, batch, "false", options=options).returncode == 1
    refused(gate(made, batch, *script(CHANGES["extra"], "{dir}"), options=options), "CHANGED")
    (batch / "data" / ".DS_Store").unlink()
    listed = made.scrub("ledger", "list", "--audit-dir", made.audit)
    assert "Example Models" not in listed.stdout
    done = gate(made, batch, "true", options=options)
    assert done.returncode == 0
    assert "sent to 'Example Models'" in done.stderr
    assert done.stdout == ""
    listed = made.scrub("ledger", "list", "--audit-dir", made.audit)
    assert "3 files, true" in listed.stdout


def test_a_ledger_that_cannot_be_written_is_told_before(
    made: Runs, batch: Path, tmp_path: Path
) -> None:
    far = Path(shutil.copytree(batch, tmp_path / "far"))
    ran = tmp_path / "ran"
    done = gate(made, far, "touch", ran, options=("--ledger", "--to", "Example Models"))
    refused(done, "The private log of batch", "--audit-dir")
    refused(gate(made, batch, "true", options=("--ledger",)), "--ledger and --to NAME go together")
    refused(gate(made, batch, "true", options=("--to", "x")), "go together")
    refused(
        gate(made, batch, "true", options=("--ledger", "--to", "a\nb")), "--to must be one line"
    )
    assert not ran.exists()


# pieces ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "path"),
    [
        ("--a=/x", "/x"),
        ("-T/x", "/x"),
        ("-vT./x", "./x"),
        ("if=/x", "/x"),
        ("@/x", "/x"),
        ("a=@/x;b", "/x"),
        ("/x:/y", "/x"),
        ("t=bind,src=/x:ro", "/x"),
        ("-p{data}", "{data}"),
        ("a=b=/x", "/x"),
        ("-p.", "."),
    ],
)
def test_what_a_program_may_read_out_of_a_word(word: str, path: str) -> None:
    assert path in set(candidates(word))


def test_a_guard_without_a_program_to_start(tmp_path: Path) -> None:
    folder, private = tmp_path / "clean", tmp_path / "in"
    (folder / "data").mkdir(parents=True)
    private.mkdir()
    values = {"data": f"{folder}/data"}
    guard = Guard(folder, [Place(private, "the originals")], values, tmp_path / "lists")
    assert guard.check(["rclone", "copy", "{data}", "x:"])
    assert not guard.check([str(private / "upload.sh"), "copy"])
    with pytest.raises(UsageError, match="the originals"):
        guard.check(["rclone", "{data}", f"--files-from={tmp_path}/lists/list,{private}"])
    with pytest.raises(UsageError, match="the originals"):
        guard.check(["bash", "-lc", f"cd '{private}' && ls"])
    assert fill("-x={data}{no}${data}", values) == f"-x={folder}/data{{no}}${{data}}"


def test_a_child_alone() -> None:
    assert run_child(["sh", "-c", "exit 9"]) == 9
    assert run_child(["sh", "-c", "kill -TERM $$"]) == 143
    assert signal.pthread_sigmask(signal.SIG_BLOCK, set()) == set()


# the uploaders themselves -----------------------------------------------------------------


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


UPLOADS = {
    "rclone": ("rclone", "copy", "{data}", ":local:{to}"),
    "rclone list": ("rclone", "copy", "--files-from-raw", "{list}", "{data}", ":local:{to}"),
    "rsync": ("rsync", "-a", "{data}/", "{to}/"),
    "rsync list": ("rsync", "-a", "--from0", "--files-from={list0}", "{data}/", "{to}/"),
    "scp": ("scp", "-qr", "{data}/.", "{to}"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", UPLOADS)
def test_uploaders_bring_the_payload_and_nothing_else(name: str, tmp_path: Path) -> None:
    words = UPLOADS[name]
    if shutil.which(words[0]) is None:
        pytest.skip(f"{words[0]} is not installed")
    runs = Runs(tmp_path / "run")
    for file in ("#first.txt", ";second.txt", "- third.txt", "[a]{b}.txt", "été/a b.txt"):
        runs.write(file, PLAIN)
    runs.write("coast/0001.jpg", photo())
    config = runs.base / "scrub.toml"
    config.write_text('[overrides.names]\nmode = "keep"\n')
    done = runs.scrub(runs.inside, "--out", runs.out)
    assert done.returncode == 0, done.stderr
    to = tmp_path / "there"
    to.mkdir()
    done = gate(runs, runs.out, *(word.replace("{to}", str(to)) for word in words))
    assert done.returncode == 0, done.stderr
    assert contents(to) == contents(runs.out / "data")
