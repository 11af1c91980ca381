"""한 줄 위의 발산을 닫힌 식, 표본, 다른 구현과 견줍니다."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.spatial.distance import jensenshannon
from scipy.stats import norm, wasserstein_distance

from gan_docs.experiments import overlap
from gan_docs.experiments.experiment import Result


@pytest.fixture(scope="module")
def made() -> Result:
    return overlap.EXPERIMENT.run(overlap.EXPERIMENT, lambda step: None, {})


def test_the_value_of_the_best_answer_is_the_divergence(made: Result) -> None:
    wanted = -2 * np.log(2) + 2 * float(made.numbers["jsd"])
    assert made.numbers["value"] == pytest.approx(wanted, abs=1e-6)
    assert made.numbers["value"] > -2 * np.log(2)

    def inside(x: float) -> float:
        p, q = norm.pdf(x), norm.pdf(x, made.numbers["fake_mean"])
        return float(p * np.log(p / (p + q)) + q * np.log(q / (p + q)))

    assert made.numbers["value"] == pytest.approx(quad(inside, -8, 10)[0], abs=1e-6)


def test_the_best_answer_is_a_sigmoid_of_the_distance(made: Result) -> None:
    """같은 폭의 두 종에서 log p - log q는 x의 일차식입니다."""
    wanted = 1 / (1 + np.exp(2 * made.arrays["x"] - 2))
    assert made.arrays["best"] == pytest.approx(wanted)


@pytest.mark.parametrize("shift", [0.0, 0.25, 1.0, 2.0])
def test_the_divergence_of_shifted_bars_is_what_counting_gives(shift: float) -> None:
    """막대를 100칸으로 나누어 셈합니다. 다른 구현의 값은 제곱근이므로 제곱합니다."""
    cells = np.zeros((2, 400))
    cells[0, :100] = cells[1, round(100 * shift) : round(100 * shift) + 100] = 0.01
    assert overlap.shifted_jsd(shift) == pytest.approx(jensenshannon(*cells) ** 2, abs=1e-12)
    middle = (np.arange(400) + 0.5) / 100
    assert wasserstein_distance(middle, middle, *cells) == pytest.approx(shift)


def slope(value: Callable[[float], float], at: float, step: float = 1e-4) -> float:
    """차분으로 잰 기울기입니다."""
    return (value(at + step) - value(at - step)) / (2 * step)


def test_the_non_saturating_loss_lessens_kl_less_twice_the_divergence() -> None:
    """손실함수 페이지의 식을, 가짜의 평균을 옮기며 적분으로 확인합니다. 부호 하나면 달라집니다."""
    x, now = np.linspace(-9, 10, 4001), 1.3
    p = overlap.bell(x, 0)
    best = p / (p + overlap.bell(x, now))  # 고정한 D*

    def loss(mean: float) -> float:
        return overlap.integral(-overlap.bell(x, mean) * np.log(best), x)

    def divergences(mean: float, sign: int) -> float:
        q = overlap.bell(x, mean)
        return overlap.integral(q * np.log(q / p), x) + sign * 2 * overlap.jsd(p, q, x)

    assert slope(loss, now) == pytest.approx(slope(lambda mean: divergences(mean, -1), now), 1e-5)
    assert slope(loss, now) != pytest.approx(slope(lambda mean: divergences(mean, 1), now), 1e-2)


def test_the_bound_of_the_f_divergence_is_the_game(made: Result) -> None:
    """켤레를 격자에서 찾은 최댓값으로 확인하고, T = log D*를 넣어 게임의 값과 견줍니다."""
    u = np.linspace(1e-6, 400, 400_001)
    f = u * np.log(u) - (u + 1) * np.log(u + 1)
    for t in (-3.0, -1.0, -0.1):
        assert (t * u - f).max() == pytest.approx(-np.log(1 - np.exp(t)), abs=1e-4)
    p, q, best, x = (made.arrays[name] for name in ("real", "fake", "best", "x"))
    bound = overlap.integral(p * np.log(best) + q * np.log(1 - best), x)
    ratio = p / q
    whole = q * (ratio * np.log(ratio) - (ratio + 1) * np.log(ratio + 1))
    assert bound == pytest.approx(overlap.integral(whole, x), abs=1e-6)
