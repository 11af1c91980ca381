"""평면에 놓인 2차원 정규분포의 섞음: 고리, 격자, 반달."""

from __future__ import annotations

import math

import torch

from gan_docs.checks import number, whole_number
from gan_docs.data.containers import MixtureData


# --8<-- [start:mixtures]
def ring(modes: int = 8, radius: float = 1.0, sigma: float = 0.01) -> MixtureData:
    """원 위에 같은 간격으로 놓인 봉우리들입니다.

    Args:
        modes: 봉우리의 수. 1 이상.
        radius: 원의 반지름. 0보다 큰 수.
        sigma: 봉우리마다의 표준 편차. 0 이상.

    Raises:
        TypeError: 수가 아닐 때.
        ValueError: 범위를 벗어날 때.

    Source:
        Lin et al. (2018), PacGAN의 2D-ring. arXiv:1712.04086
    """
    whole_number("modes", modes, least=1)
    number("radius", radius, above=0)
    angles = torch.arange(modes, dtype=torch.float64) * (2 * math.pi / modes)
    centers = radius * torch.stack([angles.cos(), angles.sin()], dim=1)
    return MixtureData("ring", centers.float(), sigma)


def grid(side: int = 5, spacing: float = 2.0, sigma: float = 0.05) -> MixtureData:
    """원점을 가운데에 둔 정사각 격자의 봉우리들입니다. 기본값은 {-4, -2, 0, 2, 4}²입니다.

    Args:
        side: 한 변의 봉우리 수. 1 이상.
        spacing: 이웃한 봉우리의 거리. 0보다 큰 수.
        sigma: 봉우리마다의 표준 편차. 0 이상.

    Raises:
        TypeError: 수가 아닐 때.
        ValueError: 범위를 벗어날 때.

    Source:
        Lin et al. (2018), PacGAN의 2D-grid. arXiv:1712.04086
    """
    whole_number("side", side, least=1)
    number("spacing", spacing, above=0)
    line = spacing * (torch.arange(side, dtype=torch.float32) - (side - 1) / 2)
    return MixtureData("grid", torch.cartesian_prod(line, line).reshape(-1, 2), sigma)


def moons(modes: int = 32, radius: float = 0.8, sigma: float = 0.04) -> MixtureData:
    """서로를 파고드는 두 반달을 따라 같은 간격으로 놓인 봉우리들입니다.

    Args:
        modes: 두 반달에 나누어 놓을 봉우리의 수. 2 이상의 짝수.
        radius: 반달의 반지름. 0보다 큰 수.
        sigma: 봉우리마다의 표준 편차. 0 이상.

    Raises:
        TypeError: 수가 아닐 때.
        ValueError: 범위를 벗어나거나 `modes`가 홀수일 때.

    Source:
        모양은 scikit-learn의 `make_moons`와 같고, 가운데를 원점으로 옮겼습니다.
    """
    whole_number("modes", modes, least=2)
    if modes % 2:
        raise ValueError(f"modes는 짝수여야 합니다: 받은 값 {modes}")
    number("radius", radius, above=0)
    angles = torch.linspace(0, math.pi, modes // 2, dtype=torch.float64)
    upper = torch.stack([angles.cos() - 0.5, angles.sin() - 0.25], dim=1)
    return MixtureData("moons", (radius * torch.cat([upper, -upper])).float(), sigma)


# --8<-- [end:mixtures]
