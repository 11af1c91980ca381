"""지표를 손으로 셀 수 있는 배열과, 난수의 이론값과 견준다."""

import numpy as np
import pytest

from gan_docs.metrics import label_agreement, mode_statistics


def test_counts_modes_and_quality_by_hand() -> None:
    centers = [[0, 0], [1, 0], [0, 1]]
    points = [[0, 0], [0.02, 0], [1, 0.029], [0.5, 0.5]]  # 마지막은 어느 봉우리에도 들지 않음
    assert mode_statistics(points, centers, sigma=0.01) == (2, 0.75)


def test_real_samples_fall_within_three_sigma_as_theory_says() -> None:
    angles = np.arange(8) * np.pi / 4
    centers = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    random = np.random.default_rng(0)
    points = centers[random.integers(8, size=40_000)] + 0.01 * random.normal(size=(40_000, 2))
    modes, quality = mode_statistics(points, centers, 0.01)
    assert modes == 8
    assert quality == pytest.approx(1 - np.exp(-4.5), abs=1e-3)  # 2차원 정규분포의 3σ


def test_one_perfect_mode_is_seen_as_one() -> None:
    assert mode_statistics(np.ones((9, 2)), [[1, 1], [5, 5]], 0.1) == (1, 1.0)


@pytest.mark.parametrize(
    ("points", "centers", "sigma", "message"),
    [
        ([1, 2], [[0, 0]], 1, r"points의 모양은 \(N, 2\)"),
        ([[1, 2]], np.zeros((0, 2)), 1, r"centers의 모양은 \(N, 2\)"),
        ([[1, 2]], [[0, 0]], 0, "sigma는 0보다 커야"),
    ],
)
def test_bad_arrays_are_refused(
    points: object, centers: object, sigma: float, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        mode_statistics(points, centers, sigma)  # type: ignore[arg-type]


def test_agreement_is_the_share_read_as_ordered() -> None:
    assert label_agreement([0, 1, 2, 2], [0, 1, 2, 3]) == 0.75
    with pytest.raises(ValueError, match=r"받은 모양 \(2,\), \(3,\)"):
        label_agreement([0, 1], [0, 1, 2])
