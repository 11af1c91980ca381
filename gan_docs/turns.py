"""학습의 한 스텝: 판별기의 차례와 생성기의 차례. 모든 학습기와 내보내기가 이 함수들을 부릅니다."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import torch
from torch import Tensor
from torch.optim import Adam, Optimizer

from gan_docs.losses import AdversarialLoss, Judge, Penalty

BETAS = (0.0, 0.99)  # Adam의 두 계수


class PenaltyTerm(NamedTuple):
    """이번 스텝에 판별기의 손실에 더할 벌점입니다.

    Attributes:
        penalty: 벌점을 재는 법.
        strength: 벌점에 곱하는 세기 γ.
        share: 섞은 점에서 잴 때 진짜의 비율. 모양 `(B,)`. 난수를 가진 쪽이 뽑습니다.
    """

    penalty: Penalty
    strength: float | Tensor
    share: Tensor | None = None


class Judgement(NamedTuple):
    """판별기의 차례에 셈한 것입니다.

    Attributes:
        loss: 판별기의 손실. 모양 `()`.
        penalty: 세기를 곱한 벌점. 모양 `()`. 없으면 0.
        real_logits: 진짜의 로짓. 모양 `(B,)`.
        fake_logits: 가짜의 로짓. 모양 `(B,)`.
    """

    loss: Tensor
    penalty: Tensor
    real_logits: Tensor
    fake_logits: Tensor


class Answer(NamedTuple):
    """생성기의 차례에 셈한 것입니다.

    Attributes:
        loss: 생성기의 손실. 모양 `()`.
        real_logits: 고친 판별기가 다시 매긴 진짜의 로짓. 손실이 짝을 쓰지 않으면 가짜의 것.
        fake_logits: 고친 판별기가 다시 매긴 가짜의 로짓. 모양 `(B,)`.
    """

    loss: Tensor
    real_logits: Tensor
    fake_logits: Tensor


def discriminator_turn(
    judge: Judge,
    real: Tensor,
    fake: Tensor,
    loss: AdversarialLoss,
    term: PenaltyTerm | None = None,
    *,
    axis: int = 0,
) -> Judgement:
    """판별기의 차례: 진짜와 가짜를 한 번에 판정해 손실과 벌점을 셈합니다.

    Args:
        judge: 판별기. `(B, …)`를 로짓 `(B,)`로.
        real: 진짜. 모양 `(B, …)`.
        fake: 가짜. 모양은 진짜와 같습니다. 기울기는 여기에서 끊습니다.
        loss: 두 참가자의 손실.
        term: 더할 벌점. 없으면 `None`.
        axis: 배치의 차원. 시드를 앞에 쌓아 `(S, B, …)`이면 1.

    Returns:
        손실, 벌점, 두 로짓. 손실과 벌점을 더해 한 번에 역전파합니다.
    """
    # --8<-- [start:judging]
    images = torch.cat([real, fake.detach()], axis)  # 생성기로 가는 기울기 차단
    images.requires_grad_(term is not None and not term.penalty.between)
    logits = judge(images)
    real_logits, fake_logits = logits.chunk(2, axis)
    value = loss.discriminator(real_logits, fake_logits)
    penalty = value.new_zeros(())
    if term is not None:
        penalty = term.strength * term.penalty.measure(judge, images, logits, term.share)
    return Judgement(value, penalty, real_logits, fake_logits)
    # --8<-- [end:judging]


def generator_turn(judge: Judge, real: Tensor, fake: Tensor, loss: AdversarialLoss) -> Answer:
    """생성기의 차례: 방금 고친 판별기에게 가짜를 다시 보여 손실을 셈합니다.

    Args:
        judge: 가중치를 고정한 판별기. 기울기는 판별기를 지나 가짜까지 흐릅니다.
        real: 판별기의 차례에 본 진짜. 모양 `(B, …)`.
        fake: 판별기의 차례에 본 가짜. 생성기까지 기울기가 이어져 있어야 합니다.
        loss: 두 참가자의 손실.

    Returns:
        손실과 두 로짓.
    """
    # --8<-- [start:answering]
    fake_logits = judge(fake)
    # 짝을 쓰지 않는 손실은 진짜의 로짓을 보지 않으므로 모양만 맞춤
    real_logits = judge(real) if loss.paired else fake_logits.detach()
    return Answer(loss.generator(real_logits, fake_logits), real_logits, fake_logits)
    # --8<-- [end:answering]


def step(
    discriminator: Optimizer,
    generator: Optimizer,
    judge: Judge,
    real: Tensor,
    fake: Tensor,
    loss: AdversarialLoss,
    term: PenaltyTerm | None = None,
    *,
    axis: int = 0,
) -> tuple[Judgement, Answer]:
    """한 스텝: 판별기를 한 번, 이어서 생성기를 한 번 갱신합니다.

    Args:
        discriminator: 판별기의 최적화기.
        generator: 생성기의 최적화기.
        judge: 판별기. `(B, …)`를 로짓 `(B,)`로.
        real: 진짜. 모양 `(B, …)`.
        fake: 생성기가 만든 가짜. 모양은 진짜와 같습니다.
        loss: 두 참가자의 손실.
        term: 판별기의 손실에 더할 벌점. 없으면 `None`.
        axis: 배치의 차원. 시드를 앞에 쌓아 `(S, B, …)`이면 1.

    Returns:
        두 차례가 셈한 것.
    """
    # --8<-- [start:both]
    seeds = math.prod(real.shape[:axis])  # 쌓지 않았으면 1
    first = discriminator_turn(judge, real, fake, loss, term, axis=axis)
    descend(discriminator, first.loss + first.penalty, seeds)
    with frozen(discriminator):
        second = generator_turn(judge, real, fake, loss)
        descend(generator, second.loss, seeds)
    return first, second
    # --8<-- [end:both]


# --8<-- [start:descend]
def descend(optimizer: Optimizer, loss: Tensor, seeds: int = 1) -> None:
    """지난 기울기를 지우고 손실의 기울기를 구해 가중치를 한 번 갱신합니다."""
    optimizer.zero_grad()
    # 모든 시드의 평균을 시드의 수만큼 키우면 시드마다의 평균을 더한 것
    loss.backward(torch.full_like(loss, seeds))
    optimizer.step()


# --8<-- [end:descend]


# --8<-- [start:frozen]
@contextmanager
def frozen(optimizer: Optimizer) -> Iterator[None]:
    """최적화기가 맡은 가중치의 기울기를 구하지 않게 합니다. 입력의 기울기는 그대로 흐릅니다."""
    parameters = [each for group in optimizer.param_groups for each in group["params"]]
    learning = [each for each in parameters if each.requires_grad]  # 부른 쪽이 고정한 것은 그대로
    for each in learning:
        each.requires_grad_(False)
    try:
        yield
    finally:
        for each in learning:
            each.requires_grad_(True)


# --8<-- [end:frozen]


# --8<-- [start:schedule]
def set_learning_rate(optimizers: Iterable[Optimizer], learning_rate: float, done: float) -> None:
    """계획의 `done`(0–1)만큼 왔을 때의 학습률을 최적화기에 넣습니다."""
    # 절반까지 그대로, 나머지 절반은 코사인을 따라 0으로
    factor = 1.0 if done < 0.5 else 0.5 * (1 + math.cos(math.pi * (2 * done - 1)))
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["lr"] = learning_rate * factor


def penalty_strength(penalty: Penalty, done: float) -> float:
    """계획의 `done`(0–1)만큼 왔을 때의 벌점의 세기 γ입니다."""
    first, last = penalty.strength
    return float(first * (last / first) ** min(1.0, 2 * done))  # 절반까지 일정한 비율로


# --8<-- [end:schedule]


def fused_adam(
    parameters: Iterable[Tensor], learning_rate: float, betas: tuple[float, float]
) -> Adam:
    """모든 연산을 한 번에 하는 Adam입니다."""
    return Adam(parameters, lr=learning_rate, betas=betas, fused=True)
