"""갇힌 점이 판별기에서 받는 것을 잽니다: 답, 기울기, 다른 봉우리까지의 골짜기."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from gan_docs.data import MixtureData
from gan_docs.ensemble import Ensemble

Array = NDArray[np.float64]
AROUND = 90  # 봉우리에서 이웃한 봉우리까지, 고리를 나눈 칸의 수


# --8<-- [start:run]
class View(NamedTuple):
    """시드마다 학습을 마친 판별기가 가짜와 고리를 어떻게 보는지입니다. 모양의 처음은 시드.

    Attributes:
        shares: 봉우리마다, 15σ 안에 든 가짜의 비율. 모양 `(S, M)`.
        answers: 가짜에 매긴 확률의 평균. 모양 `(S,)`.
        slopes: 가짜가 받는 기울기의 길이의 평균. 모양 `(S,)`.
        ring: 고리를 한 바퀴 돌며 매긴 로짓. 봉우리에서 출발합니다. 모양 `(S, AROUND * M)`.
    """

    shares: Array
    answers: Array
    slopes: Array
    ring: Array


def view(ensemble: Ensemble, data: MixtureData) -> View:
    """평균이 아닌 지금의 생성기가 찍은 점과, 고리 위의 점을 판정합니다. 묶어 보지 않아야 합니다."""
    fake = torch.from_numpy(ensemble.sample(500, averaged=False)).requires_grad_()
    logits = ensemble.discriminator(fake)
    (slopes,) = torch.autograd.grad(logits.sum(), fake)
    angles = torch.arange(AROUND * len(data.centers)) * (2 * math.pi / AROUND / len(data.centers))
    ring = torch.stack([angles.cos(), angles.sin()], 1).expand(len(fake), -1, -1)
    distance = torch.cdist(fake.detach(), data.centers.expand(len(fake), -1, -1))
    near = torch.nn.functional.one_hot(distance.argmin(2), len(data.centers))
    shares = (near * (distance < 15 * data.sigma)).double().mean(1)
    found = (
        shares,
        logits.sigmoid().mean(1),
        slopes.norm(dim=2).mean(1),
        ensemble.discriminator(ring),
    )
    return View(*(each.detach().double().numpy() for each in found))


def pass_height(ring: Array, mode: int) -> float:
    """봉우리에서 이웃한 두 봉우리로 가는 길 가운데 쉬운 쪽의 가장 낮은 로짓입니다."""
    turned = np.roll(ring, -AROUND * mode)
    forward, backward = turned[: AROUND + 1], np.roll(turned, AROUND)[: AROUND + 1]
    return float(max(forward.min(), backward.min()))


def counted(loss: Array, modes: int) -> Array:
    """비포화 생성기의 손실 -ln(m / (m + M))에서 거꾸로 센, 갇힌 봉우리의 수 m입니다."""
    found: Array = modes / np.expm1(np.asarray(loss, dtype=np.float64))
    return found


# --8<-- [end:run]
