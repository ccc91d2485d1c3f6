"""What does starting cost, and what is loaded for a folder of photos?"""

from __future__ import annotations

import sys

from benchmarks import material
from benchmarks.material import Scale
from benchmarks.measure import ROOT, SCRUB, cpu, of, run, take_turns, wall
from benchmarks.tables import Table, times

HEAVY = ("spacy", "presidio_analyzer", "presidio_anonymizer", "numpy", "thinc", "mutagen")
_NOTHING = "python -I -c pass"
_LOADED = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from scrubber.api import Options, clean
from scrubber.policy import load_policy
clean(Options((Path(sys.argv[2]),), None, load_policy("standard"), isolate=False), lambda *_: None)
print(*sorted(name for name in sys.modules if "." not in name))
"""


def measure(scale: Scale) -> Table:
    table = Table(
        "Start",
        "CPU of the whole process, medians.",
        ("", "CPU", "wall", "CPU ÷ Python alone"),
    )
    runs = take_turns(
        {
            "scrub --version": lambda: run([*SCRUB, "--version"]),
            "scrub --help": lambda: run([*SCRUB, "--help"]),
            _NOTHING: lambda: run([sys.executable, "-I", "-c", "pass"]),
        },
        scale.pick(15, 3),
    )
    for name, each in runs.items():
        table.add(
            name,
            f"{cpu(each) * 1000:.0f} ms",
            f"{wall(each) * 1000:.0f} ms",
            times(of(runs, name, _NOTHING, "cpu")),
        )
    made = material.photos(scale.work / "few", 1)
    loaded = run(
        [sys.executable, "-I", "-c", _LOADED, str(ROOT), str(made.folder)], env=scale.env
    ).output.split()
    heavy = [name for name in HEAVY if name in loaded]
    said = ", ".join(heavy) if heavy else "none of " + ", ".join(HEAVY)
    table.notes.append(f"A run over {made.count} photos, worker and parent in one, loads {said}.")
    return table
