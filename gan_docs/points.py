"""평면 위의 점을 다루는 작은 두 신경망: 눈으로 볼 수 있는 2차원 실험에 씁니다."""

from __future__ import annotations

from itertools import pairwise
from typing import cast

import torch
from torch import Tensor, nn

from gan_docs.checks import number, whole_number


def perceptron(sizes: list[int]) -> nn.Sequential:
    """선형층과 LeakyReLU를 번갈아 쌓고 마지막은 선형층으로 끝냅니다.

    Args:
        sizes: 입력부터 출력까지 층의 너비.
    """
    layers: list[nn.Module] = []
    for before, after in pairwise(sizes):
        layers += [nn.Linear(before, after), nn.LeakyReLU(0.2)]
    return nn.Sequential(*layers[:-1])


# --8<-- [start:discriminator]
class PointDiscriminator(nn.Module):
    """평면의 점 `(B, 2)`를 로짓 `(B,)`로 바꿉니다.

    Args:
        hidden_size: 은닉층의 너비.
        depth: 은닉층의 수.
        pack: 한 번에 나란히 보는 점의 수 m. 1이면 점마다 따로 판정합니다.
        gain: 입력을 키우는 배율. 클수록 좁은 봉우리를 빨리 가려냅니다.
        waves: 입력에 덧붙이는 푸리에 특징(사인과 코사인)의 수. 많을수록 진짜를 외우기 쉽습니다.
        frequency: 푸리에 특징의 촘촘함. 방향마다 이 값을 표준 편차로 뽑습니다.

    Source:
        여러 점을 이어 보는 방법(packing)은 Lin et al. (2018), PacGAN. arXiv:1712.04086
    """

    classes = 0

    directions: Tensor

    def __init__(
        self,
        hidden_size: int = 128,
        depth: int = 3,
        pack: int = 1,
        gain: float = 1.0,
        waves: int = 0,
        frequency: float = 4.0,
    ) -> None:
        super().__init__()
        self.hidden_size = whole_number("hidden_size", hidden_size, least=1)
        self.depth = whole_number("depth", depth, least=1)
        self.pack = whole_number("pack", pack, least=1)
        self.gain = number("gain", gain, above=0)
        self.shape = (2 * pack,)
        self.waves = whole_number("waves", waves, least=0)
        self.frequency = number("frequency", frequency, above=0)
        self.register_buffer("directions", frequency * torch.randn(2 * pack, waves))
        self.network = perceptron([2 * (pack + waves), *[hidden_size] * depth, 1])

    def forward(self, points: Tensor) -> Tensor:
        """점 m개를 이은 벡터마다 로짓 하나를 계산합니다. 모양 `(B, 2m)` → `(B,)`."""
        x = with_waves(self.gain * points, self.directions) if self.waves else self.gain * points
        logits: Tensor = self.network(x)
        return logits.squeeze(1)


def with_waves(points: Tensor, directions: Tensor) -> Tensor:
    """점 뒤에 방향마다의 사인과 코사인을 덧붙입니다. 모양 `(…, 2m)` → `(…, 2m + 2 * waves)`.

    Source:
        Tancik et al. (2020), Fourier Features, Eq. 5. arXiv:2006.10739
    """
    angles = points @ directions
    return torch.cat([points, angles.sin(), angles.cos()], dim=-1)


# --8<-- [end:discriminator]


# --8<-- [start:generator]
class PointGenerator(nn.Module):
    """2차원 잠재 벡터를 평면의 점으로 옮깁니다. 처음에는 `start * z`에서 출발합니다.

    Args:
        hidden_size: 은닉층의 너비.
        depth: 은닉층의 수.
        start: 잔차 연결의 배율. 마지막 층이 0에서 시작하므로 처음 출력은 `start * z`입니다.
            `None`이면 잔차 연결이 없는 여느 다층 퍼셉트론입니다.
        gain: 신경망에 넣기 전에 잠재 벡터를 키우는 배율. 클수록 가파른 경계를 빨리 그립니다.
    """

    shape = (2,)
    classes = 0
    latent_size = 2

    def __init__(
        self,
        hidden_size: int = 128,
        depth: int = 3,
        start: float | None = 0.7,
        gain: float = 1.0,
    ) -> None:
        super().__init__()
        self.hidden_size = whole_number("hidden_size", hidden_size, least=1)
        self.depth = whole_number("depth", depth, least=1)
        self.start, self.gain = start, number("gain", gain, above=0)
        self.network = perceptron([2, *[hidden_size] * depth, 2])
        if start is not None:
            last = cast(nn.Linear, self.network[-1])
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)

    def forward(self, z: Tensor) -> Tensor:
        """잠재 벡터마다 점 하나를 만듭니다. 모양 `(B, 2)` → `(B, 2)`."""
        points: Tensor = self.network(self.gain * z)
        return points if self.start is None else self.start * z + points


# --8<-- [end:generator]
