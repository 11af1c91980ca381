"""100줄 GAN: 손글씨 숫자를 8×8 그대로 배웁니다. 실행: python gan100.py --out digits.png"""

import argparse
import copy
import math
from collections.abc import Callable

import torch
from PIL import Image
from sklearn.datasets import load_digits
from torch import Tensor, nn
from torch.nn.functional import interpolate, pad, softplus

LATENT_SIZE, BATCH_SIZE, LEARNING_RATE, AVERAGING = 64, 64, 1.3e-3, 0.9995


# --8<-- [start:network]
def network(inputs: int, outputs: int, width: int = 256) -> nn.Sequential:
    """너비 256의 은닉층 셋을 쌓습니다. 생성기도 판별기도 이 모양입니다."""
    layers: list[nn.Module] = []
    for size in (inputs, width, width):
        layers += [nn.Linear(size, width), nn.LeakyReLU(0.2)]
    return nn.Sequential(*layers, nn.Linear(width, outputs))


# --8<-- [end:network]


# --8<-- [start:data]
def real_digits() -> Tensor:
    """진짜 숫자 1,797장을 [-1, 1]의 벡터로 읽습니다. 모양 (1797, 64)."""
    return torch.tensor(load_digits().data, dtype=torch.float32) / 8 - 1


# --8<-- [end:data]


def train(steps: int, seed: int, report: Callable[[int], None] = lambda step: None) -> nn.Module:
    """두 신경망을 번갈아 고치고, 가중치를 평균한 생성기를 반환합니다."""
    # --8<-- [start:setup]
    torch.manual_seed(seed)
    digits = real_digits()
    generator = nn.Sequential(network(LATENT_SIZE, 64), nn.Tanh())
    discriminator = network(64, 1)
    average = copy.deepcopy(generator).requires_grad_(False)
    adam = [
        torch.optim.Adam(model.parameters(), lr=LEARNING_RATE, betas=(0.0, 0.99), fused=True)
        for model in (discriminator, generator)
    ]
    # --8<-- [end:setup]
    for step in range(steps):
        # --8<-- [start:schedule]
        # 학습률은 절반부터 코사인을 따라 0으로, 벌점은 절반까지 10분의 1로
        done = step / steps
        for optimizer in adam:
            wave = 0.5 + 0.5 * math.cos(math.pi * max(0.0, 2 * done - 1))
            optimizer.param_groups[0]["lr"] = LEARNING_RATE * wave
        gamma = 0.1 ** min(1.0, 2 * done)
        # --8<-- [end:schedule]

        # --8<-- [start:discriminator]
        # 판별기 차례: 진짜가 짝지은 가짜보다 높은 점수를 받도록 (RpGAN + R1 + R2)
        real = digits[torch.randint(len(digits), (BATCH_SIZE,))]
        fake = generator(torch.randn(BATCH_SIZE, LATENT_SIZE))
        images = torch.cat([real, fake.detach()]).requires_grad_()
        logits = discriminator(images)
        real_logits, fake_logits = logits.chunk(2)
        (slopes,) = torch.autograd.grad(logits.sum(), images, create_graph=True)
        loss = softplus(fake_logits - real_logits).mean() + gamma * slopes.square().sum(1).mean()
        adam[0].zero_grad()
        loss.backward()
        adam[0].step()
        # --8<-- [end:discriminator]

        # --8<-- [start:generator]
        # 생성기 차례: 판별기를 고정하고 두 자리를 바꾸어
        discriminator.requires_grad_(False)
        loss = softplus(discriminator(real) - discriminator(fake)).mean()
        adam[1].zero_grad()
        loss.backward()
        adam[1].step()
        discriminator.requires_grad_(True)
        # --8<-- [end:generator]

        # --8<-- [start:average]
        with torch.no_grad():
            for mean, now in zip(average.parameters(), generator.parameters(), strict=True):
                mean.lerp_(now, 1 - min(AVERAGING, (1 + step) / (10 + step)))
        # --8<-- [end:average]
        report(step + 1)
    return average


# --8<-- [start:sample]
def sample(generator: nn.Module, count: int, seed: int) -> Tensor:
    """숫자를 만듭니다. 모양 (count, 1, 8, 8)."""
    z = torch.randn(count, LATENT_SIZE, generator=torch.Generator().manual_seed(seed))
    return generator(z).reshape(count, 1, 8, 8)


# --8<-- [end:sample]


# --8<-- [start:enlarge]
def enlarge(images: Tensor) -> Tensor:
    """8×8을 보기 좋게 40×40으로 키웁니다. 새 정보는 더하지 않습니다."""
    large = interpolate(pad(images, (1, 1, 1, 1), value=-1.0), size=(80, 80), mode="bicubic")
    return interpolate(torch.tanh(4 * large), size=(40, 40), mode="area")


# --8<-- [end:enlarge]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="손글씨 숫자를 만드는 100줄 GAN")
    parser.add_argument("--steps", type=int, default=7600, help="스텝 수 (기본값 7600)")
    parser.add_argument("--seed", type=int, default=0, help="난수의 시드 (기본값 0)")
    parser.add_argument("--out", default="digits.png", help="저장할 그림 (기본값 digits.png)")
    # --8<-- [start:main]
    chosen = parser.parse_args()
    trained = train(chosen.steps, chosen.seed, lambda step: print(f"\r{step}스텝", end=""))
    rows = enlarge(sample(trained, 100, chosen.seed)).reshape(10, 10, 40, 40).transpose(1, 2)
    picture = 127.5 * (1 - rows.reshape(400, 400))  # 획은 검게, 바탕은 희게
    Image.fromarray(picture.byte().numpy()).save(chosen.out)
    print(f"\n{chosen.out}에 숫자 100자를 저장했습니다.")
    # --8<-- [end:main]
