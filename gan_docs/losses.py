"""적대 손실: 로짓만 받는 순수 함수. 진짜는 1, 가짜는 0이며 단위는 nat입니다."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import softplus

Loss = Callable[[Tensor, Tensor], Tensor]


class AdversarialLoss(NamedTuple):
    r"""두 참가자의 손실 한 쌍입니다. 두 함수 모두 `(real_logits, fake_logits)`를 받습니다.

    Attributes:
        name: 그림과 기록에 적을 이름.
        discriminator: 판별기가 줄이는 손실.
        generator: 생성기가 줄이는 손실.
        paired: 생성기의 손실이 진짜의 로짓도 쓰는지.
    """

    name: str
    discriminator: Loss
    generator: Loss
    paired: bool = False


# --8<-- [start:minimax]
def cross_entropy_discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    r"""진짜와 가짜를 가르는 판별기 손실 $-\log D(x) - \log(1 - D(G(z)))$를 계산합니다.

    $D = \sigma(\text{logit})$이므로 $-\log D(x) = \text{softplus}(-\text{logit})$입니다.
    판별기가 전혀 구분하지 못하면 $2 \ln 2 \approx 1.386$입니다.

    Args:
        real_logits: $D(x)$의 로짓. 모양 `(B,)`.
        fake_logits: $D(G(z))$의 로짓. 모양 `(B,)`. 기울기는 호출자가 끊습니다.

    Returns:
        배치 평균 손실. 모양 `()`, 단위 nat.

    Raises:
        ValueError: 두 로짓의 모양이 다를 때.

    Source:
        Goodfellow et al. (2014), Eq. 1. arXiv:1406.2661
    """
    check_pair(real_logits, fake_logits)
    return (softplus(-real_logits) + softplus(fake_logits)).mean()


def minimax_generator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    r"""원래 게임의 생성기 손실 $\log(1 - D(G(z)))$를 계산합니다.

    판별기가 확신하면 기울기가 사라집니다. 비교를 위해 둡니다.

    Args:
        real_logits: 쓰지 않습니다. 모양 `(B,)`.
        fake_logits: $D(G(z))$의 로짓. 모양 `(B,)`.

    Returns:
        배치 평균 손실. 모양 `()`, 단위 nat.

    Raises:
        ValueError: 두 로짓의 모양이 다를 때.

    Source:
        Goodfellow et al. (2014), Eq. 1. arXiv:1406.2661
    """
    check_pair(real_logits, fake_logits)
    return -softplus(fake_logits).mean()


# --8<-- [end:minimax]


# --8<-- [start:non_saturating]
def non_saturating_generator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    r"""포화하지 않는 생성기 손실 $-\log D(G(z))$를 계산합니다.

    판별기가 확신할수록 기울기가 커져, 지고 있는 생성기가 더 빨리 배웁니다.

    Args:
        real_logits: 쓰지 않습니다. 모양 `(B,)`.
        fake_logits: $D(G(z))$의 로짓. 모양 `(B,)`.

    Returns:
        배치 평균 손실. 모양 `()`, 단위 nat. 구분하지 못하면 $\ln 2 \approx 0.693$입니다.

    Raises:
        ValueError: 두 로짓의 모양이 다를 때.

    Source:
        Goodfellow et al. (2014), Section 3. arXiv:1406.2661
    """
    check_pair(real_logits, fake_logits)
    return softplus(-fake_logits).mean()


# --8<-- [end:non_saturating]


# --8<-- [start:relativistic]
def relativistic_discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    r"""짝지은 진짜와 가짜의 점수 차이로 판별기 손실을 계산합니다.

    $-\log \sigma(\text{real} - \text{fake})$이며, 구분하지 못하면 $\ln 2$입니다.

    Args:
        real_logits: 진짜의 로짓. 모양 `(B,)`.
        fake_logits: 같은 자리에서 짝이 되는 가짜의 로짓. 모양 `(B,)`.

    Returns:
        배치 평균 손실. 모양 `()`, 단위 nat.

    Raises:
        ValueError: 두 로짓의 모양이 다를 때.

    Source:
        Jolicoeur-Martineau (2019), arXiv:1807.00734; Huang et al. (2024), arXiv:2501.05441
    """
    check_pair(real_logits, fake_logits)
    return softplus(fake_logits - real_logits).mean()


def relativistic_generator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    r"""가짜가 짝지은 진짜보다 더 진짜 같아지도록 생성기 손실을 계산합니다.

    $-\log \sigma(\text{fake} - \text{real})$이며, 판별기 손실에서 두 자리를 바꾼 것입니다.

    Args:
        real_logits: 진짜의 로짓. 모양 `(B,)`.
        fake_logits: 같은 자리에서 짝이 되는 가짜의 로짓. 모양 `(B,)`.

    Returns:
        배치 평균 손실. 모양 `()`, 단위 nat.

    Raises:
        ValueError: 두 로짓의 모양이 다를 때.

    Source:
        Jolicoeur-Martineau (2019), arXiv:1807.00734; Huang et al. (2024), arXiv:2501.05441
    """
    return relativistic_discriminator_loss(fake_logits, real_logits)


# --8<-- [end:relativistic]


# --8<-- [start:penalty]
def gradient_penalty(logits: Tensor, inputs: Tensor) -> Tensor:
    r"""입력에 대한 로짓의 기울기 제곱 길이 $\lVert \nabla_x D(x) \rVert^2$를 하나씩 계산합니다.

    진짜에서 재면 $R_1$, 가짜에서 재면 $R_2$입니다. 판별기의 비탈을 완만하게 합니다.

    Args:
        logits: `inputs`에서 계산한 로짓. 모양 `(B,)`.
        inputs: 기울기를 구할 입력. 모양 `(B, …)`이며 `requires_grad`가 참이어야 합니다.

    Returns:
        입력마다의 제곱 길이. 모양 `(B,)`. 다시 미분할 수 있습니다.

    Raises:
        ValueError: `inputs`가 기울기를 따라가지 않을 때.

    Source:
        Mescheder et al. (2018), Eq. 9와 10. arXiv:1801.04406
    """
    if not inputs.requires_grad:
        raise ValueError("inputs는 requires_grad_()를 부른 텐서여야 합니다")
    # 표본끼리 섞이지 않으므로 합의 기울기가 곧 각자의 기울기
    (gradient,) = torch.autograd.grad(logits.sum(), inputs, create_graph=True)
    return gradient.square().flatten(1).sum(1)


# --8<-- [end:penalty]


def check_pair(real_logits: Tensor, fake_logits: Tensor) -> None:
    """두 로짓의 모양이 같은지 확인합니다.

    Raises:
        ValueError: 모양이 다를 때.
    """
    if real_logits.shape != fake_logits.shape:
        raise ValueError(
            "real_logits와 fake_logits의 모양이 같아야 합니다: "
            f"받은 모양 {tuple(real_logits.shape)}, {tuple(fake_logits.shape)}"
        )


# --8<-- [start:table]
MINIMAX = AdversarialLoss("미니맥스", cross_entropy_discriminator_loss, minimax_generator_loss)
NON_SATURATING = AdversarialLoss(
    "비포화", cross_entropy_discriminator_loss, non_saturating_generator_loss
)
RELATIVISTIC = AdversarialLoss(
    "상대론적", relativistic_discriminator_loss, relativistic_generator_loss, paired=True
)
LOSSES = {"minimax": MINIMAX, "non-saturating": NON_SATURATING, "relativistic": RELATIVISTIC}
# --8<-- [end:table]
