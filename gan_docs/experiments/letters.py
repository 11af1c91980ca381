"""짧은 실험들이 함께 쓰는 것: 작은 글자 데이터와, 만든 글자를 재는 법."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from gan_docs.data import ImageData, hangul

SIDE = 16  # 작은 글자라 짧은 학습을 여러 시드로 되풀이할 수 있음


def letters(count: int) -> ImageData:
    """한글 데이터의 처음 몇 글자만 담은 데이터입니다."""
    data = hangul(width=SIDE, height=SIDE)
    assert data.labels is not None
    keep = data.labels < count
    names = data.class_names[:count]
    return ImageData(data.name, data.images[keep], data.labels[keep], names, data.jitter)


def in_turn(data: ImageData, count: int, seed: int) -> tuple[Tensor, Tensor]:
    """글자를 차례로 돌며 진짜를 뽑습니다. 만든 것과 차례가 같습니다."""
    images, labels = data.sample(4 * count, torch.Generator().manual_seed(seed))
    assert labels is not None
    of = [images[labels == label][: count // data.classes] for label in range(data.classes)]
    ordered = torch.stack(of, dim=1).flatten(0, 1)  # 가나다라가나다라 …
    return ordered, torch.arange(len(ordered)) % data.classes


def enlarged(images: Tensor) -> Tensor:
    """심판이 읽는 28×28로 키웁니다."""
    return nn.functional.interpolate(images, size=28, mode="bicubic")


def phase_share(images: Tensor) -> float:
    """화소 값의 분산에서 2×2 칸의 자리만으로 정해지는 몫입니다. 이미지마다 재어 평균 냅니다."""
    count, _, height, width = images.shape
    cells = images.double().reshape(count, height // 2, 2, width // 2, 2)
    places = cells.mean(dim=(1, 3)).flatten(1)  # (N, 4): 자리마다의 평균
    whole = cells.flatten(1)
    return (places.var(1, correction=0) / whole.var(1, correction=0)).mean().item()


def spread(images: Tensor, classes: int) -> float:
    """글자마다, 같은 자리의 화소가 표본에 따라 달라지는 정도(표준 편차)의 평균입니다."""
    return images.reshape(-1, classes, *images.shape[1:]).std(dim=0).mean().item()


def grey(images: Tensor) -> float:
    """잉크도 종이도 아닌 회색 화소의 비율입니다."""
    return (images.abs() < 0.5).double().mean().item()


@torch.no_grad()
def dead_share(discriminator: Any, images: Tensor) -> float:
    """판별기의 마지막 은닉층에서 어느 이미지에도 켜지지 않는 뉴런의 비율입니다."""
    before: Tensor = discriminator.network[:-2](images)  # (N, 은닉), 활성 함수의 앞
    return (before <= 0).all(dim=0).double().mean().item()
