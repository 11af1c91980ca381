"""평면 위의 점을 다루는 작은 두 신경망: 눈으로 볼 수 있는 2차원 실험에 씁니다."""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn

from gan_docs.checks import whole_number


def perceptron(sizes: list[int]) -> nn.Sequential:
    """선형층과 LeakyReLU를 번갈아 쌓고 마지막은 선형층으로 끝냅니다.

    Args:
        sizes: 입력부터 출력까지 층의 너비.
    """
    layers: list[nn.Module] = []
    for before, after in pairwise(sizes):
        layers += [nn.Linear(before, after), nn.LeakyReLU(0.2)]
    return nn.Sequential(*layers[:-1])


# --8<-- [start:discriminator]
class PointDiscriminator(nn.Module):
    """평면의 점 `(B, 2)`를 로짓 `(B,)`로 바꿉니다.

    Args:
        hidden_size: 은닉층의 너비.
        depth: 은닉층의 수.
    """

    shape = (2,)
    classes = 0

    def __init__(self, hidden_size: int = 128, depth: int = 3) -> None:
        super().__init__()
        self.hidden_size = whole_number("hidden_size", hidden_size, least=1)
        self.depth = whole_number("depth", depth, least=1)
        self.network = perceptron([2, *[hidden_size] * depth, 1])

    def forward(self, points: Tensor) -> Tensor:
        """점마다 로짓 하나를 계산합니다. 모양 `(B, 2)` → `(B,)`."""
        logits: Tensor = self.network(points)
        return logits.squeeze(1)


# --8<-- [end:discriminator]


# --8<-- [start:generator]
class PointGenerator(nn.Module):
    """2차원 잠재 벡터를 평면의 점으로 옮깁니다. 처음에는 `start * z`에서 출발합니다.

    Args:
        hidden_size: 은닉층의 너비.
        depth: 은닉층의 수.
        start: 잔차 연결의 배율. 마지막 층이 0에서 시작하므로 처음 출력은 `start * z`입니다.
    """

    shape = (2,)
    classes = 0
    latent_size = 2

    def __init__(self, hidden_size: int = 128, depth: int = 3, start: float = 0.7) -> None:
        super().__init__()
        self.hidden_size = whole_number("hidden_size", hidden_size, least=1)
        self.depth = whole_number("depth", depth, least=1)
        self.start = start
        self.network = perceptron([2, *[hidden_size] * depth, 2])
        last = self.network[-1]
        assert isinstance(last, nn.Linear)
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)

    def forward(self, z: Tensor) -> Tensor:
        """잠재 벡터마다 점 하나를 만듭니다. 모양 `(B, 2)` → `(B, 2)`."""
        moved: Tensor = self.start * z + self.network(z)
        return moved


# --8<-- [end:generator]
