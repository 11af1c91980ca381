"""디랙 GAN의 자취를 손으로 푼 식과 견줍니다."""

import numpy as np
import pytest

from gan_docs.experiments import dirac

STEPS, RATE = 40, 0.1


@pytest.mark.parametrize("gamma", [0.0, 1.0])
def test_steps_taken_together_follow_the_matrix(gamma: float) -> None:
    step = np.array([[1 - RATE * gamma, -RATE], [RATE, 1]])
    wanted = [np.linalg.matrix_power(step, n) @ [1, 1] for n in range(STEPS + 1)]
    assert dirac.walk(True, gamma, STEPS, RATE) == pytest.approx(np.array(wanted))


def test_together_each_step_goes_farther_by_the_same_factor() -> None:
    distance = np.linalg.norm(dirac.walk(True, 0.0, STEPS, RATE), axis=1)
    assert distance == pytest.approx(2**0.5 * (1 + RATE**2) ** (np.arange(STEPS + 1) / 2))


def test_by_turns_an_ellipse_is_never_left() -> None:
    """둘로 나눈 차례는 넓이를 지키므로 ψ² + θ² - ηψθ가 그대로입니다."""
    psi, theta = dirac.walk(False, 0.0, STEPS, RATE).T
    kept = psi**2 + theta**2 - RATE * psi * theta
    assert kept == pytest.approx(kept[0])
    psi, theta = dirac.walk(True, 0.0, STEPS, RATE).T  # 함께 움직이면 지켜지지 않음
    assert np.ptp(psi**2 + theta**2 - RATE * psi * theta) > 0.1
