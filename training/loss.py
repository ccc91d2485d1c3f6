"""What a network is taught: the allowed labels of a piece, and what its teacher thinks of it."""

from __future__ import annotations

import torch
from torch import Tensor

from detectors.encoder_decode import LABELS
from training.labels import EVERY


def partial(scores: Tensor, allowed: Tensor) -> Tensor:
    """Return the mean of -log P(one of the allowed labels) over the pieces that teach something.

    *scores* is [batch, n, labels], *allowed* [batch, n] bit masks.
    """
    chances = torch.log_softmax(scores.float(), dim=-1)
    bits = 1 << torch.arange(len(LABELS))
    barred = (allowed[..., None] & bits) == 0
    inside = torch.logsumexp(chances.masked_fill(barred, -1e4), dim=-1)
    taught = allowed != EVERY
    return -(inside * taught).sum() / taught.sum().clamp(min=1)


def distilled(scores: Tensor, soft: Tensor, counts: Tensor, heat: float) -> Tensor:
    """Return how far the network is from its teacher (Hinton et al. 2015, section 2).

    *soft* [batch, n, labels] are the teacher's scores, *counts* [batch, n] is 1 where a piece
    counts; both distributions are softened by *heat*.
    """
    chances = torch.log_softmax(scores.float() / heat, dim=-1)
    wanted = torch.softmax(soft / heat, dim=-1)
    apart = (wanted * (torch.log(wanted.clamp(min=1e-8)) - chances)).sum(dim=-1)
    return heat * heat * (apart * counts).sum() / counts.sum().clamp(min=1)
