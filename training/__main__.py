"""`python -m training`: everything from hashed inputs to the folder that ships.

Stages leave their result under `--build`; a stage whose result is there is not run again.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import torch
from safetensors.torch import load_file

from detectors.encoder_decode import log_softmax
from training import corpora, export, inputs, model
from training.data import Round, round_of
from training.evaluate import Table, figures, selection
from training.train import Plan, Scores, dev_sets, fit, round_scores, tables

SEED: Final = 31
VERSION: Final = "3"
ROOT: Final = Path(__file__).resolve().parents[1]

ALONE: Final = Plan(steps=1100, seed=SEED)
TEACHER: Final = Plan(steps=700, seed=SEED, size=1536, rate=6e-5, checks=3)
LONGER: Final = Plan(steps=1100, seed=SEED + 1, rate=1.5e-4, checks=5)
DISTILLED: Final = Plan(steps=420, seed=SEED + 3, rate=1e-4, alpha=0.7, checks=3)
SHORT: Final = Plan(steps=1600, seed=SEED + 2, rate=3e-4, alpha=0.7, checks=5)
KEPT_LAYERS: Final = (0, 2, 4)
AS_GOOD: Final = 0.004
"""Dev figures closer than this are equal: dev has too few people to tell them apart."""
TAUGHT: Final = 5
"""The round in which the teacher is heard."""


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

    def longer(self) -> Path:
        """Return the student after three more rounds."""
        made = self.folder / "longer.safetensors"
        if not made.exists():
            rounds = [self.round(number) for number in (4, 5, 6)]
            fit(_network(self.alone()), rounds, LONGER, self.dev, self.tokenizer, kept=made)
        return made

    def short(self) -> Path:
        """Return half of the student's layers, taught by the whole and by the texts."""
        made = self.folder / "short.safetensors"
        if not made.exists():
            whole = load_file(self.longer())
            rounds = [self.round(number) for number in (6, 7)]
            said = [round_scores(_network(self.longer()), given) for given in rounds]
            start = model.Encoder(replace(model.SMALL, layers=len(KEPT_LAYERS)))
            start.load_state_dict(model.cut(whole, KEPT_LAYERS))
            fit(start, rounds, SHORT, self.dev, self.tokenizer, said, made)
        return made

    def taught(self) -> Scores:
        """Return what teacher and student together say: the mean of their log-probabilities."""
        made = self.folder / f"taught-{SEED}-{TAUGHT}.npy"
        if not made.exists():
            given = self.round(TAUGHT)
            voices = [_network(self.teacher(), model.LARGE), _network(self.longer())]
            said = [log_softmax(round_scores(one, given).astype(np.float32)) for one in voices]
            np.save(made, ((said[0] + said[1]) / 2).astype(np.float16), allow_pickle=False)
        scores: Scores = np.load(made, allow_pickle=False)
        return scores

    def distilled(self) -> Path:
        """Return the student that then learned from the texts and from both."""
        made = self.folder / "distilled.safetensors"
        if not made.exists():
            start, rounds = _network(self.longer()), [self.round(TAUGHT)]
            fit(start, rounds, DISTILLED, self.dev, self.tokenizer, [self.taught()], made)
        return made

    def folder_of(self, weights: Path, folder: Path) -> None:
        """Write the folder that ships for *weights* to *folder*, with its biases."""
        path = _written(weights, folder)
        found = tables(export.runner(path), self.tokenizer, self.dev)
        bias = export.chosen_bias([found[name] for name in ("btc", "gum")])
        export.settings(folder, bias, VERSION)
        _tell(found, bias)

    def better(self, candidates: Sequence[Path]) -> Path:
        """Return the weights that do best on dev (see `evaluate.selection`).

        Of those that do equally well the smallest: it is the fastest.
        """
        scored = [(self.figure(path), path) for path in candidates]
        best = min(scored)[0]
        equal = [(path.stat().st_size, found, path) for found, path in scored]
        return min(one for one in equal if one[1] <= best + AS_GOOD)[2]

    def figure(self, weights: Path) -> float:
        """Return the dev figure of *weights* as they ship."""
        path = _written(weights, self.folder / weights.stem)
        found, bias = selection(tables(export.runner(path), self.tokenizer, self.dev))
        print(f"{weights.stem}: dev {found:.4f} at bias {bias}", flush=True)
        return found


def _written(weights: Path, folder: Path) -> Path:
    arrays = {name: value.numpy() for name, value in load_file(weights).items()}
    layers = len({name.split(".")[1] for name in arrays if name.startswith("layers.")})
    return export.written(arrays, layers, inputs.vocabulary(), folder, VERSION)


def _network(weights: Path, shape: model.Shape = model.SMALL) -> model.Encoder:
    made = model.Encoder(shape)
    made.load_state_dict(load_file(weights))
    return made


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
    made: list[Path] = [build.alone(), build.longer(), build.short()]
    if not given.without_teacher:
        made.append(build.distilled())
    build.folder_of(build.better(made), given.out)


def export_folder() -> Path:
    """Return where the model ships from."""
    return ROOT / "detectors" / "data" / "encoder"


if __name__ == "__main__":
    main()
