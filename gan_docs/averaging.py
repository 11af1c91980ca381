"""평균 생성기: 지난 가중치의 평균을 간직하고, 다 배운 뒤에 층이 기억하는 통계를 다시 잽니다."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from gan_docs.sampling import make_images


# --8<-- [start:average]
@torch.no_grad()
def follow(
    averaged: Sequence[Tensor], current: Sequence[Tensor], averaging: float, count: int
) -> None:
    """평균의 가중치를 지금의 가중치 쪽으로 조금 옮깁니다.

    Args:
        averaged: 옮길 평균.
        current: 지금의 가중치.
        averaging: 지난 평균을 간직하는 비율.
        count: 지금까지 옮긴 횟수.
    """
    # 처음 몇 스텝은 짧게 기억: 학습 전 가중치가 평균에 남지 않도록
    kept = 0.0 if count == 0 else min(averaging, (1 + count) / (10 + count))
    torch._foreach_lerp_(list(averaged), list(current), 1 - kept)


# --8<-- [end:average]


# --8<-- [start:buffers]
@torch.no_grad()
def carry(average: nn.Module, current: nn.Module) -> None:
    """가중치가 아니면서 층이 기억하는 값(버퍼)을 지금의 것으로 덮습니다. 배치 통계는 뺍니다.

    스펙트럼 정규화의 `u`와 `v`처럼 길이가 1인 방향은 평균 내면 짧아지고, 그것으로 재는 특잇값도
    작아집니다. 그래서 평균 내지 않습니다. 배치 통계는 다 배운 뒤에 다시 재므로 덮지 않습니다.
    """
    for mine, now in zip(carried(average), carried(current), strict=True):
        mine.copy_(now)


def carried(network: nn.Module) -> Iterator[Tensor]:
    """배치 정규화의 통계를 뺀 버퍼입니다."""
    for layer in network.modules():
        if not isinstance(layer, _BatchNorm):
            yield from layer.buffers(recurse=False)


# --8<-- [end:buffers]


# --8<-- [start:statistics]
@torch.no_grad()
def measure_statistics(generator: nn.Module, inputs: Iterable[tuple[Tensor, ...]]) -> nn.Module:
    """배치 정규화의 평균과 분산을 처음부터 다시 잽니다. `forward`로 재므로 구조를 가리지 않습니다.

    Args:
        generator: 통계를 잴 생성기. 평가 상태가 됩니다.
        inputs: 배치마다 생성기에 줄 것. 잠재 벡터, 조건이 있으면 이름표도.

    Returns:
        받은 생성기.
    """
    generator.eval()  # 드롭아웃처럼 학습할 때만 흔드는 층은 쉬는 채로
    layers = [layer for layer in generator.modules() if isinstance(layer, _BatchNorm)]
    if not layers:
        return generator
    momenta = [layer.momentum for layer in layers]
    for layer in layers:
        layer.train()
        layer.reset_running_stats()
        layer.momentum = None  # 조금씩 옮기지 않고 모든 배치를 똑같이 평균
    for given in inputs:
        make_images(generator, *given)
    for layer, momentum in zip(layers, momenta, strict=True):
        layer.momentum = momentum
    return generator.eval()


# --8<-- [end:statistics]
