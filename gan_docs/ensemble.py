"""시드 여럿을 한꺼번에 학습합니다: 모든 가중치 앞에 시드의 차원 하나를 더 둡니다."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import leaky_relu

from gan_docs import turns
from gan_docs.averaging import follow
from gan_docs.checks import LARGEST_SEED, number, packs, whole_number
from gan_docs.choices import chosen_loss, chosen_penalty, two_betas
from gan_docs.data import Data
from gan_docs.gan import pack_neighbours
from gan_docs.losses import R1_AND_R2, RELATIVISTIC, AdversarialLoss, Penalty
from gan_docs.points import PointDiscriminator, PointGenerator, with_waves


# --8<-- [start:stack]
class Stack:
    """모양이 같은 점 신경망 S개의 가중치를 쌓아, 입력 `(S, B, …)`를 한 번에 계산합니다.

    작은 신경망의 학습은 곱셈보다 연산을 하나씩 부르는 데에 시간을 더 씁니다.
    쌓으면 연산을 부르는 횟수가 S분의 1이 됩니다.

    Args:
        networks: 쌓을 신경망. 하나 이상이며 모양이 같아야 합니다.
    """

    def __init__(self, networks: Sequence[PointDiscriminator | PointGenerator]) -> None:
        self.start: float | None = getattr(networks[0], "start", None)
        self.gain = networks[0].gain
        self.directions: Tensor | None = None
        discriminators = [each for each in networks if isinstance(each, PointDiscriminator)]
        if discriminators and discriminators[0].waves:
            self.directions = torch.stack([each.directions for each in discriminators])
        self.parameters: list[Tensor] = []
        for layers in zip(*(network.network for network in networks), strict=True):
            if isinstance(layers[0], nn.Linear):
                weight = torch.stack([layer.weight.detach().T for layer in layers])
                bias = torch.stack([layer.bias.detach() for layer in layers]).unsqueeze(1)
                self.parameters += [weight.contiguous(), bias]
        for parameter in self.parameters:
            parameter.requires_grad_(True)

    def __call__(self, inputs: Tensor) -> Tensor:
        """입력 `(S, B, 입력)`마다 제 가중치로 계산합니다. 출력이 하나면 그 차원을 뺍니다."""
        pairs = list(zip(self.parameters[::2], self.parameters[1::2], strict=True))
        x = self.gain * inputs
        if self.directions is not None:
            x = with_waves(x, self.directions)
        for weight, bias in pairs[:-1]:
            x = leaky_relu(torch.baddbmm(bias, x, weight), 0.2)
        weight, bias = pairs[-1]
        x = torch.baddbmm(bias, x, weight)
        if self.start is not None:
            x = self.start * inputs + x
        return x.squeeze(2)


# --8<-- [end:stack]


class Logits(NamedTuple):
    """한 스텝에서 두 차례가 본 로짓입니다. 모양은 모두 `(S, B / pack)`.

    Attributes:
        real: 판별기 차례에 본 진짜.
        fake: 판별기 차례에 본 가짜.
        real_after: 생성기 차례에 본 진짜. 손실이 짝을 쓰지 않으면 가짜의 것.
        fake_after: 생성기 차례에 고친 판별기가 다시 본 가짜.
    """

    real: Tensor
    fake: Tensor
    real_after: Tensor
    fake_after: Tensor


class Ensemble:
    """같은 설정의 2차원 학습을 시드마다 하나씩, 한꺼번에 돌립니다.

    한 시드의 결과는 `Trainer`가 그 시드로 낸 결과와 같습니다(반올림의 차례만 다릅니다).

    Args:
        make_discriminator: 판별기를 새로 만드는 함수. 시드마다 한 번 부릅니다.
        make_generator: 생성기를 새로 만드는 함수. 시드마다 한 번 부릅니다.
        data: `sample(count, generator)`로 진짜를 내놓는 데이터.
        steps: 계획한 스텝 수.
        seeds: 시드들. 하나 이상.
        loss: 두 참가자의 손실, 또는 `LOSSES`에 적은 이름.
        penalty: 판별기의 기울기에 매기는 벌점, 또는 `PENALTIES`에 적은 이름. 끄려면 `None`.
        batch_size: 시드마다 한 스텝에 보는 진짜의 수. 판별기의 `pack`의 배수.
        learning_rate: Adam의 학습률.
        betas: Adam의 두 계수.
        averaging: 평균 생성기가 지난 가중치를 간직하는 비율.

    Raises:
        TypeError: 스텝 수, 배치 크기, 시드가 정수가 아니거나, 손실, 벌점, 계수가 위의 것이 아닐 때.
        ValueError: 시드가 없거나, 범위를 벗어난 값이나 모르는 이름이 있거나, 배치가 판별기의
            `pack`의 배수가 아닐 때.
    """

    def __init__(
        self,
        make_discriminator: Callable[[], PointDiscriminator],
        make_generator: Callable[[], PointGenerator],
        data: Data,
        *,
        steps: int,
        seeds: Sequence[int],
        loss: AdversarialLoss | str = RELATIVISTIC,
        penalty: Penalty | str | None = R1_AND_R2,
        batch_size: int = 256,
        learning_rate: float = 1e-3,
        betas: tuple[float, float] = turns.BETAS,
        averaging: float = 0.99,
    ) -> None:
        if not len(seeds):
            raise ValueError("seeds에는 시드가 하나 이상 있어야 합니다: 받은 값 없음")
        self.steps = whole_number("steps", steps, least=1)
        self.batch_size = whole_number("batch_size", batch_size, least=2)
        seeds = [whole_number("seeds의 시드", seed, least=0, most=LARGEST_SEED) for seed in seeds]
        self.loss, self.penalty = chosen_loss(loss), chosen_penalty(penalty)
        self.learning_rate = number("learning_rate", learning_rate, above=0)
        self.averaging = number("averaging", averaging, least=0, below=1)
        betas = two_betas(betas)
        self.data, self.seeds = data, seeds
        self.done = 0
        discriminators, generators = [], []
        with torch.random.fork_rng(devices=[]):  # 부른 쪽의 난수는 그대로
            for seed in seeds:
                torch.manual_seed(seed)
                discriminators.append(make_discriminator())
                generators.append(make_generator())
        self.pack = discriminators[0].pack
        packs(self.batch_size, self.pack)
        self.discriminator, self.generator = Stack(discriminators), Stack(generators)
        self.average = Stack(generators)
        self.latent_size = generators[0].latent_size
        self.randoms = [torch.Generator().manual_seed(seed) for seed in seeds]
        self.optimizers = (
            turns.fused_adam(self.discriminator.parameters, learning_rate, betas),
            turns.fused_adam(self.generator.parameters, learning_rate, betas),
        )

    # --8<-- [start:step]
    def step(self) -> Logits:
        """모든 시드의 판별기를 한 번, 이어서 생성기를 한 번 고칩니다.

        Returns:
            두 차례가 본 진짜와 가짜의 로짓.
        """
        done = self.done / self.steps
        turns.set_learning_rate(self.optimizers, self.learning_rate, done)
        real, z = self.draw()
        first, second = turns.step(
            *self.optimizers,
            self.discriminator,
            pack_neighbours(real, self.pack, axis=1),
            pack_neighbours(self.generator(z), self.pack, axis=1),
            self.loss,
            self.penalty_term(done),
            axis=1,
        )
        averaged, current = self.average.parameters, self.generator.parameters
        follow(averaged, current, self.averaging, self.done)
        self.done += 1
        logits = first.real_logits, first.fake_logits, second.real_logits, second.fake_logits
        return Logits(*(each.detach() for each in logits))

    # --8<-- [end:step]

    def train(
        self,
        steps: int | None = None,
        *,
        watch_every: int = 10,
        on_step: Callable[[Ensemble], None] | None = None,
    ) -> NDArray[np.float32]:
        """계획한 스텝만큼 학습하며 `watch_every`스텝마다 손실을 적습니다.

        Args:
            steps: 이번에 나아갈 스텝 수. 생략하면 계획의 끝까지 갑니다.
            watch_every: 손실을 적는 간격.
            on_step: 스텝마다 부를 함수.

        Returns:
            시드마다 판별기와 생성기의 손실. 모양 `(S, 적은 횟수, 2)`.

        Raises:
            TypeError: 스텝 수나 간격이 정수가 아닐 때.
            ValueError: 간격이 1보다 작거나, 계획한 스텝 수를 넘어설 때.
            FloatingPointError: 적을 손실이나 마지막 손실이 유한한 수가 아닐 때.
        """
        whole_number("watch_every", watch_every, least=1)
        left = self.steps - self.done
        count = left if steps is None else whole_number("steps", steps, least=1)
        if count > left:
            raise ValueError(
                f"계획한 {self.steps}스텝에서 {left}스텝이 남았습니다: 받은 값 {count}"
            )
        rows = []
        for turn in range(count):
            logits = self.step()
            watched = self.done % watch_every == 0
            if watched or turn == count - 1:
                losses = self.losses(logits)
                rows += [losses] if watched else []
            if on_step is not None:
                on_step(self)
        return np.stack(rows, axis=1) if rows else np.zeros((len(self.seeds), 0, 2), np.float32)

    def losses(self, logits: Logits) -> NDArray[np.float32]:
        """시드마다의 두 손실을 세고 유한한지 확인합니다. 모양 `(S, 2)`."""
        rows = [
            [self.loss.discriminator(real, fake).item(), self.loss.generator(*after).item()]
            for real, fake, *after in zip(*logits, strict=True)
        ]
        if not np.isfinite(rows).all():
            raise FloatingPointError(
                f"{self.done}스텝에서 손실이 유한하지 않습니다. "
                "학습률을 낮추거나 벌점을 키워 보세요"
            )
        return np.array(rows, np.float32)

    @torch.no_grad()
    def sample(self, count: int, *, seed: int = 0, averaged: bool = True) -> NDArray[np.float32]:
        """시드마다의 생성기가 같은 잠재 벡터로 만든 점입니다. 모양 `(S, count, 2)`."""
        z = torch.randn(count, self.latent_size, generator=torch.Generator().manual_seed(seed))
        stack = self.average if averaged else self.generator
        return stack(z.expand(len(self.seeds), *z.shape)).numpy()

    def draw(self) -> tuple[Tensor, Tensor]:
        """시드마다 제 난수로 진짜 `(S, B, 2)`와 잠재 벡터 `(S, B, latent_size)`를 뽑습니다."""
        real, z = [], []
        for random in self.randoms:
            real.append(self.data.sample(self.batch_size, random)[0])
            z.append(torch.randn(self.batch_size, self.latent_size, generator=random))
        return torch.stack(real), torch.stack(z)

    def penalty_term(self, done: float) -> turns.PenaltyTerm | None:
        """계획의 `done`(0–1)만큼 왔을 때의 벌점입니다. 섞는 비율은 시드마다 제 난수로 뽑습니다."""
        if self.penalty is None:
            return None
        share, count = None, self.batch_size // self.pack
        if self.penalty.between:
            share = torch.stack([torch.rand(count, generator=random) for random in self.randoms])
        return turns.PenaltyTerm(self.penalty, turns.penalty_strength(self.penalty, done), share)
