"""Makes docs/report.png: the first screen of the private report over the samples.

Usage: python docs/picture.py

Needs Chromium. The picture is made from sample_media alone; fonts are those of the machine.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from pathlib import Path

from PIL import Image
from refresh import Run

PICTURE = Path(__file__).with_name("report.png")
WIDTH, HEIGHT = 1080, 1000
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--hide-scrollbars",
)  # fmt: skip


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("Chromium is not installed.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        run = Run(folder)
        run.scrub("./portfolio", "--out", "./clean")
        (page,) = folder.glob("portfolio.audit/batches/*/report.html")
        made = folder / "page.png"
        size, profile = f"--window-size={WIDTH},{HEIGHT}", f"--user-data-dir={folder / 'profile'}"
        subprocess.run(
            [chromium, *QUIET, size, profile, f"--screenshot={made}", page.as_uri()],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        out = io.BytesIO()
        with Image.open(made) as picture:
            colours = picture.convert("RGB").quantize(64, dither=Image.Dither.NONE)
            colours.save(out, "PNG", optimize=True)
    PICTURE.write_bytes(out.getvalue())


if __name__ == "__main__":
    main()
