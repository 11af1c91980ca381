"""학습한 생성기로 이미지를 만듭니다."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.conv import _ConvNd

from gan_docs.checks import LARGEST_SEED, matching_labels, whole_number


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
        generator: `latent_size`와 `classes`를 아는 생성기. 모르면 첫 선형층이나 합성곱을 봅니다.
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
    whole_number("seed", seed, least=0, most=LARGEST_SEED)
    classes = getattr(known, "classes", 0)
    if classes and labels is None:
        labels = torch.arange(count) % classes
    matching_labels(labels, classes, count)
    latent_size = latent_shape(generator)[0]
    z = torch.randn(count, latent_size, generator=torch.Generator().manual_seed(seed))
    training, like = generator.training, next(generator.parameters(), z)
    generator.eval()
    given = [z.to(like.dtype)] if labels is None else [z.to(like.dtype), labels]
    parts = []
    for start in range(0, count, batch_size):
        chosen = [each[start : start + batch_size].to(like.device) for each in given]
        parts.append(make_images(generator, *chosen).cpu())
    generator.train(training)
    return torch.cat(parts), labels


def latent_shape(generator: torch.nn.Module) -> tuple[int, ...]:
    """생성기가 받는 잠재 벡터 하나의 모양을 찾습니다.

    `latent_size`가 적힌 생성기는 `(latent_size,)`를 받습니다. 적혀 있지 않으면 처음으로 등록한
    선형층이나 합성곱을 봅니다. 합성곱으로 시작하는 생성기는 DCGAN처럼 1×1 특징 맵을 받습니다.

    Returns:
        선형층으로 시작하면 `(latent_size,)`, 합성곱으로 시작하면 `(latent_size, 1, 1)`.

    Raises:
        ValueError: 선형층도 합성곱도 없을 때.
    """
    known = getattr(generator, "latent_size", 0)
    if known:
        return (int(known),)
    for layer in generator.modules():
        if isinstance(layer, nn.Linear):
            return (layer.in_features,)
        if isinstance(layer, _ConvNd):
            return (layer.in_channels, *[1] * len(layer.kernel_size))
    raise ValueError(
        "생성기에 선형층도 합성곱도 없어 잠재 벡터의 길이를 알 수 없습니다: "
        "생성기에 latent_size를 적으세요"
    )


def make_images(generator: torch.nn.Module, z: Tensor, labels: Tensor | None = None) -> Tensor:
    """잠재 벡터를 생성기가 받는 모양으로 바꾸어 이미지를 만듭니다.

    Args:
        generator: 생성기.
        z: 잠재 벡터. 모양 `(B, latent_size)`.
        labels: 만들 종류. 모양 `(B,)`. 조건이 없으면 `None`.

    Returns:
        이미지. 모양 `(B, C, H, W)`.

    Raises:
        TypeError: 생성기가 텐서가 아닌 것을 낼 때.
        ValueError: `z`의 길이가 합성곱으로 시작하는 생성기와 다를 때.
    """
    shape = latent_shape(generator)
    if len(shape) > 1:
        if z.shape[1] != shape[0]:
            raise ValueError(f"z의 모양은 (B, {shape[0]})이어야 합니다: 받은 모양 {tuple(z.shape)}")
        z = z.reshape(-1, *shape)
    images: Tensor = generator(z) if labels is None else generator(z, labels)
    if not isinstance(images, Tensor):
        raise TypeError(f"생성기의 답은 텐서 하나여야 합니다: 받은 값 {type(images).__name__}")
    return images
