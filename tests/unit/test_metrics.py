"""지표를 손으로 센 값, 닫힌 식, 다른 구현(SciPy의 sqrtm, prdc, 이중 루프)과 견줍니다.

torch-fidelity와는 견주지 못한다: CPU용 빌드가 없는 torchvision이 있어야 한다.
"""

import inspect
import math
from collections.abc import Callable
from itertools import permutations, product
from types import ModuleType
from unittest import mock

import numpy as np
import pytest
from numpy.typing import NDArray
from prdc import compute_prdc
from scipy.linalg import sqrtm
from scipy.spatial.distance import cdist
from spoiled import mutated

from gan_docs import metrics
from gan_docs.data import digits
from gan_docs.metrics import (
    class_shares,
    density_coverage,
    frechet_distance,
    kernel_distance,
    label_agreement,
    memorisation,
    mode_statistics,
    nearest_neighbours,
    precision_recall,
)

Array = NDArray[np.float64]


def gaussian(seed: int, *shape: int) -> Array:
    return np.random.default_rng(seed).normal(size=shape)


# 견줄 값과 같은지 보는 검사: 지표의 모듈을 받아, 아래에서 틀린 모듈에도 돌림


def check_modes(module: ModuleType) -> None:
    """M = 4, N = 80: 균등한 몫은 20개, 그 10분의 1은 2개."""
    centers = np.array([[0, 0], [1, 0], [0, 1], [1, 1]])
    near, far = [0.029, 0], [0, 0.031]  # σ = 0.01: 3σ의 바로 안과 바로 밖
    moves = [near] * 60 + [near] * 2 + [near] + [far] * 16 + [far]
    points = centers[[0] * 60 + [1] * 2 + [2] * 17 + [3]] + moves
    found = module.mode_statistics(points, centers, 0.01)
    assert found.modes == 3
    assert found.strict_modes == 2
    assert found.high_quality == 63 / 80
    shares = (60 / 80, 2 / 80, 17 / 80, 1 / 80)
    assert found.reverse_kl == pytest.approx(sum(q * math.log(q / 0.25) for q in shares))


def check_frechet(module: ModuleType) -> None:
    for seed in range(4):
        real = gaussian(seed, 50, 6) @ gaussian(seed + 100, 6, 6)
        fake = gaussian(seed + 200, 70, 6) @ gaussian(seed + 300, 6, 6) + 1
        found = module.frechet_distance(real, fake)
        assert found == pytest.approx(textbook_frechet(real, fake), rel=1e-9)


def textbook_frechet(real: Array, fake: Array) -> float:
    first, second = np.cov(real, rowvar=False), np.cov(fake, rowvar=False)
    moved = real.mean(0) - fake.mean(0)
    return float(moved @ moved + np.trace(first + second - 2 * sqrtm(first @ second).real))


def check_manifold(module: ModuleType) -> None:
    pairs = [(gaussian(seed, 300, 5), 0.8 * gaussian(seed + 50, 270, 5) + 0.5) for seed in range(3)]
    whole = np.random.default_rng(9).integers(0, 6, size=(2, 120, 3)).astype(float)
    pairs.append((whole[0], whole[1]))  # 정수: 겉면에 꼭 걸린 표본이 많음
    for real, fake in pairs:
        for k in (1, 3, 5):
            expected = compute_prdc(real, fake, nearest_k=k)
            found = module.precision_recall(real, fake, k)._asdict()
            found |= module.density_coverage(real, fake, k)._asdict()
            assert found == pytest.approx(expected, abs=1e-12)


def check_kernel(module: ModuleType) -> None:
    for seed in range(3):
        real, fake = gaussian(seed, 23, 4), 0.7 * gaussian(seed + 9, 31, 4) + 0.4
        with mock.patch.object(module, "PIECE", 100):  # 표를 여러 번에 나누어 들어도 같은 값
            found = module.kernel_distance(real, fake)
        assert found == pytest.approx(looped_kernel(real, fake), rel=1e-9)


def looped_kernel(real: Array, fake: Array) -> float:
    """논문의 식 그대로, 서로 다른 두 표본의 짝을 하나씩 셉니다."""

    def mean(pairs: list[tuple[Array, Array]]) -> float:
        return sum((float(x @ y) / len(x) + 1) ** 3 for x, y in pairs) / len(pairs)

    first, second = (list(permutations(each, 2)) for each in (real, fake))
    return mean(first) + mean(second) - 2 * mean(list(product(real, fake)))


def check_memory(module: ModuleType) -> None:
    """학습 표본의 첫 이웃은 1, 1, 2, 4이고 평균은 2."""
    train, fake, held_out = (np.array([row]).T for row in ([0, 1, 3, 7], [0.5, 9], [2, 12, 3.5]))
    assert module.memorisation(fake, train) == pytest.approx((1.25 / 2, 1 / 2))
    # 가짜는 0.5와 2, 남겨 둔 진짜는 1과 5와 0.5
    assert module.memorisation(fake, train, held_out) == pytest.approx((1.25 / (6.5 / 3), 0))
    twins = np.array([[0, 0, 5, 7]]).T  # 똑같은 진짜 둘 사이의 0은 가장 가까운 쌍이 아님
    assert module.memorisation([[0], [1], [9]], twins) == pytest.approx((1 / 1, 2 / 3))


def check_neighbours(module: ModuleType) -> None:
    """SciPy가 센 거리의 표와, 표를 여러 번에 나누어 들어도, 표본이 먼 곳에 몰려도 같습니다."""
    points, others = gaussian(0, 40, 7) + 1e4, gaussian(1, 60, 7) + 1e4
    with mock.patch.object(module, "PIECE", 300):
        found = module.nearest_neighbours(points, others)
        own = module.nearest_neighbours(others, others, leave_one_out=True)
    table, among = cdist(points, others), cdist(others, others)
    np.fill_diagonal(among, np.inf)
    for one, distances in ((found, table), (own, among)):
        assert one.place.tolist() == distances.argmin(1).tolist()
        assert one.distance == pytest.approx(distances.min(1), rel=1e-9)


def check_classes(module: ModuleType) -> None:
    assert module.label_agreement([0, 1, 2, 2], [0, 1, 2, 3]) == 0.75
    shares = module.class_shares([0, 3, 3, 1], 5)
    assert shares.tolist() == [0.25, 0.25, 0, 0.5, 0]
    assert shares.sum() == 1


CHECKS = [
    check_modes,
    check_frechet,
    check_kernel,
    check_manifold,
    check_neighbours,
    check_memory,
    check_classes,
]
MUTANTS = [
    (check_modes, "<= 3 * sigma", "<= 2 * sigma"),
    (check_modes, "(hits > 0)", "(share > 0)"),
    (check_modes, "10 * len(modes) * hits", "len(modes) * hits"),
    (check_modes, "np.bincount(nearest, ", "np.bincount(nearest[good], "),
    (check_modes, "filled @ np.log(", "-np.ones(len(filled)) / len(modes) @ np.log("),
    (check_frechet, "- 2 * shared", "+ 2 * shared"),
    (check_frechet, "moved @ moved + spread", "spread"),
    (check_frechet, "np.sqrt(len(features) - 1)", "np.sqrt(len(features))"),
    (check_manifold, "cdist(first, second) < ", "cdist(first, second) <= "),
    (check_manifold, "in_real.any(0)", "in_real.any(1)"),
    (check_manifold, "in_fake.any(1)", "in_fake.any(0)"),
    (check_manifold, "/ neighbours", "/ (neighbours + 1)"),
    (check_manifold, "inside.any(1)", "inside.any(0)"),
    (check_kernel, "(count * (count - 1))", "(count * count)"),
    (check_kernel, "_kernel_sum(features, features) - own", "_kernel_sum(features, features)"),
    (check_kernel, "(each * each * each)", "(each * each)"),
    (check_kernel, "products + 1", "products + 2"),
    (check_neighbours, "-2 * centered.T", "-centered.T"),
    (check_neighbours, "        start += len(piece)\n", ""),
    (check_neighbours, "middle = known.mean(0)", "middle = 0 * known.mean(0) - 1e9"),
    (check_memory, "/ honest.mean()", "/ np.median(honest)"),
    (check_memory, "held_out is None", "True"),
    (check_memory, "honest[honest > 0].min()", "honest.min()"),
    (check_memory, "(distance < closest)", "(distance > closest)"),
    (check_classes, "/ len(numbers)", "/ classes"),
]


@pytest.mark.parametrize("check", CHECKS)
def test_the_metric_agrees_with_its_reference(check: Callable[[ModuleType], None]) -> None:
    check(metrics)


@pytest.mark.parametrize(("check", "right", "wrong"), MUTANTS)
def test_a_wrong_metric_disagrees_with_the_reference(
    check: Callable[[ModuleType], None], right: str, wrong: str
) -> None:
    mutant = mutated(metrics, right, wrong)
    with pytest.raises(AssertionError):
        check(mutant)


def test_equal_modes_have_no_divergence_and_one_mode_has_ln_m() -> None:
    centers = np.arange(98.0).reshape(49, 2)  # 49: 자르지 않으면 반올림이 0 아래로 내려감
    even = mode_statistics(np.repeat(centers, 3, axis=0), centers, 0.1)
    assert even == (49, 49, 1.0, pytest.approx(0, abs=1e-12))
    assert even.reverse_kl >= 0
    one = mode_statistics(centers[[2] * 9], centers, 0.1)
    assert one == (1, 1, 1.0, pytest.approx(math.log(49)))


POINT, LABELS = [[1, 2]], "labels는 비지 않은 정수의 벡터"
GOOD = gaussian(1, 9, 2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mode_statistics([1, 2], POINT, 1), r"points의 모양은 \(N, F\)"),
        (lambda: mode_statistics([[1, 2, 3]], [[1, 2, 3]], 1), r"points의 모양은 \(N, 2\)"),
        (lambda: mode_statistics(POINT, [[1, 2, 3]], 1), "특징의 수 F가 모두 같아야"),
        (lambda: mode_statistics(POINT, np.zeros((0, 2)), 1), "centers의 표본은 1개 이상"),
        (lambda: mode_statistics([[math.nan, 0]], POINT, 1), "points의 값은 모두 유한.*1개"),
        (lambda: mode_statistics(POINT, POINT, math.nan), "sigma는 0보다 커야.*nan"),
        (lambda: label_agreement([0, 1], [0, 1, 2]), r"받은 모양 \(2,\), \(3,\)"),
        (lambda: class_shares([[0, 1]], 2), rf"{LABELS}.*받은 모양 \(1, 2\)"),
        (lambda: class_shares(np.zeros(0, int), 2), rf"{LABELS}.*받은 모양 \(0,\)"),
        (lambda: class_shares([0.0, 1.0], 2), f"{LABELS}.*float64"),
        (lambda: class_shares([0, 2], 2), "0 이상 2 미만이어야 합니다: 받은 범위 0–2"),
        (lambda: class_shares([-1, 1], 2), "0 이상 2 미만이어야 합니다: 받은 범위 -1–1"),
        (lambda: frechet_distance(GOOD[:1], GOOD), "real의 표본은 2개 이상.*받은 수 1"),
        (lambda: precision_recall(GOOD, GOOD[:4], 4), "fake의 표본은 5개 이상.*받은 수 4"),
        (lambda: density_coverage(GOOD[:4], GOOD, 4), "real의 표본은 5개 이상.*받은 수 4"),
        (lambda: kernel_distance(GOOD, GOOD[:1]), "fake의 표본은 2개 이상.*받은 수 1"),
        (lambda: memorisation(GOOD, GOOD[:1]), "train의 표본은 2개 이상.*받은 수 1"),
        (
            lambda: nearest_neighbours(GOOD, GOOD[:1], leave_one_out=True),
            "others의 표본은 2개 이상.*받은 수 1",
        ),
        (lambda: precision_recall(GOOD, GOOD, 0), "1 이상의 정수여야 합니다: 받은 값 0"),
        (lambda: density_coverage(GOOD, GOOD, 0), "1 이상의 정수여야 합니다: 받은 값 0"),
        (lambda: memorisation(GOOD, np.repeat(GOOD, 2, axis=0)), "받은 거리 0"),
        (lambda: memorisation(GOOD, GOOD, GOOD), "견줄 거리가 0보다 커야 합니다"),
    ],
)
def test_what_cannot_be_measured_is_refused(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_flat_features_leave_the_distance_exact_and_nothing_is_zero_for_itself() -> None:
    real, fake = gaussian(0, 60, 3), 2 * gaussian(1, 60, 3)
    expected = textbook_frechet(real, fake)
    real, fake = (np.insert(features, 1, 0.1, axis=1) for features in (real, fake))
    real[:, 1] += 2  # 여전히 납작하고, 자리만 옮김
    assert frechet_distance(real, fake) == pytest.approx(expected + 4, rel=1e-9)
    few = gaussian(0, 20, 40) + 100  # 표본이 특징보다 적음
    for same in (few, few[::-1]):
        assert 0 <= frechet_distance(few, same) < 1e-9


def test_memorised_samples_are_betrayed_by_their_neighbours_alone() -> None:
    train = gaussian(0, 600, 16)
    fake = train + 1e-6 * gaussian(1, 600, 16)
    assert frechet_distance(train, fake) < 1e-6
    assert kernel_distance(train, fake) < 0
    assert precision_recall(train, fake) == (1, 1)
    density, coverage = density_coverage(train, fake)
    assert density == pytest.approx(1, abs=0.2)
    assert coverage == 1
    ratio, share = memorisation(fake, train)
    assert ratio < 1e-5
    assert share == 1
    assert memorisation(train[:50], train) == (0, 1)


@pytest.mark.slow
def test_every_copy_of_a_large_training_set_is_found() -> None:
    """숫자 1,797장을 열두 번씩 민 21,564장: 어느 것을 베껴도, 모두를 베껴도 0."""
    pixels = digits(8, 8).images.flatten(1).double().numpy()
    shifts = np.random.default_rng(0).normal(scale=0.1, size=(12, *pixels.shape))
    train = (pixels + shifts).reshape(-1, pixels.shape[1])
    assert len(train) == 21_564
    new = [pixels + np.random.default_rng(seed).normal(scale=0.1, size=pixels.shape)
           for seed in (1, 2)]  # fmt: skip
    assert memorisation(train[::-1], train, new[0]) == (0, 1)
    ratio, share = memorisation(new[1], train, new[0])
    assert ratio == pytest.approx(1, abs=0.02)
    assert share < 0.01
    # 학습 표본의 일부에서만 찾으면 베낀 것을 놓침
    assert memorisation(train[::-12], train[:5000], new[0])[0] > 0.5


METRICS = [frechet_distance, kernel_distance, precision_recall, density_coverage, memorisation]


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (np.zeros(9), r"{}의 모양은 \(N, F\)여야 합니다: 받은 모양 \(9,\)"),
        (GOOD * np.nan, "{}의 값은 모두 유한해야 합니다: 받은 NaN·무한대 18개"),
        (gaussian(0, 9, 3), r"특징의 수 F가 모두 같아야 합니다: 받은 모양.*\(9, 3\)"),
    ],
)
def test_bad_features_are_refused_on_either_side(
    metric: Callable[[Array, Array], object], bad: Array, message: str
) -> None:
    names = list(inspect.signature(metric).parameters)
    with pytest.raises(ValueError, match=message.format(names[0])):
        metric(bad, GOOD)
    with pytest.raises(ValueError, match=message.format(names[1])):
        metric(GOOD, bad)
    if metric is memorisation:
        with pytest.raises(ValueError, match=message.format("held_out")):
            memorisation(GOOD, GOOD, bad)
