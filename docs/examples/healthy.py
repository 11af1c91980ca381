"""건강한 GAN 하나: 고리의 점을 조건과 함께 배웁니다. 실행: python healthy.py"""

import math
from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

BATCH_SIZE, LATENT_SIZE, LEARNING_RATE, PENALTY = 128, 4, 4e-3, 0.1
REAL, FAKE = torch.ones(BATCH_SIZE, 1), torch.zeros(BATCH_SIZE, 1)


# --8<-- [start:networks]
def real_points(count: int) -> tuple[Tensor, Tensor]:
    """여덟 봉우리에서 뽑은 점과 그 조건입니다. 위쪽 봉우리의 조건은 1, 아래쪽은 -1."""
    angle = (torch.randint(8, (count, 1)) + 0.5) * (math.pi / 4)
    center = 2 * torch.cat([angle.cos(), angle.sin()], 1)
    return center + 0.15 * torch.randn(count, 2), center[:, 1:].sign()


class Waves(nn.Module):
    """점을 여러 방향의 사인과 코사인으로도 적습니다. 판별기가 좁은 봉우리까지 가립니다."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("frequency", 4 * torch.randn(3, 16))

    def forward(self, pairs: Tensor) -> Tensor:
        angle = pairs @ self.frequency
        return torch.cat([pairs, angle.sin(), angle.cos()], 1)


def networks() -> tuple[nn.Sequential, nn.Sequential]:
    """생성기와 판별기입니다. 둘 다 조건을 마지막 입력으로 받습니다."""
    generator = nn.Sequential(
        nn.Linear(LATENT_SIZE + 1, 64), nn.BatchNorm1d(64), nn.ReLU(),
        nn.Linear(64, 64), nn.BatchNorm1d(64), nn.ReLU(),
        nn.Linear(64, 2),
    )  # fmt: skip
    discriminator = nn.Sequential(
        Waves(), nn.Linear(3 + 32, 64), nn.LeakyReLU(0.2),
        nn.Linear(64, 64), nn.LeakyReLU(0.2),
        nn.Linear(64, 1),
    )  # fmt: skip
    return generator, discriminator


# --8<-- [end:networks]


# --8<-- [start:train]
def train(generator: nn.Module, discriminator: nn.Module, steps: int) -> Iterator[list[float]]:
    """스텝마다 판별기와 생성기의 손실을 냅니다."""
    adam = {"lr": LEARNING_RATE, "betas": (0.5, 0.99), "fused": True}
    discriminator_optimizer = torch.optim.Adam(discriminator.parameters(), **adam)
    generator_optimizer = torch.optim.Adam(generator.parameters(), **adam)
    for _ in range(steps):
        # 판별기 차례
        real, condition = real_points(BATCH_SIZE)
        z = torch.randn(BATCH_SIZE, LATENT_SIZE)
        fake = generator(torch.cat([z, condition], 1)).detach()
        pairs = torch.cat([real, condition], 1).requires_grad_()
        real_logits = discriminator(pairs)
        fake_logits = discriminator(torch.cat([fake, condition], 1))
        discriminator_loss = cross_entropy(real_logits, REAL) + cross_entropy(fake_logits, FAKE)
        (slopes,) = torch.autograd.grad(real_logits.sum(), pairs, create_graph=True)
        penalty = PENALTY * slopes.square().sum(1).mean()
        discriminator_optimizer.zero_grad()
        (discriminator_loss + penalty).backward()
        discriminator_optimizer.step()

        # 생성기 차례
        z = torch.randn(BATCH_SIZE, LATENT_SIZE)
        fake = generator(torch.cat([z, condition], 1))
        fake_logits = discriminator(torch.cat([fake, condition], 1))
        generator_loss = cross_entropy(fake_logits, REAL)
        generator_optimizer.zero_grad()
        generator_loss.backward()
        generator_optimizer.step()
        yield [discriminator_loss.item(), generator_loss.item()]


# --8<-- [end:train]


# --8<-- [start:sample]
def sample(generator: nn.Module, count: int, condition: float) -> Tensor:
    """한 조건의 점을 만듭니다. 모양 (count, 2)."""
    generator.eval()
    z, wanted = torch.randn(count, LATENT_SIZE), torch.full((count, 1), condition)
    points = generator(torch.cat([z, wanted], 1)).detach()
    generator.train()
    return points


# --8<-- [end:sample]

if __name__ == "__main__":
    torch.manual_seed(0)
    players = networks()
    for step, losses in enumerate(train(*players, steps=500), start=1):
        if step % 100 == 0:
            print(f"{step}스텝: 판별기 {losses[0]:.3f}, 생성기 {losses[1]:.3f}")
    print("조건 1의 점:", sample(players[0], 3, 1.0).tolist())
