"""The two networks: a small BERT that ships and a larger MPNet that teaches it.

Both are written out in plain torch, so that what is trained is in one page. BERT: Devlin et al.
2018; MPNet's relative positions: Song et al. 2020, buckets as in Raffel et al. 2019, section 2.1.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from detectors.encoder_decode import LABELS

CASES: Final = 8
_DROP: Final = 0.1
_BUCKETS: Final = 32
_FAR: Final = 128


@dataclass(frozen=True, slots=True)
class Shape:
    """The measures of a network."""

    width: int
    inner: int
    heads: int
    layers: int
    vocabulary: int
    positions: int
    epsilon: float
    relative: bool


SMALL: Final = Shape(384, 1536, 12, 6, 30522, 512, 1e-12, relative=False)
LARGE: Final = Shape(768, 3072, 12, 12, 30527, 514, 1e-5, relative=True)


class Layer(nn.Module):
    """One transformer layer, normalised after each half."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width = shape.width
        self.heads = shape.heads
        self.query_key_value = nn.Linear(width, 3 * width)
        self.attended = nn.Linear(width, width)
        self.attended_norm = nn.LayerNorm(width, eps=shape.epsilon)
        self.inner = nn.Linear(width, shape.inner)
        self.outer = nn.Linear(shape.inner, width)
        self.outer_norm = nn.LayerNorm(width, eps=shape.epsilon)
        self.drop = nn.Dropout(_DROP)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """*mask* [batch, 1 or heads, 1 or n, n] is added to the scores of attention."""
        batch, count, width = x.shape
        split = self.query_key_value(x).view(batch, count, 3, self.heads, width // self.heads)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        scores = (query @ key.transpose(2, 3)) * (width // self.heads) ** -0.5 + mask
        seen = torch.softmax(scores, dim=-1).to(value.dtype) @ value  # fused: 3 x slower backward
        seen = seen.transpose(1, 2).reshape(batch, count, width)
        x = self.attended_norm(x + self.drop(self.attended(seen)))
        inner = nn.functional.gelu(self.inner(x))
        out: Tensor = self.outer_norm(x + self.drop(self.outer(inner)))
        return out


class Encoder(nn.Module):
    """Pieces and their case classes in, one score for each label and piece out."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.pieces = nn.Embedding(shape.vocabulary, shape.width)
        self.positions = nn.Embedding(shape.positions, shape.width)
        self.cases = nn.Embedding(CASES, shape.width)
        self.norm = nn.LayerNorm(shape.width, eps=shape.epsilon)
        self.drop = nn.Dropout(_DROP)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.head = nn.Linear(shape.width, len(LABELS))
        self.near = nn.Embedding(_BUCKETS, shape.heads) if shape.relative else None
        nn.init.zeros_(self.cases.weight)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def forward(self, input_ids: Tensor, case_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Take [batch, n] pieces as BERT numbers them; return [batch, n, labels] scores."""
        places = torch.arange(input_ids.shape[1])
        if self.shape.relative:
            input_ids, places = _mpnet_pieces(input_ids, attention_mask), places + 2
        x = self.pieces(input_ids) + self.positions(places) + self.cases(case_ids)
        x = self.drop(self.norm(x))
        mask = (1.0 - attention_mask[:, None, None, :].to(x.dtype)) * -1e4
        if self.near is not None:
            mask = mask + self.near(_buckets(input_ids.shape[1])).permute(2, 0, 1)[None]
        for layer in self.layers:
            x = layer(x, mask)
        scores: Tensor = self.head(x)
        return scores


def _mpnet_pieces(pieces: Tensor, mask: Tensor) -> Tensor:
    """MPNet has BERT's vocabulary four numbers higher, and its own start, end and filler."""
    moved = pieces + 4
    moved = torch.where(pieces == 101, torch.zeros_like(moved), moved)
    moved = torch.where(pieces == 102, torch.full_like(moved, 2), moved)
    return torch.where(mask == 0, torch.ones_like(moved), moved)


def _buckets(count: int) -> Tensor:
    """Return the bucket of each pair of places: the sign, near ones apart, far ones by log."""
    places = torch.arange(count)
    away = places[None, :] - places[:, None]
    half = _BUCKETS // 2
    bucket = (away > 0).long() * half
    size = away.abs()
    exact = half // 2
    far = exact + (
        torch.log(size.clamp(min=1).float() / exact) / math.log(_FAR / exact) * (half - exact)
    ).long().clamp(max=half - exact - 1)
    return bucket + torch.where(size < exact, size, far)


def small(weights: Path, layers: tuple[int, ...] = tuple(range(6))) -> Encoder:
    """Return the student with the pretrained weights of *weights*, keeping only *layers*."""
    given = load_file(weights)
    model = Encoder(replace(SMALL, layers=len(layers)))
    state = {
        "pieces.weight": given["embeddings.word_embeddings.weight"],
        "positions.weight": given["embeddings.position_embeddings.weight"]
        + given["embeddings.token_type_embeddings.weight"][0],
        **_norm("norm", given, "embeddings.LayerNorm"),
    }
    for index, source in enumerate(layers):
        base = f"encoder.layer.{source}"
        state |= _layer(f"layers.{index}", given, base, "attention.self", "attention.output")
    return _filled(model, state)


def cut(state: Mapping[str, Tensor], layers: tuple[int, ...]) -> dict[str, Tensor]:
    """Return *state* with *layers* alone, counted anew."""
    made = {name: value for name, value in state.items() if not name.startswith("layers.")}
    for index, source in enumerate(layers):
        base = f"layers.{source}."
        made |= {
            f"layers.{index}.{name.removeprefix(base)}": value
            for name, value in state.items()
            if name.startswith(base)
        }
    return made


def large(weights: Path) -> Encoder:
    """Return the teacher with the pretrained weights of *weights*."""
    given = load_file(weights)
    model = Encoder(LARGE)
    state = {
        "pieces.weight": given["embeddings.word_embeddings.weight"],
        "positions.weight": given["embeddings.position_embeddings.weight"],
        "near.weight": given["encoder.relative_attention_bias.weight"],
        **_norm("norm", given, "embeddings.LayerNorm"),
    }
    for index in range(LARGE.layers):
        base = f"encoder.layer.{index}"
        state |= _layer(f"layers.{index}", given, base, "attention.attn", "attention")
    return _filled(model, state)


def _layer(
    name: str, given: dict[str, Tensor], base: str, attention: str, after: str
) -> dict[str, Tensor]:
    mpnet = attention.endswith("attn")
    parts = ("q", "k", "v") if mpnet else ("query", "key", "value")
    state: dict[str, Tensor] = {}
    for kind in ("weight", "bias"):
        joined = [given[f"{base}.{attention}.{part}.{kind}"] for part in parts]
        state[f"{name}.query_key_value.{kind}"] = torch.cat(joined)
        out = f"{attention}.o" if mpnet else f"{after}.dense"
        state[f"{name}.attended.{kind}"] = given[f"{base}.{out}.{kind}"]
        state[f"{name}.inner.{kind}"] = given[f"{base}.intermediate.dense.{kind}"]
        state[f"{name}.outer.{kind}"] = given[f"{base}.output.dense.{kind}"]
    state |= _norm(f"{name}.attended_norm", given, f"{base}.{after}.LayerNorm")
    return state | _norm(f"{name}.outer_norm", given, f"{base}.output.LayerNorm")


def _norm(name: str, given: dict[str, Tensor], source: str) -> dict[str, Tensor]:
    return {f"{name}.{kind}": given[f"{source}.{kind}"] for kind in ("weight", "bias")}


def _filled(model: Encoder, state: dict[str, Tensor]) -> Encoder:
    missing, extra = model.load_state_dict(state, strict=False)
    if extra or set(missing) != {"cases.weight", "head.weight", "head.bias"}:
        raise ValueError(f"these weights are of another network: {missing} {extra}")
    return model
