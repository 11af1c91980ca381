"""평가: 만든 것과 진짜를 나란히 놓고 모든 지표를 한 번에 셉니다."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from gan_docs import metrics
from gan_docs.data import ImageData, MixtureData
from gan_docs.judging.judge import features, read

MOST_REAL = 5000  # 견줄 진짜의 수: 이보다 많으면 뽑아서 씀
MOST_NEIGHBOURS = 2000  # 이웃을 세는 지표가 볼 수: 시간이 수의 제곱에 비례


# --8<-- [start:images]
def evaluate_images(
    fake: Tensor,
    labels: Tensor | None,
    judge: nn.Sequential,
    train: ImageData,
    held_out: ImageData | None = None,
    seed: int = 0,
    most: int = MOST_REAL,
) -> dict[str, float]:
    """심판의 특징 공간에서 만든 이미지와 진짜를 견줍니다.

    특징은 진짜의 평균 분산이 1이 되도록 나눕니다. 그래서 프레셰 거리의 단위는 그 분산이며,
    심판이 쓰는 눈금의 크기에 매이지 않습니다. 분포를 견주는 지표에는 두 쪽에서 같은 수를 줍니다.
    수가 다르면 값도 달라지기 때문입니다. 외움만은 배운 데이터 모두에서 찾습니다.

    Args:
        fake: 만든 이미지. 모양 `(N, C, H, W)`, 값 [-1, 1].
        labels: 지정한 종류. 모양 `(N,)`. 조건이 없으면 `None`.
        judge: `train_judge`가 학습한 심판. 이름표가 없는 데이터에는 `untrained_judge`.
        train: 생성기가 배운 데이터. 이름표가 없으면 종류를 세지 않습니다.
        held_out: 생성기가 보지 못한 데이터. 있으면 외움을 재는 기준이 됩니다.
        seed: 진짜를 뽑는 시드.
        most: 견줄 수의 상한. 두 평가의 값을 견주려면 `compared`가 같아야 합니다.

    Returns:
        지표의 이름에서 값으로. 이름은 `gan_docs.metrics`의 함수와 필드를 따릅니다.
        `compared`는 두 쪽에서 쓴 표본의 수입니다.
    """
    real = features(judge, real_images(train, seed))
    scale = np.sqrt(real.var(axis=0).mean())  # 특징의 눈금: 심판마다 다른 크기를 1로
    real, made = real / scale, features(judge, fake) / scale
    seen = np.concatenate([features(judge, part) for part in learned_images(train, seed)]) / scale
    unseen = None if held_out is None else features(judge, real_images(held_out, seed)) / scale
    count = min(len(real), len(made), most)
    few = min(count, MOST_NEIGHBOURS)
    near = metrics.memorisation(made[:few], seen, None if unseen is None else unseen[:few])
    numbers: dict[str, float] = {
        "compared": count,
        "frechet_distance": metrics.frechet_distance(real[:count], made[:count]),
        "kernel_distance": metrics.kernel_distance(real[:count], made[:count]),
        **metrics.precision_recall(real[:few], made[:few])._asdict(),
        **metrics.density_coverage(real[:few], made[:few])._asdict(),
        **near._asdict(),
    }
    if train.labels is None:
        return numbers
    predicted = read(judge, fake).numpy()
    numbers["smallest_class"] = float(metrics.class_shares(predicted, train.classes).min())
    if labels is not None:
        numbers["label_agreement"] = metrics.label_agreement(predicted, labels.numpy())
    return numbers


# --8<-- [end:images]


# --8<-- [start:pairs]
class Pairs(NamedTuple):
    """만든 이미지와, 심판의 눈에 그것과 가장 가까운 배운 이미지입니다.

    Attributes:
        made: 만든 이미지. 모양 `(N, C, H, W)`.
        learned: 배운 이미지. 모양 `(N, C, H, W)`.
        ratio: 둘 사이의 거리를, 새 진짜가 배운 이미지까지 떨어진 평균 거리로 나눈 것. 모양 `(N,)`.
    """

    made: Tensor
    learned: Tensor
    ratio: NDArray[np.float64]


def pair_up(
    fake: Tensor,
    judge: nn.Sequential,
    train: ImageData,
    held_out: ImageData | None = None,
    seed: int = 0,
) -> Pairs:
    """배운 데이터 모두에서 가장 가까운 것을 찾아 짝짓고, 가까운 짝부터 늘어놓습니다."""
    learned = torch.cat(list(learned_images(train, seed)))
    seen, unseen = features(judge, learned), None
    if held_out is not None:
        unseen = features(judge, real_images(held_out, seed)[:MOST_NEIGHBOURS])
    found = metrics.nearest_neighbours(features(judge, fake), seen)
    ratio = found.distance / metrics.fresh_distances(seen, unseen).mean()
    order = np.argsort(ratio)
    return Pairs(fake[order], learned[found.place[order]], ratio[order])


# --8<-- [end:pairs]


# --8<-- [start:points]
def evaluate_points(points: NDArray[np.float32], data: MixtureData) -> dict[str, float]:
    """평면의 점이 봉우리를 얼마나 균등하고 또렷하게 채웠는지 셉니다. `points`의 모양은 `(N, 2)`."""
    return dict(metrics.mode_statistics(points, data.centers.numpy(), data.sigma)._asdict())


# --8<-- [end:points]


def real_images(data: ImageData, seed: int) -> Tensor:
    """견줄 진짜를 섞어 뽑습니다. 흔드는 데이터는 흔들어서, 아니면 되풀이하지 않고 뽑습니다."""
    random = torch.Generator().manual_seed(seed)
    if data.jitter is not None:
        return data.sample(MOST_REAL, random)[0]
    # 종류의 차례로 놓인 데이터도 앞의 일부가 모든 종류를 담도록 섞음
    return data.at(torch.randperm(len(data.images), generator=random)[:MOST_REAL])


def learned_images(data: ImageData, seed: int) -> Iterator[Tensor]:
    """생성기가 배운 이미지 모두를 몇 번에 나누어 냅니다. 외움은 여기에서 찾습니다.

    흔드는 데이터는 흔들지 않은 것에 이어, 모두를 한 번씩 흔든 것을 `MOST_REAL`장까지 냅니다.
    """
    yield from data.pieces()
    if data.jitter is not None:
        random = torch.Generator().manual_seed(seed)
        for _ in range(max(1, MOST_REAL // len(data.images))):
            yield data.jitter.apply(data.at(slice(None)), random)
