"""지표: 배열만 받는 순수 함수. 형제 모듈을 부르지 않습니다."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike


class ModeStatistics(NamedTuple):
    """봉우리를 얼마나 찾고 얼마나 또렷이 찍었는지입니다.

    Attributes:
        modes: 3σ 안에 표본이 하나라도 든 봉우리의 수.
        high_quality: 가장 가까운 봉우리의 3σ 안에 든 표본의 비율. 0–1.
    """

    modes: int
    high_quality: float


def mode_statistics(points: ArrayLike, centers: ArrayLike, sigma: float) -> ModeStatistics:
    """봉우리마다 3σ 안에 든 표본을 셉니다.

    Args:
        points: 만든 점. 모양 `(N, 2)`.
        centers: 봉우리의 가운데. 모양 `(M, 2)`.
        sigma: 봉우리의 표준 편차. 0보다 큰 수.

    Raises:
        ValueError: 모양이 다르거나 비었거나 `sigma`가 0 이하일 때.

    Source:
        Lin et al. (2018), PacGAN, Section 4.1. arXiv:1712.04086
    """
    samples, modes = np.asarray(points, dtype=float), np.asarray(centers, dtype=float)
    for name, array in (("points", samples), ("centers", modes)):
        if array.ndim != 2 or array.shape[1] != 2 or len(array) == 0:
            raise ValueError(f"{name}의 모양은 (N, 2)여야 합니다: 받은 모양 {array.shape}")
    if not sigma > 0:
        raise ValueError(f"sigma는 0보다 커야 합니다: 받은 값 {sigma}")
    distance = np.linalg.norm(samples[:, None] - modes[None], axis=2)
    good = distance.min(1) <= 3 * sigma
    return ModeStatistics(len(np.unique(distance.argmin(1)[good])), float(good.mean()))


def label_agreement(predicted: ArrayLike, labels: ArrayLike) -> float:
    """읽은 종류가 주문한 종류와 같은 비율입니다. 0–1.

    Args:
        predicted: 분류기가 읽은 종류. 모양 `(N,)`.
        labels: 주문한 종류. 모양 `(N,)`.

    Raises:
        ValueError: 모양이 다르거나 비었을 때.
    """
    read, ordered = np.asarray(predicted), np.asarray(labels)
    if read.shape != ordered.shape or read.ndim != 1 or len(read) == 0:
        raise ValueError(
            f"predicted와 labels는 같은 길이의 벡터여야 합니다: "
            f"받은 모양 {read.shape}, {ordered.shape}"
        )
    return float((read == ordered).mean())
