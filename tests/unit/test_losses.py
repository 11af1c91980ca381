"""손실과 벌점을 PyTorch의 함수, 유한 차분, 닫힌 식, 수치 적분과 견줍니다.

`check_…`는 모듈을 받습니다. 같은 확인에 고장 낸 모듈을 주는 것이 `test_mutations`입니다.
"""

import math
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch
from scipy import integrate, stats
from torch import Tensor
from torch.nn import functional

from gan_docs import losses

Reference = Callable[[Tensor, Tensor], Tensor]
Judge = Callable[[Tensor], Tensor]
NAMES = {
    "minimax": ("cross_entropy_discriminator_loss", "minimax_generator_loss"),
    "non-saturating": ("cross_entropy_discriminator_loss", "non_saturating_generator_loss"),
    "least-squares": ("least_squares_discriminator_loss", "least_squares_generator_loss"),
    "hinge": ("hinge_discriminator_loss", "negative_score_generator_loss"),
    "wasserstein": ("wasserstein_discriminator_loss", "negative_score_generator_loss"),
    "relativistic": ("relativistic_discriminator_loss", "relativistic_generator_loss"),
}


def cross_entropy(logits: Tensor, label: float) -> Tensor:
    return functional.binary_cross_entropy_with_logits(logits, torch.full_like(logits, label))


def squares(logits: Tensor, label: float) -> Tensor:
    return 0.5 * functional.mse_loss(logits, torch.full_like(logits, label))


def margin(logits: Tensor) -> Tensor:
    return functional.hinge_embedding_loss(logits, torch.full_like(logits, -1), margin=1)


def soft_margin(difference: Tensor) -> Tensor:
    return functional.soft_margin_loss(difference, torch.ones_like(difference))


REFERENCES: dict[str, Reference] = {
    "cross_entropy_discriminator_loss": lambda a, b: cross_entropy(a, 1) + cross_entropy(b, 0),
    "minimax_generator_loss": lambda a, b: -cross_entropy(b, 0),
    "non_saturating_generator_loss": lambda a, b: cross_entropy(b, 1),
    "least_squares_discriminator_loss": lambda a, b: squares(a, 1) + squares(b, 0),
    "least_squares_generator_loss": lambda a, b: squares(b, 1),
    "hinge_discriminator_loss": lambda a, b: margin(a) + margin(-b),
    "negative_score_generator_loss": lambda a, b: -b.sum() / len(b),
    "wasserstein_discriminator_loss": lambda a, b: (b.sum() - a.sum()) / len(a),
    "relativistic_discriminator_loss": lambda a, b: soft_margin(a - b),
    "relativistic_generator_loss": lambda a, b: soft_margin(b - a),
}


def pair(seed: int = 0) -> tuple[Tensor, Tensor]:
    """로짓 한 쌍. 힌지가 꺾이는 1과 -1에서 떨어져 있고, 꺾인 자리의 양쪽에 모두 있습니다."""
    real, fake = torch.randn(2, 12, generator=torch.Generator().manual_seed(seed)).double() * 3
    both = torch.cat([real, fake])
    assert (both.abs() - 1).abs().min() > 1e-3
    assert 0 < (real > 1).sum() < 12
    assert 0 < (fake > -1).sum() < 12
    return real, fake


def check_table(losses: Any) -> None:
    """표에는 손실마다 제 함수가 있고, 짝을 쓰는 것은 상대론적 손실뿐입니다."""
    found = {
        name: (loss.discriminator.__name__, loss.generator.__name__)
        for name, loss in losses.LOSSES.items()
    }
    assert found == NAMES
    assert [name for name, loss in losses.LOSSES.items() if loss.paired] == ["relativistic"]
    assert list(losses.PENALTIES) == ["r1", "r2", "r1-and-r2", "toward-one"]


def check_values(losses: Any, name: str) -> None:
    """값은 PyTorch의 함수로 다시 셉니다."""
    for seed in range(4):
        real, fake = pair(seed)
        wanted = REFERENCES[name](real, fake).item()
        assert getattr(losses, name)(real, fake).item() == pytest.approx(wanted, rel=1e-12)


def check_slopes(losses: Any, name: str) -> None:
    """자동 미분의 기울기는 PyTorch의 함수로 센 값의 중앙 차분과 같습니다."""
    both = torch.cat(pair()).requires_grad_()
    (slopes,) = torch.autograd.grad(getattr(losses, name)(*both.chunk(2)), both)
    for index, slope in enumerate(slopes):
        nudge = torch.zeros(24, dtype=torch.float64)
        nudge[index] = 1e-6
        up, down = (REFERENCES[name](*moved.chunk(2)) for moved in (both + nudge, both - nudge))
        assert slope.item() == pytest.approx((up - down).item() / 2e-6, abs=1e-8)


# 정규분포 둘의 표본을 분위수로 균등하게 놓아, 배치의 평균을 곧 수치 적분으로 삼습니다.
REAL, FAKE = stats.norm(0, 1), stats.norm(1.5, 0.8)


def quantiles(distribution: Any, count: int) -> Any:
    return distribution.ppf((np.arange(count) + 0.5) / count)


def log_ratio(points: Any) -> Tensor:
    """두 밀도의 비의 로그 log(p/q)입니다."""
    return torch.from_numpy(REAL.logpdf(points) - FAKE.logpdf(points))


def integral(value: Callable[[float, float], float]) -> float:
    """두 밀도 p, q의 함수를 직선 위에서 적분합니다."""

    def curve(x: float) -> float:
        return value(float(REAL.pdf(x)), float(FAKE.pdf(x)))

    return float(integrate.quad(curve, -8, 9, points=[0, 1, 2], limit=200)[0])


def check_optima(losses: Any) -> None:
    """손실마다 가장 좋은 점수가 이루는 값은 적분한 값이고, 다른 점수는 더 나쁩니다."""
    x, y = (log_ratio(quantiles(one, 100_000)) for one in (REAL, FAKE))
    jensen_shannon = 0.5 * integral(  # 두 쿨백–라이블러 발산의 평균
        lambda p, q: p * math.log(2 * p / (p + q)) + q * math.log(2 * q / (p + q))
    )
    best: dict[str, tuple[Callable[[Tensor], Tensor], float]] = {
        "minimax": (lambda ratio: ratio, 2 * math.log(2) - 2 * jensen_shannon),
        "least-squares": (torch.sigmoid, 0.5 * integral(lambda p, q: p * q / (p + q))),
        "hinge": (torch.sign, 2 * integral(min)),
    }
    for name, (score, wanted) in best.items():
        loss = losses.LOSSES[name].discriminator
        least = loss(score(x), score(y)).item()
        assert least == pytest.approx(wanted, abs=1e-4), name
        for moved in others(score):
            assert loss(moved(x), moved(y)).item() > least + 1e-4, name


def check_optimum_of_pairs(losses: Any) -> None:
    """짝의 손실도 log(p/q)에서 가장 작습니다. 모든 짝을 늘어놓아 평균을 냅니다."""
    x, y = (log_ratio(quantiles(one, 300)) for one in (REAL, FAKE))

    def value(score: Callable[[Tensor], Tensor]) -> float:
        real, fake = torch.meshgrid(score(x), score(y), indexing="ij")
        return float(losses.LOSSES["relativistic"].discriminator(real, fake))

    least = value(lambda ratio: ratio)
    assert value(lambda ratio: ratio + 3) == pytest.approx(least)
    for moved in others(lambda ratio: ratio)[1:]:
        assert value(moved) > least + 1e-4


def others(score: Callable[[Tensor], Tensor]) -> list[Callable[[Tensor], Tensor]]:
    """가장 좋은 점수를 옮기고, 줄이고, 늘이고, 비튼 것입니다."""
    return [
        lambda ratio: score(ratio) - 0.2,
        lambda ratio: 0.8 * score(ratio),
        lambda ratio: 1.2 * score(ratio),
        lambda ratio: score(ratio) + 0.3 * torch.sin(2 * ratio),
    ]


def check_distance(losses: Any) -> None:
    """직선의 기울기가 1이면 바서슈타인 손실의 부호를 바꾼 것이 두 분포의 거리입니다."""
    real = quantiles(REAL, 2000)
    fake = real + 1.5
    loss = losses.LOSSES["wasserstein"].discriminator
    found = [loss(*(torch.from_numpy(-slope * x) for x in (real, fake))).item() for slope in (1, 2)]
    distance = stats.wasserstein_distance(real, fake)
    assert -found[0] == pytest.approx(distance)
    assert -found[1] == pytest.approx(2 * distance)  # 기울기를 묶지 않으면 거리가 아님


def measure(penalty: Any, judge: Judge, real: Tensor, fake: Tensor) -> Tensor:
    """학습의 한 스텝처럼 진짜 뒤에 가짜를 이어 판정하고 벌점을 잽니다."""
    images = torch.cat([real, fake]).detach().requires_grad_()
    share = shares(len(real)) if penalty.between else None
    measured: Tensor = penalty.measure(judge, images, judge(images), share)
    return measured


def shares(count: int) -> Tensor:
    return torch.rand(count, generator=torch.Generator().manual_seed(0)).double()


def points(*shape: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    """배정도의 진짜와 가짜. 둘은 크기부터 다릅니다."""
    real, fake = torch.randn(2, *shape, generator=torch.Generator().manual_seed(seed)).double()
    return real, 3 * fake + 1


def bowl(x: Tensor) -> Tensor:
    """기울기가 곧 x인 그릇입니다."""
    return 0.5 * x.square().sum(-1)


def plane(x: Tensor, weight: Tensor) -> Tensor:
    """어디서나 기울기가 `weight`인 평면입니다. 이미지는 화소를 펼친 벡터로 봅니다."""
    return (x * weight).flatten(1).sum(1)


def check_plane(losses: Any) -> None:
    """기울기가 w인 평면의 벌점은 ‖w‖에서 나오고, w가 꼭 0이어도 다시 미분한 것이 유한합니다."""
    for start in ([3.0, -4.0], [0.0, 0.0]):
        weight = torch.tensor(start, dtype=torch.float64, requires_grad=True)
        length = math.hypot(*start)
        half = 0.5 * length**2
        expected = {"r1": half, "r2": half, "r1-and-r2": 2 * half, "toward-one": (length - 1) ** 2}
        for name, wanted in expected.items():
            for shape in ((2,), (1, 2, 1)):
                judge = partial(plane, weight=weight.reshape(shape))
                found = measure(losses.PENALTIES[name], judge, *points(6, *shape))
                (slope,) = torch.autograd.grad(found, weight)
                assert found.shape == ()
                assert found.item() == pytest.approx(wanted), name
                assert torch.isfinite(slope).all()


def check_halves(losses: Any) -> None:
    """R1은 진짜만, R2는 가짜만 봅니다. 그릇의 기울기는 x이므로 값은 ½·평균 ‖x‖²입니다."""
    (real, fake), (other, another) = points(6, 3), points(6, 3, seed=1)
    half = [0.5 * part.square().sum(1).mean().item() for part in (real, fake)]
    assert abs(half[0] - half[1]) > 1
    for moved in (fake, another):
        assert measure(losses.R1, bowl, real, moved).item() == pytest.approx(half[0])
    for moved in (real, other):
        assert measure(losses.R2, bowl, moved, fake).item() == pytest.approx(half[1])
    assert measure(losses.R1_AND_R2, bowl, real, fake).item() == pytest.approx(sum(half))


def check_mix(losses: Any) -> None:
    """표본마다 제 비율로 섞은 점에서만 재고, 진짜와 가짜의 기울기는 보지 않습니다."""
    for shape in ((30, 3), (5, 1, 2, 2)):
        judged: list[Tensor] = []

        def judge(x: Tensor, judged: list[Tensor] = judged) -> Tensor:
            judged.append(x.detach())
            return x.flatten(1).sum(-1)

        real, fake = points(*shape)
        measure(losses.TOWARD_ONE, judge, real, fake)
        found = ((judged[-1] - fake) / (real - fake)).flatten(1)
        assert torch.allclose(found, shares(len(real)).unsqueeze(1).expand_as(found), atol=1e-6)


def curved(weight: Tensor) -> Judge:
    """여러 번 미분해도 0이 되지 않는 굽은 판별기입니다."""
    last = torch.tensor([1.0, 2.0, -1.0, 0.5], dtype=torch.float64)
    return lambda x: torch.tanh(x @ weight) @ last


def check_second_slopes(losses: Any) -> None:
    """벌점을 매개변수로 다시 미분한 것은 유한 차분과 같습니다."""
    real, fake = points(5, 3)
    weight = torch.linspace(-1, 1, 12, dtype=torch.float64).reshape(3, 4).requires_grad_()
    for name, penalty in losses.PENALTIES.items():

        def value(weight: Tensor, penalty: Any = penalty) -> Tensor:
            return measure(penalty, curved(weight), real, fake)

        assert value(weight).requires_grad, name
        assert torch.autograd.gradcheck(value, weight, raise_exception=False), name


EACH = [check_values, check_slopes]
WHOLE = [
    check_table,
    check_optima,
    check_optimum_of_pairs,
    check_distance,
    check_plane,
    check_halves,
    check_mix,
    check_second_slopes,
]


@pytest.mark.parametrize("check", EACH)
@pytest.mark.parametrize("name", REFERENCES)
def test_each_loss(check: Callable[[Any, str], None], name: str) -> None:
    check(losses, name)


@pytest.mark.parametrize("check", WHOLE)
def test_losses_and_penalties(check: Callable[[Any], None]) -> None:
    check(losses)


def test_a_share_is_given_to_the_penalty_that_mixes_and_to_no_other() -> None:
    images = torch.zeros(4, 2, requires_grad=True)
    for penalty in losses.PENALTIES.values():
        share = None if penalty.between else torch.rand(2)
        with pytest.raises(ValueError, match=f"섞는 비율은.*{re.escape(penalty.name)}"):
            penalty.measure(bowl, images, bowl(images), share)


def test_the_strength_belongs_to_the_penalty_and_can_be_changed() -> None:
    assert (losses.R1_AND_R2.strength, losses.TOWARD_ONE.strength) == ((0.2, 0.02), (10.0, 10.0))
    changed = losses.R1.with_strength(3.0, 0.5)
    assert (changed.strength, changed.with_strength(2.0).strength) == ((3.0, 0.5), (2.0, 2.0))


def test_slopes_need_inputs_with_gradient() -> None:
    with pytest.raises(ValueError, match="requires_grad_"):
        losses.input_gradients(torch.zeros(2), torch.zeros(2, 2))


@pytest.mark.parametrize("name", REFERENCES)
def test_unequal_shapes_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"받은 모양 \(2,\), \(3,\)|받은 모양 \(3,\), \(2,\)"):
        getattr(losses, name)(torch.zeros(2), torch.zeros(3))
