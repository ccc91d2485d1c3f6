"""One training run: so many steps, from so many rounds, the best checkpoint on dev kept."""

from __future__ import annotations

import copy
import itertools
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import Tensor, nn

from benchmarks.detection import splits
from benchmarks.detection.labelled import Labelled
from detectors.encoder_decode import Floats
from training.batches import Batch, batches
from training.data import Round
from training.encode import Encoded
from training.evaluate import Predict, Table, selection, table
from training.loss import distilled, partial
from training.model import Encoder

Scores = NDArray[np.float16]
"""A teacher's scores for each piece of a round, in the round's order."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a run is done. Sizes are pieces, rates are AdamW's.

    `alpha` is the teacher's share of the loss, `heat` its softening, `checks` how often in the
    second half dev is looked at.
    """

    steps: int
    seed: int
    size: int = 2048
    rate: float = 2e-4
    head_rate: float = 1e-3
    warm: float = 0.06
    decay: float = 0.01
    alpha: float = 0.0
    heat: float = 1.5
    checks: int = 6
    freeze_pieces: bool = True


def fit(
    model: Encoder,
    rounds: Sequence[Round],
    plan: Plan,
    dev: Mapping[str, list[Labelled]],
    tokenizer: Tokenizer,
    soft: Sequence[Scores] = (),
    kept: Path | None = None,
) -> float:
    """Train *model* and leave it as its best checkpoint, which is also written to *kept*.

    Returns the figure it was chosen by (see `evaluate.selection`).
    """
    torch.manual_seed(plan.seed)
    model.pieces.requires_grad_(not plan.freeze_pieces)
    chosen, schedule = _optimizer(model, plan)
    looks = _looks(plan)
    best, state = float("inf"), model.state_dict()
    started, pieces, total = time.monotonic(), 0, 0.0
    for step, (given, taught) in enumerate(_stream(rounds, soft, plan), 1):
        model.train()
        loss = _loss(model, given, taught, plan)
        chosen.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        chosen.step()
        schedule.step()
        pieces += int(given.attention.sum())
        total += float(loss.detach())
        if step % 50 == 0:
            speed = pieces / (time.monotonic() - started)
            print(f"step {step} loss {total / 50:.4f} {speed:.0f} pieces/s", flush=True)
            total = 0.0
        if step in looks:
            figure, bias = selection(tables(predictor(model), tokenizer, dev))
            print(f"step {step} dev {figure:.4f} at bias {bias}", flush=True)
            if figure < best:
                best, state = figure, copy.deepcopy(model.state_dict())
                if kept is not None:
                    save_file(state, kept)
        if step == plan.steps:
            break
    model.load_state_dict(state)
    model.eval()
    return best


def _optimizer(
    model: Encoder, plan: Plan
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LambdaLR]:
    fast, slow, bare = [], [], []
    for name, weight in model.named_parameters():
        if not weight.requires_grad:
            continue
        if name.startswith(("head", "cases")):
            fast.append(weight)
        elif weight.ndim > 1:
            slow.append(weight)
        else:
            bare.append(weight)
    chosen = torch.optim.AdamW(
        [
            {"params": fast, "lr": plan.head_rate, "weight_decay": 0.0},
            {"params": slow, "lr": plan.rate, "weight_decay": plan.decay},
            {"params": bare, "lr": plan.rate, "weight_decay": 0.0},
        ],
        fused=True,
    )
    warm = max(1, int(plan.warm * plan.steps))

    def share(step: int) -> float:
        if step < warm:
            return (step + 1) / warm
        return max(0.0, (plan.steps - step) / max(1, plan.steps - warm))

    return chosen, torch.optim.lr_scheduler.LambdaLR(chosen, share)


def _looks(plan: Plan) -> set[int]:
    half = plan.steps // 2
    return {half + (plan.steps - half) * i // plan.checks for i in range(1, plan.checks + 1)}


def _stream(
    rounds: Sequence[Round], soft: Sequence[Scores], plan: Plan
) -> Iterator[tuple[Batch, Tensor | None]]:
    rng = random.Random(plan.seed)
    while True:
        for number, given in enumerate(rounds):
            for one in batches(given, plan.size, rng):
                yield one, _taught(given, one, soft[number]) if soft else None


def _taught(given: Round, one: Batch, soft: Scores) -> Tensor:
    scores = np.zeros((*one.pieces.shape, soft.shape[1]), np.float32)
    for row, index in enumerate(one.index):
        part = slice(int(given.starts[index]), int(given.starts[index + 1]))
        scores[row, 1 : 1 + part.stop - part.start] = soft[part]
    return torch.from_numpy(scores)


def _loss(model: Encoder, given: Batch, taught: Tensor | None, plan: Plan) -> Tensor:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        scores = model(given.pieces, given.cases, given.attention)
    loss = partial(scores, given.allowed)
    if taught is None:
        return loss
    inside = given.attention.clone()
    inside[:, 0] = 0
    return (1 - plan.alpha) * loss + plan.alpha * distilled(scores, taught, inside, plan.heat)


def round_scores(model: Encoder, given: Round, size: int = 8192) -> Scores:
    """Return the scores of *model* for every piece of *given*, *size* pieces at a time."""
    model.eval()
    found = np.zeros((int(given.starts[-1]), model.head.out_features), np.float16)
    for one in batches(given, size, random.Random(0)):
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
            scores = model(one.pieces, one.cases, one.attention).float().numpy()
        for row, index in enumerate(one.index):
            part = slice(int(given.starts[index]), int(given.starts[index + 1]))
            found[part] = scores[row, 1 : 1 + part.stop - part.start]
    return found


def predictor(model: Encoder) -> Predict:
    """Return what `evaluate.table` asks for: windows in, scores of their pieces out."""

    def predict(windows: Sequence[Encoded]) -> list[Floats]:
        starts = np.cumsum([0, *(len(one.pieces) for one in windows)])
        joined = Round(
            np.concatenate([one.pieces for one in windows]).astype(np.int32),
            np.concatenate([one.cases for one in windows]).astype(np.int8),
            np.concatenate([one.masks for one in windows]).astype(np.int32),
            starts,
        )
        found = round_scores(model, joined).astype(np.float32)
        return [found[a:b] for a, b in itertools.pairwise(starts)]

    return predict


def tables(
    predict: Predict, tokenizer: Tokenizer, sets: Mapping[str, list[Labelled]]
) -> dict[str, Table]:
    """Return the words of each set with what *predict* makes of them."""
    return {name: table(predict, tokenizer, items) for name, items in sets.items()}


def dev_sets(shared: Path) -> dict[str, list[Labelled]]:
    """Return what checkpoints and biases are chosen on: tweets, forum texts, prose, forms."""
    found = splits.dev(shared)
    joined: dict[str, list[Labelled]] = {}
    for name, items in sorted(found.items()):
        joined.setdefault(name.split("-")[0], []).extend(items)
    return joined
