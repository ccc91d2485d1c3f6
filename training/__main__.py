"""`python -m training`: everything from hashed inputs to the folder that ships.

Stages leave their result under `--build`; a stage whose result is there is not run again.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import torch
from safetensors.torch import load_file

from training import corpora, export, inputs, model
from training.data import Round, round_of
from training.evaluate import Table, figures, selection
from training.train import Plan, Scores, dev_sets, fit, round_scores, tables

SEED: Final = 31
ROUNDS: Final = 4
VERSION: Final = "1"
ROOT: Final = Path(__file__).resolve().parents[1]

ALONE: Final = Plan(steps=1100, seed=SEED)
TEACHER: Final = Plan(steps=700, seed=SEED, size=1536, rate=6e-5, checks=3)
DISTILLED: Final = Plan(steps=700, seed=SEED, rate=1.5e-4, alpha=0.7, checks=6)


class Build:
    """The stages of one build in *folder*, each made once."""

    def __init__(self, folder: Path, shared: Path) -> None:
        self.folder = folder
        self.shared = shared
        corpora.check(shared / "corpora")
        self.tokenizer = inputs.tokenizer()
        self.dev = dev_sets(shared)
        folder.mkdir(parents=True, exist_ok=True)

    def round(self, number: int) -> Round:
        """Return one round of texts."""
        return round_of(number, SEED, self.shared, self.tokenizer, self.folder)

    def alone(self) -> Path:
        """Return the student that learned from the texts alone."""
        made = self.folder / "student.safetensors"
        if not made.exists():
            rounds = [self.round(number) for number in (0, 1)]
            fit(model.small(inputs.student()), rounds, ALONE, self.dev, self.tokenizer, kept=made)
        return made

    def teacher(self) -> Path:
        """Return the large network that learned from the texts."""
        made = self.folder / "teacher.safetensors"
        if not made.exists():
            rounds = [self.round(number) for number in (2, 3, 0, 1)]
            start = model.large(inputs.teacher(self.folder))
            fit(start, rounds, TEACHER, self.dev, self.tokenizer, kept=made)
        return made

    def taught(self, number: int) -> Scores:
        """Return what the teacher says of round *number*."""
        made = self.folder / f"taught-{SEED}-{number}.npy"
        if not made.exists():
            large = model.Encoder(model.LARGE)
            large.load_state_dict(load_file(self.teacher()))
            np.save(made, round_scores(large, self.round(number)), allow_pickle=False)
        scores: Scores = np.load(made, allow_pickle=False)
        return scores

    def distilled(self) -> Path:
        """Return the student that then learned from the texts and the teacher."""
        made = self.folder / "distilled.safetensors"
        if not made.exists():
            student = model.Encoder(model.SMALL)
            student.load_state_dict(load_file(self.alone()))
            rounds = [self.round(number) for number in (1, 3)]
            soft = [self.taught(number) for number in (1, 3)]
            fit(student, rounds, DISTILLED, self.dev, self.tokenizer, soft, made)
        return made

    def folder_of(self, weights: Path, folder: Path) -> None:
        """Write the folder that ships for *weights* to *folder*, with its biases."""
        arrays = {name: value.numpy() for name, value in load_file(weights).items()}
        path = export.written(arrays, model.SMALL.layers, inputs.vocabulary(), folder, VERSION)
        found = tables(export.runner(path), self.tokenizer, self.dev)
        bias = export.chosen_bias([found[name] for name in ("btc", "gum")])
        export.settings(folder, bias, VERSION)
        _tell(found, bias)

    def better(self, candidates: Sequence[Path]) -> Path:
        """Return the weights that do best on dev (see `evaluate.selection`)."""
        scored = [(self.figure(path), path) for path in candidates]
        return min(scored)[1]

    def figure(self, weights: Path) -> float:
        """Return the dev figure of *weights* as they ship."""
        arrays = {name: value.numpy() for name, value in load_file(weights).items()}
        folder = self.folder / weights.stem
        path = export.written(arrays, model.SMALL.layers, inputs.vocabulary(), folder, VERSION)
        found, bias = selection(tables(export.runner(path), self.tokenizer, self.dev))
        print(f"{weights.stem}: dev {found:.4f} at bias {bias}", flush=True)
        return found


def _tell(found: Mapping[str, Table], bias: Mapping[str, float]) -> None:
    print("bias", bias)
    values = np.array(list(bias.values()), np.float32)
    for name, one in found.items():
        print(name, figures(one, values), flush=True)


def main() -> None:
    """Run the stages."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "training")
    parser.add_argument("--out", type=Path, default=export_folder())
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--without-teacher", action="store_true", help="the student alone")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    build = Build(given.build, given.shared)
    made: list[Path] = [build.alone()]
    if not given.without_teacher:
        made.append(build.distilled())
    build.folder_of(build.better(made), given.out)


def export_folder() -> Path:
    """Return where the model ships from."""
    return ROOT / "detectors" / "data" / "encoder"


if __name__ == "__main__":
    main()
