"""시드 여럿을 나란히 계산하는 층: 모든 가중치 앞에 시드의 차원이 하나 더 있습니다."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import batch_norm, normalize

from gan_docs.data import Data


class Dice:
    """시드마다 제 난수로 뽑아 `(S, …)`으로 쌓습니다. 시드 하나만 돌려도 같은 수가 나옵니다."""

    def __init__(self, seeds: Sequence[int]) -> None:
        self.randoms = [torch.Generator().manual_seed(seed) for seed in seeds]

    def normal(self, *shape: int) -> Tensor:
        """표준 정규분포입니다."""
        return torch.stack([torch.randn(shape, generator=each) for each in self.randoms])

    def uniform(self, *shape: int) -> Tensor:
        """0과 1 사이의 균등분포입니다."""
        return torch.stack([torch.rand(shape, generator=each) for each in self.randoms])

    def real(self, data: Data, count: int) -> Tensor:
        """진짜를 뽑아 벡터로 폅니다. 모양 `(S, count, 수)`."""
        return torch.stack([data.sample(count, each)[0].flatten(1) for each in self.randoms])


# --8<-- [start:layers]
class Linear(nn.Module):
    """시드마다 제 가중치를 가진 선형층입니다. `(S, B, 입력)` → `(S, B, 출력)`."""

    def __init__(self, inputs: int, outputs: int, dice: Dice) -> None:
        super().__init__()
        bound = inputs**-0.5  # nn.Linear의 초깃값과 같은 범위
        self.weight = nn.Parameter(bound * (2 * dice.uniform(inputs, outputs) - 1))
        self.bias = nn.Parameter(bound * (2 * dice.uniform(1, outputs) - 1))

    def forward(self, x: Tensor) -> Tensor:
        """시드마다 제 가중치를 곱합니다."""
        return torch.baddbmm(self.bias, x, self.used())

    def used(self) -> Tensor:
        """곱할 가중치입니다."""
        return self.weight


class SpectralLinear(Linear):
    """가중치를 가장 큰 특잇값으로 나누어 곱하는 선형층입니다.

    Source:
        Miyato et al. (2018), Algorithm 1. arXiv:1802.05957
    """

    def __init__(self, inputs: int, outputs: int, dice: Dice) -> None:
        super().__init__(inputs, outputs, dice)
        self.left = torch.ones(len(self.weight), 1, inputs)

    def used(self) -> Tensor:
        """거듭제곱법을 한 번씩 이어 가며 가장 큰 특잇값을 어림합니다."""
        with torch.no_grad():
            right = normalize(self.left @ self.weight, dim=2)
            self.left = normalize(right @ self.weight.mT, dim=2)
        return self.weight / (self.left @ self.weight @ right.mT)


class BatchNorm(nn.Module):
    """배치의 평균과 분산으로 특징의 크기를 맞춥니다. 시드마다 따로 셉니다."""

    def __init__(self, features: int, dice: Dice) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(len(dice.randoms), features))
        self.shift = nn.Parameter(torch.zeros(len(dice.randoms), features))

    def forward(self, x: Tensor) -> Tensor:
        """시드와 특징을 한 줄로 펴, 줄마다 배치를 정규화합니다."""
        flat = x.transpose(0, 1).flatten(1)  # (B, S * 특징)
        scale, shift = self.scale.flatten(), self.shift.flatten()
        made = batch_norm(flat, None, None, scale, shift, training=True)
        return made.view(len(made), *self.scale.shape).transpose(0, 1)


class Dropout(nn.Module):
    """뉴런을 `share`만큼 끕니다. 표본을 만들 때에도 끕니다."""

    def __init__(self, share: float, dice: Dice) -> None:
        super().__init__()
        self.share, self.dice = share, dice

    def forward(self, x: Tensor) -> Tensor:
        """남긴 뉴런은 끈 만큼 키웁니다."""
        kept = self.dice.uniform(*x.shape[1:]) >= self.share
        return x * kept / (1 - self.share)


# --8<-- [end:layers]
