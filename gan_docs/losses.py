"""적대 손실: 로짓만 받는 순수 함수. 진짜는 1, 가짜는 0이며 교차 엔트로피의 단위는 nat입니다."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import relu, softplus

Loss = Callable[[Tensor, Tensor], Tensor]
Judge = Callable[[Tensor], Tensor]


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


# --8<-- [start:least_squares]
def least_squares_discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    r"""진짜의 로짓은 1에, 가짜의 로짓은 0에 닿도록 $\frac12(a-1)^2 + \frac12 b^2$를 계산합니다.

    $a$는 진짜의 로짓, $b$는 가짜의 로짓입니다. 구분하지 못하면 둘 다 1/2이고 손실은 1/4입니다.

    Args:
        real_logits: 진짜의 로짓. 모양 `(B,)`. 확률로 바꾸지 않고 그대로 점수로 씁니다.
        fake_logits: 가짜의 로짓. 모양 `(B,)`. 기울기는 호출자가 끊습니다.

    Returns:
        배치 평균 손실. 모양 `()`, 단위 없음.

    Raises:
        ValueError: 두 로짓의 모양이 다를 때.

    Source:
        Mao et al. (2017), Eq. 2와 9 (논문의 이름표로 a=0, b=c=1). arXiv:1611.04076
    """
    check_pair(real_logits, fake_logits)
    return 0.5 * ((real_logits - 1).square() + fake_logits.square()).mean()


def least_squares_generator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    r"""가짜의 로짓이 1에 닿도록 제곱 오차 $\frac12(b-1)^2$를 계산합니다.

    로짓이 멀수록 기울기도 그만큼 커서, 결정 경계를 넘어 버린 가짜도 끌어당깁니다.

    Args:
        real_logits: 쓰지 않습니다. 모양 `(B,)`.
        fake_logits: 가짜의 로짓. 모양 `(B,)`.

    Returns:
        배치 평균 손실. 모양 `()`, 단위 없음. 구분하지 못하면 1/8입니다.

    Raises:
        ValueError: 두 로짓의 모양이 다를 때.

    Source:
        Mao et al. (2017), Eq. 9. arXiv:1611.04076
    """
    check_pair(real_logits, fake_logits)
    return 0.5 * (fake_logits - 1).square().mean()


# --8<-- [end:least_squares]


# --8<-- [start:hinge]
def hinge_discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    r"""진짜는 1 위, 가짜는 -1 아래에 있으면 더 묻지 않는 손실을 계산합니다.

    $\max(0, 1 - a) + \max(0, 1 + b)$이며, 두 로짓이 0이면 2입니다.

    Args:
        real_logits: 진짜의 로짓 $a$. 모양 `(B,)`.
        fake_logits: 가짜의 로짓 $b$. 모양 `(B,)`. 기울기는 호출자가 끊습니다.

    Returns:
        배치 평균 손실. 모양 `()`, 단위 없음.

    Raises:
        ValueError: 두 로짓의 모양이 다를 때.

    Source:
        Lim & Ye (2017), arXiv:1705.02894; Miyato et al. (2018), Eq. 16. arXiv:1802.05957
    """
    check_pair(real_logits, fake_logits)
    return (relu(1 - real_logits) + relu(1 + fake_logits)).mean()


def negative_score_generator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    r"""가짜의 점수를 그대로 올리는 손실 $-b$를 계산합니다. 힌지와 바서슈타인이 함께 씁니다.

    기울기의 크기가 점수와 상관없이 늘 같습니다.

    Args:
        real_logits: 쓰지 않습니다. 모양 `(B,)`.
        fake_logits: 가짜의 로짓 $b$. 모양 `(B,)`.

    Returns:
        배치 평균 손실. 모양 `()`, 단위 없음.

    Raises:
        ValueError: 두 로짓의 모양이 다를 때.

    Source:
        Miyato et al. (2018), Eq. 17. arXiv:1802.05957; Arjovsky et al. (2017), arXiv:1701.07875
    """
    check_pair(real_logits, fake_logits)
    return -fake_logits.mean()


# --8<-- [end:hinge]


# --8<-- [start:wasserstein]
def wasserstein_discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    r"""평균 점수의 차이 $b - a$를 계산합니다. 부호를 바꾸면 두 분포의 거리를 아래에서 잽니다.

    판별기의 기울기의 길이가 1을 넘지 않아야 거리가 되므로 `TOWARD_ONE`과 함께 씁니다.

    Args:
        real_logits: 진짜의 점수 $a$. 모양 `(B,)`.
        fake_logits: 가짜의 점수 $b$. 모양 `(B,)`. 기울기는 호출자가 끊습니다.

    Returns:
        배치 평균 손실. 모양 `()`, 단위는 점수와 같습니다.

    Raises:
        ValueError: 두 로짓의 모양이 다를 때.

    Source:
        Arjovsky et al. (2017), Eq. 2. arXiv:1701.07875
    """
    check_pair(real_logits, fake_logits)
    return (fake_logits - real_logits).mean()


# --8<-- [end:wasserstein]


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
class Points(Enum):
    """벌점을 재는 점입니다."""

    REAL = "진짜"
    FAKE = "가짜"
    BOTH = "진짜와 가짜"
    BETWEEN = "진짜와 가짜를 이은 선 위"

    def part(self, values: Tensor) -> Tensor:
        """진짜 뒤에 가짜를 이은 값 `(…, 2B, D)`에서 재는 점의 것만 고릅니다."""
        if self in (Points.REAL, Points.FAKE):
            return values.chunk(2, -2)[self is Points.FAKE]
        return values


class Penalty(NamedTuple):
    r"""판별기의 기울기에 매기는 벌점 하나입니다.

    Attributes:
        name: 표와 기록에 적을 이름.
        points: 기울기를 재는 점.
        value: 점마다의 기울기 `(…, N, D)`를 받아 평균 벌점 `()`을 내는 함수.
        strength: 손실에 더할 때 곱하는 세기 γ의 처음과 나중. 절반 지점까지 줄어듭니다.
    """

    name: str
    points: Points
    value: Callable[[Tensor], Tensor]
    strength: tuple[float, float]

    @property
    def between(self) -> bool:
        """진짜와 가짜를 섞은 점에서 재는지, 그래서 섞는 비율이 있어야 하는지입니다."""
        return self.points is Points.BETWEEN

    def with_strength(self, first: float, last: float | None = None) -> Penalty:
        """세기만 바꾼 벌점입니다. 나중의 세기를 생략하면 그대로 둡니다."""
        return self._replace(strength=(first, first if last is None else last))

    def measure(
        self, judge: Judge, images: Tensor, logits: Tensor, share: Tensor | None = None
    ) -> Tensor:
        """벌점을 잽니다. 이미 매긴 로짓을 쓰고, 섞은 점에서 잴 때만 다시 판정합니다.

        Args:
            judge: 섞은 점을 판정할 판별기. `(B, …)`를 `(B,)`로.
            images: 진짜 뒤에 가짜를 이은 입력. 모양 `(2B, …)`. 앞에 차원이 더 있어도 됩니다.
            logits: `images`의 로짓. 모양 `(2B,)`.
            share: 섞을 때 진짜의 비율. 모양 `(B,)`. 섞지 않으면 `None`.

        Returns:
            배치 평균 벌점. 모양 `()`.

        Raises:
            ValueError: 섞는 비율이 없거나, 쓰지 않는데 있을 때.
        """
        if self.between != (share is not None):
            raise ValueError(
                f"섞는 비율은 두 점을 이어 재는 벌점에만 줍니다: {self.name}, 받은 값 {share}"
            )
        if share is not None:
            real, fake = images.detach().chunk(2, logits.ndim - 1)
            images = mixed(real, fake, share).requires_grad_()
            logits = judge(images)
        return self.value(self.points.part(input_gradients(logits, images)))


def input_gradients(logits: Tensor, inputs: Tensor) -> Tensor:
    r"""표본마다 입력에 대한 로짓의 기울기 $\nabla_x D(x)$를 펼친 벡터로 계산합니다.

    Args:
        logits: `inputs`에서 계산한 로짓. 모양 `(B,)`. 앞에 차원이 더 있어도 됩니다.
        inputs: 기울기를 구할 입력. 모양 `(B, …)`이며 `requires_grad`가 참이어야 합니다.

    Returns:
        기울기. 모양 `(B, 입력의 크기)`. 다시 미분할 수 있습니다.

    Raises:
        ValueError: `inputs`가 기울기를 따라가지 않을 때.
    """
    if not inputs.requires_grad:
        raise ValueError("inputs는 requires_grad_()를 부른 텐서여야 합니다")
    # 표본끼리 섞이지 않으므로 합의 기울기가 곧 각자의 기울기
    (gradient,) = torch.autograd.grad(logits.sum(), inputs, create_graph=True)
    return gradient.flatten(logits.ndim)


def half_square(gradients: Tensor) -> Tensor:
    r"""길이의 제곱의 절반 $\frac12 \lVert \nabla_x D(x) \rVert^2$입니다.

    진짜에서 재면 진짜의 점이 평평해져, 가짜가 진짜에 닿으면 판별기도 멈출 수 있습니다.

    Args:
        gradients: 점마다의 기울기. 모양 `(…, N, D)`.

    Returns:
        배치 평균 벌점. 모양 `()`.

    Source:
        Mescheder et al. (2018), Eq. 9와 10. arXiv:1801.04406
    """
    return 0.5 * gradients.square().sum(-1).mean()


def square(gradients: Tensor) -> Tensor:
    r"""길이의 제곱 $\lVert \nabla_x D(x) \rVert^2$입니다. 두 점에서 재면 $R_1 + R_2$가 됩니다.

    Args:
        gradients: 점마다의 기울기. 모양 `(…, N, D)`.

    Returns:
        배치 평균 벌점. 모양 `()`.

    Source:
        Huang et al. (2024), Eq. 3. arXiv:2501.05441
    """
    # 절반의 평균 둘을 더해 반으로 나눈 것이 곧 전체의 평균
    return gradients.square().sum(-1).mean()


def distance_from_one(gradients: Tensor) -> Tensor:
    r"""길이를 1로 끌어당기는 $(\lVert \nabla_{\hat x} D(\hat x) \rVert - 1)^2$입니다.

    Args:
        gradients: 점마다의 기울기. 모양 `(…, N, D)`.

    Returns:
        배치 평균 벌점. 모양 `()`.

    Source:
        Gulrajani et al. (2017), Eq. 3. arXiv:1704.00028
    """
    length: Tensor = torch.linalg.vector_norm(gradients, dim=-1)
    return (length - 1).square().mean()


def mixed(real: Tensor, fake: Tensor, share: Tensor) -> Tensor:
    r"""진짜와 가짜를 이은 선 위의 점 $\hat x = \epsilon x + (1-\epsilon) G(z)$입니다.

    Args:
        real: 진짜. 모양 `(B, …)`. 앞에 차원이 더 있어도 됩니다.
        fake: 가짜. 모양은 진짜와 같습니다.
        share: 진짜의 비율 $\epsilon \sim U[0, 1]$. 표본마다 하나. 모양 `(B,)`.

    Source:
        Gulrajani et al. (2017), Algorithm 1. arXiv:1704.00028
    """
    share = share.reshape(share.shape + (1,) * (real.ndim - share.ndim))
    return share * real + (1 - share) * fake


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
LEAST_SQUARES = AdversarialLoss(
    "최소제곱", least_squares_discriminator_loss, least_squares_generator_loss
)
HINGE = AdversarialLoss("힌지", hinge_discriminator_loss, negative_score_generator_loss)
WASSERSTEIN = AdversarialLoss(
    "바서슈타인", wasserstein_discriminator_loss, negative_score_generator_loss
)
RELATIVISTIC = AdversarialLoss(
    "상대론적", relativistic_discriminator_loss, relativistic_generator_loss, paired=True
)
LOSSES = {
    "minimax": MINIMAX,
    "non-saturating": NON_SATURATING,
    "least-squares": LEAST_SQUARES,
    "hinge": HINGE,
    "wasserstein": WASSERSTEIN,
    "relativistic": RELATIVISTIC,
}
GENTLE, STRICT = (0.2, 0.02), (10.0, 10.0)  # 세기의 기본값
R1 = Penalty("R₁", Points.REAL, half_square, GENTLE)
R2 = Penalty("R₂", Points.FAKE, half_square, GENTLE)
R1_AND_R2 = Penalty("R₁ + R₂", Points.BOTH, square, GENTLE)
TOWARD_ONE = Penalty("기울기를 1로", Points.BETWEEN, distance_from_one, STRICT)
PENALTIES = {
    "r1": R1,
    "r2": R2,
    "r1-and-r2": R1_AND_R2,
    "toward-one": TOWARD_ONE,
}
# --8<-- [end:table]
