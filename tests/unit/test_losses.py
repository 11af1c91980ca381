"""손실을 닫힌 식, 유한 차분, PyTorch의 교차 엔트로피와 견준다."""

import math

import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

from gan_docs import losses

ALL = [pair for loss in losses.LOSSES.values() for pair in (loss.discriminator, loss.generator)]


def pair(seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    real, fake = torch.randn(2, 6, generator=torch.Generator().manual_seed(seed)).double() * 3
    return real, fake


def slope_error(loss: losses.Loss, reference: losses.Loss) -> float:
    """`loss`의 자동 미분과 `reference`의 중앙 차분이 가장 크게 어긋난 정도."""
    real, fake = (part.requires_grad_() for part in pair())
    slopes = torch.autograd.grad(loss(real, fake), (real, fake), allow_unused=True)
    worst, tiny = 0.0, 1e-6
    for place, slope in enumerate(slopes):
        for index in range(6):
            shift = torch.zeros(6, dtype=torch.float64)
            shift[index] = tiny
            up, down = [p.detach() for p in pair()], [p.detach() for p in pair()]
            up[place], down[place] = up[place] + shift, down[place] - shift
            wanted = (reference(*up) - reference(*down)).item() / (2 * tiny)
            got = 0.0 if slope is None else slope[index].item()
            worst = max(worst, abs(got - wanted))
    return worst


@pytest.mark.parametrize("loss", ALL)
def test_slopes_match_finite_differences(loss: losses.Loss) -> None:
    assert slope_error(loss, loss) < 1e-8


def test_a_flipped_sign_is_caught() -> None:
    right = losses.relativistic_generator_loss
    assert slope_error(losses.relativistic_discriminator_loss, right) > 1e-2


def test_values_where_the_discriminator_cannot_tell() -> None:
    level = torch.zeros(5, dtype=torch.float64)
    expected = {"minimax": (2, -1), "non-saturating": (2, 1), "relativistic": (1, 1)}
    for name, (discriminator, generator) in expected.items():
        loss = losses.LOSSES[name]
        assert loss.discriminator(level, level).item() == pytest.approx(discriminator * math.log(2))
        assert loss.generator(level, level).item() == pytest.approx(generator * math.log(2))


def test_cross_entropy_is_that_of_the_library() -> None:
    real, fake = pair()
    one, zero = torch.ones_like(real), torch.zeros_like(real)
    wanted = cross_entropy(real, one) + cross_entropy(fake, zero)
    assert losses.cross_entropy_discriminator_loss(real, fake).item() == pytest.approx(
        wanted.item()
    )
    wanted = cross_entropy(fake, one)
    assert losses.non_saturating_generator_loss(real, fake).item() == pytest.approx(wanted.item())
    wanted = -cross_entropy(fake, zero)
    assert losses.minimax_generator_loss(real, fake).item() == pytest.approx(wanted.item())
    wanted = cross_entropy(real - fake, one)
    assert losses.relativistic_discriminator_loss(real, fake).item() == pytest.approx(wanted.item())


def test_pairing_sees_only_the_difference() -> None:
    real, fake = pair()
    moved = losses.relativistic_discriminator_loss(real + 7, fake + 7)
    assert moved.item() == pytest.approx(losses.relativistic_discriminator_loss(real, fake).item())


def test_penalty_of_a_plane_is_its_squared_slope() -> None:
    weight = torch.tensor([3.0, -4.0])
    inputs = torch.randn(5, 2).requires_grad_()
    assert torch.allclose(losses.gradient_penalty(inputs @ weight, inputs), torch.full((5,), 25.0))


def test_penalty_can_be_differentiated_again() -> None:
    inputs = torch.tensor([[2.0]], requires_grad=True)
    scale = torch.tensor(3.0, requires_grad=True)
    losses.gradient_penalty((scale * inputs.square()).squeeze(1), inputs).sum().backward()
    # 기울기 2·s·x의 제곱 4·s²·x²을 s로 미분하면 8·s·x²
    assert scale.grad is not None
    assert scale.grad.item() == pytest.approx(8 * 3 * 4)


def test_penalty_refuses_inputs_without_gradient() -> None:
    with pytest.raises(ValueError, match="requires_grad_"):
        losses.gradient_penalty(torch.zeros(2), torch.zeros(2, 2))


@pytest.mark.parametrize("loss", ALL)
def test_unequal_shapes_are_refused(loss: losses.Loss) -> None:
    with pytest.raises(ValueError, match=r"받은 모양 \(2,\), \(3,\)|받은 모양 \(3,\), \(2,\)"):
        loss(torch.zeros(2), torch.zeros(3))
