"""학습한 생성기로 이미지를 만듭니다."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from gan_docs.checks import matching_labels, whole_number


@torch.no_grad()
def sample_images(
    generator: torch.nn.Module,
    count: int,
    *,
    labels: Tensor | None = None,
    seed: int = 0,
    batch_size: int = 256,
) -> tuple[Tensor, Tensor | None]:
    """생성기를 평가 상태로 두고 이미지를 만듭니다. 생성기의 상태는 되돌려 놓습니다.

    Args:
        generator: `latent_size`와 `classes`를 아는 생성기. 순차모델은 첫 선형층을 봅니다.
        count: 만들 이미지의 수.
        labels: 만들 종류. 모양 `(count,)`. 생략하면 종류를 차례로 돌아가며 만듭니다.
        seed: 잠재 벡터의 시드.
        batch_size: 한 번에 만드는 수. 결과는 이 수에 매이지 않습니다.

    Returns:
        값이 [-1, 1]인 이미지 `(count, C, H, W)`와 종류 `(count,)`. 둘 다 CPU에 있습니다.
        조건이 없으면 종류는 `None`.

    Raises:
        TypeError: `count`나 `seed`가 정수가 아닐 때.
        ValueError: 수가 범위를 벗어나거나 이름표의 모양이 다를 때.
    """
    known: Any = generator
    whole_number("count", count, least=1)
    whole_number("seed", seed, least=0)
    classes = getattr(known, "classes", 0)
    if classes and labels is None:
        labels = torch.arange(count) % classes
    matching_labels(labels, classes, count)
    latent_size = getattr(known, "latent_size", None) or first_size(generator)
    z = torch.randn(count, latent_size, generator=torch.Generator().manual_seed(seed))
    training, device = generator.training, next(generator.parameters(), z).device
    generator.eval()
    given = [z] if labels is None else [z, labels]
    parts = []
    for start in range(0, count, batch_size):
        chosen = [each[start : start + batch_size].to(device) for each in given]
        parts.append(generator(*chosen).cpu())
    generator.train(training)
    return torch.cat(parts), labels


def first_size(network: torch.nn.Module) -> int:
    """신경망의 첫 선형층이 받는 벡터의 길이를 찾습니다.

    Raises:
        ValueError: 선형층이 하나도 없을 때.
    """
    for layer in network.modules():
        if isinstance(layer, torch.nn.Linear):
            return layer.in_features
    raise ValueError("생성기에 선형층(nn.Linear)이 없어 잠재 벡터의 길이를 알 수 없습니다")
