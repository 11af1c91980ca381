"""기본 루프와, 거기에서 한 가지만 바꾼 요령들입니다. 고리와 숫자가 함께 씁니다."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits
from torch.optim import Adam

from gan_docs.data import Data
from gan_docs.experiments.hack_layers import BatchNorm, Dice, Dropout, Linear, SpectralLinear


# --8<-- [start:trick]
@dataclass(frozen=True)
class Trick:
    """기본 루프에서 바꿀 수 있는 것입니다. 아무것도 바꾸지 않으면 기본 루프입니다."""

    real_label: float = 1.0  # 판별기의 차례에 진짜에 붙이는 정답
    flipped: float = 0.0  # 판별기의 차례에 정답을 뒤집어 붙이는 비율
    apart: bool = False  # 진짜와 가짜를 따로 판별기에 넣음
    batch_norm: bool = False  # 판별기에 배치 정규화
    spectral: bool = False  # 판별기에 스펙트럼 정규화
    noise: float = 0.0  # 판별기가 보는 것에 더하는 잡음의 처음 크기. 끝에서 0
    dropout: float = 0.0  # 생성기에서 끄는 뉴런의 비율
    judging: int = 1  # 한 스텝에 판별기를 고치는 횟수
    making: int = 1  # 한 스텝에 생성기를 고치는 횟수
    faster: float = 1.0  # 판별기의 학습률에 곱하는 수
    fresh: bool = False  # 생성기의 차례에 z를 새로 뽑음
    together: bool = False  # 두 기울기를 모두 구한 다음에 함께 고침
    slope: float = 0.2  # 음수에서 LeakyReLU의 비탈. 0이면 ReLU
    tanh: bool = True  # 생성기의 끝에 Tanh
    normal: bool = True  # z를 정규분포에서 뽑음. 아니면 [-1, 1]의 균등분포
    memory: float = 0.5  # Adam의 β1


BASE = "base"
TRICKS: dict[str, Trick] = {
    BASE: Trick(),
    "smoothing": Trick(real_label=0.9),
    "flipping": Trick(flipped=0.05),
    "apart": Trick(apart=True),
    "batch_norm": Trick(batch_norm=True),
    "batch_norm_apart": Trick(batch_norm=True, apart=True),
    "spectral": Trick(spectral=True),
    "noise": Trick(noise=0.3),
    "dropout": Trick(dropout=0.5),
    "judging": Trick(judging=5),
    "making": Trick(making=2),
    "rates": Trick(faster=4.0),
    "fresh": Trick(fresh=True),
    "together": Trick(together=True),
    "relu": Trick(slope=0.0),
    "no_tanh": Trick(tanh=False),
    "uniform": Trick(normal=False),
    "memory": Trick(memory=0.9),
}
# --8<-- [end:trick]


class Size(NamedTuple):
    """신경망과 배치의 크기입니다."""

    latent: int
    hidden: int
    data: int
    batch: int


# --8<-- [start:networks]
def build_discriminator(trick: Trick, size: Size, start: Dice) -> nn.Sequential:
    """은닉층이 둘인 판별기입니다. 로짓 하나를 냅니다."""
    linear = SpectralLinear if trick.spectral else Linear
    layers: list[nn.Module] = []
    for inputs in (size.data, size.hidden):
        layers.append(linear(inputs, size.hidden, start))
        if trick.batch_norm:
            layers.append(BatchNorm(size.hidden, start))
        layers.append(nn.LeakyReLU(trick.slope))
    return nn.Sequential(*layers, linear(size.hidden, 1, start))


def build_generator(trick: Trick, size: Size, start: Dice, dice: Dice) -> nn.Sequential:
    """은닉층이 둘인 생성기입니다. 처음 가중치는 `start`에서, 끌 뉴런은 `dice`에서 뽑습니다."""
    layers: list[nn.Module] = []
    for inputs in (size.latent, size.hidden):
        layers += [Linear(inputs, size.hidden, start), nn.LeakyReLU(trick.slope)]
        if trick.dropout:
            layers.append(Dropout(trick.dropout, dice))
    layers.append(Linear(size.hidden, size.data, start))
    return nn.Sequential(*layers, nn.Tanh() if trick.tanh else nn.Identity())


# --8<-- [end:networks]


class Loop:
    """요령 하나로, 시드 여럿을 나란히 학습합니다.

    Args:
        trick: 바꿀 것.
        data: 진짜를 뽑을 데이터.
        size: 신경망과 배치의 크기.
        learning_rate: Adam의 학습률.
        seeds: 시드들. 요령이 달라도 처음 가중치와 보는 진짜는 시드마다 같습니다.
    """

    def __init__(
        self, trick: Trick, data: Data, size: Size, learning_rate: float, seeds: Sequence[int]
    ) -> None:
        self.trick, self.data, self.size = trick, data, size
        self.dice = Dice([3 * seed for seed in seeds])
        self.reals = Dice([3 * seed + 1 for seed in seeds])  # 요령이 뽑는 난수에 밀리지 않게
        start = Dice([3 * seed + 2 for seed in seeds])
        self.generator = build_generator(trick, size, start, self.dice)
        self.discriminator = build_discriminator(trick, size, start)
        self.noise = trick.noise
        betas = (trick.memory, 0.999)
        self.first = Adam(
            self.discriminator.parameters(), learning_rate * trick.faster, betas, fused=True
        )
        self.second = Adam(self.generator.parameters(), learning_rate, betas, fused=True)

    def train(self, steps: int, report: Callable[[int], object] = lambda step: None) -> None:
        """정한 스텝만큼 학습합니다."""
        for step in range(steps):
            self.noise = self.trick.noise * (1 - step / steps)
            z, fake = discriminator_turn(self)
            generator_turn(self, z, fake)
            report(step + 1)

    def draw(self, count: int) -> Tensor:
        """시드마다 z를 뽑습니다. 모양 `(S, count, latent)`."""
        shape = (count, self.size.latent)
        return self.dice.normal(*shape) if self.trick.normal else 2 * self.dice.uniform(*shape) - 1

    def both(self, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
        """진짜와 가짜의 로짓입니다."""
        if self.trick.apart:
            return self.look(real), self.look(fake)
        real_logits, fake_logits = self.look(torch.cat([real, fake], dim=1)).chunk(2, dim=1)
        return real_logits, fake_logits

    def look(self, points: Tensor) -> Tensor:
        """판별기의 로짓입니다. 잡음이 있으면 더해서 보여 줍니다."""
        if self.noise:
            points = points + self.noise * self.dice.normal(*points.shape[1:])
        logits: Tensor = self.discriminator(points)
        return logits

    def labels(self, logits: Tensor, label: float) -> Tensor:
        """로짓마다의 정답입니다. 일부를 뒤집기도 합니다."""
        labels = torch.full_like(logits, label)
        if not self.trick.flipped:
            return labels
        chosen = self.dice.uniform(*logits.shape[1:]) < self.trick.flipped
        return torch.where(chosen, 1 - labels, labels)

    @torch.no_grad()
    def sample(self, count: int) -> Tensor:
        """시드마다 표본을 만듭니다. 모양 `(S, count, 수)`."""
        made: Tensor = self.generator(self.draw(count))
        return made


# --8<-- [start:discriminator]
def discriminator_turn(loop: Loop) -> tuple[Tensor, Tensor]:
    """판별기의 차례입니다. 마지막에 쓴 z와 가짜를 돌려줍니다."""
    for _ in range(loop.trick.judging):
        real, z = loop.reals.real(loop.data, loop.size.batch), loop.draw(loop.size.batch)
        fake = loop.generator(z)
        real_logits, fake_logits = loop.both(real, fake.detach())
        loss = cross_entropy(real_logits, loop.labels(real_logits, loop.trick.real_label))
        loss = loss + cross_entropy(fake_logits, loop.labels(fake_logits, 0.0))
        fill_gradients(loss, loop.discriminator)
        if not loop.trick.together:
            loop.first.step()
    return z, fake


# --8<-- [end:discriminator]


# --8<-- [start:generator]
def generator_turn(loop: Loop, z: Tensor, fake: Tensor) -> None:
    """생성기의 차례입니다. 방금 고친 판별기를 속입니다."""
    for again in range(loop.trick.making):
        if loop.trick.fresh:
            z = loop.draw(loop.size.batch)
        if loop.trick.fresh or again:
            fake = loop.generator(z)
        logits = loop.look(fake)
        fill_gradients(cross_entropy(logits, torch.ones_like(logits)), loop.generator)
        if loop.trick.together:
            loop.first.step()
        loop.second.step()


# --8<-- [end:generator]


# --8<-- [start:loss]
def cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """시드마다 배치의 평균을 구해 모든 시드를 더합니다. 시드끼리는 기울기가 섞이지 않습니다."""
    total = binary_cross_entropy_with_logits(logits, labels, reduction="sum")
    return total / logits.shape[1]


def fill_gradients(loss: Tensor, network: nn.Module) -> None:
    """지난 기울기를 지우고, 이 신경망의 기울기만 채웁니다."""
    network.zero_grad()
    loss.backward(inputs=list(network.parameters()))


# --8<-- [end:loss]
