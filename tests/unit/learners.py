"""여러 테스트가 함께 쓰는 작은 학습기와, 두 학습의 상태를 견주는 법."""

from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from gan_docs import GAN, Discriminator, Generator, Trainer, data
from gan_docs.losses import LOSSES, PENALTIES
from gan_docs.points import PointDiscriminator, PointGenerator
from gan_docs.saving import state

RING, DIGITS = data.ring(), data.digits(8, 8)
PAIRS = [(loss, penalty) for loss in LOSSES for penalty in (None, *PENALTIES)]
EACH = list(zip(LOSSES, cycle([*PENALTIES, None]), strict=False))  # 손실마다 벌점 하나와
# 여느 때에는 손실마다 하나씩, 넓게는 모든 짝
SELDOM = [pytest.param(*pair, marks=() if pair in EACH else pytest.mark.wide) for pair in PAIRS]


def model(kind: str, pack: int = 1) -> GAN:
    if kind == "points":
        return GAN(PointDiscriminator(4, 1, waves=2, pack=pack), PointGenerator(4, 1))
    if kind == "layers":  # 통계를 기억하는 층과, torch의 공용 난수를 쓰는 층
        discriminator, generator = PointDiscriminator(8, 1), PointGenerator(8, 1)
        discriminator.network.insert(0, nn.BatchNorm1d(2))
        generator.network.insert(1, nn.Dropout(0.5))
        return GAN(discriminator, generator)
    size: dict[str, int] = {"latent_size": 4, "classes": 10 if kind == "labelled" else 0}
    return GAN(Discriminator(8, 8, **size), Generator(8, 8, **size))


def make(
    kind: str = "points", start: int = 0, learner: Any = Trainer, pack: int = 1, **others: Any
) -> Trainer:
    """`start`는 처음 가중치의 시드입니다: 이어 하면 처음 가중치는 상관이 없어야 합니다."""
    torch.manual_seed(start)
    source = DIGITS if kind in ("images", "labelled") else RING
    chosen = {"data": source, "steps": 5, "batch_size": 4, "seed": 3, **others}
    made: Trainer = learner(model(kind, pack), **chosen)
    return made


def everything(trainer: Trainer) -> dict[str, Tensor]:
    return {name: tensor.clone() for name, tensor in state.collect(trainer).tensors.items()}


def different(one: Trainer | dict[str, Tensor], other: Trainer | dict[str, Tensor]) -> list[str]:
    """두 학습기에서, 또는 그 상태에서 값이 다른 텐서의 이름입니다."""
    first, second = (
        everything(each) if isinstance(each, Trainer) else each for each in (one, other)
    )
    assert first.keys() == second.keys()
    return [name for name in first if not torch.equal(first[name], second[name])]


def straight(made: Trainer) -> Trainer:
    made.train(progress=False)
    return made


def interrupted(make_again: Callable[..., Trainer], folder: Path, at: int) -> Trainer:
    """`at`스텝 뒤에 저장하고, 다른 가중치에서 시작한 학습기가 이어 끝까지 갑니다."""
    first = make_again()
    if at:
        first.train(at, progress=False)
    first.save_checkpoint(folder)
    second = make_again(start=99)
    assert second.resume(folder) == []
    assert len(second.history) == at
    return straight(second)
