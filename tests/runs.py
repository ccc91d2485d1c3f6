"""Whole runs for tests: a folder of inputs, the command as a user types it, what came out."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import piexif
from PIL import Image

from scrubber.api import Options, Result, clean
from scrubber.model import ItemRecord
from scrubber.policy import load_policy

SCRUB = str(Path(sys.executable).with_name("scrub"))
ROOT = os.name == "posix" and os.geteuid() == 0
NOBODY = 65534
_WITHOUT_RIGHTS = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")

PLAIN = "The light in the harbour was grey and the boats were quiet that morning.\n"
LETTER = "Please call Jane Roe at +1 212 555 0147 or write to jane.roe@example.com about it.\n"


def photo(artist: str = "Marlowe Quillfeather", shade: int = 10, serial: str = "SN839201") -> bytes:
    """A small JPEG with a name, a serial number, a position and an orientation."""
    block = piexif.dump(
        {
            "0th": {piexif.ImageIFD.Artist: artist.encode(), piexif.ImageIFD.Orientation: 6},
            "Exif": {piexif.ExifIFD.BodySerialNumber: serial.encode()},
            "GPS": {
                piexif.GPSIFD.GPSLatitudeRef: b"N",
                piexif.GPSIFD.GPSLatitude: ((48, 1), (51, 1), (30, 1)),
            },
        }
    )
    out = io.BytesIO()
    Image.radial_gradient("L").resize((32, 24)).point(lambda v: (v + shade) % 256).save(
        out, "JPEG", exif=block
    )
    return out.getvalue()


def snapshot(folder: Path) -> dict[str, tuple[int, int, str]]:
    """Mode, modification time and digest of everything below a folder, links not followed."""
    found = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        digest = ""
        if path.is_file() and not path.is_symlink():
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
        found[os.fsencode(path.relative_to(folder)).hex()] = (
            status.st_mode,
            status.st_mtime_ns,
            digest,
        )
    return found


def lists(out: Path) -> tuple[bytes, bytes]:
    """The two lists of a batch that depend on its content alone."""
    return (out / "items.jsonl").read_bytes(), (out / "manifest-sha256.txt").read_bytes()


@dataclass
class Runs:
    """A folder `inside`, a place `out`, and private homes, all below `base`."""

    base: Path
    env: dict[str, str] = field(default_factory=dict)

    @classmethod
    def copy(cls, template: Path, base: Path) -> Runs:
        """What another test made once, for tests that go on from there."""
        runs = cls(base)
        shutil.copytree(template, base, dirs_exist_ok=True, symlinks=True)
        return runs

    def __post_init__(self) -> None:
        self.inside.mkdir(parents=True)
        self.env = {
            **{key: value for key, value in os.environ.items() if not key.startswith("SCRUB_")},
            "SCRUB_DATA_HOME": str(self.base / "home"),
            "XDG_CONFIG_HOME": str(self.base / "config"),
        }

    @property
    def inside(self) -> Path:
        return self.base / "in"

    @property
    def out(self) -> Path:
        return self.base / "out"

    @property
    def audit(self) -> Path:
        return self.base / "in.audit"

    def write(self, name: str | bytes, data: bytes | str) -> Path:
        path = self.inside / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    def command(self, *arguments: str | Path) -> list[str]:
        return [SCRUB, *map(str, arguments or (self.inside, "--out", self.out))]

    def scrub(
        self, *arguments: str | Path, limited: bool = False, cwd: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """The installed command; without arguments, the main job.

        `limited`: permissions count, as for anybody but root.
        """
        rights = _WITHOUT_RIGHTS if limited and ROOT else ()
        return subprocess.run(
            [*rights, *self.command(*arguments)],
            env=self.env,
            cwd=cwd or self.base,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="surrogateescape",
            timeout=240,
        )

    def at_terminal(self, *arguments: str | Path) -> str:
        """What the command writes when its output is a terminal."""
        master, slave = pty.openpty()
        with subprocess.Popen(
            self.command(*arguments),
            env=self.env,
            cwd=self.base,
            stdin=subprocess.DEVNULL,
            stdout=slave,
            stderr=subprocess.STDOUT,
        ):
            os.close(slave)
            said = b""
            with contextlib.suppress(OSError):  # EIO: the last writer is gone
                while block := os.read(master, 65536):
                    said += block
        os.close(master)
        return said.decode("utf-8", "replace").replace("\r\n", "\n")

    def start(self, *arguments: str | Path) -> subprocess.Popen[bytes]:
        """The command in a process group of its own."""
        return subprocess.Popen(
            self.command(*arguments),
            env=self.env,
            cwd=self.base,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=_listen_to_interrupts,
        )

    def here(
        self,
        *,
        policy: str = "standard",
        keep: tuple[str, ...] = (),
        out: Path | None = None,
        each: Callable[[ItemRecord], None] | None = None,
        dry_run: bool = False,
        **options: object,
    ) -> tuple[Result, dict[str, ItemRecord]]:
        """The same job in this process, one file after the other. Records by original path."""
        before = {name: os.environ.get(name) for name in ("SCRUB_DATA_HOME", "XDG_CONFIG_HOME")}
        os.environ.update({name: self.env[name] for name in before})
        records: dict[str, ItemRecord] = {}

        def keep_record(record: ItemRecord) -> None:
            records[record.path] = record
            if each is not None:
                each(record)

        options.setdefault("isolate", False)
        try:
            wanted = Options(
                inputs=(self.inside,),
                out=None if dry_run else out or self.out,
                policy=load_policy(policy, None, keep),
                **options,  # type: ignore[arg-type]  # the fields of Options, as the test gives them
            )
            return clean(wanted, lambda *_: None, keep_record), records
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value

    def report(self, *arguments: str | Path) -> dict[str, object]:
        """What `--json` says."""
        done = self.scrub(*(arguments or (self.inside, "--out", self.out)), "--json")
        row: dict[str, object] = json.loads(done.stdout)
        return row

    def verified(self, out: Path | None = None) -> bool:
        return self.scrub("verify", out or self.out).returncode == 0

    def leftovers(self) -> list[str]:
        """What a run may not leave beside OUT."""
        return sorted(
            path.name
            for path in self.base.iterdir()
            if ".partial-" in path.name or ".old-" in path.name or path.name.endswith("-lock")
        )


def _listen_to_interrupts() -> None:
    """A shell starts background jobs with SIGINT ignored, and Python inherits that."""
    import signal

    signal.signal(signal.SIGINT, signal.default_int_handler)
