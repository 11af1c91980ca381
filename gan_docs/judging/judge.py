"""심판: 진짜로만 배운 작은 분류기. 만든 이미지를 읽고, 지표가 견줄 특징을 뽑습니다."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from gan_docs.checks import number, whole_number
from gan_docs.data import ImageData

FEATURE_SIZE = 128


# --8<-- [start:network]
def build_network(shape: tuple[int, int, int], classes: int) -> nn.Sequential:
    """이미지를 읽어 종류마다의 점수를 내는 합성곱 신경망을 만듭니다.

    Args:
        shape: 이미지의 모양 `(C, H, W)`.
        classes: 종류의 수.
    """
    channels, height, width = shape
    first = 2 if min(height, width) >= 16 else 1  # 작은 이미지는 한 번만 줄임
    sides = [-(-side // (2 * first)) for side in (height, width)]
    return nn.Sequential(
        nn.Conv2d(channels, 32, kernel_size=3, stride=first, padding=1),
        nn.BatchNorm2d(32),
        nn.ReLU(),
        nn.Conv2d(32, 64, kernel_size=3, stride=2, padding=1),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.Flatten(),
        nn.Dropout(0.3),
        nn.Linear(64 * sides[0] * sides[1], FEATURE_SIZE),
        nn.ReLU(),  # 여기까지가 특징
        nn.Linear(FEATURE_SIZE, classes),
    )


# --8<-- [end:network]


# --8<-- [start:train]
def train_judge(
    data: ImageData,
    *,
    steps: int = 800,
    batch_size: int = 128,
    seed: int = 0,
    report: Callable[[int], object] = lambda step: None,
) -> nn.Sequential:
    """이름표가 있는 진짜 이미지로 심판을 학습합니다.

    Args:
        data: 학습할 이미지. 이름표가 있어야 합니다.
        steps: 스텝 수.
        batch_size: 한 스텝에 볼 이미지의 수.
        seed: 난수의 시드.
        report: 스텝마다 부를 함수.

    Returns:
        평가 상태의 분류기. 이미지 `(B, C, H, W)`를 점수 `(B, 종류)`로 바꿉니다.

    Raises:
        ValueError: 이름표가 없을 때.
    """
    whole_number("steps", steps, least=1)
    if data.labels is None:
        raise ValueError(f"심판은 이름표가 있는 데이터로만 배웁니다: {data.name}에는 없습니다")
    random = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):  # 부른 쪽의 난수는 그대로
        torch.manual_seed(seed)
        network = build_network((data.channels, data.height, data.width), data.classes)
        optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3, fused=True)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
        for step in range(steps):
            images, labels = data.sample(batch_size, random)
            assert labels is not None
            optimizer.zero_grad()
            cross_entropy(network(images), labels).backward()
            optimizer.step()
            schedule.step()
            report(step + 1)
    return network.eval()


# --8<-- [end:train]


# --8<-- [start:untrained]
def untrained_judge(shape: tuple[int, int, int], seed: int = 0) -> nn.Sequential:
    """이름표가 없을 때의 심판입니다. 아무것도 배우지 않았으므로 종류는 읽지 못하고 특징만 냅니다.

    Args:
        shape: 이미지의 모양 `(C, H, W)`.
        seed: 처음 가중치의 시드. 두 평가의 값을 견주려면 같아야 합니다.

    Returns:
        평가 상태의 신경망. `features`에 건넵니다.

    Source:
        Naeem et al. (2020), Reliable Fidelity and Diversity Metrics. arXiv:2002.09797
    """
    with torch.random.fork_rng(devices=[]):  # 부른 쪽의 난수는 그대로
        torch.manual_seed(seed)
        return build_network(shape, classes=1).eval()


# --8<-- [end:untrained]


# --8<-- [start:read]
@torch.no_grad()
def read(judge: nn.Sequential, images: Tensor) -> Tensor:
    """이미지 `(N, C, H, W)`마다 읽은 종류의 번호 `(N,)`를 냅니다."""
    return torch.cat([judge(part).argmax(1) for part in images.split(500)])


@torch.no_grad()
def features(judge: nn.Sequential, images: Tensor) -> NDArray[np.float64]:
    """마지막 층에 들어가기 직전의 벡터입니다. 모양 `(N, 128)`."""
    body = judge[:-1]
    return torch.cat([body(part) for part in images.split(500)]).double().numpy()


# --8<-- [end:read]


def split(data: ImageData, share: float = 0.2, seed: int = 0) -> tuple[ImageData, ImageData]:
    """데이터를 섞어 학습용과 `share`만큼의 평가용으로 나눕니다.

    Args:
        data: 나눌 데이터.
        share: 평가용의 비율. 0보다 크고 1보다 작은 수.
        seed: 섞는 차례의 시드.

    Raises:
        ValueError: `share`가 범위를 벗어나거나, 데이터가 적어 한쪽이 빌 때.
    """
    number("share", share, above=0, below=1)
    order = torch.randperm(len(data.images), generator=torch.Generator().manual_seed(seed))
    held = round(share * len(order))
    if not 0 < held < len(order):
        raise ValueError(f"두 쪽으로 나누기에 이미지가 모자랍니다: 받은 수 {len(order)}")
    return part(data, order[held:]), part(data, order[:held])


def part(data: ImageData, index: Tensor) -> ImageData:
    """고른 번호의 이미지만 담은 데이터입니다."""
    labels = None if data.labels is None else data.labels[index]
    return ImageData(data.name, data.images[index], labels, data.class_names, data.jitter)


def accuracy(judge: nn.Sequential, data: ImageData) -> float:
    """처음 보는 데이터의 이름표를 맞힌 비율입니다. 0–1.

    Raises:
        ValueError: 이름표가 없을 때.
    """
    if data.labels is None:
        raise ValueError(f"정확도는 이름표가 있는 데이터로만 잽니다: {data.name}에는 없습니다")
    found = torch.cat([read(judge, images) for images in data.pieces()])
    return (found == data.labels).double().mean().item()
